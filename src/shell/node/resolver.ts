/** Answers the core's questions with the system's resolver: hosts file and container names included. */
import { lookup } from 'node:dns/promises'
import type { Event, Question } from '../../core/events.js'

/** A resolver that tells each answer as an event. */
export const resolver =
  (tell: (event: Event) => unknown) =>
  (question: Question): void => {
    lookup(question.name, { all: true }).then(
      (found) => {
        tell({ _tag: 'Resolved', question, answer: { addresses: found.map(({ address }) => address) } })
      },
      (error: unknown) => {
        tell({
          _tag: 'Unresolved',
          question,
          why: error instanceof Error ? error.message : String(error),
        })
      },
    )
  }

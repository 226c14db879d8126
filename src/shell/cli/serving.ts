/** What `sippet serve` is made of, for itself and for whoever replays its recordings. */
import * as Snapshot from '../../core/codec/snapshot.js'
import { secretOf } from '../../core/data/hash.js'
import { autoAnswer, type AutoAnswerState } from '../../core/user-agent/auto-answer.js'
import type { StackOptions } from '../options.js'

/** What a recording has to say of a `serve`. */
export interface Serving {
  readonly secret: string
  /** How long an INVITE rings, ms. */
  readonly answerAfter: number
}

/** The automatic user agent with what it can do. Everything else about a stack is no matter for its reducer. */
export const serving = ({
  secret,
  answerAfter,
}: Serving): StackOptions<AutoAnswerState> & { readonly secret: string } => ({
  name: 'serve',
  secret,
  core: { ...autoAnswer(secretOf(secret), { answerAfter }), codec: Snapshot.autoAnswer },
  abilities: {
    methods: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER'],
    schemes: ['sip', 'sips'],
    types: ['application/sdp'],
  },
})

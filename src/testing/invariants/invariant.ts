/** What an invariant is: a name, a promise, and a function that finds where a story breaks it. */
import type { Life, Story } from './story.js'

/** A promise about every story. Write your own as we write ours. */
export interface Invariant {
  readonly name: string
  /** In a sentence, with the rule it comes from. */
  readonly promise: string
  /** Where the story breaks it; empty when it holds. */
  readonly breaches: (story: Story) => readonly Breach[]
}

/** Where a promise is broken. */
export interface Breach {
  /** ms, the clock of the trace. */
  readonly at: number
  readonly who: string
  readonly what: string
}

/** An invariant about each transaction for itself. `breach` says in words what is wrong with a life, if anything. */
export const ofEachLife = (
  name: string,
  promise: string,
  concerns: (life: Life) => boolean,
  breach: (life: Life, story: Story) => { readonly at: number; readonly what: string } | undefined,
): Invariant => ({
  name,
  promise,
  breaches: (story) =>
    story.lives
      .filter((life) => story.stacks.has(life.who) && concerns(life))
      .flatMap((life) => {
        const found = breach(life, story)
        return found === undefined ? [] : [{ who: life.who, at: found.at, what: `${life.id}: ${found.what}` }]
      }),
})

/** The life of a machine under simulation: events, time that passes, and hosts that sleep. */
import type { Simulation, Tagged } from './simulate.js'

/** One thing that happens to a machine. */
export type Happening<E> =
  | { readonly _tag: 'Event'; readonly event: E }
  | { readonly _tag: 'Wait'; readonly ms: number }
  | { readonly _tag: 'WaitForTimer' }
  | { readonly _tag: 'Sleep'; readonly ms: number }

/** Lets one thing happen. */
export const happen = <S, E extends Tagged, F extends Tagged>(
  call: Simulation<S, E, F>,
  happening: Happening<E>,
): void => {
  switch (happening._tag) {
    case 'Event':
      call.send(happening.event)
      return
    case 'Wait':
      call.advance(call.now + happening.ms)
      return
    case 'WaitForTimer':
      if (call.next !== undefined) call.advance(call.next)
      return
    case 'Sleep':
      call.suspend(happening.ms)
      return
  }
}

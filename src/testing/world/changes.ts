/** Which transactions changed their state in a step: those that its input or its effects name. */
import { isRight } from 'fp-ts/lib/Either.js'
import * as Table from '../../core/data/table.js'
import type { Input, Output } from '../../core/events.js'
import { parse } from '../../core/message/parse.js'
import type { State } from '../../core/stack/state.js'
import { id as idOf } from '../../core/transaction/key.js'
import type { Changed } from '../trace.js'
import { transactionsOf } from '../transactions-of.js'

/** The changes between two states of one stack, one step apart. */
export const changes = (
  who: string,
  before: State,
  after: State,
  { at, event }: Input,
  effects: readonly Output[],
): readonly Changed[] => {
  const passing = effects.flatMap((effect) => (effect._tag === 'Ended' ? [idOf(effect.key)] : []))
  if (before.layer.transactions === after.layer.transactions && passing.length === 0) return []
  const touched = new Set<string>()
  if (event._tag === 'TimerFired' && event.id._tag === 'Transaction') touched.add(event.id.transaction)
  if (event._tag === 'Received') {
    const parsed = parse(event.bytes)
    if (isRight(parsed)) for (const id of transactionsOf(parsed.right)) touched.add(id)
  }
  for (const effect of effects) {
    const id = subject(effect)
    if (id !== undefined) touched.add(id)
  }
  const out: Changed[] = []
  for (const of of touched) {
    const from = Table.get(of)(before.layer.transactions)?.state._tag ?? ''
    const to = Table.get(of)(after.layer.transactions)?.state._tag ?? ''
    if (from !== to) out.push({ _tag: 'Changed', at, who, of, from, to })
    else if (from === '' && passing.includes(of))
      // It began and ended within this step.
      out.push(
        { _tag: 'Changed', at, who, of, from: '', to: 'Terminated' },
        { _tag: 'Changed', at, who, of, from: 'Terminated', to: '' },
      )
  }
  return out
}

const subject = (effect: Output): string | undefined => {
  if (effect._tag === 'Transmit') return effect.cause._tag === 'Some' ? effect.cause.value : undefined
  if (effect._tag === 'StartTimer' || effect._tag === 'StopTimer')
    return effect.id._tag === 'Transaction' ? effect.id.transaction : undefined
  if (effect._tag === 'Ended' || effect._tag === 'Accepted') return idOf(effect.key)
  return undefined
}

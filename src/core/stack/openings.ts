/** Connections that we are opening: one a place and domain, however many wait for it. */
import * as Table from '../data/table.js'
import type { Listener, Output } from '../events.js'
import type { Place } from '../locate/types.js'
import { go, none, type Step } from '../reducer.js'
import { isSecure, placeKey } from '../transport/address.js'
import { limitsOf, type Opening, type StackConfig, type State } from './state.js'

/** What tries wait for that wait for an opening. */
export const openingKey = (opening: number): string => `${OPEN}${opening}`

/** Whether it is an opening that is waited for. */
export const isOpeningKey = (on: string): boolean => on.startsWith(OPEN)

/** The opening for a place, begun if there is none. */
export const opened = (
  state: State,
  config: StackConfig,
  { local }: Listener,
  place: Place,
  at: number,
): readonly [opening: number, step: Step<State, Output>] => {
  const key = keyOf(place)
  const running = Table.get(key)(state.openingFor)
  if (running !== undefined) return [running, [state, none]]
  const number = state.layer.generation + 1
  const opening: Opening = { number, place, local, generation: number }
  return [
    number,
    go(
      {
        ...state,
        layer: { ...state.layer, generation: number },
        openings: Table.set(String(number), opening)(state.openings),
        openingFor: Table.set(key, number)(state.openingFor),
      },
      { _tag: 'OpenFlow', opening: number, target: place, local },
      {
        _tag: 'StartTimer',
        id: { _tag: 'Opening', opening: number },
        generation: number,
        due: at + limitsOf(config).opening,
      },
    ),
  ]
}

/** An opening that is over, and the state without it; undefined when it was over before. */
export const closed = (
  state: State,
  number: number,
): { readonly opening: Opening; readonly step: Step<State, Output> } | undefined => {
  const opening = Table.get(String(number))(state.openings)
  if (opening === undefined) return undefined
  return {
    opening,
    step: go(
      {
        ...state,
        openings: Table.remove(String(number))(state.openings),
        openingFor: Table.remove(keyOf(opening.place))(state.openingFor),
      },
      { _tag: 'StopTimer', id: { _tag: 'Opening', opening: number }, generation: opening.generation },
    ),
  }
}

/** A secured connection is opened for a domain, the others for whoever lives there. */
const keyOf = ({ protocol, host, port, domain }: Place): string =>
  `${placeKey(protocol, host, port)} ${isSecure(protocol) ? (domain ?? host) : ''}`

const OPEN = 'open '

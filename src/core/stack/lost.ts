/**
 * What was to leave on a connection that is gone (RFC 3261 18.2.2, row TR-6): a response goes on a new connection "to the
 * IP address in the received parameter, if present, using the port in the sent-by value, or the default port"; if that
 * fails to where sent-by leads (RFC 3263 5), and an ACK where its INVITE went (17.1.1.3).
 */
import { isLeft } from 'fp-ts/lib/Either.js'
import { some } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../data/bytes.js'
import { foldSteps } from '../data/fold.js'
import * as Table from '../data/table.js'
import type { Output } from '../events.js'
import type { Entry } from '../layer/state.js'
import type { Ways } from '../locate/types.js'
import { waysBack } from '../locate/ways.js'
import { topVia } from '../message/head.js'
import { parse } from '../message/parse.js'
import type { Step } from '../reducer.js'
import * as Connections from '../transport/connections.js'
import type { Address, Flow } from '../transport/flow.js'
import { listenerOf } from './listeners.js'
import type { Instant } from './moment.js'
import { carry, failed } from './parcels.js'
import type { StackConfig, State } from './state.js'

type Transmit = Extract<Output, { _tag: 'Transmit' }>

/**
 * The outputs of one step, with what cannot leave as it is sent another way, or its sender told. What the step itself
 * closes still takes what it says before: `before` is the state that the step began with.
 */
export const reroute = (
  before: State,
  step: Step<State, Output>,
  config: StackConfig,
  instant: Instant,
): Step<State, Output> => (step[1].some(isOnConnection) ? rerouted(before, step, config, instant) : step)

const rerouted = (
  before: State,
  step: Step<State, Output>,
  config: StackConfig,
  instant: Instant,
): Step<State, Output> => {
  const [state, outputs] = step
  return outputs.some((output) => isLost(before, state, output))
    ? foldSteps(state, outputs, (now, output) =>
        isLost(before, now, output) ? again(now, config, output as Transmit, instant) : [now, [output]],
      )
    : step
}

/** Most messages of most stacks are datagrams: they are told apart without a closure. */
const isOnConnection = (output: Output): boolean => output._tag === 'Transmit' && output.flow.id !== undefined

const isLost = (before: State, after: State, output: Output): boolean =>
  output._tag === 'Transmit' &&
  output.flow.id !== undefined &&
  Connections.get(after.connections, output.flow.id) === undefined &&
  Connections.get(before.connections, output.flow.id) === undefined

const again = (
  state: State,
  config: StackConfig,
  output: Transmit,
  instant: Instant,
): Step<State, Output> => {
  const { flow, bytes, cause } = output
  const ways = waysOf(output)
  const sent =
    // "the WebSocket server MUST use the existing connection": a WebSocket client accepts none (RFC 7118 5.3).
    listenerOf(state.listeners, flow)?.framing !== 'stream' || ways === undefined
      ? undefined
      : carry(state, config, { bytes, cause, since: instant.at }, ways, instant)
  return sent === undefined || '_tag' in sent ? failed(state, config, cause, instant.at, flow) : sent
}

/**
 * A response that could not be sent by datagram goes where sent-by leads: "If this fails, for example, elicits an ICMP
 * "port unreachable" response, the procedures of Section 5 of [4] SHOULD be used" (18.2.2, TR-5). Undefined when `cause`
 * wanted nothing of the kind sent, when that was tried already, or when there is no other place.
 */
export const elsewhere = (
  state: State,
  config: StackConfig,
  flow: Flow,
  cause: string,
  instant: Instant,
): Step<State, Output> | undefined => {
  const entry = Table.get(cause)(state.layer.transactions)
  const bytes = entry === undefined ? undefined : lastResponse(entry)
  if (bytes === undefined || flow.id !== undefined || !isAt(flow.remote, entry?.flow.remote)) return undefined
  const response = parse(bytes)
  if (isLeft(response)) return undefined
  const ways = waysBack(topVia(response.right), flow.protocol).filter(
    (way) => way._tag !== 'Address' || !isAt(flow.remote, way.place),
  )
  const sent = carry(state, config, { bytes, cause: some(cause), since: instant.at }, ways, instant)
  return '_tag' in sent ? undefined : sent
}

/** What a server transaction sent last; a 2xx to INVITE is the core's to repeat. */
const lastResponse = (entry: Entry): Bytes | undefined => {
  switch (entry.kind) {
    case 'invite-client':
    case 'non-invite-client':
      return undefined
    case 'invite-server': {
      const { state } = entry
      if (state._tag === 'Completed') return state.response
      return state._tag === 'Proceeding' && state.answer._tag === 'Sent' ? state.answer.response : undefined
    }
    case 'non-invite-server':
      return 'response' in entry.state ? entry.state.response : undefined
  }
}

const isAt = (one: Address, other: Address | undefined): boolean =>
  one.host === other?.host && one.port === other.port

const waysOf = ({ flow, bytes }: Transmit): Ways | undefined => {
  const { protocol, remote } = flow
  if (!bytes.startsWith('SIP/')) return [{ _tag: 'Address', place: { protocol, ...remote } }]
  const response = parse(bytes)
  return isLeft(response) ? undefined : waysBack(topVia(response.right), protocol)
}

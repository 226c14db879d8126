/** Somebody on the network who has no stack: sends whatever octets a test wants, and hears what comes. */
import { none } from 'fp-ts/lib/Option.js'
import type { Bytes } from '../../core/data/bytes.js'
import type { Address, Flow } from '../../core/transport/flow.js'
import { counter, type Message, type Observation, printAddress } from '../trace.js'
import type { Network } from './network.js'

/** What a guest is made of. */
export interface GuestOptions {
  /** Its name in traces and ladders, unique in its world. */
  readonly name: string
  readonly local?: Address
  /** Called with each datagram that arrives. */
  readonly heard?: (text: Bytes, from: Address) => void
}

/** A guest on the network, over UDP. */
export interface Guest {
  readonly name: string
  readonly local: Address
  readonly send: (to: Address, text: Bytes) => void
}

/** Puts a guest on the network. */
export const guest = (
  { name, heard }: GuestOptions,
  local: Address,
  network: Network,
  now: () => number,
  record: ((observation: Observation) => void) | undefined,
): Guest => {
  const copies = counter()
  const note = (_tag: Message['_tag'], remote: Address, text: Bytes): void => {
    const peer = printAddress(remote)
    record?.({
      _tag,
      at: now(),
      who: name,
      peer,
      protocol: 'udp',
      text,
      copy: copies(`${_tag} ${peer} ${text}`),
      of: '',
    })
  }
  network.attach({
    who: name,
    protocol: 'udp',
    local,
    receive: (event) => {
      if (event._tag !== 'Received') return
      note('Received', event.flow.remote, event.bytes)
      heard?.(event.bytes, event.flow.remote)
    },
  })
  return {
    name,
    local,
    send: (remote, text) => {
      const flow: Flow = { protocol: 'udp', local, remote }
      note('Sent', remote, text)
      network.transmit(name, flow, text, none)
    },
  }
}

/** Codecs for the words that states are made of: keys, flows, listeners. */
import type { Option } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import type { Listener, Ref, SendOptions, Target } from '../../events.js'
import type { Key, ClientKey, ServerKey } from '../../transaction/key.js'
import type { Legacy } from '../../transaction/legacy-key.js'
import type { Timer } from '../../transaction/types.js'
import type { Address, Flow, Reliability } from '../../transport/flow.js'
import { type Codec, optional, struct, tagged, variant, word } from '../shape.js'

export const truth: Codec<true> = t.literal(true)

export const ref: Codec<Ref> = t.union([t.string, t.number])

export const reliability: Codec<Reliability> = word('reliable', 'unreliable')

// biome-ignore format: one line
export const timer: Codec<Timer> = word('A', 'B', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'Trying', 'N100', 'Guard')

export const address: Codec<Address> = struct('Address', { host: t.string, port: t.number })

export const flow: Codec<Flow> = struct('Flow', {
  protocol: t.string,
  local: address,
  remote: address,
  id: optional(t.number),
})

export const target: Codec<Target> = struct('Target', {
  host: t.string,
  port: t.number,
  protocol: t.string,
  domain: optional(t.string),
})

export const listener: Codec<Listener> = struct('Listener', {
  protocol: t.string,
  local: address,
  advertised: address,
  reliable: t.boolean,
  framing: optional(word('stream', 'message')),
  peer: optional(target),
  alias: optional(truth),
})

export const sendOptions: Codec<SendOptions> = struct('SendOptions', {
  target: optional<Target | Flow>(t.union([flow, target])),
  via: optional(word('present')),
})

const legacy: Codec<Legacy> = struct('Legacy', {
  uri: t.string,
  toTag: t.string,
  fromTag: t.string,
  callId: t.string,
  cseq: t.number,
  via: t.string,
})

const clientFields = { branch: t.string, method: t.string }
const serverFields = {
  branch: t.string,
  method: t.string,
  host: t.string,
  port: optional(t.number),
  legacy: optional(legacy),
}

export const key: Codec<Key> = tagged('Key', {
  ClientKey: struct('ClientKey', clientFields),
  ServerKey: struct('ServerKey', serverFields),
})

export const clientKey: Codec<ClientKey> = tagged('ClientKey', {
  ClientKey: struct('ClientKey', clientFields),
})

export const serverKey: Codec<ServerKey> = tagged('ServerKey', {
  ServerKey: struct('ServerKey', serverFields),
})

/** fp-ts's Option. */
export const option = <A>(codec: Codec<A>): Codec<Option<A>> =>
  variant<Option<A>>()('_tag', 'Option', {
    None: struct('None', {}),
    Some: struct('Some', { value: codec }),
  } as never)

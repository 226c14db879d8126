/** A call of the demonstration in virtual time: the same cores, the same dice, no sockets. */
import { world } from '../../../testing/world.js'
import { type Call, conditions, configs, PATIENCE, SETTLE, standing } from './calls.js'
import type { Result } from './live.js'
import { callee, caller, invitation, type Place } from './parties.js'

/** Makes the call. */
export const virtual = (call: Call, seed: number): Result => {
  const life = world({ seed, conditions })
  const alice = life.join({ name: 'alice', core: caller(call), config: configs.alice })
  life.join({ name: 'bob', core: callee(call, bobs), config: configs.bob })
  alice.send(invitation(call, alices))
  life.until(() => standing(call, life.trace().observations) !== 'going', PATIENCE)
  life.advance(SETTLE)
  const trace = life.trace()
  const end = standing(call, trace.observations)
  return { trace, standing: end === 'going' ? 'not over in time' : end }
}

const contacts = ['sip:alice@10.0.0.1:5060', 'sip:bob@10.0.0.2:5060'] as const
const alices: Place = { contact: contacts[0], peer: contacts[1] }
const bobs: Place = { contact: contacts[1], peer: contacts[0] }

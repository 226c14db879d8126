// Some seconds of two user agents in virtual time, over a network that loses, doubles and reorders, and over a connection that
// breaks: nothing in it may depend on the engine that runs it. Node imports this module, Chromium gets it as a bundle.
import { request } from '../../dist/core/message/build.js'
import { secretOf } from '../../dist/core/data/hash.js'
import { autoAnswer } from '../../dist/core/user-agent/auto-answer.js'
import { ladder, world } from '../../dist/testing/index.js'

export const seeds = Array.from({ length: 20 }, (_, n) => n + 1)

const made = (method, callId, uri) => {
  const result = request(method, uri, [
    ['From', '<sip:alice@10.0.0.1>;tag=a'],
    ['To', '<sip:bob@10.0.0.2>'],
    ['Call-ID', callId],
    ['CSeq', `1 ${method}`],
    ['Contact', '<sip:alice@10.0.0.1>'],
    ['Subject', 'Zo\u00eb'], // a byte string, whatever the engine makes of letters
  ])
  if (result._tag === 'Left') throw new Error(result.left.what)
  return result.right
}

/** The trace of a seed as text: every observation, a line each, and the ladder. */
export const trace = (seed) => {
  const life = world({
    seed,
    conditions: { loss: 20, duplication: 10, delay: 20, jitter: 60, reordering: 10, held: 300 },
    streams: { piece: 40, ragged: true, breakAfter: 3000 },
  })
  const silent = {
    receiveRequest: () => undefined,
    receiveResponse: () => undefined,
    receiveError: () => undefined,
  }
  const protocols = ['udp', 'tcp']
  const alice = life.join({ name: 'alice', protocols, core: silent })
  const bob = autoAnswer(secretOf('sixteen octets of a test'), { answerAfter: 250 })
  life.join({ name: 'bob', protocols, core: bob })
  for (let call = 0; call < 5; call++) {
    alice.send(made('INVITE', `call-${call}`, 'sip:bob@10.0.0.2'))
    alice.send(made('OPTIONS', `options-${call}`, `sip:bob@10.0.0.2;transport=${protocols[call % 2]}`))
    life.advance(70)
  }
  life.settle()
  const told = life.trace()
  return [...told.observations.map((one) => JSON.stringify(one)), ladder(told)].join('\n')
}

/** SHA-256 as Node and browsers both have it, in hex. */
export const sha256 = async (text) => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((octet) => octet.toString(16).padStart(2, '0')).join('')
}

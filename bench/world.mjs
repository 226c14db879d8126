// npm run bench:world -- [calls] [loss per cent] [seed]: two-party calls in virtual time, INVITE to BYE; every promise is judged,
// and nothing may be left. Ends with 1 when a promise is broken or something is.
import { secretOf } from '../dist/core/data/hash.js'
import { request, withBody } from '../dist/core/message/build.js'
import { cseqMethod } from '../dist/core/message/head.js'
import { rawFields } from '../dist/core/user-agent/fields.js'
import { autoAnswer } from '../dist/core/user-agent/auto-answer.js'
import { breaches, invariants, world } from '../dist/testing/index.js'
import { cpu } from './lib/in-process.mjs'

const [calls = 10_000, loss = 20, seed = 1] = process.argv.slice(2).map(Number)
const WAVE = 100
const TALK = 1000

/** A request of Alice's; nothing here can be refused. */
const made = (method, callId, cseq, to) =>
  request(method, 'sip:bob@10.0.0.2', [
    ['From', '<sip:alice@10.0.0.1>;tag=a'],
    ['To', to],
    ['Call-ID', callId],
    ['CSeq', `${cseq} ${method}`],
    ['Contact', '<sip:alice@10.0.0.1>'],
  ]).right

const invite = (n) =>
  withBody('application/sdp', 'v=0\r\n')(made('INVITE', `call-${n}`, 1, '<sip:bob@10.0.0.2>')).right

const totals = {
  answered: 0,
  ended: 0,
  failed: 0,
  observations: 0,
  breaches: 0,
  left: 0,
  known: 0,
  busy: 0,
  judging: 0,
}

const field = (message, name) => rawFields(message, name)[0]

/** Hangs up a while after each answer, once a call; counts what became of it. */
const alice = () => {
  const talking = new Set()
  return {
    receiveResponse: (response, _key, { send, after }) => {
      if (response.status < 200) return
      const call = field(response, 'Call-ID')
      if (cseqMethod(response) === 'BYE') {
        totals.ended += 1
        return
      }
      if (talking.has(call)) return
      talking.add(call)
      totals.answered += 1
      after(TALK, () => void send(made('BYE', call, 2, field(response, 'To'))))
    },
    receiveError: () => void totals.failed++,
  }
}

/** Entries of all tables in a state: transactions, what helpers remember, alarms. */
const entries = (state) => {
  if (typeof state !== 'object' || state === null) return 0
  if ('size' in state && 'words' in state) return state.size
  return Object.values(state).reduce((sum, part) => sum + entries(part), 0)
}

// Waves, so that what is kept to be judged stays small; each wave has its own dice.
for (let done = 0; done < calls; done += WAVE) {
  const life = world({ seed: seed + done, conditions: { loss, delay: 20, jitter: 30, duplication: 2 } })
  const caller = life.join({ name: 'alice', core: alice() })
  const callee = life.join({
    name: 'bob',
    core: autoAnswer(secretOf('a secret for a benchmark'), { answerAfter: 400 }),
  })
  const begun = cpu()
  for (let n = 0; n < Math.min(WAVE, calls - done); n++) {
    caller.send(invite(done + n))
    life.advance(10)
  }
  life.settle()
  const rested = cpu()
  const trace = life.trace()
  const { filter: core, inner } = callee.state()
  totals.observations += trace.observations.length
  totals.known += entries(core)
  totals.left += entries(caller.state()) + entries(inner) + caller.timers() + callee.timers()
  const found = breaches(trace, invariants({ rested: true }))
  for (const { invariant, at, who, what } of totals.breaches === 0 ? found.slice(0, 5) : [])
    console.log(`${invariant.name}: ${at} ms ${who}: ${what}`)
  totals.breaches += found.length
  totals.busy += rested - begun
  totals.judging += cpu() - rested
}

const rate = Math.round((1e6 * totals.observations) / totals.busy)
console.log(
  `${calls} calls at ${loss} % loss, seed ${seed}: ${totals.answered} answered, ${totals.ended} ended by BYE, ${totals.failed} requests failed`,
)
console.log(
  `${totals.observations} events in ${(totals.busy / 1e6).toFixed(1)} s of CPU: ${rate} events/s; judged in ${(totals.judging / 1e6).toFixed(1)} s`,
)
// Bob may know a call that nobody told him the end of: one for each request that failed, and no more.
console.log(
  `${totals.breaches} breaches; ${totals.left} entries and timers left, and ${totals.known} calls whose BYE never came`,
)
const accounted = totals.ended + totals.failed === calls && totals.known <= totals.failed
process.exitCode = totals.breaches + totals.left > 0 || !accounted ? 1 : 0

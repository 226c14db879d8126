// Two-party calls in virtual time: `node bench/world.mjs [calls] [loss per cent] [seed]`, after `npm run build`.
import { secretOf } from '../dist/core/data/hash.js'
import { request, withBody } from '../dist/core/message/build.js'
import { autoAnswer } from '../dist/core/user-agent/auto-answer.js'
import { breaches, invariants, world } from '../dist/testing/index.js'

const [calls = 10_000, loss = 20, seed = 1] = process.argv.slice(2).map(Number)
const WAVE = 100

/** An INVITE with an offer for call `n`; nothing here can be refused. */
const invite = (n) =>
  withBody(
    'application/sdp',
    'v=0\r\n',
  )(
    request('INVITE', 'sip:bob@10.0.0.2', [
      ['From', '<sip:alice@10.0.0.1>;tag=a'],
      ['To', '<sip:bob@10.0.0.2>'],
      ['Call-ID', `call-${n}`],
      ['CSeq', '1 INVITE'],
      ['Contact', '<sip:alice@10.0.0.1>'],
    ]).right,
  ).right

const totals = { answered: 0, failed: 0, observations: 0, breaches: 0, left: 0, busy: 0, judging: 0 }

// Waves, so that what is kept to be judged stays small; each wave has its own dice.
for (let done = 0; done < calls; done += WAVE) {
  const life = world({ seed: seed + done, conditions: { loss, delay: 20, jitter: 30, duplication: 2 } })
  const alice = life.join({
    name: 'alice',
    core: {
      receiveResponse: ({ status }) => void (status >= 200 && totals.answered++),
      receiveError: () => void totals.failed++,
    },
  })
  life.join({ name: 'bob', core: autoAnswer(secretOf('a secret for a benchmark'), { answerAfter: 400 }) })
  const begun = performance.now()
  for (let n = 0; n < Math.min(WAVE, calls - done); n++) {
    alice.send(invite(done + n))
    life.advance(10)
  }
  life.settle()
  const rested = performance.now()
  const trace = life.trace()
  totals.observations += trace.observations.length
  totals.left += life.endpoints.reduce(
    (sum, { stack, timers }) => sum + stack().layer.transactions.size + timers(),
    0,
  )
  const found = breaches(trace, invariants({ rested: true }))
  for (const { invariant, at, who, what } of totals.breaches === 0 ? found.slice(0, 5) : [])
    console.log(`${invariant.name}: ${at} ms ${who}: ${what}`)
  totals.breaches += found.length
  totals.busy += rested - begun
  totals.judging += performance.now() - rested
}

const rate = Math.round((1000 * totals.observations) / totals.busy)
console.log(
  `${calls} calls at ${loss} % loss, seed ${seed}: ${totals.answered} answered, ${totals.failed} failed`,
)
console.log(
  `${totals.observations} events in ${(totals.busy / 1000).toFixed(1)} s: ${rate} events/s; judged in ${(totals.judging / 1000).toFixed(1)} s`,
)
console.log(`${totals.breaches} breaches, ${totals.left} transactions and timers left`)
process.exitCode = totals.breaches + totals.left > 0 || totals.answered + totals.failed !== calls ? 1 : 0

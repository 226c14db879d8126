// npm run bench:reducer: nanoseconds and bytes allocated per transition of each machine (run with --expose-gc).
import { Message, Transaction } from 'sippet'
import { options } from './lib/in-process.mjs'
import { median, option, report } from './lib/measure.mjs'

const rounds = option('rounds', 9)
const repeats = option('repeats', 200_000)
const config = Transaction.rfc3261

const message = (text) => {
  const parsed = Message.parse(text)
  if (parsed._tag === 'Left') throw new Error(parsed.left.what)
  return parsed.right
}
const request = message(options(1))
const invite = message(options(2).replaceAll('OPTIONS', 'INVITE'))
const respond = (status, to) => Message.respond(status)(to)
const fired = (timer) => ({ _tag: 'TimerFired', timer, late: 0 })

const transitions = [
  ['non-INVITE server: request', () => Transaction.nonInviteServer.start(config, request, 'unreliable')],
  ...of('nonInviteServer', 'non-INVITE server: 200', request, {
    _tag: 'Respond',
    response: respond(200, request),
  }),
  ...of('nonInviteClient', 'non-INVITE client: timer E', request, fired('E')),
  ...of('nonInviteClient', 'non-INVITE client: 200', request, {
    _tag: 'ResponseReceived',
    response: respond(200, request),
  }),
  ...of('inviteServer', 'INVITE server: 180', invite, { _tag: 'Respond', response: respond(180, invite) }),
  ...of('inviteServer', 'INVITE server: 486', invite, { _tag: 'Respond', response: respond(486, invite) }),
  ...of('inviteClient', 'INVITE client: timer A', invite, fired('A')),
  ...of('inviteClient', 'INVITE client: 486, with its ACK', invite, {
    _tag: 'ResponseReceived',
    response: respond(486, invite),
  }),
]

function of(machine, name, first, event) {
  const reducer = Transaction[machine].reducer(config)
  const [state] = Transaction[machine].start(config, first, 'unreliable')
  return [[name, () => reducer(state, event)]]
}

/** The last results are kept, so that none of the work can be left out. */
const kept = []
const measure = (transition) => {
  globalThis.gc?.()
  const begun = process.hrtime.bigint()
  for (let i = 0; i < repeats; i++) kept[i & 7] = transition()
  return Number(process.hrtime.bigint() - begun) / repeats
}

report(
  'reducer',
  transitions.map(([name, transition]) => {
    for (let i = 0; i < repeats; i++) kept[i & 7] = transition()
    const runs = Array.from({ length: rounds }, () => measure(transition))
    return { transition: name, ns: median(runs) }
  }),
  [`medians of ${rounds} rounds of ${repeats}`],
)
report(
  'reducer-bytes',
  transitions.map(([name, transition]) => {
    const few = 2000 // fewer than a scavenge takes away
    const runs = Array.from({ length: rounds }, () => {
      globalThis.gc?.()
      const heap = process.memoryUsage().heapUsed
      for (let i = 0; i < few; i++) kept[i & 7] = transition()
      return (process.memoryUsage().heapUsed - heap) / few
    })
    return { transition: name, 'bytes allocated': Math.round(median(runs)) }
  }),
)

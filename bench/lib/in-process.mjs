// A whole user agent without sockets: the reducer, a queue of timers, and a clock that the bench turns.
import { run, Stack, timerQueue, timerText, UserAgent } from 'sippet'
import { autoAnswer, moments } from 'sippet/node'

const local = { host: '127.0.0.1', port: 5060 }
const remote = { host: '127.0.0.1', port: 6060 }

/** OPTIONS number `n`, as it would come. */
export const options = (n) =>
  [
    'OPTIONS sip:bench@127.0.0.1:5060 SIP/2.0',
    `Via: SIP/2.0/UDP 127.0.0.1:6060;branch=z9hG4bK${n}-bench-o`,
    `From: "Bench" <sip:load@127.0.0.1:6060>;tag=${n % 64}bench`,
    'To: <sip:bench@127.0.0.1:5060>',
    `Call-ID: ${n}-bench@127.0.0.1`,
    'CSeq: 1 OPTIONS',
    'Contact: <sip:load@127.0.0.1:6060>',
    'Max-Forwards: 70',
    'User-Agent: bench',
    'Accept: application/sdp',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

/** A request of call number `n`, as it would come. */
const inCall = (n, method, cseq, tag, body) =>
  [
    `${method} sip:bench@127.0.0.1:5060 SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:6060;branch=z9hG4bK${n}-bench-${method}`,
    `From: "Bench" <sip:load@127.0.0.1:6060>;tag=${n % 64}bench`,
    `To: <sip:bench@127.0.0.1:5060>${tag}`,
    `Call-ID: ${n}-bench@127.0.0.1`,
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:load@127.0.0.1:6060>',
    'Max-Forwards: 70',
    'User-Agent: bench',
    'Accept: application/sdp',
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')

const offer =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n'

/** Call number `n` from INVITE to the 200 for its BYE, as `user` hears it. */
export const call = (user, n) => {
  user.receive(inCall(n, 'INVITE', 1, '', offer))
  const tag = /^To:[^\r]*(;tag=[^;\r]*)/m.exec(user.sent())?.[1] ?? ''
  user.receive(inCall(n, 'ACK', 1, tag, ''))
  user.receive(inCall(n, 'BYE', 2, tag, ''))
}

/** A user agent that answers by itself, with bounds that nothing here reaches. */
export const agent = () => {
  const secret = Stack.secretOf('a secret of no importance at all')
  const bounds = { servers: 2_000_000, perSource: 2_000_000, retryAfter: 5 }
  const core = autoAnswer(secret)
  const machine = UserAgent.around(UserAgent.coreFilter(core.reducer, core.start))(
    UserAgent.userAgent(Stack.config(secret, { bounds })),
  )
  const moment = moments()
  const timers = timerQueue(timerText)
  const clock = { at: 0 }
  const counted = { transmitted: 0 }
  let sent = ''
  const wire = Buffer.alloc(65536)
  const running = run(machine.reducer, machine.start, {
    moment: () => ({ at: clock.at, wall: 0, entropy: moment().entropy }),
    perform: (effect) => {
      if (effect._tag === 'Transmit') {
        counted.transmitted++
        sent = effect.bytes
        wire.latin1Write(sent) // as a socket does: a text put together from parts becomes one
      } else if (effect._tag === 'StartTimer') timers.start(effect.id, effect.generation, effect.due)
      else if (effect._tag === 'StopTimer') timers.stop(effect.generation)
    },
  })
  running.dispatch({
    _tag: 'Listening',
    listener: { protocol: 'udp', local, advertised: local, reliable: false },
  })
  const flow = { protocol: 'udp', local, remote }
  return {
    clock,
    counted,
    /** What went out last. */
    sent: () => sent,
    live: () => running.peek((state) => machine.stackOf(state).layer.transactions.size),
    /** `octets` are the same once more, as a socket has them. */
    receive: (bytes, octets) => running.dispatch({ _tag: 'Received', flow, bytes, octets }),
    /** Fires what is due. */
    turn: () => {
      for (let one = timers.take(clock.at); one !== undefined; one = timers.take(clock.at))
        running.dispatch({ _tag: 'TimerFired', id: one.id, generation: one.generation })
    },
  }
}

/** Processor time of this process so far, microseconds. */
export const cpu = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** RFC 4475 and RFC 5118 again, as a whole user agent answers them: the stack, every helper, and a core. */
import { none } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { serverConfig } from '../../../src/core/auth/server-types.js'
import { branch } from '../../../src/core/header/via.js'
import { topVia } from '../../../src/core/message/head.js'
import * as Message from '../../../src/core/message.js'
import { digestServer } from '../../../src/core/user-agent/digest-server.js'
import { secret } from '../../support/bench.js'
import { disagreements } from '../../support/facts.js'
import { type Torture, torture } from '../../support/torture.js'
import { abilities, answered, answerOf, outcome, requestOf } from '../../support/torture-answers.js'

const nameOf = ({ file }: Torture): string => file.replace(/^.*\/|\.dat$/g, '')

const named = (name: string): Torture => {
  const found = torture.find((each) => nameOf(each) === name)
  if (found === undefined) throw new Error(`no message ${name}`)
  return found
}

const call = '180, 200'

/** What goes back to each. Where the RFC allows more than one answer, its words and what we choose. */
const answers: Readonly<Record<string, string>> = {
  // 3.1.1 "valid"
  wsinv: '481', // its To has a tag, of a dialog that nobody here knows (RFC 3261 12.2.2)
  intmeth: '501 + Allow', // "Endpoints will generate a 501 listing the methods they understand in an Allow header field"
  esc01: call,
  escnull: '200',
  esc02: '501 + Allow', // "An endpoint would reject this message with a 501"
  lwsdisp: '200',
  longreq: call,
  dblreq: '200', // once: what follows is "just spurious noise that must be ignored"
  semiuri: '200',
  transports: '200',
  mpart01: '200',
  unreason: 'handed up: 200',
  noreason: 'handed up: 100',
  // 3.1.2 "invalid"
  badinv01: '400',
  clerr: '400',
  ncl: '400',
  scalar02: '400',
  scalarlg: 'discarded: malformed', // "An element receiving this response will simply discard it"
  quotbal: '400', // or "infer a terminating quote": no
  ltgtruri: '400', // or "ignore the brackets": a message is its octets, a proxy would pass them on
  lwsruri: '400', // or "ignore the embedded LWS": no
  lwsstart: '400', // or "ignore these extra SP": a proxy would pass them on
  trws: '400', // the same
  escruri: '400', // or "ignore the escaped headers": a proxy would pass them on
  baddate: call, // or 400, but "an element shouldn't do that unless the … Date … actually" matters
  regbadct: '400', // or "infer the angle brackets": no
  badaspec: '400', // or "ignore the spaces": no
  baddn: '400', // the archive's copy has no empty line; baddn-terminated has one
  badvers: '505',
  mismatch01: '400',
  mismatch02: '400', // "A 400 … is also acceptable" beside 501: the parser knows no method to be unknown
  bigcode: 'discarded: malformed', // "should simply drop it"
  // 3.2 to 3.4
  badbranch: '200', // "could … 400, or … fall back to the RFC 2543-style transaction identifier": the latter
  insuf: '400',
  unkscm: '416',
  novelsc: '416', // or 404 from one that "might accept some URIs with this scheme": this one does not
  unksm2: '400', // "A registrar would reject this request with a 400"
  bext01: '420 + Unsupported',
  invut: '415 + Accept',
  regaut01: '200', // a registrar that "does not care"; one that does is below
  multi01: '400',
  mcl01: '400',
  bcast: 'discarded: stray', // "an endpoint receiving this message should simply discard it"
  zeromf: '200', // "An endpoint should process the request as if … still positive"
  cparam01: '200',
  cparam02: '200',
  regescrt: '200',
  sdp01: '406', // or 400
  inv2543: call,
  // RFC 5118
  'ipv6-good': '200',
  'ipv6-bad': '400',
  'port-ambiguous': '200',
  'port-unambiguous': '200',
  'via-received-param-with-delim': '481', // a BYE outside every dialog (RFC 3261 15.1.2)
  'via-received-param-no-delim': '200',
  'ipv6-in-sdp': call,
  'mult-ip-in-header': '481', // the same
  'mult-ip-in-sdp': call,
  'ipv4-mapped-ipv6': call,
  'ipv6-bug-abnf-3-colons': '200',
  'ipv6-correct-abnf-2-colons': '200',
}

test('49 and 12 of them', () => {
  expect(Object.keys(answers).sort()).toEqual(torture.map(nameOf).sort())
  expect(torture).toHaveLength(61)
})

describe.each(torture)('$file ($section) $title', (message) => {
  const came = outcome(message)

  test(`gets ${answers[nameOf(message)]}`, () => {
    expect(answerOf(message)).toBe(answers[nameOf(message)])
  })

  test('what is sent goes back where the request came from, and says whose answer it is', () => {
    const request = requestOf(message)
    for (const { bytes, flow } of came.sent) {
      expect(flow.remote.host).toBe(came.flow.remote.host)
      expect([flow.protocol, flow.id]).toEqual([came.flow.protocol, came.flow.id])
      expect(bytes).toMatch(/^SIP\/2\.0 \d{3} /)
      if (request === undefined) continue
      const response = answered(bytes)
      for (const name of ['from', 'call-id', 'cseq'] as const) // 8.2.6.2
        expect(Message.raw(name)(response)).toEqual(Message.raw(name)(request))
      expect(Message.viaCount(response)).toBe(Message.viaCount(request))
      expect(branch(topVia(response))).toBe(branch(topVia(request)))
      expect(Message.toTag(response)).not.toEqual(none)
    }
  })
})

/** The fields of that name in the last thing that is sent. */
const last = (name: string, field: string, options = {}): readonly string[] => {
  const { sent } = outcome(named(name), options)
  return Message.raw(field)(answered(sent.at(-1)?.bytes ?? ''))
}

describe('what the answers bring', () => {
  test('501 lists what is understood', () => {
    expect(last('intmeth', 'allow')).toEqual([abilities.methods?.join(', ')])
  })

  test('3.3.5: 420 lists what Require asks for, for a user agent is no proxy', () => {
    expect(last('bext01', 'unsupported')).toEqual(['nothingSupportsThis, nothingSupportsThisEither'])
  })

  test('415 lists what is understood', () => {
    expect(last('invut', 'accept')).toEqual([abilities.types?.join(', ')])
  })

  test('an answer to an INVITE has a session where one is accepted, and 406 has none', () => {
    expect(last('esc01', 'content-type')).toEqual(['application/sdp'])
    expect(last('sdp01', 'content-type')).toEqual([])
  })

  test.each(['escnull', 'dblreq', 'cparam01', 'cparam02', 'regescrt', 'ipv6-good'])(
    '%s: the bindings in the 200 are those of the request',
    (name) => {
      const message = named(name)
      const { sent } = outcome(message)
      const { contacts } = message.facts
      expect(disagreements(answered(sent[0]?.bytes ?? ''), { contacts })).toEqual([])
    },
  )

  test('3.3.12, 3.3.13: a parameter is the binding’s or the URI’s, and stays so', () => {
    expect(last('cparam01', 'contact')).toEqual(['<sip:+19725552222@gw1.example.net>;unknownparam'])
    expect(last('cparam02', 'contact')).toEqual(['<sip:+19725552222@gw1.example.net;unknownparam>'])
  })

  test('3.3.7: a registrar that does care challenges with what it understands', () => {
    const guard = digestServer({
      ...serverConfig('www', 'example.com', secret),
      protects: () => true,
      accounts: () => undefined,
    })
    const challenges = last('regaut01', 'www-authenticate', { guard })
    expect(challenges).not.toEqual([])
    expect(challenges.every((one) => one.startsWith('Digest realm="example.com"'))).toBe(true)
    expect(outcome(named('regaut01'), { guard }).sent[0]?.bytes).toMatch(/^SIP\/2\.0 401 /)
  })

  test('what is discarded is neither handed up nor answered, though a transaction waits for it', () => {
    for (const name of ['scalarlg', 'bigcode', 'bcast']) {
      const { sent, heard } = outcome(named(name))
      expect([sent, heard]).toEqual([[], []])
    }
  })
})

describe('on a stream', () => {
  /** Those that fare otherwise there: what is sent, and whether the connection is closed. */
  const otherwise: Readonly<Record<string, readonly [sent: string, closed: boolean]>> = {
    clerr: ['', false], // "not much … but wait for more data on the stream"
    baddn: ['', false], // the same: its head has not ended
    ncl: ['400', true], // "the framing error is not recoverable, and the connection should be closed"
    mcl01: ['400', true], // "equivalent to an invalid Content-Length value"
    inv2543: ['400', true], // without Content-Length nobody knows where it ends (RFC 3261 18.3)
    dblreq: ['', true], // two requests, and octets behind them that are none
  }

  test.each(torture.filter(({ facts }) => facts['kind'] === 'request').map(nameOf))('%s', (name) => {
    const { sent, closed } = outcome(named(name), { transport: 'tcp' })
    const statuses = sent.map(({ bytes }) => bytes.slice('SIP/2.0 '.length, 'SIP/2.0 '.length + 3)).join(', ')
    const [expected, isClosed] = otherwise[name] ?? [answers[name]?.replace(/ \+.*/, ''), false]
    expect(statuses).toBe(expected)
    expect(closed).toEqual(isClosed ? [7] : [])
  })
})

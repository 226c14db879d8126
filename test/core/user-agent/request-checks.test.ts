/** What a user agent server answers before its core has to (8.2): rows RV, MR-1 at the helper, and their silence. */
import { describe, expect, test } from 'vitest'
import { read } from '../../support/messages.js'
import { type Abilities, requestChecks } from '../../../src/core/user-agent/request-checks.js'
import { around, stackAlone, userAgent } from '../../../src/core/user-agent/user-agent.js'
import { mergedRequest } from '../../../src/core/user-agent/merged-request.js'
import { row } from '../../conformance/rows.js'
import { benchOf, configOf, secret } from '../../support/bench.js'
import { ackTo, requestOf, requestText, responseTo } from '../../support/messages.js'

const agent = (abilities: Abilities) =>
  benchOf(around(requestChecks(abilities, secret))(stackAlone(configOf())))

type Parts = Parameters<typeof requestText>[0]

/** The answer to a request: its status line and the fields it brings besides those of the request. */
const answerTo = (abilities: Abilities, parts: Parts): readonly string[] => {
  const on = agent(abilities)
  on.receive(requestText(parts))
  return on
    .sent()
    .flatMap((text) =>
      text.split('\r\n').filter((line) => !/^(Via|From|To|Call-ID|CSeq|Content-Length):|^$/.test(line)),
    )
}

const passes = (abilities: Abilities, parts: Parts): boolean => {
  const on = agent(abilities)
  const said = on.receive(requestText(parts))
  return on.sent().length === 0 && said.some((line) => line.startsWith('request '))
}

const methods = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS']

describe('one by one', () => {
  row('RV-1', 'a method that is known and not served: 405 with Allow; one nobody knows: 501', () => {
    expect(answerTo({ methods }, { method: 'REGISTER' })).toEqual([
      'SIP/2.0 405 Method Not Allowed',
      'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS',
    ])
    expect(answerTo({ methods }, { method: 'FROBNICATE' })).toEqual([
      'SIP/2.0 501 Not Implemented',
      'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS',
    ])
    expect(answerTo({ methods }, { method: 'invite' })[0]).toBe('SIP/2.0 501 Not Implemented')
    expect(passes({ methods }, { method: 'OPTIONS' })).toBe(true)
    expect(passes({}, { method: 'FROBNICATE' })).toBe(true)
  })

  row('RV-2', 'a scheme that is not served: 416; an address that is not ours: 404', () => {
    const abilities: Abilities = {
      schemes: ['sip', 'sips'],
      isOurs: (uri) => uri._tag === 'Sip' && uri.user === 'bob',
    }
    expect(answerTo(abilities, { uri: 'tel:+12125551212' })).toEqual(['SIP/2.0 416 Unsupported URI Scheme'])
    expect(answerTo(abilities, { uri: 'urn:service:sos' })).toEqual(['SIP/2.0 416 Unsupported URI Scheme'])
    expect(answerTo(abilities, { uri: 'sip:carol@192.0.2.1' })).toEqual(['SIP/2.0 404 Not Found'])
    expect(passes(abilities, { uri: 'sips:bob@192.0.2.1' })).toBe(true)
    expect(passes({}, { uri: 'tel:+12125551212' })).toBe(true)
  })

  test('a Request-URI that cannot be read is nobody’s: 400, where anybody asks whose it is', () => {
    const uri = 'sip:bob@192.0.2.1;ttl=999'
    expect(answerTo({ schemes: ['sip'] }, { uri })).toEqual(['SIP/2.0 400 Bad Request-URI'])
    expect(passes({}, { uri })).toBe(true)
  })

  row('RV-3', 'an extension nobody here knows: 420, naming those and no others', () => {
    const abilities: Abilities = { extensions: ['timer', 'replaces'] }
    expect(answerTo(abilities, { fields: ['Require: timer, nothing', 'Require: Replaces,100rel'] })).toEqual([
      'SIP/2.0 420 Bad Extension',
      'Unsupported: nothing, 100rel',
    ])
    expect(passes(abilities, { fields: ['Require: TIMER'] })).toBe(true)
    expect(answerTo({}, { fields: ['Require: timer'] })[1]).toBe('Unsupported: timer')
  })

  row('RV-4', 'a body of another type, coding or language: 415 with what would do', () => {
    const abilities: Abilities = {
      types: ['application/sdp', 'text/*'],
      encodings: ['gzip'],
      languages: ['en'],
    }
    const body = 'x'
    expect(answerTo(abilities, { body, fields: ['Content-Type: application/isup;version=nxv3'] })).toEqual([
      'SIP/2.0 415 Unsupported Media Type',
      'Accept: application/sdp, text/*',
    ])
    expect(
      answerTo(abilities, { body, fields: ['Content-Type: text/plain', 'Content-Encoding: deflate'] }),
    ).toEqual(['SIP/2.0 415 Unsupported Media Type', 'Accept-Encoding: gzip'])
    expect(
      answerTo(abilities, { body, fields: ['Content-Type: text/plain', 'Content-Language: fr'] }),
    ).toEqual(['SIP/2.0 415 Unsupported Media Type', 'Accept-Language: en'])
    expect(answerTo({}, { body, fields: ['Content-Type: text/plain', 'Content-Encoding: gzip'] })[1]).toBe(
      'Accept-Encoding: identity',
    )
    for (const fields of [
      ['Content-Type: APPLICATION/SDP; charset=x'],
      ['Content-Type: text/html', 'Content-Encoding: GZIP', 'Content-Language: en-GB'],
      ['Content-Type: application/isup', 'Content-Disposition: signal ; handling = optional'],
    ])
      expect(passes(abilities, { body, fields }), fields.join()).toBe(true)
    expect(passes(abilities, { fields: ['Content-Type: application/isup'] })).toBe(true) // there is no body
    expect(passes({}, { body, fields: ['Content-Type: application/isup'] })).toBe(true)
  })

  test('compact names are the same fields', () => {
    const types = ['application/sdp']
    const [status] = answerTo({ types }, { body: 'x', fields: ['c: text/plain'] })
    expect(status).toBe('SIP/2.0 415 Unsupported Media Type')
    const coded = answerTo({ types }, { body: 'x', fields: ['c: application/sdp', 'e: gzip'] })
    expect(coded[1]).toBe('Accept-Encoding: identity')
    expect(passes({ types }, { body: 'x', fields: ['c: application/sdp', 'e: identity'] })).toBe(true)
  })

  test('an INVITE that accepts no answer that we have: 406', () => {
    const abilities: Abilities = { answers: ['application/sdp'] }
    const refused = ['Accept: text/plain', 'Accept:', 'Accept: application/sdp;q=0, text/*;q=1']
    for (const field of refused)
      expect(answerTo(abilities, { fields: [field] }), field).toEqual(['SIP/2.0 406 Not Acceptable'])
    const taken = [
      'Accept: text/plain, Application/SDP;q=0.1',
      'Accept: */*',
      'Accept: application/*',
      'Accept: (',
    ]
    for (const field of taken) expect(passes(abilities, { fields: [field] }), field).toBe(true)
    expect(passes(abilities, {})).toBe(true) // "the server SHOULD assume a default value of application/sdp" (20.1)
    expect(answerTo({ answers: ['text/plain'] }, {})).toEqual(['SIP/2.0 406 Not Acceptable'])
    expect(passes(abilities, { method: 'OPTIONS', fields: ['Accept: text/plain'] })).toBe(true)
    expect(passes({}, { fields: ['Accept: text/plain'] })).toBe(true)
  })

  row('RV-6', 'an ACK that fails any of them is dropped, never answered', () => {
    const on = agent({ methods: ['INVITE'], extensions: [] })
    const ack = { branch: 'z9hG4bKack', fields: ['Require: unheard-of'] }
    expect(on.receive(ackTo({}, 'btag', ack))).toEqual(['diagnostic unacknowledged RV-6'])
    const strange = agent({ extensions: [] })
    expect(strange.receive(ackTo({}, 'btag', ack))).toEqual(['diagnostic unacknowledged RV-6'])
    expect(strange.receive(ackTo({}, 'btag', { branch: 'z9hG4bKack' }))).toEqual([
      'request ACK without transaction',
    ])
    expect([...on.sent(), ...strange.sent()]).toEqual([])
  })

  row('MR-1', 'a merged request is answered 482', () => {
    const on = benchOf(around(mergedRequest(secret))(stackAlone(configOf())))
    on.receive(requestText())
    expect(on.receive(requestText({ branch: 'z9hG4bKother' }))).toEqual([
      'start Trying 200',
      'stop Trying',
      'transmit 482 INVITE to 192.0.2.9:5060',
      'start G 500',
      'start H 32000',
    ])
    expect(read(on.sent()[0]!).text).toContain('482 Loop Detected')
  })

  row('MR-4', 'the CANCEL of a merged INVITE finds it', () => {
    const on = benchOf(userAgent(configOf()))
    on.receive(requestText())
    on.receive(requestText({ branch: 'z9hG4bKother' }))
    expect(on.receive(requestText({ method: 'CANCEL', branch: 'z9hG4bKother' }))).toContain(
      'transmit 200 CANCEL to 192.0.2.9:5060',
    )
    expect(on.transactions().filter((line) => line.startsWith('invite-server'))).toEqual([
      'invite-server Completed G@500 H@32000',
      'invite-server Proceeding Trying@200',
    ])
  })
})

describe('together', () => {
  const all: Abilities = {
    methods,
    schemes: ['sip'],
    isOurs: () => false,
    extensions: [],
    types: ['application/sdp'],
  }
  const wrong: Parts = { uri: 'tel:1', body: 'x', fields: ['Require: x', 'Content-Type: a/b'] }

  test('in the order of the RFC', () => {
    const status = (abilities: Abilities, parts: Parts) =>
      answerTo(abilities, { ...wrong, ...parts })[0]?.slice(8, 11)
    expect(status(all, { method: 'REGISTER' })).toBe('405')
    expect(status(all, {})).toBe('416')
    expect(status(all, { uri: 'sip:x@y' })).toBe('404')
    expect(status({ ...all, isOurs: () => true }, { uri: 'sip:x@y' })).toBe('420')
    expect(status({ ...all, isOurs: () => true, extensions: ['x'] }, { uri: 'sip:x@y' })).toBe('415')
  })

  test('merged requests come after the Request-URI and before Require', () => {
    const on = agent({ extensions: [] })
    on.receive(requestText())
    const second = { branch: 'z9hG4bKo', fields: ['Require: x'] }
    expect(on.receive(requestText(second))).toContain('transmit 482 INVITE to 192.0.2.9:5060')
  })

  test('the core hears nothing of what was answered for it, not even that no ACK came', () => {
    const on = agent({ extensions: [] })
    expect(on.receive(requestText({ fields: ['Require: x'] }))).not.toContain('accepted')
    const said = on.advance(100_000).filter((line) => /error|ended|request/.test(line))
    expect(said).toEqual([])
    expect(on.transactions()).toEqual([])
    expect(on.state().filter.size).toBe(0)
  })

  test('what passes is the core’s from beginning to end', () => {
    const on = agent({ extensions: [] })
    on.receive(requestText({ method: 'OPTIONS' }))
    expect(on.respond(responseTo(requestOf({ method: 'OPTIONS' }), 200))).toContain('accepted')
    expect(on.advance(32_000)).toEqual(['32000 ended'])
  })
})

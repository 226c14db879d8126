import { isRight } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { respond, withToTag } from '../../../src/core/message/build.js'
import { sendable } from '../../../src/core/message/validate.js'
import * as Message from '../../../src/core/message.js'
import { outgoing, requestText } from '../../support/messages.js'
import { accepted, acceptedRequest, left, refused, right } from '../../support/parsed.js'

const invite = acceptedRequest(requestText({ fields: ['Contact: <sip:a@192.0.2.9>'] }))
const faults = (message: Message.Message): readonly string[] => {
  const valid = Message.validate(message)
  return isRight(valid)
    ? []
    : valid.left.map(({ field, what }) => (field === undefined ? what : `${field} ${what}`))
}

describe('validate', () => {
  test('gives back what is well', () => {
    expect(right(Message.validate(invite))).toBe(invite)
    const response = withToTag('x')(respond(200)(invite))
    expect(right(Message.validate(response))).toBe(response)
  })

  test('names all that is missing', () => {
    expect(faults(right(Message.request('OPTIONS', 'sip:a', [])))).toEqual([
      ...['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards'].map((field) => `${field} is missing`),
    ])
    expect(faults(right(Message.response(200, 'OK', []))).map((line) => line.split(' ')[0])).toEqual([
      ...['Via', 'From', 'To', 'Call-ID', 'CSeq'],
    ])
  })

  test('names what stands twice, cannot be read, or does not fit', () => {
    const odd = accepted(
      requestText({
        uri: 'sip:a@b;=',
        fromTag: '',
        fields: ['Expires: soon', 'Contact: a@b', 'Subject: a', 's: b', 'X-Any: "'],
        body: 'x',
      }),
    )
    expect(faults(odd)).toEqual([
      'Expires number expected',
      expect.stringMatching(/^Contact /),
      'Subject stands twice',
      expect.stringMatching(/^the Request-URI: /),
      'From has no tag',
      'Content-Type is missing, and there is a body',
    ])
    const wrong = right(
      Message.edit(
        Message.put('cseq', { number: 1, method: 'BYE' }),
        Message.put('content-length', 9),
      )(invite),
    )
    expect(faults(wrong)).toEqual([
      'CSeq the method is not that of the request',
      'Content-Length is not the length of the body',
    ])
  })

  test('says at which octet', () => {
    const odd = accepted(requestText({ fields: ['Expires: soon'] }))
    const [fault] = left(Message.validate(odd))
    expect(odd.text.slice(fault?.offset)).toMatch(/^soon/)
  })

  test('is what the strict profile asks for', () => {
    const odd = requestText({ fields: ['Expires: soon'] })
    expect(refused(odd, { profile: Message.strict })).toMatchObject({
      kind: 'deviation',
      field: 'Expires',
      status: 400,
    })
    expect(accepted(invite.text, { profile: Message.strict })).toEqual(invite)
  })

  test('is one profile among those that others may write', () => {
    const profile: Message.Profile = ({ text }) =>
      text.length > 100 ? { what: 'is too long for us', offset: 100 } : undefined
    expect(refused(invite.text, { profile })).toMatchObject({
      kind: 'deviation',
      what: 'is too long for us',
      offset: 100,
    })
  })
})

describe('validateFrom', () => {
  const source = { protocol: 'udp', host: '192.0.2.9', port: 5060 }

  test('goes by sent-by, or by received and rport where they are', () => {
    expect(isRight(Message.validateFrom(source)(invite))).toBe(true)
    const stamped = acceptedRequest(
      requestText({ sentBy: 'pc.example.com', viaParams: ';received=192.0.2.9;rport=4711' }),
    )
    expect(isRight(Message.validateFrom({ ...source, port: 4711 })(stamped))).toBe(true)
  })

  test.each([
    [{ ...source, protocol: 'tcp' }, 'is not of tcp'],
    [{ ...source, host: '192.0.2.8' }, 'names another host than it came from'],
    [{ ...source, port: 5061 }, 'names another port than it came from'],
  ])('from %j: Via %s', (from, what) => {
    expect(left(Message.validateFrom(from)(invite))).toMatchObject([{ field: 'Via', what }])
  })

  test('adds to what is wrong anyway', () => {
    const odd = accepted(requestText({ fields: ['Expires: soon'] }))
    expect(left(Message.validateFrom({ ...source, port: 1 })(odd))).toHaveLength(2)
  })
})

describe('remote', () => {
  test('is where the top Via says that it came from', () => {
    expect(Message.remote(invite)).toEqual(some({ protocol: 'udp', host: '192.0.2.9', port: 5060 }))
    const behind = acceptedRequest(
      requestText({ transport: 'TLS', sentBy: 'a.example.com', viaParams: ';received=2001:db8::1;rport=99' }),
    )
    expect(Message.remote(behind)).toEqual(some({ protocol: 'tls', host: '2001:db8::1', port: 99 }))
    const asking = acceptedRequest(
      requestText({ transport: 'TLS', sentBy: 'a.example.com', viaParams: ';rport' }),
    )
    expect(Message.remote(asking)).toEqual(some({ protocol: 'tls', host: 'a.example.com', port: 5061 }))
    expect(Message.remote(outgoing())).toEqual(none)
  })
})

describe('sendable', () => {
  test('lets through what its receiver will accept', () => {
    expect(sendable(outgoing(), false)).toBeUndefined()
    expect(sendable(invite, true)).toBeUndefined()
    expect(sendable(respond(200)(invite), true)).toBeUndefined()
  })

  test.each([
    ['Via is missing or none', outgoing()],
    ['Call-ID is missing', Message.delete('call-id')(invite)],
    ['To stands twice', acceptedRequest(requestText())],
    ['CSeq has no number below 2**31', acceptedRequest(requestText())],
    [
      'the method of CSeq is not that of the request',
      right(Message.put('cseq', { number: 1, method: 'BYE' })(invite)),
    ],
    ['Content-Length is not the length of the body', right(Message.put('content-length', 9)(invite))],
    ['the status is not from 100 to 699', respond(99)(invite)],
  ])('%s', (what, message) => {
    const raw: Message.Message =
      what === 'To stands twice'
        ? right(
            Message.request('INVITE', 'sip:a', [
              ['From', 'x'],
              ['To', 'x'],
              ['t', 'x'],
              ['Call-ID', 'x'],
              ['CSeq', '1 INVITE'],
            ]),
          )
        : what.startsWith('CSeq has')
          ? right(
              Message.request('INVITE', 'sip:a', [
                ['From', 'x'],
                ['To', 'x'],
                ['Call-ID', 'x'],
                ['CSeq', 'INVITE'],
              ]),
            )
          : message
    expect(sendable(raw, true)).toBe(what)
  })
})

/** The messages that the tests of the machines exchange, and what the machines must make of them, written out. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { parse } from '../../../src/core/message/parse.js'
import type { Message, Request, Response } from '../../../src/core/message/types.js'
import { type Config, rfc3261, type Timing } from '../../../src/core/transaction/types.js'

export const read = (text: string): Message => {
  const parsed = parse(text)
  if (isLeft(parsed)) throw new Error(`${parsed.left.what} in ${text}`)
  return parsed.right
}

export const request = (...lines: readonly string[]): Request => {
  const message = read(lines.join('\r\n'))
  if (message._tag !== 'Request') throw new Error('a request expected')
  return message
}

export const response = (...lines: readonly string[]): Response => {
  const message = read(lines.join('\r\n'))
  if (message._tag !== 'Response') throw new Error('a response expected')
  return message
}

const via = [
  'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff',
  'Via: SIP/2.0/UDP below.atlanta.com;branch=z9hG4bKbelow',
]
const dialog = (method: string, toTag = ''): readonly string[] => [
  `To: Bob <sip:bob@biloxi.com>${toTag}`,
  'From: Alice <sip:alice@atlanta.com>;tag=88sja8x',
  'Call-ID: 987asjd97y7atg',
  `CSeq: 986759 ${method}`,
]

const body = 'v=0\r\n'

export const invite: Request = request(
  'INVITE sip:bob@biloxi.com SIP/2.0',
  ...via,
  'Max-Forwards: 70',
  ...dialog('INVITE'),
  'Timestamp: 54',
  'Contact: <sip:alice@pc33.atlanta.com>',
  'Content-Type: application/sdp',
  `Content-Length: ${body.length}`,
  '',
  body,
)

export const options: Request = request(
  'OPTIONS sip:bob@biloxi.com SIP/2.0',
  ...via,
  'Max-Forwards: 70',
  ...dialog('OPTIONS'),
  'Timestamp: 54',
  'Content-Length: 0',
  '',
  '',
)

/** A response to `method` with the given To tag; none for 100. */
export const answer = (method: string, status: number, tag = 'a6c85cf'): Response =>
  response(
    `SIP/2.0 ${status} Whatever`,
    ...via,
    ...dialog(method, status === 100 ? '' : `;tag=${tag}`),
    'Content-Length: 0',
    '',
    '',
  )

/** The ACK that acknowledges `answer('INVITE', …, tag)` to `invite` (17.1.1.3). */
export const ackText = (tag = 'a6c85cf'): string =>
  [
    'ACK sip:bob@biloxi.com SIP/2.0',
    'Via: SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKkjshdyff',
    'Max-Forwards: 70',
    `To: Bob <sip:bob@biloxi.com>;tag=${tag}`,
    'From: Alice <sip:alice@atlanta.com>;tag=88sja8x',
    'Call-ID: 987asjd97y7atg',
    'CSeq: 986759 ACK',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

/** The ACK as a request, as a server transaction meets it. */
export const ackRequest: Request = request(ackText())

/** The automatic 100 to `invite` or `options`, `seconds` after its receipt. */
export const hundredText = (method: string, seconds: string): string =>
  [
    'SIP/2.0 100 Trying',
    ...via,
    ...dialog(method),
    `Timestamp: 54 ${seconds}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

/** RFC 3261's configuration with other timer values. */
export const withTiming = (timing: Partial<Timing>, config: Config = rfc3261): Config => ({
  ...config,
  timing: { ...config.timing, ...timing },
})

/** Messages for tests of the stack, as octets: everything has a default, and what a test is about stands in the test. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { popVia, respond, withToTag } from '../../src/core/message/build.js'
import { parse } from '../../src/core/message/parse.js'
import type { Message, Request, Response } from '../../src/core/message/types.js'

export interface RequestParts {
  readonly method?: string
  readonly uri?: string
  /** Branch of the one Via; its sent-by is `sentBy`. */
  readonly branch?: string
  readonly sentBy?: string
  readonly transport?: string
  /** Parameters of the Via behind the branch, with their semicolons. */
  readonly viaParams?: string
  /** All Via values instead of that one. */
  readonly vias?: readonly string[]
  readonly callId?: string
  readonly cseq?: number
  readonly from?: string
  readonly fromTag?: string
  readonly to?: string
  readonly toTag?: string
  readonly fields?: readonly string[]
  readonly body?: string
}

/** The octets of a request from alice to bob. */
export const requestText = (parts: RequestParts = {}): string => {
  const { method = 'INVITE', uri = 'sip:bob@192.0.2.1', body = '' } = parts
  const { branch = 'z9hG4bKalice1', sentBy = '192.0.2.9:5060', transport = 'UDP', viaParams = '' } = parts
  const vias = parts.vias ?? [
    `SIP/2.0/${transport} ${sentBy}${branch === '' ? '' : `;branch=${branch}`}${viaParams}`,
  ]
  const { from = '<sip:alice@192.0.2.9>', fromTag = 'atag', to = '<sip:bob@192.0.2.1>', toTag } = parts
  return [
    `${method} ${uri} SIP/2.0`,
    ...vias.map((via) => `Via: ${via}`),
    `From: ${from}${fromTag === '' ? '' : `;tag=${fromTag}`}`,
    `To: ${to}${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${parts.callId ?? 'call1'}`,
    `CSeq: ${parts.cseq ?? 1} ${method}`,
    'Max-Forwards: 70',
    ...(parts.fields ?? []),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}

/** The same, read. */
export const requestOf = (parts: RequestParts = {}): Request => {
  const message = read(requestText(parts))
  if (message._tag !== 'Request') throw new Error('a request expected')
  return message
}

/** A request that we send: without Via. */
export const outgoing = (parts: RequestParts = {}): Request =>
  requestOf({ uri: 'sip:bob@192.0.2.9:5060', vias: [], ...parts })

/** Reads octets; a message without Via is read with one and loses it again, as a message that was built has none. */
export const read = (text: string): Message => {
  const complete = text.includes('\r\nVia:')
  const parsed = parse(complete ? text : text.replace('\r\n', '\r\nVia: SIP/2.0/UDP x\r\n'))
  if (isLeft(parsed)) throw new Error(`${parsed.left.what} in ${text}`)
  return complete ? parsed.right : popVia(parsed.right)
}

/** A response to `request`, with fields more. */
export const responseTo = (
  request: Request,
  status: number,
  { toTag, fields = [], body = '' }: Pick<RequestParts, 'toTag' | 'fields' | 'body'> = {},
): Response => {
  const bare = respond(status)(request)
  const tagged = toTag === undefined ? bare : withToTag(toTag)(bare)
  if (fields.length === 0 && body === '') return tagged
  const more = fields.map((field) => `${field}\r\n`).join('')
  return read(
    tagged.text.replace('Content-Length: 0\r\n\r\n', `${more}Content-Length: ${body.length}\r\n\r\n${body}`),
  ) as Response
}

/** The ACK that the caller's transaction sends for a non-2xx final (17.1.1.3), or with another branch its core for a 2xx. */
export const ackTo = (invite: RequestParts, toTag: string, more: RequestParts = {}): string =>
  requestText({ ...invite, method: 'ACK', toTag, fields: [], body: '', ...more })

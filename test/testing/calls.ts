/** Messages and cores for the tests of the kit: a call in the shortest form that is one. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { isSome } from 'fp-ts/lib/Option.js'
import { request, respond } from '../../src/core/message/build.js'
import { appendField } from '../../src/core/message/splice.js'
import type { Request, Response } from '../../src/core/message/types.js'
import type { Functions } from '../../src/testing/world/functions.js'

export const made = (
  method: string,
  uri = 'sip:bob@10.0.0.2',
  fields: readonly (readonly [string, string])[] = [],
  cseq = 1,
  call = 'call',
): Request => {
  const result = request(method, uri, [
    ['From', '<sip:alice@10.0.0.1>;tag=a'],
    ['To', '<sip:bob@10.0.0.2>'],
    ['Call-ID', call],
    ['CSeq', `${cseq} ${method}`],
    ...fields,
  ])
  if (isLeft(result)) throw new Error(result.left.what)
  return result.right
}

export const invite = (call = 'call'): Request =>
  made('INVITE', 'sip:bob@10.0.0.2', [['Contact', '<sip:alice@10.0.0.1>']], 1, call)

export const accept = (wanted: Request): Response =>
  appendField(respond(200)(wanted), 'Contact: <sip:bob@10.0.0.2>')

/** Answers everything 200, an INVITE after `ms`. */
export const answering = (ms = 0): Functions => ({
  receiveRequest: (wanted, key, { send, after }) => {
    if (!isSome(key)) return
    if (wanted.method !== 'INVITE') send(respond(200)(wanted))
    else if (ms === 0) send(accept(wanted))
    else {
      send(respond(180)(wanted))
      after(ms, () => void send(accept(wanted)))
    }
  },
})

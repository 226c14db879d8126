/** Arbitrary coherent exchanges: a request with the responses that a peer may give, and whole calls. */
import * as fc from 'fast-check'
import { isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../../core/data/bytes.js'
import { pushVia, request as build, respond, withToTag } from '../../core/message/build.js'
import { appendField } from '../../core/message/splice.js'
import type { Message, Request, Response } from '../../core/message/types.js'
import { ack } from '../../core/transaction/ack.js'
import { parse } from '../../core/message/parse.js'
import { ackFor2xx } from '../../core/user-agent/ack.js'
import { request, status } from './message.js'
import { of, tokenChars } from './octets.js'

/** A request and what answers it: provisional responses, one final, and the ACK if it was an INVITE. */
export interface Exchange {
  readonly request: Request
  readonly responses: readonly Response[]
  readonly ack?: Request
}

/** A message of a call and who sent it. */
export interface Turn {
  readonly from: 'caller' | 'callee'
  readonly message: Message
}

/** One request of `method` (any but ACK by default) with its responses. All but 100 carry the same To tag. */
export const exchange = (method?: string): fc.Arbitrary<Exchange> =>
  fc
    .tuple(
      request(method === undefined ? {} : { method }).filter((one) => one.method !== 'ACK'),
      fc.array(status(100, 199), { maxLength: 3 }),
      status(200, 699),
      tag,
    )
    .map(([asked, provisional, final, local]) => {
      const answers = [...provisional, final].map((code) => answer(asked, code, local))
      const last = answers[answers.length - 1] as Response
      const acknowledged = asked.method === 'INVITE' ? acknowledge(asked, last) : undefined
      return {
        request: asked,
        responses: answers,
        ...(acknowledged === undefined ? {} : { ack: acknowledged }),
      }
    })

/** A call in order: INVITE, provisional responses, a final one, its ACK; when accepted perhaps an INFO or two, and a BYE. */
export const call = (): fc.Arbitrary<readonly Turn[]> =>
  fc
    .record({
      id: of(tokenChars, 1, 12),
      callerTag: tag,
      calleeTag: tag,
      provisional: fc.array(status(100, 199), { maxLength: 3 }),
      final: fc.oneof(fc.constant(200), status(300, 699)),
      inside: fc.array(fc.constantFrom('caller' as const, 'callee' as const), { maxLength: 2 }),
      last: fc.constantFrom('caller' as const, 'callee' as const),
    })
    .map(({ id, callerTag, calleeTag, provisional, final, inside, last }) => {
      const invite = made('INVITE', '<sip:callee@b.example>', {
        id,
        from: `<sip:caller@a.example>;tag=${callerTag}`,
        to: '<sip:callee@b.example>',
        cseq: 1,
        branch: 'z9hG4bK1',
      })
      const answers = [...provisional, final].map((code) => answer(invite, code, calleeTag))
      const begun: readonly Turn[] = [
        { from: 'caller', message: invite },
        ...answers.map((message): Turn => ({ from: 'callee', message })),
        ...[acknowledge(invite, answers[answers.length - 1] as Response)]
          .filter((one) => one !== undefined)
          .map((message): Turn => ({ from: 'caller', message })),
      ]
      if (final >= 300) return begun
      const side = {
        caller: `<sip:caller@a.example>;tag=${callerTag}`,
        callee: `<sip:callee@b.example>;tag=${calleeTag}`,
      }
      return [
        ...begun,
        ...[...inside.map((from) => ['INFO', from] as const), ['BYE', last] as const].flatMap(
          ([method, from], n): readonly Turn[] => {
            const other = from === 'caller' ? 'callee' : 'caller'
            const asked = made(
              method,
              other === 'callee' ? '<sip:callee@b.example>' : '<sip:caller@a.example>',
              {
                id,
                from: side[from],
                to: side[other],
                cseq: n + 2,
                branch: `z9hG4bK${n + 2}`,
              },
            )
            return [
              { from, message: asked },
              { from: other, message: respond(200)(asked) },
            ]
          },
        ),
      ]
    })

const tag: fc.Arbitrary<string> = of(tokenChars, 1, 8)

const answer = (to: Request, code: number, local: Bytes): Response => {
  const plain = respond(code)(to)
  const tagged = code === 100 ? plain : withToTag(local)(plain)
  return to.method === 'INVITE' && code > 100 && code < 300
    ? appendField(tagged, 'Contact: <sip:callee@b.example>')
    : tagged
}

/** 17.1.1.3 for what the transaction acknowledges, 13.2.2.4 for what the core does. */
const acknowledge = (invite: Request, final: Response): Request | undefined => {
  if (final.status >= 300) {
    const parsed = parse(ack(invite.text, final))
    return isRight(parsed) && parsed.right._tag === 'Request' ? parsed.right : undefined
  }
  const core = ackFor2xx(invite, final)
  return isRight(core) ? pushVia('SIP/2.0/UDP host.example;branch=z9hG4bKack')(core.right) : undefined
}

const made = (
  method: string,
  target: Bytes,
  parts: {
    readonly id: string
    readonly from: Bytes
    readonly to: Bytes
    readonly cseq: number
    readonly branch: string
  },
): Request => {
  const built = build(method, target.slice(1, -1), [
    ['Via', `SIP/2.0/UDP host.example;branch=${parts.branch}`],
    ['Max-Forwards', '70'],
    ['From', parts.from],
    ['To', parts.to],
    ['Call-ID', parts.id],
    ['CSeq', `${parts.cseq} ${method}`],
    ['Contact', target],
    ['Content-Length', '0'],
  ])
  if (isRight(built)) return built.right
  throw new Error(built.left.what)
}

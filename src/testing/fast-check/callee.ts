/** Hostile callees: an application that calls keeps its promises, whatever its peer answers and asks. */
import * as fc from 'fast-check'
import type { Bytes } from '../../core/data/bytes.js'
import { respond, withToTag } from '../../core/message/build.js'
import { callId, fromTag } from '../../core/message/head.js'
import { appendField } from '../../core/message/splice.js'
import type { Request } from '../../core/message/types.js'
import type { Address } from '../../core/transport/flow.js'
import { printAddress } from '../trace.js'
import type { Endpoint } from '../world/endpoint.js'
import type { NetworkOptions } from '../world/network.js'
import {
  type Attack,
  type AttackOptions,
  commonMoves,
  move,
  type Move,
  perform,
  type Subject,
} from './attack.js'
import { attackOf } from './caller.js'
import { status } from './message.js'
import { network } from './network.js'

/**
 * The property that a core which calls keeps its promises. `call` makes it begin: it is given the endpoint and the
 * address of the peer. That a callee lets it ring for ever is no breach. `fc.assert(survivesCallees(() => ({ core: mine() }), (me, peer) => void me.send(invite(peer))))`.
 */
export const survivesCallees = <S, M>(
  subject: () => Subject<S, M>,
  call: (user: Endpoint, peer: Address) => void,
  options: AttackOptions = {},
): fc.IPropertyWithHooks<[NetworkOptions, Move[]]> =>
  fc.property(network({ loss: 20 }), attackOf(calleeMoves(), options), (net, moves) =>
    perform(subject(), net, moves, { ...options, begin: ({ user, peer }) => call(user, peer.local) }),
  )

/** What a callee can do. Any move may follow any other; one for which nothing has happened yet does nothing. */
export const calleeMoves = (): readonly fc.Arbitrary<Move>[] => [
  fc
    .tuple(fc.nat({ max: 2 }), status(), fc.constantFrom('one', 'two'))
    .map(([back, code, tag]) =>
      move(`${code} (${tag}) to request ${back}`, (it) =>
        answer(it, back, (request) => answerTo(it, request, code, tag)),
      ),
    ),
  fc
    .tuple(fc.nat({ max: 2 }), status())
    .map(([back, code]) =>
      move(`${code} with another branch to request ${back}`, (it) =>
        answer(it, back, (request) =>
          answerTo(it, request, code, 'one').replace(/branch=z9hG4bK/, 'branch=z9hG4bKx'),
        ),
      ),
    ),
  fc
    .tuple(fc.nat({ max: 2 }), fc.constantFrom('ACK', 'CANCEL', 'INVITE', 'OPTIONS'))
    .map(([back, verb]) =>
      move(`200 for ${verb} to request ${back}`, (it) =>
        answer(it, back, (request) =>
          answerTo(it, request, 200, 'one').replace(/(\r\nCSeq: \d+) \w+/, `$1 ${verb}`),
        ),
      ),
    ),
  fc
    .tuple(fc.constantFrom('BYE', 'INVITE', 'OPTIONS', 'INFO'), fc.constantFrom('one', 'two', 'none'))
    .map(([verb, tag]) => move(`${verb} from the peer (${tag})`, (it) => ask(it, verb, tag))),
  ...commonMoves(),
]

const answer = (it: Attack, back: number, text: (request: Request) => Bytes): void => {
  const requests = it.heard.filter((one): one is Request => one._tag === 'Request' && one.method !== 'ACK')
  const request = requests[requests.length - 1 - back]
  if (request !== undefined) it.send(text(request))
}

const answerTo = ({ peer }: Attack, request: Request, code: number, tag: Bytes): Bytes => {
  const plain = respond(code)(request)
  const tagged = code === 100 ? plain : withToTag(tag)(plain)
  return appendField(tagged, `Contact: <sip:peer@${printAddress(peer.local)}>`).text
}

/** A request in the dialog that an answer with that tag made. */
const ask = (it: Attack, verb: string, tag: Bytes): void => {
  const begun = it.heard.find((one) => one._tag === 'Request' && one.method === 'INVITE')
  if (begun === undefined) return
  const number = it.next()
  const here = printAddress(it.peer.local)
  const there = printAddress(it.user.local)
  it.send(
    [
      `${verb} sip:user@${there} SIP/2.0`,
      `Via: SIP/2.0/UDP ${here};branch=z9hG4bKpeer${number}`,
      'Max-Forwards: 70',
      `From: <sip:peer@${here}>${tag === 'none' ? '' : `;tag=${tag}`}`,
      `To: <sip:user@${there}>;tag=${fromTag(begun) ?? 'none'}`,
      `Call-ID: ${callId(begun)}`,
      `CSeq: ${number} ${verb}`,
      `Contact: <sip:peer@${here}>`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  )
}

// What a comparison of parsers needs of this library: `name`, `inputs`, `parse`, `touch`, `serialise`.
import { isLeft } from 'fp-ts/lib/Either.js'
import { Header, Message } from 'sippet'

export const name = 'sippet'

export const inputs = ['buffer', 'string']

/** The message, all mandatory checks made, or null. Octets come as a datagram does: a Buffer, or one char each. */
export const parse = (input) => {
  const parsed =
    typeof input === 'string'
      ? Message.parse(input)
      : Message.parse(input.latin1Slice(0, input.length), undefined, input)
  return isLeft(parsed) ? null : parsed.right
}

/** Reads nine things as typed values and returns them, so that no part of the work can be left out. */
export const touch = (message) => {
  const from = valueOf(Message.get('from')(message))
  const to = valueOf(Message.get('to')(message))
  const via = valueOf(Message.topVia(message))
  const contact = valueOf(Message.front.get('contact')(message))
  return [
    from?.uri.host,
    valueOf(Message.fromTag(message)),
    to?.uri.host,
    valueOf(Message.toTag(message)),
    via?.host,
    via && valueOf(Header.branch(via)),
    Message.cseqNumber(message),
    Message.cseqMethod(message),
    contact?.uri?.host,
  ]
}

/** The octets in a buffer that is used again and again, as a socket's would be: how many there are. */
export const serialise = (message) => out.latin1Write(Message.print(message), 0)

const out = Buffer.alloc(65536)

const valueOf = (option) => (option._tag === 'Some' ? option.value : undefined)

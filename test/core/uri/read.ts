import { isLeft } from 'fp-ts/lib/Either.js'
import { parse, print } from '../../../src/core/uri/parse.js'
import type { SipUri, Uri } from '../../../src/core/uri/types.js'

/** The URI, which must be one. */
export const read = (text: string): Uri => {
  const uri = parse(text)
  if (isLeft(uri)) throw new Error(`${text}: ${uri.left.what} at ${uri.left.offset}`)
  return uri.right
}

/** The same of a sip or sips URI. */
export const readSip = (text: string): SipUri => {
  const uri = read(text)
  if (uri._tag !== 'Sip') throw new Error(`${text}: ${uri._tag}`)
  return uri
}

/** What is written of a URI, which can be. */
export const write = (uri: Uri): string => {
  const text = print(uri)
  if (isLeft(text)) throw new Error(text.left.what)
  return text.right
}

/**
 * SipHash-2-4 with 128 bits of output (J.-P. Aumasson, D. J. Bernstein): a pseudo-random function under a key of
 * 128 bits, for tokens that must not be guessed and for keys made from a key. JavaScript has no cheap integer of
 * 64 bits, so each of the four lanes is two words, high (`h`) and low (`l`).
 */
import type { Bytes } from './bytes.js'

/** Four words of 32 bits with sign: a key or a hash, its octets in order, each word least octet first. */
export type Words128 = readonly [number, number, number, number]

/** The hash of a byte string under `key`. */
export const sipHash128 = (key: Words128, text: Bytes): Words128 => {
  let h0 = key[1] ^ 0x736f6d65
  let l0 = key[0] ^ 0x70736575
  let h1 = key[3] ^ 0x646f7261
  let l1 = key[2] ^ 0x6e646f6d ^ 0xee
  let h2 = key[1] ^ 0x6c796765
  let l2 = key[0] ^ 0x6e657261
  let h3 = key[3] ^ 0x74656462
  let l3 = key[2] ^ 0x79746573
  let out0 = 0
  let out1 = 0
  let low = 0
  let high = 0
  // Two rounds for every eight octets and for what is left of them with the length; then four, and four again.
  const absorbing = 2 * ((text.length >>> 3) + 1)
  for (let round = 0; round < absorbing + 8; round++) {
    if (round < absorbing) {
      if ((round & 1) === 0) {
        low = wordAt(text, round << 2)
        high = wordAt(text, (round << 2) + 4)
        if (round === absorbing - 2) high |= text.length << 24
        h3 ^= high
        l3 ^= low
      }
    } else if (round === absorbing) {
      l2 ^= 0xee
    } else if (round === absorbing + 4) {
      out0 = l0 ^ l1 ^ l2 ^ l3
      out1 = h0 ^ h1 ^ h2 ^ h3
      l1 ^= 0xdd
    }
    let sum = (l0 >>> 0) + (l1 >>> 0)
    h0 = (h0 + h1 + (sum > 0xffffffff ? 1 : 0)) | 0
    l0 = sum | 0
    let spare = h1
    h1 = ((h1 << 13) | (l1 >>> 19)) ^ h0
    l1 = ((l1 << 13) | (spare >>> 19)) ^ l0
    spare = h0
    h0 = l0
    l0 = spare
    sum = (l2 >>> 0) + (l3 >>> 0)
    h2 = (h2 + h3 + (sum > 0xffffffff ? 1 : 0)) | 0
    l2 = sum | 0
    spare = h3
    h3 = ((h3 << 16) | (l3 >>> 16)) ^ h2
    l3 = ((l3 << 16) | (spare >>> 16)) ^ l2
    sum = (l0 >>> 0) + (l3 >>> 0)
    h0 = (h0 + h3 + (sum > 0xffffffff ? 1 : 0)) | 0
    l0 = sum | 0
    spare = h3
    h3 = ((h3 << 21) | (l3 >>> 11)) ^ h0
    l3 = ((l3 << 21) | (spare >>> 11)) ^ l0
    sum = (l2 >>> 0) + (l1 >>> 0)
    h2 = (h2 + h1 + (sum > 0xffffffff ? 1 : 0)) | 0
    l2 = sum | 0
    spare = h1
    h1 = ((h1 << 17) | (l1 >>> 15)) ^ h2
    l1 = ((l1 << 17) | (spare >>> 15)) ^ l2
    spare = h2
    h2 = l2
    l2 = spare
    if (round < absorbing && (round & 1) === 1) {
      h0 ^= high
      l0 ^= low
    }
  }
  return [out0, out1, l0 ^ l1 ^ l2 ^ l3, h0 ^ h1 ^ h2 ^ h3]
}

/** Up to four octets from `at` on, the first one lowest; none past the end. */
const wordAt = (text: Bytes, at: number): number => {
  if (at + 4 <= text.length)
    return (
      text.charCodeAt(at) |
      (text.charCodeAt(at + 1) << 8) |
      (text.charCodeAt(at + 2) << 16) |
      (text.charCodeAt(at + 3) << 24)
    )
  let word = 0
  for (let i = at; i < text.length; i++) word |= text.charCodeAt(i) << ((i - at) << 3)
  return word
}

/**
 * HalfSipHash-1-3: a keyed hash of a string to 32 bits, for tables (J.-P. Aumasson, D. J. Bernstein: SipHash, in
 * the half-width form that Linux uses for its hash tables). The key goes through every round, so who does not
 * know it cannot choose strings that collide; a secret start value of h·31+c would not do that. Good for tables,
 * too short for tokens.
 */

/** Two words of 32 bits that nobody outside can guess. */
export type Words = readonly [number, number]

/** The hash of `text` under `words`, an integer of 32 bits with sign. Each char counts with its 16 bits. */
export const hash32 = (words: Words, text: string): number => {
  const length = text.length
  const end = length & ~3
  let wide = 0
  let v0: number = words[0]
  let v1: number = words[1]
  let v2 = words[0] ^ 0x6c796765
  let v3 = words[1] ^ 0x74656462
  // Four octets make a word; the last one holds what is left and the length.
  for (let i = 0; i <= end; i += 4) {
    let word = length << 24
    if (i < end) {
      const a = text.charCodeAt(i)
      const b = text.charCodeAt(i + 1)
      const c = text.charCodeAt(i + 2)
      const d = text.charCodeAt(i + 3)
      wide |= a | b | c | d
      word = a | (b << 8) | (c << 16) | (d << 24)
    } else {
      for (let j = end; j < length; j++) {
        const c = text.charCodeAt(j)
        wide |= c
        word |= c << ((j & 3) << 3)
      }
    }
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  if (wide > 0xff) return hash32([~words[0], words[1]], octets(text))
  v2 ^= 0xff
  for (let i = 0; i < 3; i++) {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
  }
  return v1 ^ v3
}

/** Every char as two octets, hashed under another key, so that chars above 255 (in no message) pass for no others. */
const octets = (text: string): string => {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    out += String.fromCharCode(c & 0xff, c >>> 8)
  }
  return out
}

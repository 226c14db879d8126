import { describe, expect, test } from 'vitest'
import { hash32 } from '../../../src/core/data/half-sip-hash.js'
import { sipHash128 } from '../../../src/core/data/sip-hash.js'

/** The octets 0, 1, 2 … of which the reference implementations take their keys and inputs. */
const counting = (length: number): string => String.fromCharCode(...Array.from({ length }, (_, i) => i))

describe('HalfSipHash-1-3', () => {
  // `hsiphash` of 32 bits under key 00 … 07, from the self-test of the Linux kernel (lib/siphash_kunit.c).
  test.each([
    [0, 0x5814c896],
    [1, 0xe7e864ca],
    [2, 0xbc4b0e30],
    [3, 0x01539939],
    [4, 0x7e059ea6],
    [5, 0x88e3d89b],
  ])('of %i octets is the reference value', (length, expected) => {
    expect(hash32([0x03020100, 0x07060504], counting(length)) >>> 0).toBe(expected)
  })

  test('another key gives another hash', () => {
    expect(hash32([1, 2], 'z9hG4bK')).not.toBe(hash32([1, 3], 'z9hG4bK'))
    expect(hash32([1, 2], 'z9hG4bK')).not.toBe(hash32([2, 2], 'z9hG4bK'))
  })

  test('chars above 255 do not pass for others', () => {
    const texts = [
      '\u0100',
      '\u0000',
      '\u0001',
      '\u0101',
      '\u0100\u0000',
      '\u0000\u0001',
      'ab\u0163d',
      'abcd',
    ]
    const hashes = texts.map((text) => hash32([7, 9], text))
    expect(new Set(hashes).size).toBe(texts.length)
  })
})

describe('SipHash-2-4 of 128 bits', () => {
  const key = [0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c] as const
  const octets = (text: string): string =>
    Buffer.from(new Int32Array(sipHash128(key, text)).buffer).toString('hex')

  // `vectors_sip128` of the reference implementation by Aumasson and Bernstein.
  test.each([
    [0, 'a3817f04ba25a8e66df67214c7550293'],
    [1, 'da87c1d86b99af44347659119b22fc45'],
    [7, 'a1f1ebbed8dbc153c0b84aa61ff08239'],
    [8, '3b62a9ba6258f5610f83e264f31497b4'],
    [15, '5493e99933b0a8117e08ec0f97cfc3d9'],
  ])('of %i octets is the reference value', (length, expected) => {
    expect(octets(counting(length))).toBe(expected)
  })
})

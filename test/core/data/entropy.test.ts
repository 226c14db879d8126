import { expect, test } from 'vitest'
import { branch, callId, cnonce, nth, tag } from '../../../src/core/data/entropy.js'
import { derive, keyedHash, secretOf } from '../../../src/core/data/hash.js'

const entropy = '00112233445566778899aabbccddeeff'

test('identifiers of one step differ, are 128 bits in hex, and repeat in a replay', () => {
  const ids = Array.from({ length: 100 }, (_, n) => nth(entropy, n))
  expect(new Set(ids).size).toBe(100)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(ids).toEqual(Array.from({ length: 100 }, (_, n) => nth(entropy, n)))
})

test('every hex digit of the entropy counts', () => {
  const changed = Array.from(entropy, (digit, at) => {
    const other = digit === '0' ? '1' : '0'
    return nth(entropy.slice(0, at) + other + entropy.slice(at + 1), 0)
  })
  expect(new Set([nth(entropy, 0), ...changed]).size).toBe(33)
})

test('no identifier shows the entropy it comes from', () => {
  expect(nth(entropy, 0)).not.toContain(entropy.slice(0, 8))
})

test('a branch has the cookie, a tag 64 bits, and all are tokens', () => {
  const id = nth(entropy, 0)
  expect(branch(id)).toBe(`z9hG4bK${id}`)
  expect(tag(entropy, 0)).toBe(id.slice(0, 16))
  expect(callId(id)).toBe(id)
  expect(cnonce(id)).toBe(id)
})

test('a keyed hash depends on secret and text, and a derived secret is another one', () => {
  const secret = secretOf('some unguessable octets')
  expect(keyedHash(secret, 'a')).toMatch(/^[0-9a-f]{32}$/)
  expect(keyedHash(secret, 'a')).toBe(keyedHash(secretOf('some unguessable octets'), 'a'))
  expect(keyedHash(secret, 'a')).not.toBe(keyedHash(secret, 'b'))
  expect(keyedHash(secret, 'a')).not.toBe(keyedHash(secretOf('other octets'), 'a'))
  expect(keyedHash(derive(secret, 'nonce'), 'a')).not.toBe(keyedHash(secret, 'a'))
  expect(derive(secret, 'nonce')).not.toEqual(derive(secret, 'table'))
})

/** Configuration as people write it. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { configFrom, profiles } from '../../../src/core/codec/config.js'
import { rfc3261 } from '../../../src/core/transaction/types.js'

const read = (json: unknown) => {
  const config = configFrom(json)
  return isLeft(config) ? config.left : config.right
}

describe('configuration', () => {
  test('that says nothing is RFC 3261', () => {
    expect(read({})).toEqual(rfc3261)
  })

  test('says what differs', () => {
    expect(read({ timing: { t1: 1000, d: 64_000 }, profile: 'legacy' })).toEqual({
      timing: { ...rfc3261.timing, t1: 1000, d: 64_000 },
      profile: profiles.legacy,
    })
    expect(read({ timing: { guard: 180_000 }, profile: { nonInviteGuard: true } })).toEqual({
      timing: { ...rfc3261.timing, guard: 180_000 },
      profile: { ...rfc3261.profile, nonInviteGuard: true },
    })
  })

  test.each([
    [{ timing: { t1: 0 } }, /timing\.t1: a whole number of ms above 0/],
    [{ timing: { t1: 1.5 } }, /t1/],
    [{ timing: { t1: '500' } }, /t1/],
    [{ timing: { trying: -1 } }, /trying: a whole number of ms/],
    [{ timing: { d: 5000 } }, /at least 32 seconds/],
    [{ timing: { t3: 1 } }, /no field t3/],
    [{ profile: 'modern' }, /profile/],
    [{ profiles: {} }, /no field profiles/],
    [[], /object expected/],
    [null, /object expected/],
  ])('%j is refused with the reason', (json, why) => {
    expect(read(json)).toMatch(why)
  })
})

/** When reading stops and when it goes on. */
import { expect, test } from 'vitest'
import { pressure } from '../../src/shell/pressure.js'

const heard = (most: number): { readonly said: boolean[]; readonly go: (steps: string) => void } => {
  const said: boolean[] = []
  const { rise, fall } = pressure(most, (isHeld) => said.push(isHeld))
  return {
    said,
    go: (steps) => {
      for (const step of steps) (step === '+' ? rise : fall)()
    },
  }
}

test('as many as may wait change nothing', () => {
  const { said, go } = heard(4)
  go('++++----++++')
  expect(said).toEqual([])
})

test('one more stops the reading once, half of them let it go on', () => {
  const { said, go } = heard(4)
  go('+++++')
  expect(said).toEqual([true])
  go('+--')
  expect(said).toEqual([true])
  go('-')
  expect(said).toEqual([true])
  go('-')
  expect(said).toEqual([true, false])
})

test('it may happen again', () => {
  const { said, go } = heard(2)
  go('+++--++-')
  expect(said).toEqual([true, false, true])
})

test('where nothing may wait, all must be gone', () => {
  const { said, go } = heard(0)
  go('++-')
  expect(said).toEqual([true])
  go('-')
  expect(said).toEqual([true, false])
})

/** Octets in slabs, and tables that keep values there: nothing is written over that anybody may still read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretOf } from '../../../src/core/data/hash.js'
import { read, share, type Slab, Slabs, write } from '../../../src/core/data/slab.js'
import * as Table from '../../../src/core/data/table.js'
import type { Form } from '../../../src/core/data/table.js'

const room = (slabs: Slabs, text: string): Slab => {
  const slab = slabs.room(text)
  if (slab === undefined) throw new Error('no room')
  return slab
}

/** Fills the current slab, so that the next is another one. */
const fill = (slabs: Slabs): readonly Slab[] => {
  const all: Slab[] = []
  for (let n = 0; n < 20; n++) {
    const slab = room(slabs, 'x'.repeat(5000))
    write(slab, 'x'.repeat(5000))
    slabs.came(slab)
    all.push(slab)
  }
  return all
}

describe('a slab', () => {
  test('gives back every byte string as it was', () => {
    const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)) })
    fc.assert(
      fc.property(fc.array(octets), (texts) => {
        const slabs = new Slabs()
        const places = texts.map((text) => {
          const slab = room(slabs, text)
          const from = slab.used
          return { text, slab, from, length: write(slab, text) }
        })
        for (const { text, slab, from, length } of places) expect(read(slab, from, length)).toBe(text)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  test('has no room for what is longer than one thing should be', () => {
    expect(new Slabs().room('x'.repeat(6000))).toBeUndefined()
  })

  /** Slabs, and all that lies in the first of them, which is full. */
  const begin = () => {
    const slabs = new Slabs()
    const [slab, ...others] = fill(slabs)
    if (slab === undefined) throw new Error('nothing')
    const things = [slab, ...others.filter((one) => one === slab)]
    const leave = (): void => things.forEach(() => slabs.went(slab))
    return { slabs, slab, leave, refill: () => [...fill(slabs), ...fill(slabs), ...fill(slabs)] }
  }

  test('is used again when nothing in it is in the table and the past is forgotten, not before', () => {
    const { slabs, slab, leave, refill } = begin()
    slabs.forget()
    expect(refill()).not.toContain(slab)
    leave()
    expect(refill()).not.toContain(slab)
    slabs.forget()
    expect(refill()).toContain(slab)
  })

  test('is used again once, however often the last of it has left', () => {
    const { slabs, slab, leave, refill } = begin()
    leave()
    slabs.came(slab)
    slabs.went(slab)
    slabs.forget()
    const next = refill()
    expect(next.filter((one, n) => one === slab && next[n - 1] !== slab)).toHaveLength(1)
  })

  test('is not used again when something has come back, nor when another table has some of it', () => {
    const back = begin()
    back.leave()
    back.slabs.came(back.slab)
    back.slabs.forget()
    expect(back.refill()).not.toContain(back.slab)
    const shared = begin()
    share(shared.slab)
    shared.leave()
    shared.slabs.forget()
    expect(shared.refill()).not.toContain(shared.slab)
  })
})

interface Kept {
  readonly key: string
  readonly slab: Slab
  readonly from: number
  readonly length: number
}

const form: Form<string, Kept> = {
  keep: (key, value, _, slabs) => {
    const slab = room(slabs, value)
    const from = slab.used
    return { key, slab, from, length: write(slab, value) }
  },
  keyOf: ({ key }) => key,
  is: (kept, key) => kept.key === key,
  valueOf: ({ slab, from, length }) => read(slab, from, length),
  slabOf: ({ slab }) => slab,
}

test('a table whose values lie in slabs reads what a map reads, in every version since it forgot the last', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd')
  const deeds = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constant('set'), key, fc.nat({ max: 25 })) },
      { weight: 3, arbitrary: fc.tuple(fc.constant('remove'), key, fc.constant(0)) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom('forget', 'copy', 'look'), key, fc.constant(0)) },
    ),
    { maxLength: 120 },
  )
  fc.assert(
    fc.property(deeds, (list) => {
      const empty = Table.emptyIn<string, Kept>(secretOf('of no importance'), form)
      let table: Table.Table<string> = empty
      let model = new Map<string, string>()
      let past: (readonly [table: Table.Table<string>, model: ReadonlyMap<string, string>])[] = []
      const copies: (typeof past)[number][] = []
      const look = ([one, expected]: (typeof past)[number]): void => expect(new Map(one)).toEqual(expected)
      for (const [deed, at, n] of list) {
        if (deed === 'set') {
          const value = String.fromCharCode(0x61 + n).repeat(5000)
          table = Table.set(at, value)(table)
          model = new Map(model).set(at, value)
        } else if (deed === 'remove') {
          table = Table.remove(at)(table)
          model = new Map([...model].filter(([one]) => one !== at))
        } else if (deed === 'forget') {
          table = Table.forget(table)
          past = []
        } else if (deed === 'copy') copies.push([Table.copy(table), model])
        else past.forEach(look)
        past.push([table, model])
      }
      past.forEach(look)
      copies.forEach(look)
      look([table, model])
      look([empty, new Map()])
    }),
    { seed: 1, numRuns: 300 },
  )
})

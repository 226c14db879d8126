/** Octets in slabs, and tables that keep values there: nothing is written over that anybody may still read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretOf } from '../../../src/core/data/hash.js'
import { type Place, Slabs } from '../../../src/core/data/slab.js'
import * as Table from '../../../src/core/data/table.js'
import type { Form } from '../../../src/core/data/table.js'

const put = (
  slabs: Slabs,
  text: string,
  numbers: readonly number[] = [],
  doubles: readonly number[] = [],
  shared?: unknown,
): Place => {
  const place = slabs.put(numbers, doubles, shared, text)
  if (place === undefined) throw new Error('no room')
  return place
}

/** Fills the current slab, so that the next is another one. */
const fill = (slabs: Slabs): readonly Place[] => {
  const all: Place[] = []
  for (let n = 0; n < 20; n++) {
    const place = put(slabs, 'x'.repeat(5000))
    slabs.came(place)
    all.push(place)
  }
  return all
}

describe('a slab', () => {
  test('gives back every byte string and number as it was, however often and in whatever order', () => {
    const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)) })
    const numbers = fc.array(fc.integer())
    const doubles = fc.array(fc.oneof(fc.double(), fc.integer()))
    fc.assert(
      fc.property(fc.array(fc.tuple(octets, numbers, doubles, fc.nat(12))), (records) => {
        const slabs = new Slabs()
        const places = records.map((record) => [...record, put(slabs, ...record)] as const)
        expect(new Set(places.map(([, , , , place]) => place)).size).toBe(records.length)
        for (const [text, whole, all, thing, place] of [...places, ...places.reverse()]) {
          expect(slabs.text(place)).toBe(text)
          expect(slabs.text(place)).toBe(text)
          expect(whole.map((_, n) => slabs.number(place, all.length, n))).toEqual(whole)
          expect(all.map((_, n) => slabs.double(place, n))).toEqual(all)
          expect(slabs.shared(place)).toBe(thing)
        }
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  test('knows what the text of a record begins with', () => {
    const octets = fc.string({ unit: fc.constantFrom('a', 'b', '\x7f', '\x80', '\xff') })
    fc.assert(
      fc.property(octets, octets, fc.nat(12), (text, other, length) => {
        const slabs = new Slabs()
        const place = put(slabs, text)
        put(slabs, other) // what stands behind it is not part of it
        for (const one of [text, other, text.slice(0, length), `${text}${other}`])
          expect(slabs.begins(place, one)).toBe(text.startsWith(one))
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  test('has no room for what is longer than one thing should be', () => {
    expect(new Slabs().put([], [], undefined, 'x'.repeat(6000))).toBeUndefined()
  })

  /** Records that have filled a slab, of which all in it can leave;  */
  const begin = () => {
    const slabs = new Slabs()
    const all = fill(slabs)
    const place = all[0] as Place
    const leave = (): void => all.forEach((one) => slabs.went(one))
    const refill = (): readonly Place[] => [...fill(slabs), ...fill(slabs), ...fill(slabs)]
    return { slabs, place, leave, refill }
  }

  test('is used again when nothing in it is in the table and the past is forgotten, not before', () => {
    const { slabs, place, leave, refill } = begin()
    slabs.forget()
    expect(refill()).not.toContain(place)
    leave()
    expect(refill()).not.toContain(place)
    slabs.forget()
    expect(refill()).toContain(place)
  })

  test('is used again once, however often the last of it has left', () => {
    const { slabs, place, leave, refill } = begin()
    leave()
    slabs.came(place)
    slabs.went(place)
    slabs.forget()
    expect(refill().filter((one) => one === place)).toHaveLength(1)
  })

  test('is read anew when it is used again', () => {
    const slabs = new Slabs()
    const first = put(slabs, 'before')
    slabs.came(first)
    expect(slabs.text(first)).toBe('before')
    slabs.went(first)
    fill(slabs).forEach((one) => slabs.went(one))
    slabs.forget()
    const places = Array.from({ length: 60 }, () => put(slabs, 'x'.repeat(5000)))
    expect(places).toContain(first)
    expect(slabs.text(first)).toBe('x'.repeat(5000))
  })

  test('is not used again when something has come back, nor when another table has some of it', () => {
    const back = begin()
    back.leave()
    back.slabs.came(back.place)
    back.slabs.forget()
    expect(back.refill()).not.toContain(back.place)
    const shared = begin()
    const other = shared.slabs.share()
    shared.leave()
    shared.slabs.forget()
    expect(shared.refill()).not.toContain(shared.place)
    expect(other.text(shared.place)).toBe('x'.repeat(5000))
    fill(other)
    expect(shared.slabs.text(shared.place)).toBe('x'.repeat(5000))
  })
})

interface Short {
  readonly key: string
  readonly value: string
}

/** Short values are kept as they are, all others as records that begin with their key. */
const form: Form<string, Short | Place> = {
  records: true,
  keep: (key, value, _, { slabs }) => (value.length < 6 ? { key, value } : put(slabs, key + value)),
  keyOf: (kept, { slabs }) => (typeof kept === 'number' ? slabs.text(kept).slice(0, 1) : kept.key),
  is: (kept, key, keeper) => form.keyOf(kept, keeper) === key,
  valueOf: (kept, { slabs }) => (typeof kept === 'number' ? slabs.text(kept).slice(1) : kept.value),
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
      const empty = Table.emptyIn<string, Short | Place>(secretOf('of no importance'), form)
      let table: Table.Table<string> = empty
      let model = new Map<string, string>()
      let past: (readonly [table: Table.Table<string>, model: ReadonlyMap<string, string>])[] = []
      const copies: (typeof past)[number][] = []
      const look = ([one, expected]: (typeof past)[number]): void => expect(new Map(one)).toEqual(expected)
      for (const [deed, at, n] of list) {
        if (deed === 'set') {
          const value = String.fromCharCode(0x61 + n).repeat(n % 5 === 0 ? 5 : 5000)
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

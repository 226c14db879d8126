/** Tables whose values tell their keys and have names: found by both, in every version. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hash32 } from '../../../src/core/data/half-sip-hash.js'
import { secretOf } from '../../../src/core/data/hash.js'
import * as Table from '../../../src/core/data/table.js'
import { hashOfName } from '../../../src/core/data/table-store.js'

const secret = secretOf('a secret')

/** `name` follows from the key, so that it stays what it is as long as the key is there. */
interface Person {
  readonly key: string
  readonly name: string | undefined
  readonly age: number
}

const form: Table.Form<Person, Person> = {
  keep: (_, person, before) => (before?.age === person.age ? before : person),
  keyOf: ({ key }) => key,
  is: (person, key) => person.key === key,
  valueOf: (person) => person,
  name: {
    hash: ({ name }, keeper) => (name === undefined ? undefined : hashOfName(keeper, name)),
    is: (person, name) => person.name === name,
  },
}

const none: Table.Table<Person> = Table.emptyIn(secret, form)

/** Two texts that collide in all 32 bits, as keys and as names. */
const [one, other] = ((): readonly [string, string] => {
  const seen = new Map<number, string>()
  for (let i = 0; ; i++) {
    const hash = hash32(none.words, `text ${i}`)
    const twin = seen.get(hash)
    if (twin !== undefined) return [twin, `text ${i}`]
    seen.set(hash, `text ${i}`)
  }
})()

const names = [undefined, 'a', 'b', one, other]
const keys = [one, other, ...Array.from({ length: 12 }, (_, i) => `key ${i}`)]

const writes = fc.array(
  fc.record({
    key: fc.nat({ max: keys.length - 1 }),
    age: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
    onto: fc.nat(),
  }),
  { maxLength: 100 },
)

test('a value is found by its key and by its name, whatever was written onto which version', () => {
  fc.assert(
    fc.property(writes, (history) => {
      const versions: [Table.Table<Person>, ReadonlyMap<string, Person>][] = [[none, new Map()]]
      for (const { key: at, age, onto } of history) {
        const [table, map] = versions[onto % versions.length]!
        const key = keys[at]!
        const copy = new Map(map)
        if (age === undefined) copy.delete(key)
        else copy.set(key, { key, name: names[at % names.length], age })
        const next = copy.get(key)
        versions.push([next === undefined ? Table.remove(key)(table) : Table.set(key, next)(table), copy])
      }
      for (const [table, map] of versions) {
        expect(new Map(Table.entries(table))).toEqual(map)
        const people = [...map.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
        for (const name of names)
          if (name !== undefined)
            expect(Table.named(table, name)).toEqual(people.find((person) => person.name === name))
        expect(Table.names(table)).toBe(people.filter(({ name }) => name !== undefined).length)
      }
    }),
    { seed: 3, numRuns: 300 },
  )
})

test('names are found beyond the size at which one map becomes many', () => {
  const many = Array.from({ length: 5000 }, (_, i): Person => ({ key: `k${i}`, name: `n${i}`, age: i }))
  const full = many.reduce((table, person) => Table.set(person.key, person)(table), none)
  for (const person of many) expect(Table.named(full, person.name!)).toBe(person)
  const half = many.slice(2500).reduce((table, { key }) => Table.remove(key)(table), full)
  expect(Table.names(half)).toBe(2500)
  expect(Table.named(half, 'n2500')).toBeUndefined()
  expect(Table.named(half, 'n2499')).toBe(many[2499])
})

test('a table without names has none', () => {
  const table = Table.set('a', 1)(Table.empty<number>(secret))
  expect(Table.named(table, 'a')).toBeUndefined()
  expect(Table.names(table)).toBe(0)
})

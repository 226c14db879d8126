/** The namespaces of `sippet`, each of which is an entry of its own as well. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as core from '../../src/core/index.js'

const root = new URL('../../', import.meta.url)
interface Package {
  readonly exports: Readonly<Record<string, { readonly default?: string }>>
}
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Package

/** `./user-agent` for `UserAgent`. */
const entryOf = (namespace: string): string =>
  `./${namespace.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()}`

const namespaces = Object.entries(core).filter(([, value]) => Object.hasOwn(value, Symbol.toStringTag))

describe('sippet', () => {
  test('has namespaces', () => {
    expect(namespaces.length).toBeGreaterThan(8)
  })

  test.each(namespaces)('%s is the entry of that name', async (name, namespace) => {
    const file = exports[entryOf(name)]?.default?.replace('./dist/', 'src/').replace(/js$/, 'ts')
    expect(file).toBeDefined()
    expect(await import(new URL(file ?? '', root).href)).toBe(namespace)
  })

  test('has no other entries in the core', () => {
    const entries = Object.keys(exports).filter((entry) =>
      exports[entry]?.default?.startsWith('./dist/core/'),
    )
    expect(new Set(entries)).toEqual(new Set(['.', ...namespaces.map(([name]) => entryOf(name))]))
  })
})

// As much of vitest as the tests of machines and layer use, with its own `expect`.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'
import * as chai from 'chai'
import { format } from 'node:util'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

let asserted = 0
let mustAssert = false

export const expect = (value, message) => {
  asserted += 1
  return chai.expect(value, message)
}
Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT], {
  getState: () => getState(expect),
  setState: (state) => setState(state, expect),
  hasAssertions: () => {
    mustAssert = true
  },
  unreachable: (message) => chai.assert.fail(`${message ?? 'this'} must not be reached`),
})
setState({ assertionCalls: 0 }, expect)

const path = []

export const test = (name, ...rest) => {
  const body = rest.find((one) => typeof one === 'function')
  globalThis.sippetTests.push({
    file: globalThis.sippetFile,
    path: [...path],
    name,
    body: async () => {
      asserted = 0
      mustAssert = false
      await body()
      if (mustAssert && asserted === 0) throw new Error('no assertion')
    },
  })
}

export const describe = (name, body) => {
  path.push(name)
  body()
  path.pop()
}

/** `%s`, `%j`, `$name`, and `%#` for the number, as in vitest's titles. */
const title = (pattern, values, n) =>
  format(
    pattern
      .replaceAll('%#', String(n))
      .replace(/\$([\w.]+)/g, (all, keys) =>
        String(keys.split('.').reduce((value, key) => value?.[key], values[0]) ?? all),
      ),
    ...values.slice(0, (pattern.match(/%[sdifjoO]/g) ?? []).length),
  )

const each = (define) => (rows) => (pattern, body) =>
  rows.forEach((row, n) => {
    const values = Array.isArray(row) ? row : [row]
    define(title(pattern, values, n), () => body(...values))
  })

test.each = each(test)
describe.each = each(describe)
test.skipIf = (unwanted) => (unwanted ? () => undefined : test)
describe.skipIf = (unwanted) => (unwanted ? () => undefined : describe)

import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { deviations } from '../../../src/core/uri/deviations.js'
import { canonical, Eq } from '../../../src/core/uri/equality.js'
import { parse, print } from '../../../src/core/uri/parse.js'
import type { Uri, UriParam } from '../../../src/core/uri/types.js'
import { corpus } from '../../support/corpus.js'
import { noShared } from '../../support/shared.js'

/** A URI in the shape of the corpus: names of parameters in lower case, `null` for no value and no port. */
const components = (uri: Uri): object => {
  switch (uri._tag) {
    case 'Sip':
      return {
        scheme: uri.scheme,
        ...(uri.user !== undefined && { user: uri.user }),
        ...(uri.password !== undefined && { password: uri.password }),
        host: uri.host.includes(':') ? `[${uri.host}]` : uri.host,
        port: uri.port ?? null,
        params: dictionary(uri.params),
        ...(uri.headers.length > 0 && { headers: uri.headers.map(({ name, value }) => [name, value]) }),
      }
    case 'Tel':
      return {
        scheme: 'tel',
        global: uri.number.startsWith('+'),
        number: uri.number,
        params: dictionary(uri.params),
      }
    case 'Absolute':
      return { scheme: uri.scheme.toLowerCase(), opaque: uri.rest }
  }
}

const dictionary = (params: readonly UriParam[]): Record<string, string | null> =>
  Object.fromEntries(params.map(({ name, value }) => [name.toLowerCase(), value ?? null]))

const read = (text: string): Uri => {
  const uri = parse(text)
  if (isLeft(uri)) throw new Error(`${text}: ${uri.left.what} at ${uri.left.offset}`)
  return uri.right
}

describe.skipIf(noShared)('the URIs of the shared corpus', () => {
  test.each(['valid', 'abnf-generated-valid'])('%s: each row reads to its components, and back', (name) => {
    const rows = corpus(`uri/${name}`)
    expect(rows.length).toBeGreaterThan(400)
    for (const [text = '', expected = ''] of rows) {
      const uri = read(text)
      expect(components(uri), text).toEqual(JSON.parse(expected))
      const scheme = text.slice(0, text.indexOf(':') + 1)
      const written = uri._tag === 'Absolute' ? text : scheme.toLowerCase() + text.slice(scheme.length)
      const port = /:0+(\d+)/.exec(written.slice(scheme.length)) // the one thing that is not kept as written
      if (port === null) expect(print(uri), text).toEqual({ _tag: 'Right', right: written })
    }
  })

  test('valid: none of them deviates from the grammar', () => {
    const deviating = corpus('uri/valid').filter(([text = '']) => deviations(read(text)).length > 0)
    expect(deviating.map(([text]) => text)).toEqual([])
  })

  test('invalid: what must be refused is; what may be read says how it deviates', () => {
    const rows = corpus('uri/invalid')
    expect(rows.length).toBeGreaterThan(90)
    for (const [row = '', strictness = ''] of rows) {
      const text = row.replaceAll('\\r', '\r').replaceAll('\\n', '\n').replaceAll('\\0', '\0')
      const uri = parse(text)
      if (strictness === 'must') expect(isLeft(uri), text).toBe(true)
      else if (isRight(uri)) expect(deviations(uri.right), text).not.toEqual([])
    }
  })

  test('equal: each pair is or is not, both ways round, and by its canonical form', () => {
    const rows = corpus('uri/equal')
    expect(rows.length).toBeGreaterThan(40)
    for (const [a = '', b = '', equal = ''] of rows) {
      expect(Eq.equals(read(a), read(b)), `${a} ${b}`).toBe(equal === 'yes')
      expect(Eq.equals(read(b), read(a)), `${b} ${a}`).toBe(equal === 'yes')
      if (canonical(read(a)) === canonical(read(b))) expect(equal, `${a} ${b}`).toBe('yes')
    }
  })
})

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Algorithm, algorithmOf, hashes, hashOf, nameOf } from '../../../src/core/auth/algorithm.js'
import {
  ha1,
  octetsOf,
  type Protection,
  type Qop,
  responseOf,
  rspauthOf,
  sameInConstantTime,
  sessionKey,
  userhash,
} from '../../../src/core/auth/response.js'
import { encode } from '../../../src/core/data/utf8.js'
import { noShared, shared } from '../../support/shared.js'

interface Vector {
  readonly id: string
  readonly algorithm?: string
  readonly username: string
  readonly password: string
  readonly realm: string
  readonly nonce: string
  readonly uri: string
  readonly method: string
  readonly qop?: Qop
  readonly nc?: string
  readonly cnonce?: string
  readonly body?: string
  readonly ha1?: string
  readonly response: string
}

const algorithm = (token: string | undefined): Algorithm => {
  const known = algorithmOf(token)
  if (known === undefined) throw new Error(`unknown algorithm ${token}`)
  return known
}

const protection = ({ qop, nc, cnonce }: Vector): Protection | undefined =>
  qop === undefined || nc === undefined || cnonce === undefined ? undefined : { qop, nc, cnonce }

const keyOf = (vector: Vector): string => {
  const { hash, session } = algorithm(vector.algorithm)
  const stored = ha1(hash, vector.username, vector.realm, vector.password)
  return sessionKey({ hash, session }, stored, vector.nonce, vector.cnonce ?? '')
}

const signed = (vector: Vector) => {
  const used = protection(vector)
  return {
    algorithm: algorithm(vector.algorithm),
    nonce: vector.nonce,
    uri: vector.uri,
    body: encode(vector.body ?? ''),
    ...(used === undefined ? {} : { protection: used }),
  }
}

const compute = (vector: Vector): string =>
  responseOf(keyOf(vector), { ...signed(vector), method: vector.method })

/** RFC 2617 3.5. */
const mufasa2617: Vector = {
  id: 'RFC 2617 3.5',
  username: 'Mufasa',
  realm: 'testrealm@host.com',
  password: 'Circle Of Life',
  nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
  uri: '/dir/index.html',
  method: 'GET',
  qop: 'auth',
  nc: '00000001',
  cnonce: '0a4f113b',
  response: '6629fae49393a05397450978507c4ef1',
}

/** RFC 7616 3.9.1. */
const mufasa7616: Omit<Vector, 'id' | 'response'> = {
  username: 'Mufasa',
  realm: 'http-auth@example.org',
  password: 'Circle of Life',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  uri: '/dir/index.html',
  method: 'GET',
  qop: 'auth',
  nc: '00000001',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}

interface Corpus {
  readonly vectors: readonly Vector[]
  readonly userhash: readonly {
    readonly algorithm: string
    readonly username: string
    readonly realm: string
    readonly userhash: string
  }[]
  readonly auth_info: readonly { readonly of: string; readonly rspauth: string }[]
}

const corpus = (): Corpus =>
  JSON.parse(readFileSync(resolve(shared, 'corpus/digest/vectors.json'), 'utf8')) as Corpus

/** What stands for the corpus where it is missing: one test of each kind, skipped and counted. */
const absent: Corpus = {
  vectors: [mufasa2617],
  userhash: [{ algorithm: 'MD5', username: '', realm: '', userhash: '' }],
  auth_info: [{ of: '', rspauth: '' }],
}

describe('the examples of the RFCs', () => {
  test.each([
    mufasa2617,
    {
      ...mufasa7616,
      id: 'RFC 7616 3.9.1 MD5',
      algorithm: 'MD5',
      response: '8ca523f5e9506fed4657c9700eebdbec',
    },
    {
      ...mufasa7616,
      id: 'RFC 7616 3.9.1 SHA-256',
      algorithm: 'SHA-256',
      response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    },
  ])('$id', (vector) => {
    expect(compute(vector)).toBe(vector.response)
  })

  // The RFC prints values of SHA-512 cut to 256 bits; SHA-512/256, which it asks for, gives these.
  test('RFC 7616 3.9.2 SHA-512-256 with the hash the RFC defines, and its hashed user name', () => {
    const vector: Vector = {
      id: 'RFC 7616 3.9.2',
      algorithm: 'SHA-512-256',
      username: 'J\u00e4s\u00f8n Doe',
      password: 'Secret, or not?',
      realm: 'api@example.org',
      nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
      uri: '/doe.json',
      method: 'GET',
      qop: 'auth',
      nc: '00000001',
      cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
      response: '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
    }
    expect(compute(vector)).toBe(vector.response)
    expect(userhash('SHA-512-256', vector.username, vector.realm)).toBe(
      '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
    )
  })

  test('the hash of no body (RFC 3261 22.4 item 7, RFC 8760 2.6 item 7)', () => {
    expect(hashOf('MD5', '')).toBe('d41d8cd98f00b204e9800998ecf8427e')
    expect(hashOf('SHA-256', '')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })
})

describe('the vectors of the corpus', () => {
  const { vectors, userhash: hashed, auth_info: infos } = noShared ? absent : corpus()

  test.skipIf(noShared).each(vectors)('$id', (vector) => {
    expect(compute(vector)).toBe(vector.response)
    if (vector.ha1 !== undefined) expect(keyOf(vector)).toBe(vector.ha1)
  })

  test.skipIf(noShared).each(hashed)(
    'the hash of the user name $username',
    ({ algorithm: name, username, realm, userhash: value }) => {
      expect(userhash(algorithm(name).hash, username, realm)).toBe(value)
    },
  )

  test.skipIf(noShared).each(infos)('rspauth of $of', ({ of, rspauth }) => {
    const vector = vectors.find(({ id }) => id === of)!
    expect(rspauthOf(keyOf(vector), signed(vector))).toBe(rspauth)
  })
})

describe('algorithms', () => {
  test.each(['MD5', 'md5', 'Md5-SESS', 'SHA-256', 'sha-256-sess', 'SHA-512-256', 'sha-512-256-SESS'])(
    '%s is known in any case',
    (token) => {
      expect(nameOf(algorithm(token)).toLowerCase()).toBe(token.toLowerCase())
    },
  )

  test('absent it is MD5 (RFC 7616 3.3)', () => {
    expect(algorithmOf(undefined)).toEqual({ hash: 'MD5', session: false })
  })

  test.each(['', 'SHA256', 'SHA-1', 'AKAv1-MD5', 'MD5-sess-sess', '-sess', 'constructor'])(
    '%j is unknown',
    (token) => {
      expect(algorithmOf(token)).toBeUndefined()
    },
  )

  test('all hashes are of octets', () => {
    expect(hashes.map((hash) => hashOf(hash, '\u00ff'))).toEqual([
      'a68aff198ec99857eb2a0dc2227d536d78f9c9eeb49a2d6c6dacccd8721378dd',
      'a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89',
      '00594fd4f42ba43fc1ca0427a0576295',
    ])
  })
})

test('names and passwords are composed (NFC) and in UTF-8 (RFC 7616 4)', () => {
  expect(octetsOf('Ja\u0308son')).toBe('J\u00c3\u00a4son')
  expect(ha1('MD5', 'Ja\u0308son', 'r', 'p')).toBe(ha1('MD5', 'J\u00e4son', 'r', 'p'))
})

test('texts are compared to their ends', () => {
  expect(sameInConstantTime('abc', 'abc')).toBe(true)
  for (const other of ['abd', 'bbc', 'ab', 'abcd', '']) {
    expect(sameInConstantTime('abc', other)).toBe(false)
    expect(sameInConstantTime(other, 'abc')).toBe(false)
  }
})

import { expect, test } from 'vitest'
import { identities, shows } from '../../../src/core/transport/identity.js'

const dns = (value: string) => ({ kind: 'dns', value }) as const
const uri = (value: string) => ({ kind: 'uri', value }) as const
const common = (value: string) => ({ kind: 'common', value }) as const

test('RFC 5922 7.1: SIP URIs without a user count first, then DNS names, and the common name only without both', () => {
  expect(
    identities([
      dns('d.example'),
      uri('sip:a.example'),
      uri('sip:u@b.example'),
      uri('http://c.example'),
      common('e.example'),
    ]),
  ).toEqual(['a.example'])
  expect(identities([dns('d.example'), uri('sip:u@b.example'), common('e.example')])).toEqual(['d.example'])
  expect(identities([{ kind: 'ip', value: '192.0.2.1' }, common('e.example')])).toEqual(['192.0.2.1'])
  expect(identities([common('e.example')])).toEqual(['e.example'])
  expect(identities([])).toEqual([])
})

test('RFC 5922 7.2: names match in their entirety, without regard to case; no suffix and no wildcard', () => {
  expect(shows([dns('A.Example')], 'a.example.')).toBe(true)
  expect(shows([dns('example')], 'a.example')).toBe(false)
  expect(shows([dns('*.example')], 'a.example')).toBe(false)
  expect(shows([dns('a.example.evil.example')], 'a.example')).toBe(false)
  expect(shows([{ kind: 'ip', value: '2001:db8:0:0:0:0:0:1' }], '2001:db8::1')).toBe(true)
  expect(shows([], 'a.example')).toBe(false)
})

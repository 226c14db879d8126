/** By which socket a message leaves. */
import { expect, test } from 'vitest'
import type { Listener } from '../../../src/core/events.js'
import { flowTo, listenerFor } from '../../../src/core/stack/listeners.js'

const at = (protocol: string, host: string, port: number, peer?: Listener['peer']): Listener => ({
  protocol,
  local: { host, port },
  advertised: { host, port },
  reliable: false,
  ...(peer === undefined ? {} : { peer }),
})

const place = (host: string, port = 5060): NonNullable<Listener['peer']> => ({ protocol: 'udp', host, port })

const v4 = at('udp', '192.0.2.1', 5060)
const v6 = at('udp', '2001:db8::1', 5060)
const trunk = at('udp', '192.0.2.1', 40_000, place('192.0.2.9'))
const trunk6 = at('udp', '2001:db8::1', 40_000, place('2001:db8::9'))
const all = [trunk, trunk6, v4, v6]

test.each<[string, string, number | undefined, Listener]>([
  ['the place of a client', '192.0.2.9', 5060, trunk],
  ['the same, written another way', '2001:DB8:0::9', 5060, trunk6],
  ['another port there', '192.0.2.9', 5061, v4],
  ['another host', '192.0.2.8', 5060, v4],
  ['another host of IPv6', '2001:db8::8', 5060, v6],
  ['any port there', '192.0.2.9', undefined, v4],
])('%s', (_what, host, port, expected) => {
  expect(listenerFor(all, 'udp', host, port)).toBe(expected)
})

test('a client alone is the way to everywhere of its family, and that leads to its server', () => {
  const [only] = [trunk]
  expect(listenerFor([only], 'udp', '192.0.2.8', 5060)).toBe(only)
  expect(listenerFor([only], 'udp', '2001:db8::9', 5060)).toBeUndefined()
  expect(flowTo(only, { host: '192.0.2.8', port: 5070 })).toEqual({
    protocol: 'udp',
    local: trunk.local,
    remote: { host: '192.0.2.9', port: 5060 },
  })
})

test('no protocol takes the place of another', () => {
  expect(listenerFor(all, 'tcp', '192.0.2.9', 5060)).toBeUndefined()
})

/** A stack's configuration from what is chosen of it. */
import { expect, test } from 'vitest'
import { secretOf } from '../../../src/core/data/hash.js'
import { defaultBounds } from '../../../src/core/layer/config.js'
import { config } from '../../../src/core/stack/config.js'
import { rfc3261 } from '../../../src/core/transaction/types.js'

const secret = secretOf('a secret')

test('what is not chosen has a default', () => {
  const { layer, ...rest } = config(secret)
  expect(rest).toEqual({ role: 'user-agent', parse: {}, maxPending: 10_000, pendingTimeout: 32_000, secret })
  expect([layer.machines.config, layer.bounds, layer.flows]).toEqual([rfc3261, defaultBounds, []])
})

test('what is chosen is there, single bounds too', () => {
  const slow = { ...rfc3261, timing: { ...rfc3261.timing, t1: 1000 } }
  const chosen = config(secret, {
    config: slow,
    flows: [{ host: '192.0.2.1', config: rfc3261 }],
    bounds: { servers: 10 },
    role: 'stateful-proxy',
    parse: { limits: { message: 1000 } },
    connections: { grey: 1 },
  })
  expect(chosen.layer.machines.config).toBe(slow)
  expect(chosen.layer.flows.map(({ match }) => match.host)).toEqual(['192.0.2.1'])
  expect(chosen.layer.bounds).toEqual({ ...defaultBounds, servers: 10 })
  expect([chosen.role, chosen.parse, chosen.flows]).toEqual([
    'stateful-proxy',
    { limits: { message: 1000 } },
    { grey: 1 },
  ])
})

test('of a mark in branches only letters and digits are used: it stands in a token', () => {
  expect(config(secret, { branchMark: 'a-1;x\r\n"é' }).branchMark).toBe('a1x')
})

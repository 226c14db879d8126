/** Cores under attack: good ones survive, a planted bug is found, shrunk, and shown as a ladder. */
import * as fc from 'fast-check'
import { isSome } from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { secretOf } from '../../../src/core/data/hash.js'
import { respond } from '../../../src/core/message/build.js'
import { autoAnswer } from '../../../src/core/user-agent/auto-answer.js'
import { stackAlone } from '../../../src/core/user-agent/user-agent.js'
import { survivesCallees } from '../../../src/testing/fast-check/callee.js'
import { survivesCallers } from '../../../src/testing/fast-check/caller.js'
import { cancelHonoured } from '../../../src/testing/invariants.js'
import type { Functions } from '../../../src/testing/world/functions.js'
import { invite } from '../calls.js'

const runs = { seed: 7, numRuns: Number(process.env['SIPPET_RUNS'] ?? 100) } as const

const secret = secretOf('a secret of sixteen octets or more')

describe('a good core survives', () => {
  test('hostile callers', () => {
    fc.assert(
      survivesCallers(() => ({ core: autoAnswer(secret, { answerAfter: 300 }) })),
      runs,
    )
  })

  test('hostile callees', () => {
    fc.assert(
      survivesCallees(
        () => ({
          core: {
            receiveRequest: (request, key, { send }) => {
              if (isSome(key)) send(respond(481)(request))
            },
          },
        }),
        (user) => void user.send(invite()),
      ),
      runs,
    )
  })
})

/** Handles CANCEL by itself, and answers 200 twice: to the CANCEL, which is right, and to the INVITE. */
const buggy = (): Functions => {
  const invites = new Map<string, Parameters<ReturnType<typeof respond>>[0]>()
  return {
    receiveRequest: (request, key, { send }) => {
      if (!isSome(key)) return
      if (request.method === 'INVITE') {
        invites.set(key.value.branch, request)
        send(respond(180)(request))
      } else if (request.method === 'CANCEL') {
        send(respond(200)(request))
        const cancelled = invites.get(key.value.branch)
        if (cancelled !== undefined) send(respond(200)(cancelled))
      } else send(respond(200)(request))
    },
  }
}

test('a core that accepts what was cancelled is found out', () => {
  const found = fc.check(
    survivesCallers(() => ({ core: buggy(), machine: stackAlone }), { promises: [cancelHonoured] }),
    { seed: 1, numRuns: 300 },
  )
  expect(found.failed).toBe(true)
  expect(String(found.counterexample?.[1])).toMatch(/^INVITE [\w ]+,CANCEL (one|two)$/)
  expect((found.errorInstance as Error).message).toContain('cancel-honoured')
})

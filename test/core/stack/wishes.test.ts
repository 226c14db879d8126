/** Wishes of the application that are no message: alarms, draining, and that each is answered once. */
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/core/events.js'
import { userAgent } from '../../../src/core/user-agent/user-agent.js'
import { bench, benchOf, configOf } from '../../support/bench.js'
import { outgoing, requestOf, requestText, responseTo } from '../../support/messages.js'

describe('an alarm', () => {
  test('elapses when it is due and says how late it is', () => {
    const on = bench()
    expect(on.brief({ _tag: 'After', ref: 'tea', ms: 300 })).toEqual(['start tea 300'])
    on.suspend(450)
    expect(on.advance(0)).toEqual(['450 elapsed tea late 150'])
    expect(on.stack().alarms.size).toBe(0)
  })

  test('of the same name starts anew; one that is forgotten does not elapse', () => {
    const on = bench()
    on.brief({ _tag: 'After', ref: 'tea', ms: 300 })
    expect(on.brief({ _tag: 'After', ref: 'tea', ms: 500 })).toEqual(['stop tea', 'start tea 500'])
    expect(on.advance(499)).toEqual([])
    expect(on.brief({ _tag: 'Forget', ref: 'tea' })).toEqual(['stop tea'])
    expect(on.advance(1000)).toEqual([])
  })

  test('is known by its name: a number is no text', () => {
    const on = bench()
    on.brief({ _tag: 'After', ref: 1, ms: 10 })
    on.brief({ _tag: 'After', ref: '1', ms: 20 })
    expect(on.advance(30)).toEqual(['10 elapsed 1', '20 elapsed 1'])
  })

  test('of another start is stale', () => {
    const on = bench()
    on.brief({ _tag: 'After', ref: 'tea', ms: 10 })
    expect(on.brief({ _tag: 'TimerFired', id: { _tag: 'Application', ref: 'tea' }, generation: 99 })).toEqual(
      ['diagnostic stale-timer Z-1'],
    )
    expect(on.advance(10)).toEqual(['10 elapsed tea'])
  })

  test('in the past elapses at once', () => {
    const on = bench()
    expect(on.brief({ _tag: 'After', ref: 'now', ms: -5 })).toEqual(['start now 0'])
  })
})

test('every wish with a ref is answered in the same step by exactly one Accepted or Refused', () => {
  const on = benchOf(userAgent(configOf()))
  on.receive(requestText())
  const key = { _tag: 'ClientKey', branch: 'z9hG4bKnone', method: 'INVITE' } as const
  const wishes: readonly Event[] = [
    { _tag: 'SendRequest', ref: 1, request: outgoing(), options: {} },
    { _tag: 'SendRequest', ref: 2, request: outgoing({ uri: 'tel:1' }), options: {} },
    { _tag: 'SendRequest', ref: 3, request: outgoing({ uri: 'sip:x@example.com:5060' }), options: {} },
    { _tag: 'SendRequest', ref: 4, request: outgoing({ uri: 'sips:x@192.0.2.1' }), options: {} },
    { _tag: 'SendRequest', ref: 5, request: outgoing({ method: 'ACK', toTag: 'b' }), options: {} },
    { _tag: 'SendResponse', ref: 6, response: responseTo(requestOf(), 180) },
    { _tag: 'SendResponse', ref: 7, response: responseTo(requestOf({ branch: 'z9hG4bKnone' }), 180) },
    { _tag: 'SendResponse', ref: 8, response: responseTo(requestOf(), 200) },
    { _tag: 'SendResponse', ref: 9, response: responseTo(requestOf(), 486) },
    {
      _tag: 'SendStateless',
      ref: 10,
      message: requestOf(),
      target: { protocol: 'udp', host: '192.0.2.9', port: 5060 },
    },
    {
      _tag: 'SendStateless',
      ref: 11,
      message: requestOf(),
      target: { protocol: 'sctp', host: '192.0.2.9', port: 5060 },
    },
    { _tag: 'Cancel', ref: 12, key },
  ]
  const answers = wishes.map((wish) =>
    on
      .tell(wish)
      .flatMap((output) =>
        output._tag === 'Accepted' || output._tag === 'Refused' ? [`${output.ref} ${output._tag}`] : [],
      ),
  )
  expect(answers).toEqual([
    ['1 Accepted'],
    ['2 Refused'],
    ['3 Accepted'],
    ['4 Refused'],
    ['5 Accepted'],
    ['6 Accepted'],
    ['7 Refused'],
    ['8 Accepted'],
    ['9 Refused'],
    ['10 Accepted'],
    ['11 Refused'],
    ['12 Refused'],
  ])
})

import { left, right } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { command } from '../../../src/shell/cli/arguments.js'

describe('the command line', () => {
  test('without words is the demonstration', () => {
    expect(command([])).toEqual(right({ _tag: 'Demo', seed: expect.any(Number) as number }))
    expect(command(['demo', '--seed', '7'])).toEqual(right({ _tag: 'Demo', seed: 7 }))
  })

  test('serve has defaults, and every option is taken', () => {
    expect(command(['serve'])).toEqual(
      right({
        _tag: 'Serve',
        host: '127.0.0.1',
        port: 5060,
        answerAfter: 0,
        quiet: false,
        record: undefined,
        snapshot: undefined,
      }),
    )
    const all = 'serve --host ::1 --port 0 --answer-after 2000 --quiet --record a --snapshot b'.split(' ')
    expect(command(all)).toEqual(
      right({
        _tag: 'Serve',
        host: '::1',
        port: 0,
        answerAfter: 2000,
        quiet: true,
        record: 'a',
        snapshot: 'b',
      }),
    )
  })

  test('ping needs its operand and no more', () => {
    expect(command(['ping', 'sip:h', '--timeout', '10'])).toEqual(
      right({ _tag: 'Ping', uri: 'sip:h', timeout: 10 }),
    )
    expect(command(['ping'])).toEqual(left('an argument is missing'))
    expect(command(['ping', 'sip:a', 'sip:b'])).toEqual(left('too many arguments: sip:b'))
  })

  test.each([
    [['bogus'], 'no such command: bogus'],
    [['serve', '--port', 'abc'], '--port takes a whole number from 0 to 65535, not abc'],
    [['serve', '--port', '65536'], '--port takes a whole number from 0 to 65535, not 65536'],
    [['serve', '--port', '-1'], /port/],
    [['serve', '--answer-after', '1e3'], '--answer-after takes a whole number from 0 to 2147483647, not 1e3'],
    [['ping', 'sip:h', '--port', '1'], '--port does not belong to this command'],
    [['--nonsense'], /nonsense/],
  ])('%j is refused with the reason', (argv, reason) => {
    const refused = command(argv)
    expect(refused).toMatchObject({ _tag: 'Left' })
    expect(refused._tag === 'Left' ? refused.left : '').toEqual(
      reason instanceof RegExp ? expect.stringMatching(reason) : reason,
    )
  })

  test('asks for help in any place', () => {
    expect(command(['serve', '-h'])).toEqual(right({ _tag: 'Help' }))
  })
})

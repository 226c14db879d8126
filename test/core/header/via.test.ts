import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { branch, maddr, received, rport, ttl, via } from '../../../src/core/header/via.js'

const read = (text: string) => {
  const result = via.parse(text, 0, text.length)
  if (!isRight(result)) throw new Error(`${text}: ${result.left.what} at ${result.left.offset}`)
  return result.right
}

const write = (value: Parameters<typeof via.print>[0]) => {
  const result = via.print(value)
  if (!isRight(result)) throw new Error(result.left.what)
  return result.right
}

describe('Via', () => {
  test('20.42: "SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7"', () => {
    const value = read('SIP/2.0/UDP erlang.bell-telephone.com:5060;branch=z9hG4bK87asdks7')
    expect(value).toEqual({
      version: 'SIP/2.0',
      transport: 'UDP',
      host: 'erlang.bell-telephone.com',
      port: 5060,
      params: [{ name: 'branch', value: 'z9hG4bK87asdks7' }],
    })
    expect(branch(value)).toBe('z9hG4bK87asdks7')
  })

  test('20.42: white space around slashes, colon and semicolons', () => {
    const value = read(
      'SIP / 2.0 / UDP first.example.com: 4000;ttl=16\r\n ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1',
    )
    expect(value).toMatchObject({
      version: 'SIP/2.0',
      transport: 'UDP',
      host: 'first.example.com',
      port: 4000,
    })
    expect([ttl(value), maddr(value), branch(value)]).toEqual([16, '224.2.0.1', 'z9hG4bKa7c6a8dlze.1'])
    expect(write(value)).toBe(
      'SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1;branch=z9hG4bKa7c6a8dlze.1',
    )
  })

  test('S34: an IPv6 sent-by keeps its brackets on the wire and has none as a value', () => {
    const value = read('SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111;rport')
    expect([value.host, value.port, rport(value)]).toEqual(['2001:db8::9:1', 6050, 0])
    expect(write(value)).toBe('SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111;rport')
  })

  test('RFC 5118 4.5: received with and without brackets', () => {
    expect(received(read('SIP/2.0/TLS a;received=[2001:db8::9:255]'))).toBe('2001:db8::9:255')
    expect(received(read('SIP/2.0/TLS a;received=2001:db8::9:255;rport=5061'))).toBe('2001:db8::9:255')
  })

  test('S33: a Via without a port is written without one', () => {
    expect(write(read('SIP/2.0/UDP h'))).toBe('SIP/2.0/UDP h')
  })

  test.each([
    ['SIP/2.0/UDP 192.0.2.15;;,;,,', 23, 'parameter name expected'],
    ['SIP/2.0 192.0.2.1', 7, '"/" expected'],
    ['SIP/2.0/UDP example.com:99999;branch=z9hG4bK1', 24, 'port above 65535'],
    ['SIP/2.0/UDP example.com:8080xyz', 28, '";" expected'],
    ['SIP/2.0/UDP example.com;branch=', 31, 'value of branch expected'],
    ['SIP/2.0/UDP 2001:db8::1', 12, 'host expected'],
    ['SIP/2.0/UDP :5060', 12, 'host expected'],
    ['SIP/2.0/UDP h;rport=abc', 13, 'rport is no port'],
    ['SIP/2.0/UDP h;ttl=256', 13, 'ttl is no number up to 255'],
    ['SIP/2.0/UDPh', 12, 'space expected before sent-by'],
    ['', 0, 'protocol name expected'],
  ])('refuses %j at %i: %s', (text, offset, what) => {
    expect(via.parse(text, 0, text.length)).toEqual({ _tag: 'Left', left: { what, offset } })
  })

  test('reads only what it was given', () => {
    const text = 'Via: SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b'
    expect(via.parse(text, 5, 27)).toEqual({
      _tag: 'Right',
      right: { version: 'SIP/2.0', transport: 'UDP', host: 'a', params: [{ name: 'branch', value: '1' }] },
    })
  })

  test('S19: no parameter, host or transport can bring a line break', () => {
    const value = read('SIP/2.0/UDP h;branch=1')
    const bad = [
      { ...value, transport: 'UDP\r\nX: y' },
      { ...value, host: 'h\r\nX: y' },
      { ...value, version: 'SIP/2.0\r\n' },
      { ...value, params: [{ name: 'x', value: 'a\r\nX: y' }] },
      { ...value, params: [{ name: 'x\r\n' }] },
      { ...value, params: [{ name: 'x', value: '\u010d\u010a' }] },
    ]
    for (const each of bad) expect(via.print(each)._tag).toBe('Left')
  })
})

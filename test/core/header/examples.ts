/** For every built-in header, at least one value as an RFC writes it, what it means, and how we write that. */
import { isLeft } from 'fp-ts/lib/Either.js'
import type { BuiltIn, FieldOf } from '../../../src/core/header/builtin.js'
import type { Param, Params } from '../../../src/core/header/params.js'
import { parse } from '../../../src/core/uri/parse.js'
import type { Uri } from '../../../src/core/uri/types.js'

export interface Example {
  readonly name: BuiltIn
  /** Where the text is from; `by the grammar` where no RFC shows one. */
  readonly from: string
  readonly text: string
  readonly value: unknown
  /** What we write, where it is not `text`: one string a field. */
  readonly written: readonly string[]
}

const example = <N extends BuiltIn>(
  name: N,
  from: string,
  text: string,
  value: FieldOf<N>,
  ...written: readonly string[]
): Example => ({ name, from, text, value, written: written.length === 0 ? [text] : written })

const uri = (text: string): Uri => {
  const read = parse(text)
  if (isLeft(read)) throw new Error(`${text}: ${read.left.what}`)
  return read.right
}

/** `a=b`, `a` or `a="b"`, where the quotes need not be. */
const params = (...texts: readonly string[]): Params =>
  texts.map((text): Param => {
    const [, name = '', value, quoted] = /^([^=]*)(?:=([^"]*)|="(.*)")?$/s.exec(text) ?? []
    if (quoted !== undefined) return { name, value: quoted, quoted: true }
    return value === undefined ? { name } : { name, value }
  })

const noted = (value: string, ...texts: readonly string[]) => ({ value, params: params(...texts) })

const at = (text: string, ...texts: readonly string[]) => ({ uri: uri(text), params: params(...texts) })

const named = (display: string, text: string, ...texts: readonly string[]) => ({
  display,
  ...at(text, ...texts),
})

const challenge = {
  scheme: 'Digest',
  params: params(
    'realm=atlanta.com',
    'qop=auth',
    'nonce=f84f1cec41e6cbe5aea9c8e88d359',
    'opaque=',
    'stale=FALSE',
    'algorithm=MD5',
  ),
}

const challengeText =
  'Digest realm="atlanta.com", qop="auth", nonce="f84f1cec41e6cbe5aea9c8e88d359", opaque="", stale=FALSE, algorithm=MD5'

export const examples: readonly Example[] = [
  example('accept', 'RFC 3261 20.1', 'application/sdp;level=1, application/x-private, text/html', [
    { type: 'application', subtype: 'sdp', params: params('level=1') },
    { type: 'application', subtype: 'x-private', params: [] },
    { type: 'text', subtype: 'html', params: [] },
  ]),
  example('accept', 'RFC 3261 20.1: an empty Accept', '', []),
  example('accept-contact', 'RFC 3841 6', '*;mobility="mobile";methods="INVITE"', [
    noted('*', 'mobility="mobile"', 'methods="INVITE"'),
  ]),
  example('accept-encoding', 'RFC 3261 20.2', 'gzip', [noted('gzip')]),
  example('accept-language', 'RFC 3261 20.3', 'da, en-gb;q=0.8, en;q=0.7', [
    noted('da'),
    noted('en-gb', 'q=0.8'),
    noted('en', 'q=0.7'),
  ]),
  example(
    'accept-resource-priority',
    'RFC 4412 3.2',
    'dsn.flash-override,\r\n     dsn.flash',
    [
      { namespace: 'dsn', priority: 'flash-override' },
      { namespace: 'dsn', priority: 'flash' },
    ],
    'dsn.flash-override, dsn.flash',
  ),
  example('alert-info', 'RFC 3261 20.4', '<http://www.example.com/sounds/moo.wav>', [
    at('http://www.example.com/sounds/moo.wav'),
  ]),
  example('allow', 'RFC 3261 20.5', 'INVITE, ACK, OPTIONS, CANCEL, BYE', [
    'INVITE',
    'ACK',
    'OPTIONS',
    'CANCEL',
    'BYE',
  ]),
  example('allow-events', 'RFC 6665 7.2 names', 'presence, dialog', ['presence', 'dialog']),
  example('answer-mode', 'RFC 5373 4.4', 'Manual;require', noted('Manual', 'require')),
  example(
    'authentication-info',
    'RFC 3261 20.6',
    'nextnonce="47364c23432d2e131a5fb210812c"',
    params('nextnonce=47364c23432d2e131a5fb210812c'),
  ),
  example(
    'authorization',
    'RFC 3261 20.7',
    'Digest username="Alice", realm="atlanta.com",\r\n nonce="84a4cc6f3082121f32b42a2187831a9e",\r\n response="7587245234b3434cc3412213e5f113a5432"',
    [
      {
        scheme: 'Digest',
        params: params(
          'username=Alice',
          'realm=atlanta.com',
          'nonce=84a4cc6f3082121f32b42a2187831a9e',
          'response=7587245234b3434cc3412213e5f113a5432',
        ),
      },
    ],
    'Digest username="Alice", realm="atlanta.com", nonce="84a4cc6f3082121f32b42a2187831a9e", response="7587245234b3434cc3412213e5f113a5432"',
  ),
  example('authorization', 'RFC 6750 2.1', 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.Zm9v', [
    { scheme: 'Bearer', params: [], word: 'eyJhbGciOiJIUzI1NiJ9.e30.Zm9v' },
  ]),
  example(
    'call-id',
    'RFC 3261 20.8',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6@biloxi.com',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6@biloxi.com',
  ),
  example(
    'call-info',
    'RFC 3261 20.9',
    '<http://wwww.example.com/alice/photo.jpg> ;purpose=icon,\r\n  <http://www.example.com/alice/> ;purpose=info',
    [
      at('http://wwww.example.com/alice/photo.jpg', 'purpose=icon'),
      at('http://www.example.com/alice/', 'purpose=info'),
    ],
    '<http://wwww.example.com/alice/photo.jpg>;purpose=icon, <http://www.example.com/alice/>;purpose=info',
  ),
  example(
    'contact',
    'RFC 3261 20.10',
    '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>\r\n   ;q=0.7; expires=3600,\r\n   "Mr. Watson" <mailto:watson@bell-telephone.com> ;q=0.1',
    [
      named('Mr. Watson', 'sip:watson@worcester.bell-telephone.com', 'q=0.7', 'expires=3600'),
      named('Mr. Watson', 'mailto:watson@bell-telephone.com', 'q=0.1'),
    ],
    'Mr. Watson <sip:watson@worcester.bell-telephone.com>;q=0.7;expires=3600, Mr. Watson <mailto:watson@bell-telephone.com>;q=0.1',
  ),
  example('contact', 'RFC 3261 10.2.2', '*', ['*']),
  example('content-disposition', 'RFC 3261 20.11', 'session', noted('session')),
  example(
    'content-disposition',
    'RFC 3261 20.11',
    'icon;handling=optional',
    noted('icon', 'handling=optional'),
  ),
  example('content-encoding', 'RFC 3261 20.12', 'gzip', ['gzip']),
  example('content-language', 'RFC 3261 20.13', 'fr', ['fr']),
  example('content-length', 'RFC 3261 20.14', '349', 349),
  example(
    'content-type',
    'RFC 3261 20.15',
    'text/html; charset=ISO-8859-4',
    { type: 'text', subtype: 'html', params: params('charset=ISO-8859-4') },
    'text/html;charset=ISO-8859-4',
  ),
  example('cseq', 'RFC 3261 20.16', '4711 INVITE', { number: 4711, method: 'INVITE' }),
  example('date', 'RFC 3261 20.17', 'Sat, 13 Nov 2010 23:29:00 GMT', 1_289_690_940),
  example('diversion', 'RFC 5806 6', '<sip:WeSellPizza@p2.isp.com>;reason=time-of-day', [
    at('sip:WeSellPizza@p2.isp.com', 'reason=time-of-day'),
  ]),
  example('error-info', 'RFC 3261 20.18', '<sip:not-in-service-recording@atlanta.com>', [
    at('sip:not-in-service-recording@atlanta.com'),
  ]),
  example('event', 'RFC 3515 2.4.4', 'refer;id=93809824', noted('refer', 'id=93809824')),
  example('expires', 'RFC 3261 20.19', '5', 5),
  example('feature-caps', 'by the grammar of RFC 6809 6.2', '*;+sip.607;+g.3gpp.x="a,b"', [
    noted('*', '+sip.607', '+g.3gpp.x=a,b'),
  ]),
  example('flow-timer', 'RFC 5626 9.2', '120', 120),
  example(
    'from',
    'RFC 3261 20.20',
    '"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s',
    named('A. G. Bell', 'sip:agb@bell-telephone.com', 'tag=a48s'),
    'A. G. Bell <sip:agb@bell-telephone.com>;tag=a48s',
  ),
  example(
    'from',
    'RFC 3261 20.20: the tag is of the header',
    'sip:+12125551212@server.phone2net.com;tag=887s',
    at('sip:+12125551212@server.phone2net.com', 'tag=887s'),
    '<sip:+12125551212@server.phone2net.com>;tag=887s',
  ),
  example('geolocation', 'RFC 6442 5.1', '<cid:target123@atlanta.example.com>', [
    at('cid:target123@atlanta.example.com'),
  ]),
  example(
    'geolocation-error',
    'RFC 6442 4.4',
    '100;code="Cannot Process Location"',
    noted('100', 'code=Cannot Process Location'),
  ),
  example('geolocation-routing', 'RFC 6442 4.2', 'no', noted('no')),
  example(
    'history-info',
    'RFC 7044 5.1',
    '<sip:UserA@ims.example.com>;index=1;foo=bar,\r\n <sip:UserB@example.com?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1.2;mp=1.1',
    [
      at('sip:UserA@ims.example.com', 'index=1', 'foo=bar'),
      at('sip:UserB@example.com?Privacy=history&Reason=SIP%3Bcause%3D486', 'index=1.2', 'mp=1.1'),
    ],
    '<sip:UserA@ims.example.com>;index=1;foo=bar, <sip:UserB@example.com?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1.2;mp=1.1',
  ),
  example(
    'identity',
    'RFC 8224 4.1',
    'eyJhbGciOiJFUzI1NiIsInBwdCI6InNoYWtlbiJ9.eyJhdHRlc3QiOiJBIn0.rq3pjT1h-zJ6F_1VOg;info=<https://biloxi.example.org/biloxi.cer>;alg=ES256;ppt=shaken',
    [
      {
        digest: 'eyJhbGciOiJFUzI1NiIsInBwdCI6InNoYWtlbiJ9.eyJhdHRlc3QiOiJBIn0.rq3pjT1h-zJ6F_1VOg',
        info: uri('https://biloxi.example.org/biloxi.cer'),
        params: params('alg=ES256', 'ppt=shaken'),
      },
    ],
  ),
  example(
    'identity',
    'RFC 8225 7',
    '..rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F_1VOgFWSjHBr8Qjpjlk;info = <https://biloxi.example.org/a;b,c>;ppt="shaken"',
    [
      {
        digest: '..rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F_1VOgFWSjHBr8Qjpjlk',
        info: uri('https://biloxi.example.org/a;b,c'),
        params: [{ name: 'ppt', value: 'shaken', quoted: true }],
      },
    ],
    '..rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F_1VOgFWSjHBr8Qjpjlk;info=<https://biloxi.example.org/a;b,c>;ppt="shaken"',
  ),
  example(
    'identity',
    'RFC 4474 10.1',
    '"sv5CTo05KqpSmtHt3dcEiO/1CWTSZtnG3iV+1nmurLXV/HmtyNS7Ltrg9dlxkWzo\r\n  eU7d7OV8HweTTDobV3itTmgPwCFjaEmMyEI3d7SyN21yNDo2ER/Ovgtw0Lu5csIp"',
    [
      {
        digest:
          'sv5CTo05KqpSmtHt3dcEiO/1CWTSZtnG3iV+1nmurLXV/HmtyNS7Ltrg9dlxkWzoeU7d7OV8HweTTDobV3itTmgPwCFjaEmMyEI3d7SyN21yNDo2ER/Ovgtw0Lu5csIp',
        params: [],
      },
    ],
    '"sv5CTo05KqpSmtHt3dcEiO/1CWTSZtnG3iV+1nmurLXV/HmtyNS7Ltrg9dlxkWzoeU7d7OV8HweTTDobV3itTmgPwCFjaEmMyEI3d7SyN21yNDo2ER/Ovgtw0Lu5csIp"',
  ),
  example(
    'identity-info',
    'RFC 4474 10.1',
    '<https://biloxi.example.org/biloxi.cer>;alg=rsa-sha1',
    at('https://biloxi.example.org/biloxi.cer', 'alg=rsa-sha1'),
  ),
  example('in-reply-to', 'RFC 3261 20.21', '70710@saturn.bell-tel.com, 17320@saturn.bell-tel.com', [
    '70710@saturn.bell-tel.com',
    '17320@saturn.bell-tel.com',
  ]),
  example('info-package', 'RFC 6086 10.2', 'foo', noted('foo')),
  example(
    'join',
    'RFC 3911 7.1',
    '98732@sip.example.com\r\n ;from-tag=r33th4x0r\r\n ;to-tag=ff87ff',
    { callId: '98732@sip.example.com', params: params('from-tag=r33th4x0r', 'to-tag=ff87ff') },
    '98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff',
  ),
  example('max-breadth', 'RFC 5393 5.2', '60', 60),
  example('max-forwards', 'RFC 3261 20.22', '6', 6),
  example('max-forwards', 'RFC 4475 3.1.1.1', '0068', 68, '68'),
  example('mime-version', 'RFC 3261 20.24', '1.0', { major: 1, minor: 0 }),
  example('min-expires', 'RFC 3261 20.23', '60', 60),
  example('min-se', 'RFC 4028 13', '3600', { seconds: 3600, params: [] }),
  example('organization', 'RFC 3261 20.25', 'Boxes by Bob', 'Boxes by Bob'),
  example('p-access-network-info', 'RFC 7315 5.4', '3GPP-UTRAN;utran-cell-id-3gpp=234151D0FCE11', [
    noted('3GPP-UTRAN', 'utran-cell-id-3gpp=234151D0FCE11'),
  ]),
  example(
    'p-asserted-identity',
    'RFC 3325 10.1',
    '"Cullen Jennings" <sip:fluffy@cisco.com>, tel:+14085264000',
    [named('Cullen Jennings', 'sip:fluffy@cisco.com'), at('tel:+14085264000')],
    'Cullen Jennings <sip:fluffy@cisco.com>, <tel:+14085264000>',
  ),
  example(
    'p-associated-uri',
    'by the grammar of RFC 7315 5.1',
    '<sip:user1@example.com>, <tel:+12015550123>',
    [at('sip:user1@example.com'), at('tel:+12015550123')],
  ),
  example('p-associated-uri', 'RFC 7315 4.1: it may be empty', '', []),
  example(
    'p-called-party-id',
    'RFC 7315 4.2',
    '<sip:user1-business@example.com>',
    at('sip:user1-business@example.com'),
  ),
  example(
    'p-charging-function-addresses',
    'RFC 7315 4.5',
    'ccf=192.0.8.1; ecf=192.0.8.3,\r\n ccf-2=192.0.8.2; ecf-2=192.0.8.4',
    [params('ccf=192.0.8.1', 'ecf=192.0.8.3'), params('ccf-2=192.0.8.2', 'ecf-2=192.0.8.4')],
    'ccf=192.0.8.1;ecf=192.0.8.3, ccf-2=192.0.8.2;ecf-2=192.0.8.4',
  ),
  example(
    'p-charging-vector',
    'RFC 7315 4.6',
    'icid-value=1234bc9876e;\r\n icid-generated-at=192.0.6.8;\r\n orig-ioi=home1.net',
    params('icid-value=1234bc9876e', 'icid-generated-at=192.0.6.8', 'orig-ioi=home1.net'),
    'icid-value=1234bc9876e;icid-generated-at=192.0.6.8;orig-ioi=home1.net',
  ),
  example('p-early-media', 'RFC 5009 8', 'supported', ['supported']),
  example(
    'p-preferred-identity',
    'RFC 3325 10.1',
    '"Cullen Jennings" <sip:fluffy@cisco.com>',
    [named('Cullen Jennings', 'sip:fluffy@cisco.com')],
    'Cullen Jennings <sip:fluffy@cisco.com>',
  ),
  example(
    'p-served-user',
    'RFC 5502 6',
    '<sip:user@example.com>; sescase=orig; regstate=reg',
    at('sip:user@example.com', 'sescase=orig', 'regstate=reg'),
    '<sip:user@example.com>;sescase=orig;regstate=reg',
  ),
  example(
    'p-visited-network-id',
    'RFC 7315 4.3',
    'other.net,"Visited network number 1"',
    [noted('other.net'), noted('Visited network number 1')],
    'other.net, "Visited network number 1"',
  ),
  example('path', 'RFC 3327 5.5', '<sip:P1.EXAMPLEVISITED.COM;lr>', [at('sip:P1.EXAMPLEVISITED.COM;lr')]),
  example('priority', 'RFC 3261 20.26', 'non-urgent', 'non-urgent'),
  example('priv-answer-mode', 'RFC 5373 4.4', 'Auto;require', noted('Auto', 'require')),
  example('privacy', 'RFC 3325 10.1', 'id', ['id']),
  example(
    'privacy',
    'by the grammar of RFC 3323 4.2',
    'header; session;critical',
    ['header', 'session', 'critical'],
    'header;session;critical',
  ),
  example('proxy-authenticate', 'RFC 3261 20.27', challengeText, [challenge]),
  example(
    'proxy-authorization',
    'RFC 3261 20.28',
    'Digest username="Alice", realm="atlanta.com", nonce="c60f3082ee1212b402a21831ae", response="245f23415f11432b3434341c022"',
    [
      {
        scheme: 'Digest',
        params: params(
          'username=Alice',
          'realm=atlanta.com',
          'nonce=c60f3082ee1212b402a21831ae',
          'response=245f23415f11432b3434341c022',
        ),
      },
    ],
  ),
  example('proxy-require', 'RFC 3261 20.29', 'foo', ['foo']),
  example('rack', 'RFC 3262 7.2', '776656 1 INVITE', { rseq: 776656, cseq: 1, method: 'INVITE' }),
  example(
    'reason',
    'RFC 3326 2',
    'SIP ;cause=200 ;text="Call completed elsewhere", Q.850 ;cause=16 ;text="Terminated"',
    [
      noted('SIP', 'cause=200', 'text=Call completed elsewhere'),
      noted('Q.850', 'cause=16', 'text="Terminated"'),
    ],
    'SIP;cause=200;text="Call completed elsewhere", Q.850;cause=16;text="Terminated"',
  ),
  example(
    'record-route',
    'RFC 3261 20.30',
    '<sip:server10.biloxi.com;lr>,\r\n <sip:bigbox3.site3.atlanta.com;lr>',
    [at('sip:server10.biloxi.com;lr'), at('sip:bigbox3.site3.atlanta.com;lr')],
    '<sip:server10.biloxi.com;lr>, <sip:bigbox3.site3.atlanta.com;lr>',
  ),
  example('recv-info', 'RFC 6086 10.1', 'P, R', [noted('P'), noted('R')]),
  example('recv-info', 'RFC 6086 5.2.3: none', '', []),
  example('refer-sub', 'RFC 4488 7', 'false', noted('false')),
  example(
    'refer-to',
    'RFC 3515 2.1',
    'sip:alice@atlanta.example.com',
    at('sip:alice@atlanta.example.com'),
    '<sip:alice@atlanta.example.com>',
  ),
  example(
    'refer-to',
    'RFC 3515 2.1',
    '<sip:carol@cleveland.example.org;method=SUBSCRIBE>',
    at('sip:carol@cleveland.example.org;method=SUBSCRIBE'),
  ),
  example(
    'referred-by',
    'RFC 3892 3',
    'sip:r@ref.example;cid="2UWQFN309shb3@ref.example"',
    at('sip:r@ref.example', 'cid=2UWQFN309shb3@ref.example'),
    '<sip:r@ref.example>;cid="2UWQFN309shb3@ref.example"',
  ),
  example('reject-contact', 'RFC 3841 7.2.5', '*;actor="msg-taker";video', [
    noted('*', 'actor="msg-taker"', 'video'),
  ]),
  example('replaces', 'RFC 3891 1', '425928@bobster.example.org;to-tag=7743;from-tag=6472', {
    callId: '425928@bobster.example.org',
    params: params('to-tag=7743', 'from-tag=6472'),
  }),
  example('reply-to', 'RFC 3261 20.31', 'Bob <sip:bob@biloxi.com>', named('Bob', 'sip:bob@biloxi.com')),
  example('request-disposition', 'RFC 3841 9.1', 'proxy, recurse, parallel', [
    'proxy',
    'recurse',
    'parallel',
  ]),
  example('require', 'RFC 3261 20.32', '100rel', ['100rel']),
  example('resource-priority', 'RFC 4412 3.1', 'dsn.flash, wps.3', [
    { namespace: 'dsn', priority: 'flash' },
    { namespace: 'wps', priority: '3' },
  ]),
  example('retry-after', 'RFC 3261 20.33', '18000;duration=3600', {
    seconds: 18000,
    params: params('duration=3600'),
  }),
  example('retry-after', 'RFC 3261 20.33', "120 (I'm in a meeting)", {
    seconds: 120,
    comment: "I'm in a meeting",
    params: [],
  }),
  example(
    'route',
    'RFC 3261 20.34',
    '<sip:bigbox3.site3.atlanta.com;lr>,\r\n  <sip:server10.biloxi.com;lr>',
    [at('sip:bigbox3.site3.atlanta.com;lr'), at('sip:server10.biloxi.com;lr')],
    '<sip:bigbox3.site3.atlanta.com;lr>, <sip:server10.biloxi.com;lr>',
  ),
  example('rseq', 'RFC 3262 7.1', '988789', 988789),
  example('security-client', 'RFC 3329 3.1', 'tls, digest', [noted('tls'), noted('digest')]),
  example('security-server', 'RFC 3329 3.1', 'ipsec-ike;q=0.1', [noted('ipsec-ike', 'q=0.1')]),
  example('security-verify', 'RFC 3329 3.1', 'tls;q=0.2', [noted('tls', 'q=0.2')]),
  example('server', 'RFC 3261 20.35', 'HomeServer v2', 'HomeServer v2'),
  example(
    'service-route',
    'RFC 3608 6.4',
    '<sip:P2.HOME.EXAMPLE.COM;lr>,\r\n  <sip:HSP.HOME.EXAMPLE.COM;lr>',
    [at('sip:P2.HOME.EXAMPLE.COM;lr'), at('sip:HSP.HOME.EXAMPLE.COM;lr')],
    '<sip:P2.HOME.EXAMPLE.COM;lr>, <sip:HSP.HOME.EXAMPLE.COM;lr>',
  ),
  example('session-expires', 'RFC 4028 4', '4000;refresher=uac', {
    seconds: 4000,
    params: params('refresher=uac'),
  }),
  example(
    'session-id',
    'RFC 7989 5',
    'ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000',
    noted('ab30317f1a784dc48ff824d0d3715d86', 'remote=00000000000000000000000000000000'),
  ),
  example(
    'session-id',
    'RFC 7989 5: the remote end first, capitals as they are sent',
    '47755A9DE7794BA387653F2099600EF2 ;foo ;Remote = AB30317F1A784DC48FF824D0D3715D86',
    noted('47755a9de7794ba387653f2099600ef2', 'foo', 'Remote=ab30317f1a784dc48ff824d0d3715d86'),
    '47755a9de7794ba387653f2099600ef2;foo;Remote=ab30317f1a784dc48ff824d0d3715d86',
  ),
  example(
    'session-id',
    'RFC 7329 5',
    'f81d4fae7dec11d0a76500a0c91e6bf6',
    noted('f81d4fae7dec11d0a76500a0c91e6bf6'),
  ),
  example('sip-etag', 'RFC 3903 15', 'dx200xyz', 'dx200xyz'),
  example('sip-if-match', 'RFC 3903 15', 'kwj449x', 'kwj449x'),
  example('subject', 'RFC 3261 20.26', 'A tornado is heading our way!', 'A tornado is heading our way!'),
  example(
    'subscription-state',
    'RFC 3515 4.1',
    'terminated;reason=noresource',
    noted('terminated', 'reason=noresource'),
  ),
  example('supported', 'RFC 3261 20.37', '100rel', ['100rel']),
  example('supported', 'RFC 3261 20.37: none', '', []),
  example('suppress-if-match', 'RFC 5839 4', 'ffee2', 'ffee2'),
  example('suppress-if-match', 'RFC 5839 7.2', '*', '*'),
  example(
    'target-dialog',
    'RFC 4538 8',
    'fa77as7dad8-sd98ajzz@host.example.com\r\n  ;local-tag=kkaz-\r\n  ;remote-tag=6544',
    { callId: 'fa77as7dad8-sd98ajzz@host.example.com', params: params('local-tag=kkaz-', 'remote-tag=6544') },
    'fa77as7dad8-sd98ajzz@host.example.com;local-tag=kkaz-;remote-tag=6544',
  ),
  example('timestamp', 'RFC 3261 20.38', '54', { time: 54 }),
  example(
    'timestamp',
    'by the grammar of RFC 3261 25.1',
    '54.250 .5',
    { time: 54.25, delay: 0.5 },
    '54.25 0.5',
  ),
  example(
    'to',
    'RFC 3261 20.39',
    'The Operator <sip:operator@cs.columbia.edu>;tag=287447',
    named('The Operator', 'sip:operator@cs.columbia.edu', 'tag=287447'),
  ),
  example('unsupported', 'RFC 3261 20.40', 'foo', ['foo']),
  example('user-agent', 'RFC 3261 20.41', 'Softphone Beta1.5', 'Softphone Beta1.5'),
  example('user-to-user', 'RFC 7433 4.1', '56a390f3d2b7310023a2;encoding=hex;purpose=foo;content=bar', [
    noted('56a390f3d2b7310023a2', 'encoding=hex', 'purpose=foo', 'content=bar'),
  ]),
  example(
    'via',
    'RFC 3261 20.42',
    'SIP / 2.0 / UDP first.example.com: 4000;ttl=16\r\n ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1',
    [
      {
        version: 'SIP/2.0',
        transport: 'UDP',
        host: 'first.example.com',
        port: 4000,
        params: params('ttl=16', 'maddr=224.2.0.1', 'branch=z9hG4bKa7c6a8dlze.1'),
      },
    ],
    'SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1;branch=z9hG4bKa7c6a8dlze.1',
  ),
  example('warning', 'RFC 3261 20.43', `307 isi.edu "Session parameter 'foo' not understood"`, [
    { code: 307, agent: 'isi.edu', text: "Session parameter 'foo' not understood" },
  ]),
  example('www-authenticate', 'RFC 3261 20.44', challengeText, [challenge]),
  example(
    'www-authenticate',
    'RFC 8898 4: each of them in quotes',
    'Bearer realm="atlanta.com", scope="sip register", authz_server="https://as.example.com/token", error="invalid_token"',
    [
      {
        scheme: 'Bearer',
        params: params(
          'realm=atlanta.com',
          'scope=sip register',
          'authz_server=https://as.example.com/token',
          'error=invalid_token',
        ),
      },
    ],
  ),
]

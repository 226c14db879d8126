// Five messages as they go through a busy proxy, 64 variants of each; 1.1 kB on average. Our own, so anybody may use them.

const sdp = (n) =>
  [
    'v=0',
    `o=- ${1700000000 + n} 1 IN IP4 198.51.100.${n}`,
    's=-',
    `c=IN IP4 198.51.100.${n}`,
    't=0 0',
    `m=audio ${20000 + 2 * n} RTP/AVP 9 8 0 101`,
    'a=rtpmap:9 G722/8000',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-16',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n')

const text = (start, fields, body = '') =>
  [start, ...fields, `Content-Length: ${body.length}`, '', body].join('\r\n')

const vias = (n) => [
  `Via: SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK${n}f3c9a71e4b2d8065.1;rport`,
  `Via: SIP/2.0/TLS 198.51.100.${n}:5061;branch=z9hG4bK${n}776asdhds8;received=198.51.100.${n};rport=5061`,
]

const parties = (n, tag) => [
  `From: "Alice ${n} Liddell" <sip:alice${n}@atlanta.example.com>;tag=1928301774${n}`,
  `To: "Bob" <sip:bob@biloxi.example.com>${tag ? `;tag=a6c85cf${n}` : ''}`,
  `Call-ID: a84b4c76e66710${n}@pc33.atlanta.example.com`,
]

const extras = (n) => [
  'Max-Forwards: 69',
  'User-Agent: Example Phone 4.2.1 (build 20261)',
  'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY, INFO, UPDATE, PRACK, MESSAGE',
  'Supported: replaces, timer, 100rel, outbound, path',
  `P-Asserted-Identity: "Alice ${n}" <sip:+4420794600${n}@atlanta.example.com;user=phone>`,
]

const kinds = [
  (n) =>
    text(
      'INVITE sip:bob@192.0.2.4:5060;transport=udp SIP/2.0',
      [
        ...vias(n),
        'Record-Route: <sip:203.0.113.7;lr;ftag=1928301774>',
        ...parties(n, false),
        `CSeq: ${314159 + n} INVITE`,
        `Contact: <sip:alice${n}@198.51.100.${n}:5061;transport=tls>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-0000000${1000 + n}>"`,
        ...extras(n),
        'Session-Expires: 1800;refresher=uac',
        'Min-SE: 90',
        'Content-Type: application/sdp',
      ],
      sdp(n),
    ),
  (n) =>
    text(
      'SIP/2.0 200 OK',
      [
        ...vias(n),
        'Record-Route: <sip:203.0.113.7;lr;ftag=1928301774>',
        ...parties(n, true),
        `CSeq: ${314159 + n} INVITE`,
        `Contact: <sip:bob@192.0.2.4:5060;transport=udp>`,
        ...extras(n).slice(1),
        'Require: timer',
        'Session-Expires: 1800;refresher=uac',
        'Content-Type: application/sdp',
      ],
      sdp(n),
    ),
  (n) =>
    text('REGISTER sip:registrar.biloxi.example.com SIP/2.0', [
      ...vias(n),
      ...parties(n, false),
      `CSeq: ${1826 + n} REGISTER`,
      `Contact: <sip:alice${n}@198.51.100.${n}:5061;transport=tls;ob>;expires=600;+sip.instance="<urn:uuid:00000000-0000-1000-8000-0000000${1000 + n}>";reg-id=1`,
      ...extras(n),
      `Authorization: Digest username="alice${n}", realm="biloxi.example.com", nonce="84a4cc6f3082121f32b42a2187831a9e${n}", uri="sip:registrar.biloxi.example.com", response="7587245234b3434cc3412213e5f113a5", algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=00000001`,
      'Expires: 600',
    ]),
  (n) =>
    text('BYE sip:alice@198.51.100.9:5061;transport=tls SIP/2.0', [
      ...vias(n),
      'Route: <sip:203.0.113.7;lr;ftag=1928301774>, <sip:203.0.113.8;lr>',
      ...parties(n, true),
      `CSeq: ${231 + n} BYE`,
      ...extras(n),
      'Reason: Q.850;cause=16;text="Normal call clearing"',
    ]),
  (n) =>
    text('SUBSCRIBE sip:bob@biloxi.example.com SIP/2.0', [
      ...vias(n),
      ...parties(n, false),
      `CSeq: ${17 + n} SUBSCRIBE`,
      `Contact: <sip:alice${n}@198.51.100.${n}:5061;transport=tls>`,
      ...extras(n),
      'Event: dialog;sla',
      'Accept: application/dialog-info+xml, application/pidf+xml, application/cpim-pidf+xml',
      'Expires: 3600',
    ]),
]

/** All of them as text, one char an octet. */
export const messages = kinds.flatMap((kind) => Array.from({ length: 64 }, (_, n) => kind(n + 1)))

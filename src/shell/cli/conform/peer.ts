/** The examiner's side of a conformance scenario: one UDP socket, messages written by hand, and what comes back. */
import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { isRight } from 'fp-ts/lib/Either.js'
import type { Bytes } from '../../../core/data/bytes.js'
import { branch } from '../../../core/header/via.js'
import { callId, cseqMethod, toTag, topVia } from '../../../core/message/head.js'
import { parse } from '../../../core/message/parse.js'
import type { Response } from '../../../core/message/types.js'
import type { Address } from '../../../core/transport/flow.js'
import { printHostPort } from '../../../core/uri/host.js'
import { rawFields } from '../../../core/user-agent/fields.js'

/** What identifies a request of the examiner's. */
export interface Asking {
  readonly method: string
  /** The Request-URI, if not the examinee's. */
  readonly uri?: string
  readonly branch?: string
  readonly cseq?: number
  readonly toTag?: string
  /** The host and port of the top Via, if not the socket's own. */
  readonly sentBy?: string
  readonly version?: string
  readonly fields?: readonly Bytes[]
  /** Names of fields to leave out. */
  readonly without?: readonly string[]
  readonly body?: { readonly type: string; readonly content: Bytes }
}

/** A response and when it came: `performance.now()`. */
export interface Heard {
  readonly at: number
  readonly response: Response
}

/** One scenario's view of the network. */
export interface Examiner {
  readonly sentBy: string
  readonly request: (asking: Asking) => Bytes
  readonly send: (text: Bytes) => void
  /** Waits for a response that fits, at most `ms`; undefined when none came. */
  readonly hear: (fits: (response: Response) => boolean, ms: number) => Promise<Heard | undefined>
  /** Everything that came so far. */
  readonly heard: readonly Heard[]
  readonly wait: (ms: number) => Promise<void>
  /** Ends the calls that began: no examinee is left with one. */
  readonly close: () => Promise<void>
}

/** A response to that method, final unless another status is wanted. */
export const to =
  (method: string, from = 200, below = 700) =>
  (response: Response): boolean =>
    cseqMethod(response) === method && response.status >= from && response.status < below

/** Opens an examiner for one call. Rejects when the system gives no socket. */
export const examiner = async (target: Address, id: string): Promise<Examiner> => {
  const socket = await open(target)
  const heard: Heard[] = []
  const waiting = new Set<() => void>()
  const { address, port } = socket.address()
  const here = printHostPort(address, port)
  const there = printHostPort(target.host, target.port)
  let branches = 0

  socket.on('message', (octets: Buffer) => {
    const parsed = parse(octets.toString('latin1'))
    if (!isRight(parsed) || parsed.right._tag !== 'Response' || callId(parsed.right) !== id) return
    heard.push({ at: performance.now(), response: parsed.right })
    for (const look of waiting) look()
  })

  const request = ({
    method,
    uri = `sip:examinee@${there}`,
    branch,
    cseq = 1,
    toTag,
    sentBy = here,
    version = 'SIP/2.0',
    fields = [],
    without = [],
    body,
  }: Asking): Bytes => {
    const lines = [
      `Via: SIP/2.0/UDP ${sentBy};rport;branch=${branch ?? `z9hG4bK${id}${++branches}`}`,
      'Max-Forwards: 70',
      `From: <sip:examiner@${here}>;tag=examiner`,
      `To: <sip:examinee@${there}>${toTag === undefined ? '' : `;tag=${toTag}`}`,
      `Call-ID: ${id}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:examiner@${here}>`,
      ...fields,
      ...(body === undefined ? [] : [`Content-Type: ${body.type}`]),
      `Content-Length: ${body?.content.length ?? 0}`,
    ].filter((line) => !without.some((name) => line.startsWith(`${name}:`)))
    return `${method} ${uri} ${version}\r\n${lines.join('\r\n')}\r\n\r\n${body?.content ?? ''}`
  }
  const send = (text: Bytes): void => socket.send(Buffer.from(text, 'latin1'), target.port, target.host)
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms)
    })

  return {
    sentBy: here,
    heard,
    request,
    send,
    hear: (fits, ms) =>
      new Promise((resolve) => {
        const finish = (found?: Heard): void => {
          clearTimeout(timer)
          waiting.delete(look)
          resolve(found)
        }
        const look = (): void => {
          const found = heard.find(({ response }) => fits(response))
          if (found !== undefined) finish(found)
        }
        const timer = setTimeout(finish, ms)
        waiting.add(look)
        look()
      }),
    wait,
    close: async () => {
      const ringing = lastWords(heard).filter(({ status }) => status < 200)
      for (const response of ringing) send(request({ method: 'CANCEL', branch: branchOf(response) }))
      if (ringing.length > 0) await wait(GRACE)
      for (const response of lastWords(heard)) for (const asking of farewell(response)) send(request(asking))
      await new Promise<void>((resolve) => {
        socket.close(resolve)
      })
    },
  }
}

/** How long a call that rings is given to end once it is cancelled, ms. */
const GRACE = 300

/** The furthest response to each INVITE. */
const lastWords = (heard: readonly Heard[]): readonly Response[] => {
  const furthest = new Map<string, Response>()
  for (const { response } of heard)
    if (to('INVITE', 100)(response) && response.status >= (furthest.get(branchOf(response))?.status ?? 0))
      furthest.set(branchOf(response), response)
  return [...furthest.values()]
}

/** What the caller owes for an answer: 13.2.2.4 the ACK and, as nobody wants to talk, a BYE; 17.1.1.3 the ACK. */
const farewell = (response: Response): readonly Asking[] => {
  const tag = toTag(response)
  const asking = tag === undefined ? {} : { toTag: tag }
  if (response.status < 200) return []
  if (response.status >= 300) return [{ method: 'ACK', branch: branchOf(response), ...asking }]
  const uri = /<([^>\r\n]*)>/.exec(rawFields(response, 'Contact')[0] ?? '')?.[1]
  const within = { ...asking, ...(uri === undefined ? {} : { uri }) }
  return [
    { method: 'ACK', ...within },
    { method: 'BYE', cseq: 2, ...within },
  ]
}

const branchOf = (response: Response): string => branch(topVia(response)) ?? ''

const open = (target: Address): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(target.host) ? 'udp6' : 'udp4')
    socket.once('error', reject)
    // Connected for a moment, so that the system chooses the address by which the target can answer.
    socket.connect(target.port, target.host, () => {
      const { address } = socket.address()
      socket.close()
      const bound = createSocket(isIPv6(target.host) ? 'udp6' : 'udp4')
      bound.once('error', reject)
      bound.bind(0, address, () => {
        bound.removeAllListeners('error')
        bound.on('error', () => undefined) // an examinee that is not there shows by its silence
        resolve(bound)
      })
    })
  })

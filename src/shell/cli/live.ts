/** Messages as they come and go, a line each. */
import type { Bytes } from '../../core/data/bytes.js'
import type { Input, Output } from '../../core/events.js'
import type { Flow } from '../../core/transport/flow.js'
import { printHostPort } from '../../core/uri/host.js'

/** An observer that writes a line for each message: milliseconds since the first, direction, peer, start line, CSeq. */
export const liveLadder = (
  write: (line: string) => void,
): ((input: Input, effects: readonly Output[]) => void) => {
  let begun: number | undefined
  const line = (at: number, arrow: string, { remote }: Flow, bytes: Bytes): void => {
    begun ??= at
    const time = ((at - begun) / 1000).toFixed(3).padStart(9)
    write(`${time} ${arrow} ${printHostPort(remote.host, remote.port).padEnd(21)} ${summary(bytes)}`)
  }
  return ({ at, event }, effects) => {
    if (event._tag === 'Received') line(at, '◀──', event.flow, event.bytes)
    for (const effect of effects) if (effect._tag === 'Transmit') line(at, '──▶', effect.flow, effect.bytes)
  }
}

/** The start line without version, printable chars only, and of a response the method it answers. */
const summary = (bytes: Bytes): string => {
  const [start = ''] = bytes.slice(0, 200).split(/\r?\n/, 1)
  const plain = start
    .replace(/ ?SIP\/2\.0 ?/, '')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 70)
  const method = start.startsWith('SIP/')
    ? /\nCSeq[ \t]*:[ \t]*\d{1,10} ([!-~]{1,20})/i.exec(bytes)?.[1]
    : undefined
  return method === undefined ? plain : `${plain} (${method})`
}

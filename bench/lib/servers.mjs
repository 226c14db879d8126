// The servers that are compared, each with the command that starts it on a port.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { has, root } from './measure.mjs'

const kirm = existsSync(join(root, 'bench/peers/node_modules/sip/package.json'))
const kamailio = has('kamailio')

/** Answers octets with the same octets: what Node's UDP sockets cost, and so the limit. */
export const echo = { name: 'node echo', port: 5201, args: ['bench/servers/echo.mjs', '5201'] }

/** The same, its datagrams sent a few at once. */
export const echoTogether = {
  name: 'node echo, sent together',
  port: 5207,
  args: ['bench/servers/echo.mjs', '5207', 'together'],
}

export const sippet = { name: 'sippet', port: 5202, args: ['--expose-gc', 'bench/servers/uas.mjs', '5202'] }

const others = [
  ...(kirm
    ? [{ name: 'sip (npm)', port: 5203, args: ['--expose-gc', 'bench/servers/kirm.cjs', '5203'] }]
    : []),
]

const proxies = kamailio
  ? ['stateful', 'stateless'].map((kind, i) => ({
      name: `kamailio ${kind}`,
      port: 5204 + i,
      command: 'kamailio',
      args: [
        '-DD',
        '-E',
        '-f',
        `bench/servers/kamailio-${kind}.cfg`,
        '-l',
        `udp:127.0.0.1:${5204 + i}`,
        // An allocator and memory as for service: by default it checks every block, and asks for pages as it goes.
        '-x',
        'tlsf',
        '-X',
        'tlsf',
        '-m',
        '4000',
        '-Y',
        '/tmp',
      ],
      ready: null,
      asked: 5204 + i,
    }))
  : []

const sipp = has('sipp')
  ? [
      {
        name: 'sipp -sn uas',
        port: 5206,
        command: 'sipp',
        args: ['-sn', 'uas', '-i', '127.0.0.1', '-p', '5206', '-nostdin'],
        ready: null,
        settle: 500,
      },
    ]
  : []

/** Who answers OPTIONS. */
export const optionsServers = [echo, echoTogether, sippet, ...others, ...proxies]

/** Who takes calls. */
export const callServers = [sippet, ...others, ...sipp]

/** What is missing here, in words. */
export const missing = [
  ...(kirm ? [] : ['sip (npm) is not installed: npm ci --prefix bench/peers']),
  ...(kamailio ? [] : ['kamailio is not installed: apt-get install kamailio']),
]

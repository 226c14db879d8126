/** Stacks over real sockets, for the tests of transports. */
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { respond } from '../../../src/core/message/build.js'
import type { Request, Response } from '../../../src/core/message/types.js'
import type { Diagnostic, Reason, SendOptions } from '../../../src/core/events.js'
import type { Flow } from '../../../src/core/transport/flow.js'
import type { StackOptions } from '../../../src/shell/options.js'
import type { Stack } from '../../../src/shell/stack.js'
import { createStack } from '../../../src/shell/node/create-stack.js'
import { request as build } from '../../../src/shell/request.js'

/** What one stack has heard. */
export interface Heard {
  readonly stack: Stack
  readonly requests: Request[]
  /** The ways the requests came. */
  readonly flows: Flow[]
  readonly responses: Response[]
  readonly errors: Reason[]
  readonly diagnostics: Diagnostic[]
}

/** A stack that answers every request 200 and writes down all that it hears. */
export const party = async (options: Omit<StackOptions, 'name' | 'core'>): Promise<Heard> => {
  const requests: Request[] = []
  const flows: Flow[] = []
  const responses: Response[] = []
  const errors: Reason[] = []
  const diagnostics: Diagnostic[] = []
  const started = await createStack({
    ...options,
    name: 'party',
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    core: {
      receiveRequest: (request, key, stack, flow) => {
        requests.push(request)
        flows.push(flow)
        if (key._tag === 'Some') stack.send(respond(200)(request))
      },
      receiveResponse: (response) => responses.push(response),
      receiveError: (reason) => errors.push(reason),
    },
  })()
  if (isLeft(started)) throw new Error(`${started.left._tag}: ${started.left.what}`)
  return { stack: started.right, requests, flows, responses, errors, diagnostics }
}

/** An OPTIONS to a URI. */
export const options = (uri: string, more: Partial<Parameters<typeof build>[2]> = {}): Request => {
  const made = build('OPTIONS', uri, { from: 'sip:tester@127.0.0.1', ...more })
  if (isLeft(made)) throw new Error(made.left.what)
  return made.right
}

/** Sends, and fails the test when it may not. */
export const send = ({ stack }: Heard, request: Request, how?: SendOptions): void => {
  const sent = stack.send(request, how)
  if (!isRight(sent)) throw new Error(JSON.stringify(sent.left))
}

/** Waits until `holds`, at most `ms`. */
export const until = async (holds: () => boolean, ms = 5000): Promise<void> => {
  const end = performance.now() + ms
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms`)
    await new Promise((done) => setImmediate(done))
  }
}

/** The port of a stack's listener of a protocol. */
export const portOf = ({ stack }: Heard, protocol: string): number => {
  const found = stack.listeners().find((one) => one.protocol === protocol)
  if (found === undefined) throw new Error(`no ${protocol} listener`)
  return found.local.port
}

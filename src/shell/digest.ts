/** Digest in a running stack: which sides of it are wanted, and who knows the accounts. */
import { fromNullable, none } from 'fp-ts/lib/Option.js'
import { type ClientConfig, clientConfig } from '../core/auth/client-types.js'
import type { Question } from '../core/auth/question.js'
import { serverConfig } from '../core/auth/server-types.js'
import type { Account } from '../core/auth/session.js'
import type { Secret } from '../core/data/hash.js'
import type { Diagnostic, Event, ToApplication } from '../core/events.js'
import { digestClient } from '../core/user-agent/digest-client.js'
import { digestServer, type GuardConfig } from '../core/user-agent/digest-server.js'
import { around, type Machine, type UserAgentOptions } from '../core/user-agent/user-agent.js'

/** What a stack is told of digest. A side that is left out does not take place. */
export interface DigestOptions {
  /**
   * Finds an account: ours for a realm that challenged us (`Ours`), or that of who claims to be a user of ours
   * (`Theirs`). May take its time; undefined, a rejection or an exception is "no such account".
   */
  readonly findAccount: (question: Question) => Account | undefined | Promise<Account | undefined>
  /** Answer 401 and 407. */
  readonly client?: Partial<Omit<ClientConfig, 'secret'>>
  /** Let in only requests whose sender is proven, in this realm; needs the helpers. All but ACK and CANCEL by default. */
  readonly server?: { readonly realm: string } & Partial<Omit<GuardConfig, 'secret' | 'realm'>>
}

/** What stands inside of the user agent's other helpers. */
export const guardOf = (options: DigestOptions | undefined, secret: Secret): UserAgentOptions => {
  const server = options?.server
  if (server === undefined) return {}
  const config = {
    protects: () => true,
    ...serverConfig(server.kind ?? 'www', server.realm, secret),
    ...server,
  }
  return { guard: digestServer(config) }
}

/** What stands outside of them. */
export const withDigest = (
  options: DigestOptions | undefined,
  secret: Secret,
  agent: Machine<unknown>,
): Machine<unknown> =>
  options?.client === undefined
    ? agent
    : (around(digestClient({ ...clientConfig(secret), ...options.client }))(agent) as Machine<unknown>)

/** Asks the application, and tells the stack what it said. */
export const answerQuestion = (
  options: DigestOptions | undefined,
  { ref, question }: Extract<ToApplication, { readonly _tag: 'AccountWanted' }>,
  report: (event: Event) => void,
  onDiagnostic: ((diagnostic: Diagnostic) => void) | undefined,
): void => {
  const failed = (error: unknown): void => {
    const what = `no account could be looked up: ${error instanceof Error ? error.message : String(error)}`
    onDiagnostic?.({ _tag: 'Diagnostic', code: 'core-failed', what })
    report({ _tag: 'AccountFound', ref, account: none })
  }
  const found = (account: Account | undefined): void =>
    report({ _tag: 'AccountFound', ref, account: fromNullable(account) })
  try {
    const account = options?.findAccount(question)
    if (account instanceof Promise) account.then(found, failed)
    else found(account)
  } catch (error) {
    failed(error)
  }
}

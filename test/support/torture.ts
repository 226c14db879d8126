/** The torture messages of RFC 4475 and RFC 5118 and what is known of them. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Facts } from './facts.js'

const folder = resolve(import.meta.dirname, '../fixtures/torture')

/** One message. */
export interface Torture {
  readonly file: string
  /** Of its RFC. */
  readonly section: string
  readonly title: string
  /** `either`: the RFC allows to refuse it and to put up with it. */
  readonly verdict: 'accept' | 'reject' | 'either'
  /** Of a message to be refused: the answer, or `null` when it is dropped. */
  readonly status?: number | null
  /** What the element that receives it answers. */
  readonly answer: string
  readonly facts: Facts
}

export const torture: readonly Torture[] = JSON.parse(
  readFileSync(`${folder}/facts.json`, 'utf8'),
) as readonly Torture[]

/** Its octets. */
export const tortureText = ({ file }: Torture): string => readFileSync(`${folder}/${file}`, 'latin1')

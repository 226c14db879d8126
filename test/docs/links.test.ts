import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { documents } from './documents.js'

const root = resolve(import.meta.dirname, '../..')

/** The name under which a heading can be linked to: lower case, without punctuation, hyphens for spaces. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(' ', '-')

const prose = (markdown: string): string => markdown.replaceAll(/^([ \t]*)```[\s\S]*?^\1```/gm, '')

const anchors = (file: string): readonly string[] =>
  [...prose(readFileSync(file, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading))

/** The links of a document that lead nowhere; those to other machines are not followed. */
const broken = (document: string): readonly string[] =>
  [...prose(readFileSync(join(root, document), 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(https?|mailto):/.test(link))
    .filter((link) => {
      const [path = '', name] = link.split('#', 2)
      const file = path === '' ? join(root, document) : resolve(root, dirname(document), path)
      return !existsSync(file) || (name !== undefined && !anchors(file).includes(name))
    })

test.each(documents)('the links of %s lead somewhere', (document) => {
  expect(broken(document)).toEqual([])
})

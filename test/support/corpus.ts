import { readFileSync } from 'node:fs'
import { noShared, shared } from './shared.js'

/** The rows of a table of the shared corpus as octets, without its heading; none where the corpus is absent. */
export const corpus = (name: string): readonly (readonly string[])[] =>
  noShared
    ? []
    : readFileSync(`${shared}/corpus/${name}.tsv`, 'latin1')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t'))

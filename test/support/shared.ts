import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** The folder of reference data beside the project, or where SIPPET_SHARED says. */
export const shared: string = process.env['SIPPET_SHARED'] ?? resolve(import.meta.dirname, '../../../shared')

/** Without it the tests that read from it are skipped, and counted as such: `test.skipIf(noShared)`. */
export const noShared: boolean = !existsSync(shared)

// The tests that judge mutants: `node tools/mutate.mjs`.
import { fileURLToPath } from 'node:url'
import { BaseSequencer } from 'vitest/node'
import base from '../vitest.config.ts'

const rowsAlone = process.env.SIPPET_MUTATION === 'rows'

/** Those that are most likely to notice go first: the first failure ends a mutant. */
const order = ['conformance/machines', 'core/transaction/', 'core/layer/', 'core/stack/', 'core/']

const place = ({ moduleId }) => {
  const at = order.findIndex((part) => moduleId.includes(`/test/${part}`))
  return at < 0 ? order.length : at
}

class NearestFirst extends BaseSequencer {
  sort(files) {
    return Promise.resolve([...files].sort((a, b) => place(a) - place(b)))
  }
}

export default {
  ...base,
  test: {
    ...base.test,
    reporters: [],
    sequence: { sequencer: NearestFirst },
    setupFiles: rowsAlone ? [fileURLToPath(new URL('rows-alone.mjs', import.meta.url))] : [],
    include: [
      'test/conformance/machines.test.ts',
      ...(rowsAlone
        ? ['test/core/{transaction,layer}/**/*.test.ts']
        : [
            'test/core/{transaction,layer,stack,user-agent,codec,reference}/**/*.test.ts',
            'test/testing/**/*.test.ts',
          ]),
    ],
  },
}

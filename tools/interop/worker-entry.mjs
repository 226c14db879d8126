// What the module worker does: the lives of all seeds, for the page that asked.
import { seeds, sha256, trace } from './worker-lives.mjs'

postMessage(
  await Promise.all(
    seeds.map(async (seed) => {
      const text = trace(seed)
      return { text, sha256: await sha256(text) }
    }),
  ),
)

#!/usr/bin/env node
// Replays what `sippet serve --record FILE` wrote, and says whether every effect comes out the same:
//   node tools/replay.mjs FILE [--print]
import { serving } from '../dist/shell/cli/serving.js'
import { aboutRecording, replay } from '../dist/shell/node/index.js'

const [path, how] = process.argv.slice(2)
if (path === undefined) {
  console.error('usage: node tools/replay.mjs FILE [--print]')
  process.exit(2)
}

const about = aboutRecording(path)
if (about._tag === 'Left') {
  console.error(about.left)
  process.exit(2)
}

const see =
  how === '--print'
    ? (input, effects) => console.log(JSON.stringify({ at: input.at, event: input.event, effects }))
    : undefined
const result = replay(path, serving(about.right), see)
if (result._tag === 'Left') {
  console.error(result.left)
  process.exit(2)
}

const { steps, sha256, recorded } = result.right
console.log(`${steps} steps, effects ${sha256}`)
if (recorded === undefined) console.log('the recording does not say how it ended')
else if (recorded.sha256 === sha256 && recorded.steps === steps) console.log('the same as recorded')
else {
  console.log(`recorded: ${recorded.steps} steps, effects ${recorded.sha256}`)
  process.exitCode = 1
}

#!/usr/bin/env node
/** The `sippet` command: decodes its words and runs what they name. Exit 0 done, 1 it came out wrong, 2 not understood. */
import { isLeft } from 'fp-ts/lib/Either.js'
import { type Command, command, usage } from './arguments.js'
import { conform } from './conform.js'
import { demo } from './demo.js'
import { ladderCommand } from './ladder-command.js'
import { ping } from './ping.js'
import { serve } from './serve.js'

const run = (wanted: Command): Promise<number> => {
  switch (wanted._tag) {
    case 'Help':
      console.log(usage)
      return Promise.resolve(0)
    case 'Demo':
      return demo(wanted)
    case 'Serve':
      return serve(wanted)
    case 'Ping':
      return ping(wanted)
    case 'Ladder':
      return Promise.resolve(ladderCommand(wanted))
    case 'Conform':
      return conform(wanted)
  }
}

const wanted = command(process.argv.slice(2))
if (isLeft(wanted)) {
  console.error(`sippet: ${wanted.left}\n\n${usage}`)
  process.exitCode = 2
} else {
  process.exitCode = await run(wanted.right)
}

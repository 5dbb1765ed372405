#!/usr/bin/env node
import { processIo, schemas } from '../commands/index.ts'
import { exitCodes } from '../commands/io.ts'

const io = processIo()
// Whoever reads our words may have heard enough, as `head` does.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  process.exit(exitCodes.done)
})
try {
  process.exitCode = await schemas(process.argv.slice(2), io)
} catch (error) {
  io.err(`This is a bug in franz: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = exitCodes.bug
}

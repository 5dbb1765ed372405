import { readThrough } from './flipped.ts'

// Reads the folders that it is told: what is broken in them may end it.

process.on('disconnect', () => process.exit())
process.on('message', (folder: string) => void readThrough(folder).then(found => process.send!(found)))
process.send!('ready')

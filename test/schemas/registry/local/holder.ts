import { takeOwnership } from '../../../../schemas/registry/local/ownership.ts'

// Takes the folder it is given, says so, and holds it until it is ended.
await takeOwnership(process.argv[2]!, () => ({ pid: process.pid }))
process.send!('holding')
setInterval(() => {}, 60_000)

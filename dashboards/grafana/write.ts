import { fileURLToPath } from 'node:url'
import { main } from './generate.ts'

const isCheck = process.argv.includes('--check')
const stale = main(fileURLToPath(new URL('generated', import.meta.url)), isCheck)
console.log(
  stale.length === 0
    ? 'the dashboards are as they are declared'
    : `${isCheck ? 'stale' : 'written'}: ${stale.join(', ')}`,
)
if (isCheck && stale.length > 0) process.exitCode = 1

// Installs what the tests need beside the packages, where it can be had: strace records the system calls of the power-loss test.
import { spawnSync } from 'node:child_process'

const has = command => spawnSync(command, ['-V'], { stdio: 'ignore' }).status === 0
const isRoot = process.getuid?.() === 0

if (!has('strace') && isRoot && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0) {
  console.error('franz: installing strace for the power-loss test, once')
  const apt = (...args) =>
    spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  if (!apt('install', '-y', 'strace')) apt('update') && apt('install', '-y', 'strace')
}
if (!has('strace'))
  console.error(
    'franz: SKIPPING the power-loss test: strace is not there and cannot be installed. A build server must have it.',
  )

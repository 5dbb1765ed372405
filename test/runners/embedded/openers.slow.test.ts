import { expect, test } from 'vitest'
import { emptyFolder, logOf } from './folder.ts'
import { Other } from './other.ts'

// LMDB loses commits of one process while another one opens the file. The moment is short, so the opener is held up in it:
// each time it has read the heads of the file it waits, while this process goes on to write.

const heldUp = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=pread64', '-e', 'inject=pread64:delay_exit=4000']

/** What a process that appends sees of its own appends, while another one opens the folder so often. */
const lostWhile = async (way: string, openings: number): Promise<string> => {
  const folder = emptyFolder()
  await (await logOf({}, {}, folder)).close()
  const appending = new Other(['append and look', folder])
  expect(await appending.says()).toBe('appending')
  const opening = new Other([way, folder], { program: 'opening-process.ts', under: heldUp })
  const opened = (async () => {
    while (Number(await opening.says()) < openings);
    return 'nothing is lost'
  })()
  try {
    return await Promise.race([opened, appending.says(), appending.ended])
  } finally {
    await Promise.all([opening.leave(), appending.kill()])
  }
}

test('what is acknowledged stays, however often other processes open the folder meanwhile', async () => {
  expect(await lostWhile('as everybody does', 40)).toBe('nothing is lost')
})

test('this would be seen: a process that opens the file past the gate takes a commit from another one', async () => {
  expect(await lostWhile('past the gate', 2_000)).toMatch(/after \d+ appends the end is \d+|it ended/)
})

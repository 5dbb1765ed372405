import { describe, expect, onTestFinished, test } from 'vitest'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'
import { linesOf, newFolder } from '../runners/cli/folder.ts'

const strict = `
import { json, text, topic, topology } from 'franz'
const numbers = topic('command-numbers', { key: text, value: json<{ n: number }>('N'), partitions: 2 })
const letters = topic('command-letters', { key: text, value: text, partitions: 1 })
const small = topic('command-small', { key: text, value: text, partitions: 1 })
export default topology('command', { deadLetters: letters }, draft =>
  draft
    .stream(numbers)
    .map(({ n }) => { if (n > 3) throw new Error('too big'); return String(n) }, { as: text })
    .to(small))
`

describe.skipIf(lacks('kafka', 'kafka client'))('the command on Kafka', () => {
  test('makes topics, runs a pipeline in two processes, shows lag and dead letters, and resets what is stopped', async () => {
    const { bootstrap } = await sharedKafka()
    const { franz: command, start: begin } = newFolder({ 'strict.ts': strict })
    const env = { FRANZ_BROKERS: bootstrap }
    const franz = (args: string, input?: string) => command(args, input, env)

    expect((await franz('run strict.ts')).says).toContain('there is no topic "command-')
    await franz('topics create command-numbers --partitions 2')
    const running = begin('run strict.ts --create-topics --processes 2 --instance pair', undefined, env)
    onTestFinished(() => {
      if (running.child.exitCode === null) running.signal('SIGKILL')
    })
    await running.says(/command runs on Kafka at [\s\S]*command runs on Kafka at /)
    const made = await franz('produce command-numbers', linesOf([1, 4].map(n => ({ key: 'a', value: { n } }))))
    expect(made.says).toContain('2 records appended to command-numbers.')
    const tail = begin('tail command-letters --from start', undefined, env)
    await tail.says(/0:0 /)
    tail.signal('SIGINT')
    expect((await franz('tail command-small --from start --until-end --format json')).says).toContain('"value":"1"')
    expect((await franz('dlq')).says).toMatch(/command-letters {2}\d records?.*\n {2}STEP_FAILED at map 1: too big/)
    expect((await franz('dlq redrive command-letters')).says).toContain('Sent back 1 to command-numbers.')
    expect((await franz('lag command')).says).toMatch(/command {2}command-numbers {2}/)

    const refused = await franz('reset strict.ts')
    expect([refused.code, refused.says]).toEqual([
      1,
      expect.stringMatching(/command is at work: pair-\d at .*Stop it first/),
    ])
    running.signal('SIGINT')
    expect(await running.ended).toBe(0)
    expect((await franz('reset strict.ts --dry-run')).says).toMatch(
      /Would reset command:\n {2}\d+ records will be read again/,
    )
    expect((await franz('reset strict.ts')).code).toBe(0)
    expect((await franz('lag')).says).not.toMatch(/^command {2}/m)
  })

  test('ends with 4 where no broker answers, and says what to look at', async () => {
    const { franz } = newFolder({})
    const { code, says } = await franz('topics list --brokers 127.0.0.1:9')
    expect([code, says]).toEqual([4, expect.stringContaining('Are they up, and is the address right?')])
  })
})

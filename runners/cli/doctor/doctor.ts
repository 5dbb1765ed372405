import { type Command, CommandError } from '../command.ts'
import { logFlags } from '../open-log.ts'
import { registryFlag } from '../open-registry.ts'
import { checkBrokers, checkFolder, checkKafkaClient, checkNode, checkRegistry, type Finding } from './checks.ts'

const marks: Readonly<Record<Finding['state'], string>> = {
  good: 'ok         ',
  absent: '-          ',
  wrong: 'WRONG      ',
  unreachable: 'UNREACHABLE',
}

export const doctorCommand: Command = {
  usage: 'doctor',
  says: 'says what is installed and reachable, what is missing, and how to get it',
  flags: {
    ...logFlags,
    ...registryFlag,
    read: { type: 'boolean', says: 'reads all of the data folder, and finds what is not as it was written' },
    format: { type: 'string', says: 'text or json', default: 'text' },
  },
  async run(call) {
    const json = call.choice('format', ['text', 'json']) === 'json'
    const findings = [
      checkNode(),
      await checkFolder(call),
      await checkRegistry(call),
      await checkKafkaClient(call),
      ...(await checkBrokers(call)),
    ]
    if (json) console.log(JSON.stringify(findings))
    else for (const finding of findings) console.log(lineOf(finding))
    if (findings.some(({ state }) => state === 'unreachable')) throw new CommandError('unreachable', '')
    if (findings.some(({ state }) => state === 'wrong')) throw new CommandError('failed', '')
  },
}

const lineOf = ({ about, state, says, fix }: Finding): string =>
  `${marks[state]}  ${about}: ${says}${fix === undefined ? '' : `\n             ${fix}`}`

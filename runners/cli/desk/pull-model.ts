import { pullOllamaModel } from '../../connectors/models/index.ts'
import { type Command, CommandError } from '../command.ts'
import { Progress } from '../progress.ts'

const modelDefault = 'llama3.1'
const megabyte = 1_000_000

export const pullModelCommand: Command = {
  usage: 'pull-model',
  says: 'has the Ollama server at OLLAMA_BASE_URL fetch OLLAMA_MODEL, once, before the desk asks it',
  flags: {},
  async run({ env }) {
    const { OLLAMA_BASE_URL: url, OLLAMA_MODEL: model = modelDefault } = env
    let progress: Progress | undefined
    try {
      await pullOllamaModel({ url, model }, (done, all) => {
        progress ??= new Progress('MB', Math.round(all / megabyte))
        progress.at(Math.round(done / megabyte))
      })
    } catch (error) {
      const { cause, message } = error as Error
      throw new CommandError(
        'unreachable',
        `${model} cannot be fetched: ${cause instanceof Error ? cause.message : message}.`,
      )
    } finally {
      progress?.end()
    }
    console.log(`${model} is there.`)
  },
}

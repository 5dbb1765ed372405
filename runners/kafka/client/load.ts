import { needed } from './needed.ts'

/** The native client as it stands beside this file, or in the project that uses the package. Nothing else may import it. */
export const loadClient = async (): Promise<unknown> => {
  try {
    const name: string = needed.package
    const loaded = (await import(name)) as { readonly default: unknown }
    return loaded.default
  } catch (error) {
    throw new Error(
      `The Kafka client ${needed.package} ${needed.version} is not installed, or does not load: ${(error as Error).message.split('\n')[0]}\n` +
        `In a clone of Franz: npm run setup:kafka. In a project of yours: npm install ${needed.package}@${needed.version}. Both say what they miss.`,
      { cause: error },
    )
  }
}

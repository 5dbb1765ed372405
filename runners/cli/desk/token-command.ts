import { newToken, roles, tokensFrom } from '../../../dashboards/api/index.ts'
import { type Call, type Command, CommandError } from '../command.ts'
import { readTokens, tokensFile, writeTokens } from './tokens.ts'

const namePattern = /^[\w.@-]{1,60}$/

export const tokenCommand: Command = {
  usage: 'token create NAME --role ROLE | list | revoke NAME',
  says: "tokens for the dashboard's API: who may look, file tickets, or do everything",
  examples: ['TOKEN=$(npx franz token create ada --role admin)', 'curl -H "Authorization: Bearer $TOKEN" URL/api/kpis'],
  flags: {
    data: { type: 'string', says: 'the data folder', default: './data', value: 'DIR' },
    role: {
      type: 'string',
      says: `what it may: ${roles.join(', ')}, each also what those before it may`,
      value: 'ROLE',
    },
  },
  async run(call) {
    const [verb = 'list', name, ...more] = call.arguments
    const act = { create, list, revoke }[verb]
    if (act === undefined) throw new CommandError('usage', `token can create, list and revoke, not "${verb}".`)
    if (more.length > 0 || (verb !== 'list') !== (name !== undefined))
      throw new CommandError('usage', verb === 'list' ? '`token list` takes no name.' : `name one token to ${verb}.`)
    act(call, call.flag('data')!, name ?? '')
  },
}

const create = (call: Call, data: string, name: string): void => {
  if (!namePattern.test(name))
    throw new CommandError('usage', `"${name}" is no name for a token: letters, digits and . _ @ - are, 60 at most.`)
  if (call.flag('role') === undefined) throw new CommandError('usage', `say what it may: --role ${roles.join(' or ')}.`)
  const role = call.choice('role', roles)
  const tokens = readTokens(tokensFile(data))
  if (tokens.some(token => token.name === name))
    throw new CommandError('failed', `there is a token "${name}" already. Revoke it first, or take another name.`)
  const { token, kept } = newToken(name, role)
  writeTokens(data, [...tokens, kept])
  // Alone on its way, so that a script can take it.
  console.log(token)
  console.error(
    `This is the token of ${name}, with the role ${role}. It is shown this once: only its hash is kept, in ${tokensFile(data)}.` +
      '\nIt is known at once, to a desk that runs as well. Send it as: Authorization: Bearer TOKEN.',
  )
}

const list = (call: Call, data: string): void => {
  const kept = readTokens(tokensFile(data)).map(token => ({ ...token, from: tokensFile(data) }))
  const set = tokensFrom(call.env.FRANZ_API_TOKENS ?? '').map(token => ({ ...token, from: 'FRANZ_API_TOKENS' }))
  if (kept.length + set.length === 0)
    console.log('There are no tokens: everyone on this machine may do everything, and nobody else anything.')
  for (const { name, role, from } of [...kept, ...set]) console.log(`${name.padEnd(20)} ${role.padEnd(6)} ${from}`)
}

const revoke = (call: Call, data: string, name: string): void => {
  const tokens = readTokens(tokensFile(data))
  const left = tokens.filter(token => token.name !== name)
  if (left.length === tokens.length)
    throw new CommandError(
      'failed',
      `there is no token "${name}" in ${tokensFile(data)}. \`franz token list\` shows them.`,
    )
  writeTokens(data, left)
  console.log(`The token of ${name} is taken back, from a desk that runs as well.`)
  if (left.length === 0 && !call.env.FRANZ_API_TOKENS)
    console.log('It was the last: everyone on this machine may do everything again, and nobody else anything.')
}

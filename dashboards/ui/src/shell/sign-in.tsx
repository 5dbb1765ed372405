import { type FormEvent, useState } from 'react'
import { read, ServerProblem, signIn } from '../server/client.ts'
import type { Session } from '../server/types.ts'
import { needsToken } from '../server/use-answer.ts'
import { useWords } from '../text/index.ts'

/** Where a desk wants a token, this is all that is seen without one. */
export const SignIn = ({ isWrong }: { isWrong: boolean }) => {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState(isWrong ? t('wrongToken') : undefined)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    signIn(text.trim())
    try {
      const { role } = await read<Session>('/api/session')
      if (role === null) {
        signIn(undefined)
        setProblem(t('wrongToken'))
      } else needsToken.set(false)
    } catch (error) {
      setProblem(error instanceof ServerProblem ? error.message : t('awayFirst'))
    }
  }
  return (
    <main className="sign-in" id="content">
      <form onSubmit={submit} className="card">
        <h1>{t('signIn')}</h1>
        <p>{t('signInSays')}</p>
        <label>
          <span>{t('token')}</span>
          <input
            type="password"
            autoComplete="current-password"
            required
            value={text}
            onChange={event => setText(event.target.value)}
            aria-invalid={problem !== undefined}
          />
        </label>
        {problem !== undefined && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="button main">
          {t('signIn')}
        </button>
      </form>
    </main>
  )
}

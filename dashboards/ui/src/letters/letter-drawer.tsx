import { useState } from 'react'
import { send } from '../server/client.ts'
import type { DeadLetter } from '../server/types.ts'
import { Drawer } from '../shell/drawer.tsx'
import { useWords } from '../text/index.ts'

interface Shown {
  readonly letter: DeadLetter
  readonly mayRedrive: boolean
  readonly onDone: () => void
  readonly onClose: () => void
}

/** One dead letter: why, where from, what it says; and what it should say when it is sent again. */
export const LetterDrawer = ({ letter, mayRedrive, onDone, onClose }: Shown) => {
  const { t } = useWords()
  return (
    <Drawer title={letter.error.message} onClose={onClose}>
      <Facts letter={letter} />
      <Redrive letter={letter} mayRedrive={mayRedrive} onDone={onDone} />
      {!mayRedrive && <p className="faint">{t('mayNot')}</p>}
      <Headers letter={letter} />
      {letter.error.stack !== null && (
        <details>
          <summary>{t('stack')}</summary>
          <pre>{letter.error.stack}</pre>
        </details>
      )}
    </Drawer>
  )
}

const Facts = ({ letter }: { letter: DeadLetter }) => {
  const { t, moment } = useWords()
  const { origin } = letter
  return (
    <dl className="facts">
      <dt>{t('topic')}</dt>
      <dd>
        {letter.topic} {letter.partition}@{letter.offset}
      </dd>
      <dt>{t('cameFrom')}</dt>
      <dd>{origin === null ? '–' : `${origin.topic} ${origin.partition}@${origin.offset}`}</dd>
      <dt>{t('date')}</dt>
      <dd>{moment(letter.at)}</dd>
      <dt>{t('attempts')}</dt>
      <dd>{letter.attempts}</dd>
    </dl>
  )
}

const Redrive = ({ letter, mayRedrive, onDone }: Omit<Shown, 'onClose'>) => {
  const { t } = useWords()
  const [value, setValue] = useState(pretty(letter))
  const [said, setSaid] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [isSending, setSending] = useState(false)
  const isEdited = value !== pretty(letter)
  const redrive = async () => {
    setSending(true)
    setProblem(undefined)
    setSaid('')
    try {
      const path = `/api/dead-letters/${encodeURIComponent(letter.id)}/redrive`
      const { topic } = await send<{ topic: string }>(path, isEdited ? { value } : {})
      setSaid(t('redrivenNow', { topic }))
      onDone()
    } catch (error) {
      setProblem((error as Error).message)
    } finally {
      setSending(false)
    }
  }
  return (
    <>
      <Editor letter={letter} value={value} isLocked={!mayRedrive} isWrong={problem !== undefined} onEdit={setValue} />
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <p role="status" className="said-result">
        {said}
      </p>
      <div className="buttons">
        <button
          type="button"
          className="button main"
          disabled={!mayRedrive || isSending}
          onClick={() => void redrive()}
        >
          {t(isEdited ? 'redriveEdited' : 'redrive')}
        </button>
        {isEdited && (
          <button type="button" className="button" onClick={() => setValue(pretty(letter))}>
            {t('reset')}
          </button>
        )}
      </div>
    </>
  )
}

interface Edited {
  readonly letter: DeadLetter
  readonly value: string
  readonly isLocked: boolean
  readonly isWrong: boolean
  readonly onEdit: (value: string) => void
}

const Editor = ({ letter, value, isLocked, isWrong, onEdit }: Edited) => {
  const { t } = useWords()
  return (
    <label className="edited">
      <span>
        {t('value')} <small>{t('valueHint', { format: letter.format === 'json' ? 'JSON' : letter.format })}</small>
      </span>
      <textarea
        rows={12}
        spellCheck={false}
        value={value}
        disabled={isLocked}
        onChange={event => onEdit(event.target.value)}
        aria-invalid={isWrong}
      />
    </label>
  )
}

const Headers = ({ letter: { headers } }: { letter: DeadLetter }) => {
  const { t } = useWords()
  return (
    <details>
      <summary>
        {t('headers')} ({headers.length})
      </summary>
      <dl className="facts wide">
        {headers.map(({ name, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice
          <div key={at}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

const pretty = ({ value, format }: DeadLetter): string => {
  if (value === null) return ''
  if (format !== 'json') return value
  try {
    return JSON.stringify(JSON.parse(value), null, 2)
  } catch {
    return value
  }
}

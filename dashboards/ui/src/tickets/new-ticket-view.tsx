import { type FormEvent, useRef, useState } from 'react'
import { ServerProblem, send } from '../server/client.ts'
import type { Ticket } from '../server/types.ts'
import { Badge } from '../shell/badge.tsx'
import { Header } from '../shell/header.tsx'
import { Icon } from '../shell/icon.tsx'
import { Link } from '../shell/link.tsx'
import { useWords } from '../text/index.ts'

const empty = { title: '', description: '', user_name: '', user_email: '' }
type Draft = typeof empty
type FieldProblems = Readonly<Partial<Record<keyof Draft, string>>>

const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')

const missingIn = (draft: Draft) =>
  (['title', 'description', 'user_name'] as const).filter(name => draft[name].trim() === '')

const bodyOf = ({ user_email, ...rest }: Draft) =>
  user_email.trim() === '' ? rest : { ...rest, user_email: user_email.trim() }

/** Files a ticket. A second press, or a try after a break, never makes a second one. */
export const NewTicketView = ({ mayFile }: { mayFile: boolean }) => {
  const { t } = useWords()
  const [draft, setDraft] = useState<Draft>(empty)
  const [problems, setProblems] = useState<FieldProblems>({})
  const [failure, setFailure] = useState<string>()
  const [isFiling, setFiling] = useState(false)
  const [filed, setFiled] = useState<Ticket>()
  const key = useRef(newKey())
  const form = useRef<HTMLFormElement>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const missing = missingIn(draft)
    setProblems(Object.fromEntries(missing.map(name => [name, t('required')])))
    form.current?.querySelector<HTMLElement>(`[name=${missing[0]}]`)?.focus()
    if (missing.length > 0) return
    setFiling(true)
    setFailure(undefined)
    try {
      setFiled(await send<Ticket>('/api/tickets', bodyOf(draft), { 'idempotency-key': key.current }))
    } catch (error) {
      const fields = error instanceof ServerProblem ? error.fields : []
      setProblems(Object.fromEntries(fields.map(({ field, expected }) => [field, expected])))
      setFailure(error instanceof ServerProblem && error.status === 403 ? t('mayNot') : (error as Error).message)
    } finally {
      setFiling(false)
    }
  }
  const startAnew = () => {
    key.current = newKey()
    setDraft({ ...empty, user_name: draft.user_name, user_email: draft.user_email })
    setFiled(undefined)
  }

  if (filed !== undefined) return <Filed ticket={filed} onAnother={startAnew} />
  const field = { draft, problems, onChange: (changes: Partial<Draft>) => setDraft({ ...draft, ...changes }) }
  return (
    <>
      <Header title={t('newTicket')} says={t('newTicketSays')} />
      <form ref={form} className="card form" onSubmit={submit} noValidate>
        <Field {...field} name="title" label={t('subject')} max={500} />
        <Field {...field} name="description" label={t('body')} isLong max={100_000} />
        <div className="pair">
          <Field {...field} name="user_name" label={t('yourName')} complete="name" max={500} />
          <Field {...field} name="user_email" label={t('yourMail')} complete="email" max={254} isOptional />
        </div>
        {failure !== undefined && (
          <p className="problem" role="alert">
            {failure}
          </p>
        )}
        <button type="submit" className="button main" disabled={isFiling || !mayFile}>
          {isFiling ? t('filing') : t('file')}
        </button>
        {!mayFile && <p className="faint">{t('mayNot')}</p>}
      </form>
    </>
  )
}

interface FieldShown {
  readonly name: keyof Draft
  readonly label: string
  readonly draft: Draft
  readonly problems: FieldProblems
  readonly onChange: (changes: Partial<Draft>) => void
  readonly max: number
  readonly isLong?: boolean
  readonly isOptional?: boolean
  readonly complete?: string
}

const Field = ({
  name,
  label,
  draft,
  problems,
  onChange,
  max,
  isLong = false,
  isOptional = false,
  complete,
}: FieldShown) => {
  const { t } = useWords()
  const problem = problems[name]
  const shared = {
    id: `new-${name}`,
    name,
    value: draft[name],
    maxLength: max,
    'aria-invalid': problem !== undefined,
    'aria-describedby': problem === undefined ? undefined : `${name}-problem`,
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  }
  return (
    <label htmlFor={`new-${name}`}>
      <span>
        {label} {isOptional && <small>{t('optional')}</small>}
      </span>
      {isLong ? (
        <textarea rows={7} {...shared} />
      ) : (
        <input type={complete === 'email' ? 'email' : 'text'} autoComplete={complete ?? 'off'} {...shared} />
      )}
      {problem !== undefined && (
        <small className="problem" id={`${name}-problem`}>
          {problem}
        </small>
      )}
    </label>
  )
}

const Filed = ({ ticket, onAnother }: { ticket: Ticket; onAnother: () => void }) => {
  const { t } = useWords()
  return (
    <>
      <Header title={t('newTicket')} />
      <div className="card form done" role="status">
        <p className="done-mark">
          <Icon name="check" />
        </p>
        <h2>{ticket.subject}</h2>
        <p>{t('filed')}</p>
        {ticket.category !== null && (
          <p className="badges">
            <Badge value={ticket.category} />
            <Badge value={ticket.priority} />
            <Badge value={ticket.type} />
            {ticket.department !== null && <Badge value={ticket.department} />}
          </p>
        )}
        <div className="buttons">
          <Link className="button main" href={`/tickets?ticket=${ticket.id}`}>
            {t('see')}
          </Link>
          <button type="button" className="button" onClick={onAnother}>
            {t('another')}
          </button>
        </div>
      </div>
    </>
  )
}

import { useAnswer } from '../server/use-answer.ts'
import { Menu } from '../shell/menu.tsx'
import { setQuery, useRoute } from '../shell/route.ts'
import { useWords } from '../text/index.ts'

interface Picked {
  readonly uid: string
  readonly name: string
  readonly label: string
}

const known = { origin: 'origin', category: 'category', priority: 'priority' } as const

/** Which values of a variable the panels are asked for; none chosen means all. */
export const VariablePicker = ({ uid, name, label }: Picked) => {
  const words = useWords()
  const { query } = useRoute()
  const { data: options = [] } = useAnswer<readonly string[]>(
    `/api/dashboards/${encodeURIComponent(uid)}/variables/${encodeURIComponent(name)}`,
  )
  const chosen = query.get(`var-${name}`)?.split(',') ?? []
  const title = name in known ? words.t(known[name as keyof typeof known]) : label
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter(one => one !== value) : [...chosen, value]
    setQuery({ [`var-${name}`]: next.join(',') })
  }
  const says =
    chosen.length === 0
      ? words.t('all')
      : chosen.length === 1
        ? words.name(chosen[0])
        : words.t('chosen', { count: chosen.length })
  return (
    <Menu
      label={
        <>
          <span className="faint">{title}</span> {says}
        </>
      }
    >
      <fieldset className="options">
        <legend className="unseen">{title}</legend>
        {options.map(value => (
          <label key={value}>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            {words.name(value)}
          </label>
        ))}
        {options.length === 0 && <p className="faint">{words.t('nothing')}</p>}
      </fieldset>
      {chosen.length > 0 && (
        <button type="button" className="quiet" onClick={() => setQuery({ [`var-${name}`]: undefined })}>
          {words.t('all')}
        </button>
      )}
    </Menu>
  )
}

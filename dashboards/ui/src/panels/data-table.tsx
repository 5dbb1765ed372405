import type { PanelAnswer } from '../server/types.ts'
import { Badge } from '../shell/badge.tsx'
import { useWords } from '../text/index.ts'

const badged = /^(Platform|Category|Priority|Status)$/

/** The answer of a panel as a table. */
export const DataTable = ({ data, label }: { data: PanelAnswer; label: string }) => {
  const words = useWords()
  const cell = (value: string | number | boolean | null, type: string, column: string) => {
    if (value === null) return '–'
    if (column === 'Bytes') return words.short(Number(value))
    if (type === 'number') return column === 'No.' ? `#${value}` : words.count(Number(value))
    if (type === 'time') return words.moment(String(value))
    return badged.test(column) ? <Badge value={String(value)} /> : words.name(String(value))
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scrolled" tabIndex={0} aria-label={label}>
      <table className="plain">
        <thead>
          <tr>
            {data.columns.map(({ name, type }) => (
              <th key={name} scope="col" className={type === 'number' ? 'right' : undefined}>
                {words.name(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a query have no other name than their place
            <tr key={at}>
              {row.map((value, column) => {
                const { name, type } = data.columns[column]!
                return (
                  <td key={name} className={type === 'number' ? 'right' : undefined}>
                    {cell(value, type, name)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {data.cut && <p className="faint">{words.t('cut')}</p>}
    </section>
  )
}

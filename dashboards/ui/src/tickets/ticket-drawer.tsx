import type { TicketStory } from '../server/types.ts'
import { useAnswer } from '../server/use-answer.ts'
import { Badge } from '../shell/badge.tsx'
import { Drawer } from '../shell/drawer.tsx'
import { Icon } from '../shell/icon.tsx'
import { States } from '../shell/states.tsx'
import { useWords } from '../text/index.ts'

/** One ticket: what it says, where its labels come from, and what happened to it. */
export const TicketDrawer = ({ id, onClose }: { id: string; onClose: () => void }) => {
  const { t } = useWords()
  const answer = useAnswer<TicketStory>(`/api/tickets/${encodeURIComponent(id)}`)
  const { data } = answer
  return (
    <Drawer title={data === undefined ? `#${id}` : `#${data.number ?? '–'} ${data.subject}`} onClose={onClose}>
      <States answer={answer}>
        {ticket => (
          <>
            <p className="badges">
              <Badge value={ticket.status} />
              <Badge value={ticket.priority} />
              <Badge value={ticket.category} />
              <Badge value={ticket.type} />
            </p>
            {ticket.review_reason !== null && (
              <p className="review">
                <Icon name="warning" /> {t('review', { reason: ticket.review_reason })}
              </p>
            )}
            <p className="said">{ticket.body}</p>
            <Facts ticket={ticket} />
            <Provenance ticket={ticket} />
            <Story ticket={ticket} />
          </>
        )}
      </States>
    </Drawer>
  )
}

const Facts = ({ ticket }: { ticket: TicketStory }) => {
  const { t, moment } = useWords()
  return (
    <dl className="facts">
      <dt>{t('contact')}</dt>
      <dd>{ticket.contact}</dd>
      <dt>{t('origin')}</dt>
      <dd>
        <Badge value={ticket.origin} isDot />
      </dd>
      <dt>{t('date')}</dt>
      <dd>{moment(ticket.date)}</dd>
      <dt>{t('department')}</dt>
      <dd>{ticket.department ?? '–'}</dd>
    </dl>
  )
}

const Provenance = ({ ticket }: { ticket: TicketStory }) => {
  const { t, name } = useWords()
  const score = ticket.confidence_score
  return (
    <section>
      <h3>{t('provenance')}</h3>
      <dl className="facts">
        <dt>{t('labelledBy')}</dt>
        <dd>{name(ticket.label_source)}</dd>
        <dt>{t('confidence')}</dt>
        <dd>{score === null ? t('notScored') : <Meter score={score} />}</dd>
        <dt>{t('restsOn')}</dt>
        <dd>{name(ticket.confidence_source)}</dd>
        {ticket.model !== null && (
          <>
            <dt>{t('model')}</dt>
            <dd>
              <code>{ticket.model}</code>
            </dd>
          </>
        )}
        {ticket.prompt_version !== null && (
          <>
            <dt>{t('prompt')}</dt>
            <dd>
              <code>{ticket.prompt_version}</code>
            </dd>
          </>
        )}
      </dl>
      {ticket.answer !== null && (
        <details>
          <summary>{t('answer')}</summary>
          <pre>{ticket.answer}</pre>
        </details>
      )}
    </section>
  )
}

const Meter = ({ score }: { score: number }) => (
  <span className="meter">
    <span className="bar">
      <span style={{ width: `${score}%` }} className={score >= 75 ? 'good' : score >= 50 ? 'fair' : 'poor'} />
    </span>
    {score} %
  </span>
)

const Story = ({ ticket: { history } }: { ticket: TicketStory }) => {
  const { t, name, moment } = useWords()
  return (
    <section>
      <h3>{t('story')}</h3>
      {history.length === 0 && <p className="faint">{t('noStory')}</p>}
      <ol className="story">
        {history.map(({ at, event, details }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events are only ever added at the end
          <li key={index} className={event}>
            <p>
              <b>{name(event)}</b> <time dateTime={at}>{moment(at)}</time>
            </p>
            <p className="faint">{detailsText(details, name)}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

const detailsText = (details: Readonly<Record<string, unknown>>, name: (value: string) => string): string =>
  Object.values(details)
    .filter(value => typeof value === 'string' || typeof value === 'number')
    .map(value => name(String(value)))
    .join(' · ')

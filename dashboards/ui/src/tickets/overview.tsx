import { DashboardView } from '../panels/dashboard-view.tsx'
import { useWords } from '../text/index.ts'
import { TicketDrawer } from './ticket-drawer.tsx'
import { useTicketRoute } from './ticket-route.ts'
import { TicketTable } from './ticket-table.tsx'

/** What an administrator opens the page for: the figures, and the tickets themselves as they come. */
export const Overview = () => {
  const { t } = useWords()
  const { opened, open, close } = useTicketRoute()
  return (
    <>
      <DashboardView uid="franz-desk" />
      <section className="below" aria-labelledby="live-tickets">
        <h2 id="live-tickets">{t('tickets')}</h2>
        <TicketTable onOpen={open} isShort />
      </section>
      {opened !== undefined && <TicketDrawer id={opened} onClose={close} />}
    </>
  )
}

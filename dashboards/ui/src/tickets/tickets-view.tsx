import { Header } from '../shell/header.tsx'
import { Refresh } from '../shell/refresh.tsx'
import { useWords } from '../text/index.ts'
import { SavedViews } from './saved-views.tsx'
import { TicketDrawer } from './ticket-drawer.tsx'
import { useTicketRoute } from './ticket-route.ts'
import { TicketTable } from './ticket-table.tsx'

export const TicketsView = () => {
  const { t } = useWords()
  const { opened, open, close } = useTicketRoute()
  return (
    <>
      <Header title={t('tickets')}>
        <SavedViews />
        <Refresh />
      </Header>
      <TicketTable onOpen={open} />
      {opened !== undefined && <TicketDrawer id={opened} onClose={close} />}
    </>
  )
}

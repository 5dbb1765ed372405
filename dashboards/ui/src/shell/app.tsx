import { lazy, Suspense, useEffect } from 'react'
import { LettersView } from '../letters/letters-view.tsx'
import { DashboardView } from '../panels/dashboard-view.tsx'
import { token } from '../server/client.ts'
import { follow } from '../server/live.ts'
import { useStore } from '../server/store.ts'
import type { Session } from '../server/types.ts'
import { untilLoaded } from '../server/until-loaded.ts'
import { needsToken, useAnswer } from '../server/use-answer.ts'
import { useWords } from '../text/index.ts'
import { NewTicketView } from '../tickets/new-ticket-view.tsx'
import { Overview } from '../tickets/overview.tsx'
import { TicketsView } from '../tickets/tickets-view.tsx'
import { Frame } from './frame.tsx'
import { useRoute } from './route.ts'
import { SignIn } from './sign-in.tsx'

const PipelineView = lazy(() => untilLoaded(() => import('../pipeline/pipeline-view.tsx')))

export const App = () => {
  const isAsked = useStore(needsToken)
  const given = useStore(token)
  const session = useAnswer<Session>('/api/session', { live: false })
  const isOpen = session.data !== undefined && session.data.role !== null && !isAsked
  useEffect(() => {
    if (!isOpen) return
    const leaving = new AbortController()
    void follow(leaving.signal)
    return () => leaving.abort()
  }, [isOpen])
  if (isAsked || session.data?.role === null) return <SignIn isWrong={given !== undefined} />
  return (
    <Frame session={session.data}>
      <View mayRedrive={session.data?.role === 'admin'} mayFile={session.data?.role !== 'read'} />
    </Frame>
  )
}

const View = ({ mayRedrive, mayFile }: { mayRedrive: boolean; mayFile: boolean }) => {
  const { path } = useRoute()
  const { t } = useWords()
  if (path === '/') return <Overview />
  if (path.startsWith('/dashboards/')) return <DashboardView key={path} uid={path.slice('/dashboards/'.length)} />
  if (path === '/new') return <NewTicketView mayFile={mayFile} />
  if (path === '/dead-letters') return <LettersView mayRedrive={mayRedrive} />
  if (path === '/pipeline')
    return (
      <Suspense fallback={<p role="status">{t('loading')}</p>}>
        <PipelineView />
      </Suspense>
    )
  return <TicketsView />
}

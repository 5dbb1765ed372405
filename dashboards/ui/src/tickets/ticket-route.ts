import { setQuery, useRoute } from '../shell/route.ts'

/** Which ticket is open stands in the address, so that it can be sent to somebody. */
export const useTicketRoute = () => {
  const { query } = useRoute()
  return {
    opened: query.get('ticket') ?? undefined,
    open: (number: number | string) => setQuery({ ticket: String(number) }),
    close: () => setQuery({ ticket: undefined }),
  }
}

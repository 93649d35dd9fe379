import type { RtpCapabilities } from '@parley/protocol/media';
import { openEarly } from './socket.ts';
import { prefetchTicket } from './ticket.ts';

/**
 * For pages that are opened by link with `join=1`: while the application is still being loaded, fetches the ticket,
 * opens the socket, and asks the browser for its capabilities, so that `join` can be sent as soon as the call code is
 * there. Small enough for the first chunk; safe to call twice.
 */
export function startEarly(slug: string): void {
  const ticket = prefetchTicket(slug);
  if (!ticket) return;
  const warm = import('./warm.ts');
  warm.then(({ warmUp }) => warmUp()).catch(() => undefined);
  ticket
    .then((reply) =>
      openEarly(reply.ticket, (message) => {
        const capabilities = capabilitiesOf(message);
        if (capabilities) warm.then(({ loadDevice }) => loadDevice(capabilities)).catch(() => undefined);
      }),
    )
    // Said to the person by the session, which meets the same ticket.
    .catch(() => undefined);
}

function capabilitiesOf(message: object): RtpCapabilities | null {
  const { method, data } = message as { method?: string; data?: { routerRtpCapabilities?: RtpCapabilities } };
  return method === 'welcome' ? (data?.routerRtpCapabilities ?? null) : null;
}

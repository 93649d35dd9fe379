import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NetworkError } from './failure.ts';
import { prefetchTicket, takeTicket } from './ticket.ts';

const good = { ticket: 't', expiresInMs: 60_000, protocolVersion: 1 };
const answer = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
/** Puts a ticket into the page, as the server does for a link that enters at once. */
function carry(content: string | null, pathname = '/m/team'): void {
  let element: { content: string; remove: () => void } | null =
    content === null ? null : { content, remove: () => (element = null) };
  vi.stubGlobal('document', { querySelector: () => element });
  vi.stubGlobal('location', { pathname });
}
let fetched: ReturnType<typeof vi.fn<typeof fetch>>;

beforeEach(() => {
  fetched = vi.fn<typeof fetch>(() => Promise.resolve(answer(200, good)));
  vi.stubGlobal('fetch', fetched);
  carry(null);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('a ticket', () => {
  it('is asked for with the resume key, at the own origin', async () => {
    await expect(takeTicket('team', 'key')).resolves.toEqual(good);
    const [url, init] = fetched.mock.calls[0]!;
    expect(url).toBe('/api/v1/meetings/team/tickets');
    expect(init).toMatchObject({ method: 'POST', body: '{"resumeKey":"key"}' });
  });

  it('that was fetched early is used once', async () => {
    prefetchTicket('team');
    prefetchTicket('team');
    await takeTicket('team', undefined);
    expect(fetched).toHaveBeenCalledTimes(1);
    await takeTicket('team', undefined);
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('that was fetched early is not used for another meeting or after its time', async () => {
    prefetchTicket('team');
    await takeTicket('other', undefined);
    expect(fetched).toHaveBeenCalledTimes(2);
    vi.useFakeTimers({ toFake: ['Date'] });
    prefetchTicket('team');
    vi.setSystemTime(Date.now() + 58_000);
    await takeTicket('team', undefined);
    expect(fetched).toHaveBeenCalledTimes(4);
  });

  it('that came with the page is used once, and only for the meeting of the link', async () => {
    carry(btoa(JSON.stringify({ ...good, ticket: 'carried' })));
    prefetchTicket('team');
    await expect(takeTicket('team', undefined)).resolves.toMatchObject({ ticket: 'carried' });
    prefetchTicket('team');
    await expect(takeTicket('team', undefined)).resolves.toEqual(good);
    carry(btoa(JSON.stringify({ ...good, ticket: 'carried' })), '/m/other');
    prefetchTicket('team');
    await expect(takeTicket('team', undefined)).resolves.toEqual(good);
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('that came with the page and is damaged is asked for instead', async () => {
    carry('%%%');
    prefetchTicket('team');
    await expect(takeTicket('team', undefined)).resolves.toEqual(good);
  });

  it('that is refused gives the error of the table', async () => {
    fetched.mockResolvedValue(answer(503, { error: { key: 'MEETING_FULL', code: 4507, message: 'full' } }));
    await expect(takeTicket('team', undefined)).rejects.toMatchObject({ key: 'MEETING_FULL' });
  });

  it.each([
    ['no connection', () => Promise.reject(new TypeError('failed to fetch'))],
    ['a proxy that answers with a page', () => Promise.resolve(new Response('<html>', { status: 502 }))],
    ['an error that is not ours', () => Promise.resolve(answer(500, { error: 'oops' }))],
    ['an answer that is no ticket', () => Promise.resolve(answer(200, { ticket: 7 }))],
  ])('%s is a network matter', async (_name, respond) => {
    fetched.mockImplementation(respond);
    await expect(takeTicket('team', undefined)).rejects.toBeInstanceOf(NetworkError);
  });
});

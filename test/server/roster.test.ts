import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METHODS } from '@parley/protocol';
import { Roster } from '../support/roster.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { SignallingClient } from '../support/signalling-client.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer('server-roster', { PARLEY_WORKERS: '1', PARLEY_TRUSTED_PROXIES: '1' });
});
afterAll(() => server?.stop());

/** What a client must end up with: its snapshot and, after it, each event once and in order. */
function rosterOf(client: SignallingClient): Roster {
  const roster = new Roster();
  for (const { response, notification, method, data } of client.frames) {
    if (response && data && typeof data === 'object' && 'snapshot' in data)
      roster.start(METHODS.join.reply.parse(data).snapshot);
    if (notification && method === 'roomEvents') roster.apply(METHODS.roomEvents.params.parse(data));
  }
  return roster;
}

const people = (count: number, slug: string) =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      SignallingClient.open(server.url, slug, { address: `203.0.113.${index}` }),
    ),
  );

describe('the roster', () => {
  it('is the same for everybody after forty came at once, talked, and half of them left', async () => {
    const clients = await people(40, 'crowd');
    await Promise.all(clients.map((client, index) => client.join(`Guest ${index}`)));
    await Promise.all(
      clients.map((client, index) => client.request('sendChat', { text: `hello from ${index}` })),
    );
    const leaving = clients.filter((_, index) => index % 2 === 1);
    const staying = clients.filter((_, index) => index % 2 === 0);
    await Promise.all(leaving.map((client) => client.leave()));
    const last = staying.at(-1)!;
    await last.request('changeDisplayName', { displayName: 'The last one' });
    await Promise.all(
      staying.map((client) =>
        client.notice('roomEvents', ({ events }) => events.some(({ type }) => type === 'peerRenamed')),
      ),
    );

    const rosters = staying.map(rosterOf);
    for (const roster of rosters) {
      expect(roster.problems).toEqual([]);
      expect(roster.state()).toEqual(rosters[0]!.state());
    }
    expect(rosters[0]!.names()).toEqual(
      [
        ...staying
          .slice(0, -1)
          .map((client) => clients.indexOf(client))
          .map((index) => `Guest ${index}`),
        'The last one',
      ].sort(),
    );
    expect(rosters[0]!.chat).toHaveLength(40);
    for (const client of staying) client.socket.destroy();
  });

  it('is never told of changes before it was told of the state', async () => {
    for (let round = 0; round < 10; round += 1) {
      const clients = await people(20, `order-${round}`);
      await Promise.all(clients.map((client) => client.join('Guest')));
      for (const client of clients) {
        const reply = client.frames.findIndex(({ response }) => response);
        const early = client.frames.slice(0, reply).map(({ method }) => method);
        expect(early).toEqual(['welcome']);
        client.socket.destroy();
      }
    }
  });
});

describe('a socket that is lost', () => {
  it('keeps its place for a while; one that is closed on purpose does not', async () => {
    const [anna, ben, carl, dora] = (await people(4, 'lost')) as [
      SignallingClient,
      SignallingClient,
      SignallingClient,
      SignallingClient,
    ];
    for (const [client, name] of [
      [anna, 'Anna'],
      [ben, 'Ben'],
      [carl, 'Carl'],
      [dora, 'Dora'],
    ] as const)
      await client.join(name);
    ben.socket.destroy();
    carl.socket.close(1001);
    const left = await anna.notice('roomEvents', ({ events }) =>
      events.some(({ type }) => type === 'peerLeft'),
    );
    expect(left.events).toEqual([{ type: 'peerLeft', peerId: carl.peerId, reason: 'left' }]);
    dora.socket.close(4000);
    const closed = await anna.notice('roomEvents', ({ events }) =>
      events.some((event) => event.type === 'peerLeft' && event.peerId === dora.peerId),
    );
    expect(closed.events).toEqual([{ type: 'peerLeft', peerId: dora.peerId, reason: 'left' }]);
    expect(rosterOf(anna).names()).toEqual(['Anna', 'Ben']);

    const { resumeKey } = ben.welcome;
    const back = await SignallingClient.enter(server.url, 'lost', 'Ben', { resumeKey });
    expect(back.joined.snapshot.peers.map(({ name }) => name)).toEqual(['Anna', 'Ben']);
    await anna.settle();
    expect(rosterOf(anna).names()).toEqual(['Anna', 'Ben']);
    await back.leave();
    await anna.leave();
  });
});

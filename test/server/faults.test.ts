import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ERRORS } from '@parley/protocol';
import { metricsOf } from '../support/metrics.ts';
import { measured } from '../support/output.ts';
import { OP, RawWebSocket } from '../support/raw-websocket.ts';
import { vp8Parameters } from '../support/rtp-parameters.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { SignallingClient, signallingUrl, ticketFor } from '../support/signalling-client.ts';
import { until } from '../support/wait.ts';

let server: TestServer;
afterEach(() => server?.stop());

const VIEW = { tiles: 9, width: 320, height: 180 };
const status = async (path: string) => (await fetch(`${server.url}${path}`)).status;

async function publish(client: SignallingClient, transportId: string, ssrc = 1): Promise<string> {
  const { producerId } = await client.request('produce', {
    transportId,
    kind: 'video',
    source: 'camera',
    rtpParameters: vp8Parameters([ssrc]),
  });
  return producerId;
}

/** Kills these and waits until as many others are there. */
async function replaceWorkers(pids: number[]): Promise<number> {
  const wanted = server.workerPids().length;
  const began = performance.now();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await until(
    () => {
      const now = server.workerPids();
      return now.length === wanted && pids.every((pid) => !now.includes(pid));
    },
    { timeoutMs: 15_000, what: 'workers are replaced' },
  );
  return performance.now() - began;
}

describe('a worker that is killed', () => {
  it('takes neither the process along, nor seats, roster and chat; the media begins anew, elsewhere nothing happens', async () => {
    server = await startServer('server-faults-one', { PARLEY_WORKERS: '2' });
    const { url } = server;
    const [anna, ben] = [
      await SignallingClient.enter(url, 'first', 'Anna', { view: VIEW }),
      await SignallingClient.enter(url, 'first', 'Ben', { view: VIEW }),
    ];
    const carl = await SignallingClient.enter(url, 'second', 'Carl', { view: VIEW });
    await anna.request('sendChat', { text: 'before' });
    const producerId = await publish(anna, anna.joined.media.sendTransport.id);
    await ben.consumer((data) => data.producerId === producerId);
    expect(anna.joined.media.epoch).toBe(0);

    // Which worker carries which meeting is not told, so each is killed in turn; both meetings are hit once.
    const [one, two] = server.workerPids() as [number, number];
    const pid = server.process.pid;
    await replaceWorkers([one]);
    const firstHit = await Promise.race([
      anna.notice('mediaReset').then(() => anna),
      carl.notice('mediaReset').then(() => carl),
    ]);
    const spared = firstHit === anna ? carl : anna;
    await spared.settle();
    expect(spared.notices('mediaReset')).toEqual([]);
    await replaceWorkers([two]);

    const [forAnna, forBen, forCarl] = await Promise.all(
      [anna, ben, carl].map((client) => client.notice('mediaReset')),
    );
    expect([forAnna!.epoch, forBen!.epoch, forCarl!.epoch]).toEqual([1, 1, 1]);
    await anna.settle();
    for (const client of [anna, ben, carl]) expect(client.notices('mediaReset')).toHaveLength(1);
    expect(forAnna!.sendTransport.id).not.toBe(anna.joined.media.sendTransport.id);
    const gone = await ben.notice('roomEvents', ({ events }) =>
      events.some(({ type }) => type === 'trackRemoved'),
    );
    expect(gone.events).toContainEqual({ type: 'trackRemoved', peerId: anna.peerId, producerId });

    await expect(publish(anna, anna.joined.media.sendTransport.id)).rejects.toMatchObject({
      code: ERRORS.NO_SUCH_TRANSPORT.code,
    });
    await expect(
      anna.request('createWebRtcTransport', { epoch: 0, direction: 'send' }),
    ).rejects.toMatchObject({
      code: ERRORS.STALE_EPOCH.code,
    });
    const again = await publish(anna, forAnna!.sendTransport.id);
    expect(await ben.consumer((data) => data.producerId === again)).toMatchObject({
      epoch: 1,
      transportId: forBen!.recvTransport.id,
    });

    await ben.request('sendChat', { text: 'after' });
    const late = await SignallingClient.enter(url, 'first', 'Dora');
    expect(late.joined.media.epoch).toBe(1);
    expect(late.joined.snapshot.chat.map(({ text }) => text)).toEqual(['before', 'after']);
    expect(late.joined.snapshot.peers.map(({ name }) => name)).toEqual(['Anna', 'Ben', 'Dora']);

    expect(server.process.pid).toBe(pid);
    expect(server.process.exitCode).toBeNull();
    await until(async () => (await metricsOf(url)).get('parley_media_workers') === 2, {
      timeoutMs: 5_000,
      what: 'two workers',
    });
    expect(await status('/health/ready')).toBe(200);
    for (const client of [anna, ben, carl, late]) client.socket.destroy();
  });

  it('with all others leaves a live process that says that it is not ready, and then is again', async () => {
    server = await startServer('server-faults-all', { PARLEY_WORKERS: '2' });
    const anna = await SignallingClient.enter(server.url, 'meeting', 'Anna');
    // The first death is answered at once; after the second the pool waits, so that the time without workers can be seen.
    await replaceWorkers(server.workerPids());
    const first = await anna.notice('mediaReset', ({ epoch }) => epoch === 1);
    for (const pid of server.workerPids()) process.kill(pid, 'SIGKILL');
    const seen = await until(
      async () => {
        const response = await fetch(`${server.url}/health/ready`);
        return response.status === 503 ? ((await response.json()) as unknown) : null;
      },
      { timeoutMs: 5_000, what: 'not ready' },
    );
    expect(seen).toEqual({ status: 'not ready', problems: ['no media worker is alive'] });
    expect(await status('/health/live')).toBe(200);
    const second = await anna.notice('mediaReset', ({ epoch }) => epoch === 2);
    expect(second.recvTransport.id).not.toBe(first.recvTransport.id);
    await publish(anna, second.sendTransport.id);
    await until(async () => (await status('/health/ready')) === 200, {
      timeoutMs: 5_000,
      what: 'ready again',
    });
    anna.socket.destroy();
  });

  it('again and again is replaced again and again, and those who come meanwhile are told', async () => {
    server = await startServer('server-faults-again', { PARLEY_WORKERS: '1' });
    const anna = await SignallingClient.enter(server.url, 'meeting', 'Anna');
    const waits: number[] = [];
    for (let round = 1; round <= 3; round += 1) {
      waits.push(Math.round(await replaceWorkers(server.workerPids())));
      await anna.notice('mediaReset', ({ epoch }) => epoch === round);
    }
    measured('workers replaced after, ms', waits);
    const ticket = await ticketFor(server.url, 'another');
    process.kill(server.workerPids()[0]!, 'SIGKILL');
    await until(async () => (await status('/health/ready')) === 503, { timeoutMs: 5_000, what: 'not ready' });
    const refused = await RawWebSocket.open(signallingUrl(server.url, ticket)).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ status: 503, reason: 'MEDIA_UNAVAILABLE' });
    await expect(SignallingClient.open(server.url, 'meeting')).rejects.toMatchObject({
      status: 503,
      reason: 'MEDIA_UNAVAILABLE',
    });
    await anna.notice('mediaReset', ({ epoch }) => epoch === 4, 20_000);
    const ben = await SignallingClient.enter(server.url, 'meeting', 'Ben');
    expect(ben.joined.media.epoch).toBe(4);
    for (const client of [anna, ben]) client.socket.destroy();
  });
});

describe('SIGTERM', () => {
  it('says goodbye to everybody, also where nobody reads, and ends quickly with code 0', async () => {
    server = await startServer('server-faults-stop', { PARLEY_WORKERS: '1' });
    const { url } = server;
    const clients = await Promise.all(
      Array.from({ length: 10 }, (_, index) => SignallingClient.enter(url, 'meeting', `Guest ${index}`)),
    );
    const waiting = await SignallingClient.open(url, 'meeting');
    const deaf = await SignallingClient.enter(url, 'meeting', 'Deaf');
    deaf.socket.socket.pause();
    deaf.socket.dead = true;
    // Not reading, but not silent either: the keepalive alone would never give it up.
    const babble = setInterval(() => deaf.socket.frame(OP.pong, Buffer.from('still here')), 300);
    const { port } = new URL(url);
    const idle = connect(Number(port), '127.0.0.1');
    const half = connect(Number(port), '127.0.0.1');
    for (const socket of [idle, half]) socket.on('error', () => undefined);
    await Promise.all([once(idle, 'connect'), once(half, 'connect')]);
    half.write('POST /api/v1/meetings/x/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n');
    const workers = server.workerPids();

    const began = performance.now();
    const exit = once(server.process, 'exit') as Promise<[number | null, string | null]>;
    server.process.kill('SIGTERM');
    const goodbyes = await Promise.all([...clients, waiting].map((client) => client.notice('goodbye')));
    for (const goodbye of goodbyes) {
      expect(goodbye).toMatchObject({ code: ERRORS.SHUTTING_DOWN.code, key: 'SHUTTING_DOWN' });
      expect(goodbye.retryAfterMs).toBeGreaterThan(0);
    }
    const closings = await Promise.all([...clients, waiting].map((client) => client.socket.closed));
    expect(new Set(closings.map(({ code }) => code))).toEqual(new Set([ERRORS.SHUTTING_DOWN.code]));
    const [code, signal] = await exit;
    clearInterval(babble);
    const ms = Math.round(performance.now() - began);
    measured('SIGTERM to exit with a deaf client, ms', ms);
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(ms).toBeLessThan(5_000);
    await until(() => workers.every((pid) => !alive(pid)), { timeoutMs: 5_000, what: 'workers are gone' });
    for (const socket of [idle, half, deaf.socket.socket]) socket.destroy();
  });

  it('ends at once when everybody goes', async () => {
    server = await startServer('server-faults-quick', { PARLEY_WORKERS: '1' });
    const client = await SignallingClient.enter(server.url, 'meeting', 'Anna');
    const exit = once(server.process, 'exit');
    const began = performance.now();
    server.process.kill('SIGTERM');
    const [code] = (await exit) as [number | null];
    measured('SIGTERM to exit, ms', Math.round(performance.now() - began));
    expect(code).toBe(0);
    expect(client.notices('goodbye')).toHaveLength(1);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { ParleyError, PeerId, RoomSlug } from '@parley/protocol';
import { Tickets } from './tickets.ts';
import type { Admission } from './tickets.ts';

const SECRET = 'a secret for tests, thirty-two characters and more';
const ADMISSION: Admission = { slug: 'garden' as RoomSlug, peerId: 'anna' as PeerId, role: 'participant' };

function bench(secret = SECRET) {
  const clock = { now: 1_800_000_000_000 };
  let count = 0;
  const tickets = new Tickets(
    secret,
    () => clock.now,
    () => `id-${(count += 1)}`,
  );
  return { tickets, clock };
}

const keyOf = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (error: unknown) => (error as ParleyError).key,
  );

/** A token with claims of one's own, signed with the right key unless another is named. */
const forge = (claims: Record<string, unknown>, secret = SECRET, alg = 'HS256') =>
  new SignJWT(claims)
    .setProtectedHeader({ alg })
    .setIssuedAt(1_800_000_000)
    .setExpirationTime(1_800_000_060)
    .sign(new TextEncoder().encode(secret));

const GOOD = { kind: 'ticket', slug: 'garden', sub: 'anna', role: 'participant', jti: 'x' };

describe('a ticket', () => {
  it('says who comes where', async () => {
    const { tickets } = bench();
    expect(await tickets.spend(await tickets.issue(ADMISSION))).toEqual(ADMISSION);
  });

  it('is good once', async () => {
    const { tickets } = bench();
    const ticket = await tickets.issue(ADMISSION);
    await tickets.spend(ticket);
    expect(await keyOf(tickets.spend(ticket))).toBe('TICKET_USED');
  });

  it('is good once, also when twenty come with it at the same moment', async () => {
    const { tickets } = bench();
    const ticket = await tickets.issue(ADMISSION);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => keyOf(tickets.spend(ticket))));
    expect(outcomes.filter((outcome) => outcome === 'fine')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'TICKET_USED')).toHaveLength(19);
  });

  it('is void after a minute, and stays used until then', async () => {
    const { tickets, clock } = bench();
    const [early, late] = [await tickets.issue(ADMISSION), await tickets.issue(ADMISSION)];
    await tickets.spend(early);
    clock.now += tickets.lifetimeMs - 1000;
    expect(await keyOf(tickets.spend(early))).toBe('TICKET_USED');
    expect(await keyOf(tickets.spend(late))).toBe('fine');
    clock.now += 2000;
    expect(await keyOf(tickets.spend(early))).toBe('TICKET_EXPIRED');
  });

  it('of another installation is refused', async () => {
    const foreign = await bench('another secret of another installation, long enough').tickets.issue(
      ADMISSION,
    );
    expect(await keyOf(bench().tickets.spend(foreign))).toBe('TICKET_INVALID');
  });

  it('that was altered, or is none, is refused', async () => {
    const { tickets } = bench();
    const ticket = await tickets.issue(ADMISSION);
    const [head = '', body = '', mark = ''] = ticket.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const other = Buffer.from(JSON.stringify({ ...GOOD, exp: 1_900_000_000 })).toString('base64url');
    for (const bad of [
      '',
      'x',
      'a.b.c',
      `${head}.${other}.${mark}`,
      `${none}.${body}.`,
      `${head}.${body}`,
      `${ticket}x`,
    ]) {
      expect(await keyOf(tickets.spend(bad)), bad).toBe('TICKET_INVALID');
    }
  });

  it('needs claims that fit, even with the right signature', async () => {
    const { tickets } = bench();
    expect(await keyOf(tickets.spend(await forge(GOOD)))).toBe('fine');
    for (const change of [
      { slug: 'Not a slug' },
      { role: 'owner' },
      { sub: '' },
      { jti: undefined },
      { kind: 'other' },
    ]) {
      expect(await keyOf(tickets.spend(await forge({ ...GOOD, ...change })))).toBe('TICKET_INVALID');
    }
    expect(await keyOf(tickets.spend(await forge({ ...GOOD, jti: 'y' }, SECRET, 'HS512')))).toBe(
      'TICKET_INVALID',
    );
  });
});

describe('a resume key', () => {
  it('brings the same person back into the same meeting, again and again', async () => {
    const { tickets } = bench();
    const key = await tickets.issueResumeKey(ADMISSION);
    expect(await tickets.resume(key, ADMISSION.slug)).toEqual(ADMISSION);
    expect(await tickets.resume(key, ADMISSION.slug)).toEqual(ADMISSION);
  });

  it('is worth nothing in another meeting, after its time, from elsewhere, or as a ticket', async () => {
    const { tickets, clock } = bench();
    const key = await tickets.issueResumeKey(ADMISSION);
    expect(await tickets.resume(key, 'kitchen' as RoomSlug)).toBeNull();
    expect(await tickets.resume('nonsense', ADMISSION.slug)).toBeNull();
    expect(await tickets.resume(await tickets.issue(ADMISSION), ADMISSION.slug)).toBeNull();
    expect(await keyOf(tickets.spend(key))).toBe('TICKET_INVALID');
    const foreign = bench('another secret of another installation, long enough').tickets;
    expect(await tickets.resume(await foreign.issueResumeKey(ADMISSION), ADMISSION.slug)).toBeNull();
    clock.now += 13 * 3600_000;
    expect(await tickets.resume(key, ADMISSION.slug)).toBeNull();
  });
});

import { SignJWT, errors, jwtVerify } from 'jose';
import * as z from 'zod';
import { PeerId, Role, RoomSlug, ParleyError } from '@parley/protocol';
import type { Clock } from '../runtime.ts';

const TICKET_MS = 60_000;
/** How long somebody may come back as the same peer. */
const RESUME_MS = 12 * 3600_000;
/** Used tickets are remembered until they expire; more than this many at once is a flood. */
const MAX_REMEMBERED = 200_000;

const Claims = z.object({
  kind: z.enum(['ticket', 'resume']),
  slug: RoomSlug,
  sub: PeerId,
  role: Role,
  jti: z.string().max(64),
});

export interface Admission {
  readonly slug: RoomSlug;
  readonly peerId: PeerId;
  readonly role: Role;
}

/** Tickets: signed (HS256, RFC 7519), for one use within a minute. Resume keys: signed, longer, only good for a ticket. */
export class Tickets {
  readonly lifetimeMs = TICKET_MS;
  readonly #key: Uint8Array;
  readonly #now: Clock;
  readonly #newId: () => string;
  /** Id of a used ticket to the time at which it expires; in the order of use, so the oldest come first. */
  readonly #used = new Map<string, number>();

  constructor(secret: string, now: Clock, newId: () => string) {
    this.#key = new TextEncoder().encode(secret);
    this.#now = now;
    this.#newId = newId;
  }

  issue(admission: Admission): Promise<string> {
    return this.#sign('ticket', admission, TICKET_MS);
  }

  issueResumeKey(admission: Admission): Promise<string> {
    return this.#sign('resume', admission, RESUME_MS);
  }

  /** Checks and spends a ticket. @throws ParleyError TICKET_INVALID, TICKET_EXPIRED, TICKET_USED */
  async spend(ticket: string): Promise<Admission> {
    const { claims } = await this.#verify(ticket, 'ticket');
    // No `await` between looking and writing: two sockets with one ticket cannot both pass.
    this.#forgetOld();
    if (this.#used.has(claims.jti)) throw new ParleyError('TICKET_USED');
    if (this.#used.size >= MAX_REMEMBERED) throw new ParleyError('TOO_MANY_ATTEMPTS');
    this.#used.set(claims.jti, this.#now() + TICKET_MS);
    return { slug: claims.slug, peerId: claims.sub, role: claims.role };
  }

  /** The peer that a resume key stands for, or null when it is of another meeting, stale or not ours. */
  async resume(key: string, slug: RoomSlug): Promise<Admission | null> {
    try {
      const { claims } = await this.#verify(key, 'resume');
      return claims.slug === slug ? { slug, peerId: claims.sub, role: claims.role } : null;
    } catch {
      return null;
    }
  }

  #sign(kind: 'ticket' | 'resume', { slug, peerId, role }: Admission, lifetimeMs: number): Promise<string> {
    const seconds = Math.floor(this.#now() / 1000);
    return new SignJWT({ kind, slug, role })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(peerId)
      .setJti(this.#newId())
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + Math.floor(lifetimeMs / 1000))
      .sign(this.#key);
  }

  async #verify(token: string, kind: 'ticket' | 'resume') {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        currentDate: new Date(this.#now()),
      });
      const parsed = Claims.safeParse(payload);
      if (!parsed.success || parsed.data.kind !== kind) throw new ParleyError('TICKET_INVALID');
      return { claims: parsed.data };
    } catch (error) {
      if (error instanceof ParleyError) throw error;
      throw new ParleyError(error instanceof errors.JWTExpired ? 'TICKET_EXPIRED' : 'TICKET_INVALID');
    }
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [jti, expires] of this.#used) {
      if (expires > now) return;
      this.#used.delete(jti);
    }
  }
}

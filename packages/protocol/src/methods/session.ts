import * as z from 'zod';
import { PeerId, RoomSlug, SessionId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { MediaOffer, RtpCapabilities } from '../media.ts';
import { Capability, DeviceKind, DisplayName, LeaveReason, RoomEvent, RoomSnapshot, Role } from '../model.ts';
import { ANY_PHASE, JOINED, clientNotification, clientRequest, serverNotification } from './define.ts';

export const sessionMethods = {
  welcome: serverNotification({
    doc: 'First message on every socket: who you are, which protocol the server speaks, what its routers can do.',
    phases: ['waiting', 'admitted'],
    params: z.object({
      protocolVersion: z.number().int(),
      serverVersion: z.string().max(32),
      slug: RoomSlug,
      sessionId: SessionId,
      peerId: PeerId,
      /** Hand this to the next ticket request to come back as the same peer. */
      resumeKey: z.string().max(LIMITS.token),
      phase: z.enum(['waiting', 'admitted']),
      role: Role,
      capabilities: z.array(Capability).max(64),
      routerRtpCapabilities: RtpCapabilities,
    }),
  }),

  join: clientRequest({
    doc: 'Enter the meeting: in one step the peer is added, the snapshot taken and the flow of room events begun.',
    phases: ['admitted'],
    capability: null,
    rate: 'setup',
    params: z.object({
      protocolVersion: z.number().int(),
      displayName: DisplayName,
      device: DeviceKind.default('unknown'),
      rtpCapabilities: RtpCapabilities,
      /** How much the client shows before it has learned who is there: cameras up to `tiles`, each of this size. */
      view: z
        .object({
          tiles: z.number().int().min(0).max(LIMITS.tiles),
          width: z.number().int().min(1).max(LIMITS.tileSide),
          height: z.number().int().min(1).max(LIMITS.tileSide),
        })
        .optional(),
    }),
    reply: z.object({ snapshot: RoomSnapshot, media: MediaOffer }),
  }),

  leave: clientNotification({
    doc: 'Leave on purpose: the tile goes at once instead of after the connection timed out.',
    phases: ANY_PHASE,
    capability: null,
    rate: 'setup',
    params: z.object({}),
  }),

  ping: clientRequest({
    doc: 'Is anybody there? Pages cannot see WebSocket pings, so a half-open socket shows by the lack of this answer.',
    phases: ANY_PHASE,
    capability: null,
    rate: 'chatter',
    params: z.object({}),
    reply: z.object({}),
  }),

  changeDisplayName: clientRequest({
    doc: 'Change the own name.',
    phases: JOINED,
    capability: null,
    rate: 'control',
    params: z.object({ displayName: DisplayName }),
    reply: z.object({ displayName: z.string().max(LIMITS.name) }),
  }),

  roomEvents: serverNotification({
    doc: 'Changes of the meeting in order; `seq` is that of the last event, the first has `seq - events.length + 1`.',
    phases: JOINED,
    params: z.object({
      seq: z.number().int().min(0),
      events: z.array(RoomEvent).min(1).max(LIMITS.eventsPerBatch),
    }),
  }),

  mediaReset: serverNotification({
    doc: 'The worker behind the media is gone: build new transports, publish again. Seat, roster and chat stay.',
    phases: JOINED,
    params: MediaOffer,
  }),

  refused: serverNotification({
    doc: 'A frame or notification from the client was not taken, and why. (A refused request is answered instead.)',
    phases: ANY_PHASE,
    params: z.object({
      code: z.number().int(),
      key: z.string().max(32),
      method: z.string().max(64).nullable(),
      detail: z.string().max(256).nullable(),
    }),
  }),

  goodbye: serverNotification({
    doc: 'Last message before the server closes the socket: why, and after how long a return makes sense.',
    phases: ANY_PHASE,
    params: z.object({
      code: z.number().int(),
      key: z.string().max(32),
      reason: LeaveReason.nullable(),
      /** Milliseconds; null where the client should not come back by itself. */
      retryAfterMs: z.number().int().min(0).nullable(),
    }),
  }),
};

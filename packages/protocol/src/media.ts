import * as z from 'zod';
import { LIMITS } from './limits.ts';
import { TransportId } from './ids.ts';

/**
 * Bounded forms of the RTP, ICE and DTLS descriptions of mediasoup v3 (https://mediasoup.org/documentation/v3/mediasoup/
 * rtp-parameters-and-capabilities/). A malformed one must never reach a worker, so every list, string and number has a
 * bound. Unknown keys are dropped, not refused: browsers add fields faster than servers are updated.
 */
const short = (max = 128) => z.string().max(max);
const uint32 = z.number().int().min(0).max(0xffffffff);
const payloadType = z.number().int().min(0).max(127);

export const MediaKind = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof MediaKind>;

/** Any number that survives JSON exactly; the values are counts, levels and profile numbers. */
const parameterNumber = z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

const codecParameters = z
  .record(short(64), z.union([short(512), parameterNumber, z.null()]))
  .refine((value) => Object.keys(value).length <= LIMITS.codecParameters, 'too many codec parameters')
  .meta({ maxProperties: LIMITS.codecParameters });

const rtcpFeedback = z
  .array(z.object({ type: short(32), parameter: short(32).optional() }))
  .max(LIMITS.rtcpFeedback);

const mimeType = short(64).regex(/^(audio|video)\/[A-Za-z0-9.+-]+$/i);

const codecBase = {
  mimeType,
  clockRate: z.number().int().min(1).max(1_000_000),
  channels: z.number().int().min(1).max(24).optional(),
  parameters: codecParameters.optional(),
  rtcpFeedback: rtcpFeedback.optional(),
};

export const RtpCapabilities = z.object({
  codecs: z
    .array(z.object({ ...codecBase, kind: MediaKind, preferredPayloadType: payloadType.optional() }))
    .max(LIMITS.codecs)
    .optional(),
  headerExtensions: z
    .array(
      z.object({
        kind: MediaKind,
        uri: short(256),
        preferredId: z.number().int().min(1).max(255),
        preferredEncrypt: z.boolean().optional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
      }),
    )
    .max(LIMITS.headerExtensions)
    .optional(),
});
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

export const RtpParameters = z.object({
  mid: short(32).optional(),
  codecs: z
    .array(z.object({ ...codecBase, payloadType }))
    .min(1)
    .max(LIMITS.codecs),
  headerExtensions: z
    .array(
      z.object({
        uri: short(256),
        id: z.number().int().min(1).max(255),
        encrypt: z.boolean().optional(),
        parameters: codecParameters.optional(),
      }),
    )
    .max(LIMITS.headerExtensions)
    .optional(),
  encodings: z
    .array(
      z.object({
        ssrc: uint32.optional(),
        rid: short(16)
          .regex(/^[A-Za-z0-9]+$/)
          .optional(),
        codecPayloadType: payloadType.optional(),
        rtx: z.object({ ssrc: uint32 }).optional(),
        dtx: z.boolean().optional(),
        scalabilityMode: short(32).optional(),
        scaleResolutionDownBy: z.number().min(1).max(64).optional(),
        maxBitrate: z.number().int().min(0).max(1_000_000_000).optional(),
        maxFramerate: z.number().min(0).max(1000).optional(),
        active: z.boolean().optional(),
      }),
    )
    .max(LIMITS.encodings)
    .optional(),
  rtcp: z
    .object({
      cname: short(256).optional(),
      reducedSize: z.boolean().optional(),
      mux: z.boolean().optional(),
    })
    .optional(),
  msid: short(256).optional(),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

export const IceParameters = z.object({
  usernameFragment: z.string().min(4).max(256),
  password: z.string().min(22).max(256),
  iceLite: z.boolean().optional(),
});
export type IceParameters = z.infer<typeof IceParameters>;

export const IceCandidate = z.object({
  foundation: short(64),
  priority: uint32,
  ip: short(64),
  address: short(64),
  protocol: z.enum(['udp', 'tcp']),
  port: z.number().int().min(0).max(65535),
  type: z.enum(['host', 'srflx', 'prflx', 'relay']),
  tcpType: z.enum(['active', 'passive', 'so']).optional(),
});
export type IceCandidate = z.infer<typeof IceCandidate>;

export const DtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: short(256).regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})+$/),
      }),
    )
    .min(1)
    .max(LIMITS.fingerprints),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

/** What a client needs to build its side of a WebRTC transport. */
export const TransportOptions = z.object({
  id: TransportId,
  iceParameters: IceParameters,
  iceCandidates: z.array(IceCandidate).max(LIMITS.iceCandidates),
  dtlsParameters: DtlsParameters,
});
export type TransportOptions = z.infer<typeof TransportOptions>;

/**
 * The media side of a session: everything a client needs to publish and to receive. It is handed out at `join`, and
 * again, with the next epoch, in `mediaReset` when the worker behind it is gone.
 */
export const MediaOffer = z.object({
  /** Counts up each time the media side is rebuilt; requests that belong to an older one answer `STALE_EPOCH`. */
  epoch: z.number().int().min(0),
  sendTransport: TransportOptions,
  recvTransport: TransportOptions,
});
export type MediaOffer = z.infer<typeof MediaOffer>;

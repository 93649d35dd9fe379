import * as z from 'zod';
import { ConsumerId, PeerId, ProducerId, TransportId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { MediaKind, RtpParameters } from '../media.ts';
import { Quality, TileView, TrackSource } from '../model.ts';
import { JOINED, clientNotification, clientRequest, serverNotification, serverRequest } from './define.ts';

const layers = z.object({
  spatialLayer: z.number().int().min(0).max(7),
  temporalLayer: z.number().int().min(0).max(7).nullable(),
});

const producerAction = (doc: string) =>
  clientRequest({
    doc,
    phases: JOINED,
    capability: null,
    rate: 'control',
    params: z.object({ producerId: ProducerId }),
    reply: z.object({}),
  });

const consumerNotice = (doc: string) =>
  serverNotification({ doc, phases: JOINED, params: z.object({ consumerId: ConsumerId }) });

export const trackMethods = {
  produce: clientRequest({
    doc: 'Publish a track. The capability follows from `source`; one live producer per source, a new one replaces it.',
    phases: JOINED,
    capability: null,
    rate: 'setup',
    params: z.object({
      transportId: TransportId,
      kind: MediaKind,
      source: TrackSource,
      rtpParameters: RtpParameters,
      paused: z.boolean().default(false),
    }),
    reply: z.object({ producerId: ProducerId }),
  }),

  closeProducer: producerAction('Stop publishing a track.'),
  pauseProducer: producerAction('Mute: nothing of the track is forwarded until it is resumed.'),
  resumeProducer: producerAction('End the mute.'),

  setView: clientNotification({
    doc: 'The whole of what is shown now, with sizes. The server derives consumers and layers; what is not shown is not sent.',
    phases: JOINED,
    capability: null,
    rate: 'chatter',
    params: z.object({ tiles: z.array(TileView).max(LIMITS.tiles) }),
  }),

  requestKeyFrame: clientNotification({
    doc: 'Ask for a key frame of a consumer whose picture does not come.',
    phases: JOINED,
    capability: null,
    rate: 'control',
    params: z.object({ consumerId: ConsumerId }),
  }),

  newConsumer: serverRequest({
    doc: 'Receive a track. Acknowledged by the client when its receiver exists; only then is the consumer resumed.',
    phases: JOINED,
    params: z.object({
      epoch: z.number().int().min(0),
      transportId: TransportId,
      consumerId: ConsumerId,
      producerId: ProducerId,
      peerId: PeerId,
      source: TrackSource,
      kind: MediaKind,
      type: z.enum(['simple', 'simulcast', 'svc']),
      rtpParameters: RtpParameters,
      producerPaused: z.boolean(),
    }),
    reply: z.object({}),
  }),

  consumerClosed: consumerNotice('The track ended, or is no longer shown.'),
  consumerPaused: consumerNotice('The track is muted or off, or not shown at the moment.'),
  consumerResumed: consumerNotice('The track flows again.'),

  consumerLayersChanged: serverNotification({
    doc: 'Which simulcast layers are being forwarded; null when none.',
    phases: JOINED,
    params: z.object({ consumerId: ConsumerId, layers: layers.nullable() }),
  }),

  activeSpeaker: serverNotification({
    doc: 'Who speaks now; null in silence.',
    phases: JOINED,
    params: z.object({ peerId: PeerId.nullable() }),
  }),

  audioLevels: serverNotification({
    doc: 'Loudness of those who can be heard, in dBov (-127 to 0); who is not in the list is silent.',
    phases: JOINED,
    params: z.object({
      levels: z.array(z.object({ peerId: PeerId, volume: z.number().min(-127).max(0) })).max(LIMITS.peers),
    }),
  }),

  peerQualities: serverNotification({
    doc: 'Uplink quality of people whose quality changed.',
    phases: JOINED,
    params: z.object({
      qualities: z.array(z.object({ peerId: PeerId, quality: Quality })).max(LIMITS.peers),
    }),
  }),
};

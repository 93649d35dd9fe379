import * as z from 'zod';
import { TransportId } from '../ids.ts';
import { DtlsParameters, IceParameters, TransportOptions } from '../media.ts';
import { JOINED, clientRequest } from './define.ts';

export const transportMethods = {
  createWebRtcTransport: clientRequest({
    doc: 'Replace the transport of one direction (the first pair comes with the reply to `join`).',
    phases: JOINED,
    capability: null,
    rate: 'setup',
    params: z.object({ epoch: z.number().int().min(0), direction: z.enum(['send', 'recv']) }),
    reply: TransportOptions,
  }),

  connectWebRtcTransport: clientRequest({
    doc: 'Hand over the DTLS parameters of the client side.',
    phases: JOINED,
    capability: null,
    rate: 'setup',
    params: z.object({ transportId: TransportId, dtlsParameters: DtlsParameters }),
    reply: z.object({}),
  }),

  restartIce: clientRequest({
    doc: 'New ICE credentials for a transport whose path is lost.',
    phases: JOINED,
    capability: null,
    rate: 'setup',
    params: z.object({ transportId: TransportId }),
    reply: z.object({ iceParameters: IceParameters }),
  }),
};

import { LIMITS, ParleyError } from '@parley/protocol';
import type { TransportId } from '@parley/protocol';
import type { Peer } from '../../room/peer.ts';
import type { MediaTransport } from '../../room/ports.ts';
import type { Handlers } from './types.ts';
import { peerOf } from './types.ts';

export const transportHandlers: Pick<
  Handlers,
  'createWebRtcTransport' | 'connectWebRtcTransport' | 'restartIce'
> = {
  async createWebRtcTransport(session, { epoch, direction }) {
    const peer = peerOf(session);
    if (epoch !== session.room.epoch) throw new ParleyError('STALE_EPOCH');
    if (peer.transports.size >= LIMITS.transportsPerPeer) throw new ParleyError('QUOTA_EXCEEDED');
    const transport = await session.room.addTransport(peer, direction);
    return transport.options;
  },

  async connectWebRtcTransport(session, { transportId, dtlsParameters }) {
    await transportOf(peerOf(session), transportId).connect(dtlsParameters);
    return {};
  },

  async restartIce(session, { transportId }) {
    return { iceParameters: await transportOf(peerOf(session), transportId).restartIce() };
  },
};

function transportOf(peer: Peer, id: TransportId): MediaTransport {
  const entry = peer.transports.get(id);
  if (!entry || entry.transport.closed) throw new ParleyError('NO_SUCH_TRANSPORT');
  return entry.transport;
}

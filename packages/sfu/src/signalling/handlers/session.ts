import { PROTOCOL_VERSION, ParleyError } from '@parley/protocol';
import type { Handlers } from './types.ts';
import { peerOf } from './types.ts';

export const sessionHandlers: Pick<Handlers, 'join' | 'leave' | 'ping' | 'changeDisplayName'> = {
  async join(session, params) {
    if (params.protocolVersion !== PROTOCOL_VERSION) {
      throw new ParleyError('VERSION_MISMATCH', `the server speaks ${PROTOCOL_VERSION}`);
    }
    const { room } = session;
    // A second `join` that arrives while the first one is under way must not make a second peer.
    session.joining();
    try {
      const { peer, snapshot, media } = await room.join({
        id: session.peerId,
        role: session.role,
        name: params.displayName,
        device: params.device,
        rtpCapabilities: params.rtpCapabilities,
        view: params.view,
        link: session,
      });
      if (session.closed) {
        room.leave(peer, 'connectionLost');
        throw new ParleyError('CLOSED');
      }
      session.joined(peer);
      const { speaker } = room.loudness;
      if (speaker !== null) setImmediate(() => session.notify('activeSpeaker', { peerId: speaker }));
      return { snapshot, media };
    } catch (error) {
      session.phase = 'admitted';
      throw error;
    }
  },

  leave(session) {
    if (session.peer) session.room.leave(session.peer, 'left');
    session.close(new ParleyError('CLOSED'), null, 'left');
  },

  ping() {
    return {};
  },

  changeDisplayName(session, { displayName }) {
    session.room.rename(peerOf(session), displayName);
    return { displayName };
  },
};

import { closeTrack, produce, setPaused } from '../../room/tracks.ts';
import { ParleyError } from '@parley/protocol';
import type { Handlers } from './types.ts';
import { peerOf } from './types.ts';

type TrackMethods =
  'produce' | 'closeProducer' | 'pauseProducer' | 'resumeProducer' | 'setView' | 'requestKeyFrame';

export const trackHandlers: Pick<Handlers, TrackMethods> = {
  async produce(session, params) {
    return { producerId: await produce(session.room, peerOf(session), params) };
  },

  closeProducer(session, { producerId }) {
    closeTrack(session.room, peerOf(session), producerId);
    return {};
  },

  async pauseProducer(session, { producerId }) {
    await setPaused(session.room, peerOf(session), producerId, true);
    return {};
  },

  async resumeProducer(session, { producerId }) {
    await setPaused(session.room, peerOf(session), producerId, false);
    return {};
  },

  setView(session, { tiles }) {
    peerOf(session).subscriptions.show(tiles);
  },

  async requestKeyFrame(session, { consumerId }) {
    const consumer = peerOf(session).subscriptions.consumer(consumerId);
    if (!consumer) throw new ParleyError('NO_SUCH_CONSUMER');
    await consumer.requestKeyFrame();
  },
};

import type { Params, ProducerId, Quality } from '@parley/protocol';
import { LIMITS, ParleyError, SOURCE_CAPABILITY, SOURCE_KIND } from '@parley/protocol';
import { broadcastOf } from './broadcast.ts';
import { trackInfo } from './peer.ts';
import type { Peer, Track } from './peer.ts';
import type { Room } from './room.ts';

/** Publishing: what a peer sends into the meeting. */

/** @throws ParleyError NOT_ALLOWED, BAD_REQUEST, NO_SUCH_TRANSPORT, QUOTA_EXCEEDED, UNSUPPORTED_MEDIA, STALE_EPOCH */
export async function produce(room: Room, peer: Peer, params: Params<'produce'>): Promise<ProducerId> {
  const { source, kind } = params;
  if (!peer.capabilities.includes(SOURCE_CAPABILITY[source])) throw new ParleyError('NOT_ALLOWED', source);
  if (SOURCE_KIND[source] !== kind)
    throw new ParleyError('BAD_REQUEST', `${source} is ${SOURCE_KIND[source]}`);
  const entry = peer.transports.get(params.transportId);
  if (!entry || entry.direction !== 'send') throw new ParleyError('NO_SUCH_TRANSPORT');
  if (peer.tracks.size >= LIMITS.producersPerPeer) throw new ParleyError('QUOTA_EXCEEDED');

  const { epoch } = room;
  const { transport } = entry;
  const producer = await transport.produce({
    kind,
    rtpParameters: params.rtpParameters,
    paused: params.paused,
    voice: source === 'microphone',
  });
  if (peer.closed || epoch !== room.epoch || transport.closed) {
    producer.close();
    throw new ParleyError(peer.closed ? 'CLOSED' : 'STALE_EPOCH');
  }
  const earlier = peer.trackOf(source);
  if (earlier) remove(room, peer, earlier);
  const track: Track = { producer, source, paused: params.paused, score: 10 };
  peer.tracks.set(producer.id, track);
  if (source === 'microphone') room.loudness.own(producer.id, peer);
  producer.onScore = (score) => {
    track.score = score;
    rate(room, peer);
  };
  room.journal.add({ type: 'trackAdded', peerId: peer.id, track: trackInfo(track) });
  room.tracksChanged(peer);
  return producer.id;
}

export function closeTrack(room: Room, peer: Peer, id: ProducerId): void {
  remove(room, peer, find(peer, id));
  room.tracksChanged(peer);
}

/** Mute and its end. The state changes at once, the media follows; the last wish wins because the calls stay in order. */
export async function setPaused(room: Room, peer: Peer, id: ProducerId, paused: boolean): Promise<void> {
  const track = find(peer, id);
  if (track.paused !== paused) {
    track.paused = paused;
    room.journal.add({ type: paused ? 'trackPaused' : 'trackResumed', peerId: peer.id, producerId: id });
  }
  if (paused) await track.producer.pause();
  else await track.producer.resume();
}

function find(peer: Peer, id: ProducerId): Track {
  const track = peer.tracks.get(id);
  if (!track) throw new ParleyError('NO_SUCH_PRODUCER');
  return track;
}

function remove(room: Room, peer: Peer, track: Track): void {
  peer.tracks.delete(track.producer.id);
  track.producer.close();
  room.loudness.disown(track.producer.id);
  room.journal.add({ type: 'trackRemoved', peerId: peer.id, producerId: track.producer.id });
}

/** Scores of mediasoup run from 0 to 10; a paused track says nothing about the line. O(people) only when it changes. */
function rate(room: Room, peer: Peer): void {
  let worst = 10;
  for (const track of peer.tracks.values()) {
    if (!track.paused) worst = Math.min(worst, track.score);
  }
  const quality: Quality = worst >= 8 ? 'good' : worst >= 5 ? 'fair' : 'poor';
  if (quality === peer.quality) return;
  peer.quality = quality;
  const message = broadcastOf('peerQualities', { qualities: [{ peerId: peer.id, quality }] });
  for (const other of room.peers()) other.link.broadcast(message);
}

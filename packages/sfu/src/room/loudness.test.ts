import { expect, it } from 'vitest';
import { RoomBench, rest } from '../../../../test/support/room-bench.ts';
import { closeTrack } from './tracks.ts';

async function bench() {
  const room = new RoomBench();
  const [anna, ben] = [await room.enter('Anna'), await room.enter('Ben')];
  const voices = { anna: await room.publish(anna, 'microphone'), ben: await room.publish(ben, 'microphone') };
  const speakers = () => ben.link.all('activeSpeaker').map(({ peerId }) => peerId);
  const levels = () => ben.link.all('audioLevels').map(({ levels: list }) => list);
  return { room, anna, ben, voices, speakers, levels, media: () => room.host.rooms.at(-1)! };
}

it('tells who speaks, when it changes', async () => {
  const { voices, speakers, media, room } = await bench();
  media().onActiveSpeaker?.(voices.anna);
  media().onActiveSpeaker?.(voices.anna);
  media().onActiveSpeaker?.(voices.ben);
  media().onActiveSpeaker?.(null);
  expect(speakers()).toEqual(['Anna', 'Ben', null]);
  expect(room.room.loudness.speaker).toBeNull();
});

it('knows nobody by a track that is none of its voices', async () => {
  const { room, anna, speakers, levels, media } = await bench();
  const sound = await room.publish(anna, 'screenAudio');
  media().onActiveSpeaker?.(sound);
  media().onAudioLevels?.([{ producerId: sound, volume: -10 }]);
  expect(speakers()).toEqual([]);
  expect(levels()).toEqual([]);
});

it('tells levels by person, and the silence after them once', async () => {
  const { voices, levels, media } = await bench();
  media().onAudioLevels?.([]);
  media().onAudioLevels?.([{ producerId: voices.anna, volume: -20 }]);
  media().onAudioLevels?.([]);
  media().onAudioLevels?.([]);
  expect(levels()).toEqual([[{ peerId: 'Anna', volume: -20 }], []]);
});

it('ends with the track, the person, or the media', async () => {
  const { room, anna, ben, voices, speakers, media } = await bench();
  media().onActiveSpeaker?.(voices.anna);
  closeTrack(room.room, anna.peer, voices.anna);
  expect(speakers()).toEqual(['Anna', null]);
  const again = await room.publish(anna, 'microphone');
  media().onActiveSpeaker?.(again);
  room.host.die();
  await rest();
  expect(speakers()).toEqual(['Anna', null, 'Anna', null]);
  const last = await room.publish(anna, 'microphone');
  media().onActiveSpeaker?.(last);
  room.room.leave(anna.peer, 'left');
  expect(speakers()).toEqual(['Anna', null, 'Anna', null, 'Anna', null]);
  expect(ben.link.roster.problems).toEqual([]);
});

it('is not told after the meeting has ended', async () => {
  const { room, voices, media, speakers } = await bench();
  const { onActiveSpeaker } = media();
  room.room.close(new Error('over') as never, null);
  onActiveSpeaker?.(voices.anna);
  expect(media().onActiveSpeaker).toBeNull();
  expect(speakers()).toEqual([]);
});

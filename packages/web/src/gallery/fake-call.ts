import type { CallActions, NetworkStats } from '../call/types.ts';
import { useCallStore } from '../stores/call.ts';
import { cameraStream, screenStream } from './pictures.ts';

/** Behind the door of the call layer: obeys every command at once and sends nothing anywhere. */
export function fakeCall(): CallActions {
  const store = useCallStore();
  const self = () => store.peers.find((peer) => peer.self);
  const set = (source: 'microphone' | 'camera' | 'screen', on: boolean) => {
    store[source] = { ...store[source], wanted: on, on };
    const peer = self();
    if (!peer) return;
    peer[source] =
      source === 'screen' && !on ? null : { source, producerId: `${peer.id}-${source}`, paused: !on };
  };
  const stats = (): NetworkStats => ({
    rttMs: 38,
    sendKbps: 1480,
    recvKbps: 3260,
    lossIn: 0.004,
    path: 'udp 192.0.2.7:40001',
    videos: store.peers
      .filter((peer) => !peer.self && peer.camera)
      .map((peer) => ({
        peerId: peer.id,
        source: 'camera',
        width: 640,
        height: 360,
        fps: 30,
        codec: 'VP8',
      })),
  });
  return {
    enter: async () => {
      store.phase = 'connecting';
    },
    leave: () => {
      store.phase = 'left';
    },
    setMicrophone: (on) => set('microphone', on),
    setCamera: (on) => set('camera', on),
    setScreen: (on) => set('screen', on),
    setDevice: (kind, id) => {
      store.chosen[kind] = id;
    },
    refreshDevices: async () => undefined,
    rename: async (name) => {
      const peer = self();
      if (peer) peer.name = name;
      return true;
    },
    sendChat: async (text) => {
      const peer = self()!;
      store.messages.push({
        id: `m${store.messages.length}` as never,
        peerId: peer.id,
        name: peer.name,
        text,
        at: Date.now(),
        self: true,
      });
      return true;
    },
    setChatSeen: (seen) => {
      if (seen) store.unread = 0;
    },
    setVisibleTiles: () => undefined,
    unblockSound: async () => {
      store.soundBlocked = false;
    },
    dismissNotice: (id) => {
      store.notices = store.notices.filter((notice) => notice.id !== id);
    },
    stream: (peerId, source) => {
      const i = Number(peerId.split('-')[1]);
      return source === 'screen' ? screenStream() : cameraStream(i, i % 4 === 3);
    },
    networkStats: async () => stats(),
  };
}

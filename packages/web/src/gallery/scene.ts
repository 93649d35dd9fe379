import type { RoomSlug } from '@parley/protocol';
import { nextTick } from 'vue';
import type { CallFailure, CallMessage, CallNotice, ConnectStep } from '../call/types.ts';
import { useCallView } from '../composables/call-view.ts';
import { useRecent } from '../composables/recent.ts';
import { useCallStore } from '../stores/call.ts';
import { NOW, makePeople } from './people.ts';
import { talk } from './talk.ts';
import type { Wish } from './wish.ts';

const SLUG = 'quiet-river-k7m2xp' as RoomSlug;
const INSIDE = `/m/${SLUG}?join=1`;

const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));
const click = (id: string) => async () => {
  const deadline = performance.now() + 4_000;
  const find = () => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  while (!find() && performance.now() < deadline) await frame();
  find()?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0, pointerType: 'mouse' }));
  find()?.click();
  await frame();
};

/** Fills the stores as the wish says and answers with the path of the page to show. */
export function setScene(wish: Wish): string {
  const store = useCallStore();
  const { state } = useCallView();
  const zh = wish.lang === 'zh-CN';
  store.devices = {
    microphones: [
      { id: 'mic-1', label: zh ? '内置麦克风' : 'Built-in Microphone' },
      { id: 'mic-2', label: zh ? '会议全向麦' : 'Conference Speakerphone (046d:0a44)' },
    ],
    cameras: [
      { id: 'cam-1', label: zh ? '高清摄像头' : 'HD Webcam' },
      { id: 'cam-2', label: zh ? '手机相机' : 'Phone Camera' },
    ],
    speakers: [
      { id: 'out-1', label: zh ? '内置扬声器' : 'Built-in Speakers' },
      { id: 'out-2', label: zh ? '蓝牙耳机' : 'Headset' },
    ],
  };
  store.chosen = { microphone: 'mic-1', camera: 'cam-1', speaker: 'out-1' };
  store.slug = SLUG;

  switch (wish.state) {
    case 'landing':
      return '/';
    case 'recent': {
      const { remember, recent } = useRecent();
      for (const slug of ['monday-round', 'warm-otter-9fq2dk', SLUG]) remember(slug);
      recent.value = recent.value.map((item, i) => ({ ...item, at: NOW - i * 86_400_000 }));
      return '/';
    }
    case 'notFound':
      return '/somewhere/else';
    case 'prejoin':
    case 'problem':
    case 'starting':
      return `/m/${SLUG}`;
    case 'connecting':
      store.phase = 'connecting';
      store.step = (wish.key ?? 'socket') as ConnectStep;
      return INSIDE;
    case 'left':
      store.phase = 'left';
      return INSIDE;
    case 'error':
      store.phase = 'failed';
      store.failure = {
        key: (wish.key ?? 'NETWORK') as CallFailure['key'],
        retry: wish.key !== 'INVALID_SLUG',
      };
      return INSIDE;
  }

  store.phase = 'joined';
  store.since = NOW - 754_000;
  store.capabilities = wish.state === 'disabled' ? [] : ['sendAudio', 'sendVideo', 'sendScreen', 'chat'];
  store.peers = makePeople(wish.state === 'alone' ? { ...wish, n: 1 } : wish);
  store.selfId = store.peers[0]!.id;
  store.activeSpeakerId = store.peers[1]?.id ?? null;
  for (const source of ['microphone', 'camera'] as const)
    store[source] = { ...store[source], wanted: true, on: true };
  store.messages = talk(wish, store.peers) as CallMessage[];
  const other = store.peers[Math.min(2, store.peers.length - 1)]!;

  // The page begins with a fresh view when a call begins: what is opened comes after.
  const later = (set: () => void) => async () => {
    await nextTick();
    set();
  };
  switch (wish.state) {
    case 'speaker':
      wish.after = later(() => {
        state.view = 'speaker';
      });
      break;
    case 'pinned':
      wish.after = later(() => {
        state.pinned = `${other.id}:camera`;
      });
      break;
    case 'screen':
      other.screen = { source: 'screen', producerId: 'share', paused: false };
      break;
    case 'sharing':
      store.peers[0]!.screen = { source: 'screen', producerId: 'share', paused: false };
      store.screen = { wanted: true, on: true, pending: false, problem: null };
      break;
    case 'chat':
      wish.after = later(() => {
        state.panel = 'chat';
      });
      break;
    case 'chatEmpty':
      store.messages = [];
      wish.after = later(() => {
        state.panel = 'chat';
      });
      break;
    case 'people':
      wish.after = later(() => {
        state.panel = 'people';
      });
      break;
    case 'network':
      wish.after = later(() => {
        state.panel = 'network';
      });
      break;
    case 'settings':
      wish.after = later(() => {
        state.dialog = 'settings';
      });
      break;
    case 'shortcuts':
      wish.after = later(() => {
        state.dialog = 'shortcuts';
      });
      break;
    case 'more':
      wish.after = click('more');
      break;
    case 'micMenu':
      wish.after = click('microphone-menu');
      break;
    case 'unread':
      store.unread = 3;
      break;
    case 'off':
      for (const source of ['microphone', 'camera'] as const)
        store[source] = { ...store[source], wanted: false, on: false };
      store.peers[0]!.microphone = null;
      store.peers[0]!.camera = null;
      break;
    case 'pending':
      store.microphone = { wanted: true, on: false, pending: true, problem: null };
      store.camera = { wanted: true, on: false, pending: true, problem: null };
      break;
    case 'reconnecting':
      store.phase = 'reconnecting';
      break;
    case 'sound':
      store.soundBlocked = true;
      break;
    case 'talking':
      wish.after = later(() => {
        notices({ kind: 'talkingWhileMuted' });
      });
      break;
    case 'toasts':
      wish.after = later(() =>
        notices(
          { kind: 'joined', name: other.name },
          { kind: 'deviceSwitched', source: 'microphone', label: store.devices.microphones[1]!.label },
          { kind: 'problem', source: 'camera', problem: 'inUse' },
        ),
      );
      break;
  }
  return INSIDE;
}

type Bare<T> = T extends unknown ? Omit<T, 'id'> : never;

function notices(...list: Bare<CallNotice>[]): void {
  const store = useCallStore();
  store.notices = list.map((notice, i) => ({ ...notice, id: i + 1 }) as CallNotice);
}

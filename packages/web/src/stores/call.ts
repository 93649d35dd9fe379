import { defineStore } from 'pinia';
import type { CallState, ToggleState } from '../call/types.ts';

export const toggleOff = (): ToggleState => ({ wanted: false, on: false, pending: false, problem: null });

export const emptyCall = (): CallState => ({
  slug: null,
  phase: 'idle',
  step: null,
  failure: null,
  since: 0,
  selfId: null,
  capabilities: [],
  peers: [],
  activeSpeakerId: null,
  microphone: toggleOff(),
  camera: toggleOff(),
  screen: toggleOff(),
  messages: [],
  unread: 0,
  soundBlocked: false,
  notices: [],
  devices: { microphones: [], cameras: [], speakers: [] },
  chosen: { microphone: null, camera: null, speaker: null },
});

/** What the components show. Written by the call layer only; plain data, never a mediasoup object. */
export const useCallStore = defineStore('call', { state: emptyCall });

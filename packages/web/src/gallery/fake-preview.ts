import { reactive, ref, shallowRef } from 'vue';
import type { Preview } from '../call/preview.ts';
import type { MediaProblem } from '../call/types.ts';
import { cameraStream } from './pictures.ts';
import type { Wish } from './wish.ts';

export function fakePreview(wish: Wish): Preview {
  const problem = wish.state === 'problem' ? ((wish.key ?? 'denied') as MediaProblem) : null;
  const starting = wish.state === 'starting';
  const stream = shallowRef<MediaStream | null>(null);
  const on = reactive({ microphone: false, camera: false });
  const problems = reactive<Preview['problems']>({ microphone: null, camera: null });
  return {
    stream,
    level: ref(0.45),
    on,
    problems,
    async start() {
      if (starting) return;
      problems[wish.device] = problem;
      on.camera = problems.camera === null;
      on.microphone = problems.microphone === null;
      stream.value = on.camera ? cameraStream(0) : null;
    },
    async setMicrophone(value) {
      on.microphone = value;
    },
    async setCamera(value) {
      on.camera = value;
      stream.value = value ? cameraStream(0) : null;
    },
    setDevice: async () => undefined,
    handOver: () => undefined,
    stop: () => undefined,
  };
}

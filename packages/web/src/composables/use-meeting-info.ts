import { useIntervalFn } from '@vueuse/core';
import { ref } from 'vue';
import type { CallFailure } from '../call/types.ts';

/** What may be known of a meeting before one enters it. */
export interface MeetingInfo {
  people: number;
  full: boolean;
}

const EVERY_MS = 15_000;

export function useMeetingInfo(slug: string) {
  const info = ref<MeetingInfo | null>(null);
  /** Null while all is well; a page before the call need not shout about a network that may be back by then. */
  const refused = ref<CallFailure['key'] | null>(null);

  async function load(): Promise<void> {
    if (document.visibilityState === 'hidden' && info.value) return;
    try {
      const reply = await fetch(`/api/v1/meetings/${encodeURIComponent(slug)}`, {
        signal: AbortSignal.timeout(8_000),
      });
      const body = (await reply.json()) as { people?: unknown; full?: unknown; error?: { key?: unknown } };
      if (reply.ok && typeof body.people === 'number')
        info.value = { people: body.people, full: body.full === true };
      else if (typeof body.error?.key === 'string') refused.value = body.error.key as CallFailure['key'];
    } catch {
      info.value = null;
    }
  }
  void load();
  useIntervalFn(load, EVERY_MS);
  return { info, refused };
}

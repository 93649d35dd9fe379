import { ref } from 'vue';

export interface Toast {
  id: number;
  text: string;
  icon?: string;
  tone?: 'plain' | 'problem';
  /** Milliseconds; a problem stays longer. */
  life?: number;
}

const MOST = 3;
const toasts = ref<Toast[]>([]);
/** What a screen reader is told; the region is emptied in between, so that the same words twice are said twice. */
const spoken = ref('');
let nextId = 1;

/** News that need no answer: at most three, the oldest goes first. */
export function useToasts() {
  const dismiss = (id: number) => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  };
  function show(toast: Omit<Toast, 'id'>): number {
    const id = nextId++;
    toasts.value = [...toasts.value.filter(({ text }) => text !== toast.text), { ...toast, id }].slice(-MOST);
    const life = toast.life ?? (toast.tone === 'problem' ? 9_000 : 4_000);
    if (Number.isFinite(life)) setTimeout(() => dismiss(id), life);
    return id;
  }
  function say(text: string): void {
    spoken.value = '';
    requestAnimationFrame(() => {
      spoken.value = text;
    });
  }
  return { toasts, spoken, show, say, dismiss };
}

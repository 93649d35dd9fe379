import { SLUG_PATTERN } from '@parley/protocol/slug';
import { ref } from 'vue';

const KEY = 'parley.recent';
const MOST = 5;

export interface RecentMeeting {
  slug: string;
  /** Milliseconds since the epoch. */
  at: number;
}

function read(): RecentMeeting[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    if (!Array.isArray(stored)) return [];
    return stored
      .filter((item): item is RecentMeeting => SLUG_PATTERN.test(item?.slug) && typeof item?.at === 'number')
      .slice(0, MOST);
  } catch {
    return [];
  }
}

const recent = ref(read());

function write(list: RecentMeeting[]): void {
  recent.value = list;
  try {
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // Remembered until the page is closed.
  }
}

/** Meetings that this browser has been in, newest first. */
export function useRecent() {
  return {
    recent,
    remember: (slug: string) =>
      write([{ slug, at: Date.now() }, ...recent.value.filter((item) => item.slug !== slug)].slice(0, MOST)),
    forget: (slug: string) => write(recent.value.filter((item) => item.slug !== slug)),
  };
}

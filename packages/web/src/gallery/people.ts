import type { PeerId, Quality } from '@parley/protocol';
import type { CallPeer } from '../call/types.ts';
import type { Wish } from './wish.ts';

/** Names as people type them into the field; the last is long on purpose. */
const NAMES = {
  en: [
    'Robin',
    'Amara',
    'Jonas',
    'Mei',
    'Priya',
    'Luca',
    'Sofia',
    'Noah',
    'Yara',
    'Tomasz',
    'Ingrid',
    'Daniel',
    'Camille',
    'Diego',
    'Hana',
    'Oliver',
    'Zeynep',
    'Ravi',
    'Elena',
    'Samuel',
    'Chloe',
    'Anders',
    'Fatima',
    'Ben',
    'Lucia',
    'Marek',
    'Nadia',
    'Peter',
    'Ruth',
    'Everyone in the big room upstairs',
  ],
  'zh-CN': [
    '小晓',
    '建国',
    '雨桐',
    '思远',
    '小敏',
    '子墨',
    '佳怡',
    '浩然',
    '丽华',
    '一鸣',
    '小婷',
    '小远',
    '小静',
    '晨曦',
    '腾飞',
    '小丹',
    '诗雨',
    '博文',
    '小凯',
    '安琪',
    '小冰',
    '小月',
    '志强',
    '小雪',
    '小然',
    '晓东',
    '小颖',
    '小野',
    '超群',
    '楼上大会议室的各位同事',
  ],
};

const track = (source: 'microphone' | 'camera' | 'screen', id: string, paused: boolean) => ({
  source,
  producerId: `${id}-${source}`,
  paused,
});

/** Fixed, so that pictures can be compared: 24 March 2026, 10:24 in the zone of the browser. */
export const NOW = new Date(2026, 2, 24, 10, 24).getTime();

export function makePeople({ n, lang, quality }: Wish): CallPeer[] {
  return Array.from({ length: n }, (_, i): CallPeer => {
    const id = `person-${i}` as PeerId;
    const self = i === 0;
    const marks: Quality[] = ['good', 'good', 'good', 'fair', 'good', 'good', 'poor'];
    return {
      id,
      name: NAMES[lang][i % NAMES[lang].length]!,
      role: 'participant',
      device: i % 4 === 3 ? 'phone' : 'desktop',
      joinedAt: NOW - (n - i) * 97_000,
      self,
      microphone: track('microphone', id, !self && i % 3 === 0),
      camera: i % 5 === 4 ? null : track('camera', id, i % 11 === 7),
      screen: null,
      level: i === 1 ? 0.6 : self ? 0.4 : 0,
      speaking: i === 1,
      quality: self ? quality : marks[i % marks.length]!,
    };
  });
}

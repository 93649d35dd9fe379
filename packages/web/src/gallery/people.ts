import type { PeerId, Quality } from '@parley/protocol';
import type { CallPeer } from '../call/types.ts';
import type { Wish } from './wish.ts';

const NAMES = {
  en: [
    'Robin Hayes',
    'Amara Okafor',
    'Jonas Lindqvist',
    'Mei Tanaka',
    'Priya Raman',
    'Luca Ferrari',
    'Sofia Almeida',
    'Noah Becker',
    'Yara Haddad',
    'Tomasz Nowak',
    'Ingrid Solberg',
    'Daniel Cohen',
    'Camille Laurent',
    'Diego Morales',
    'Hana Kim',
    'Oliver Grant',
    'Zeynep Kaya',
    'Ravi Patel',
    'Elena Petrova',
    'Samuel Mensah',
    'Chloe Martin',
    'Anders Holm',
    'Fatima Zahra',
    'Ben Whitfield',
    'Lucia Romero',
    'Marek Dvorak',
    'Nadia Rahman',
    'Peter Olsen',
    'Ruth Abebe',
    'Vera Fontaine-Hollingsworth',
  ],
  'zh-CN': [
    '林晓',
    '王建国',
    '李雨桐',
    '陈思远',
    '赵敏',
    '周子墨',
    '吴佳怡',
    '徐浩然',
    '孙丽华',
    '胡一鸣',
    '朱婷',
    '高远',
    '何静',
    '郭晨曦',
    '马腾飞',
    '罗丹',
    '梁诗雨',
    '宋博文',
    '郑凯',
    '谢安琪',
    '韩冰',
    '唐月',
    '冯志强',
    '董雪',
    '萧然',
    '程晓东',
    '曹颖',
    '袁野',
    '邓超群',
    '欧阳明月',
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

import type { Quality } from '@parley/protocol';

export interface Wish {
  state: string;
  n: number;
  theme: 'light' | 'dark';
  lang: 'en' | 'zh-CN';
  key: string | null;
  device: 'microphone' | 'camera';
  quality: Quality;
  /** What a person would still do by hand, once the page stands. */
  after?: () => Promise<void>;
}

export function readWish(hash: string): Wish {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const quality = query.get('quality');
  return {
    state: query.get('state') ?? 'call',
    n: Math.max(1, Number(query.get('n') ?? 5) || 5),
    theme: query.get('theme') === 'dark' ? 'dark' : 'light',
    lang: query.get('lang') === 'zh-CN' ? 'zh-CN' : 'en',
    key: query.get('key'),
    device: query.get('device') === 'microphone' ? 'microphone' : 'camera',
    quality: quality === 'fair' || quality === 'poor' ? quality : 'good',
  };
}

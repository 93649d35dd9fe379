import type { ChatId } from '@parley/protocol';
import type { CallMessage, CallPeer } from '../call/types.ts';
import { NOW } from './people.ts';
import type { Wish } from './wish.ts';

const TALK = {
  en: [
    [1, 'Good morning! Can everybody hear me?'],
    [2, 'Loud and clear.'],
    [2, 'The notes of last week are here: https://example.org/notes/12'],
    [0, 'Thanks, I will add the open points.'],
    [1, 'Shall we begin with the budget? It should take ten minutes, then we have time for questions.'],
    [3, '👍'],
  ],
  'zh-CN': [
    [1, '大家早上好！能听到我吗？'],
    [2, '很清楚。'],
    [2, '上周的纪要我整理好了，一会儿发给大家。'],
    [0, '谢谢，我来补充待办事项。'],
    [1, '先说预算吧？大概十分钟，后面留时间提问。'],
    [3, '👍'],
  ],
} as const;

export function talk({ lang }: Wish, peers: CallPeer[]): CallMessage[] {
  return TALK[lang].map(([who, text], i) => {
    const peer = peers[Math.min(who, peers.length - 1)]!;
    return {
      id: `m${i}` as ChatId,
      peerId: peer.id,
      name: peer.name,
      text,
      at: NOW - (6 - i) * 70_000,
      self: peer.self,
    };
  });
}

import type { ChatId, PeerId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import type { CallMessage } from '../../call/types.ts';
import { grouped, pieces } from './chat-groups.ts';

const message = (id: string, peer: string, at: number): CallMessage => ({
  id: id as ChatId,
  peerId: peer as PeerId,
  name: peer,
  text: id,
  at,
  self: peer === 'me',
});

describe('grouped', () => {
  it('puts what one person writes in a row under one name', () => {
    const groups = grouped([
      message('1', 'a', 0),
      message('2', 'a', 1000),
      message('3', 'b', 2000),
      message('4', 'a', 3000),
    ]);
    expect(groups.map((group) => group.messages.map(({ id }) => id))).toEqual([['1', '2'], ['3'], ['4']]);
  });

  it('begins anew after a pause', () => {
    expect(grouped([message('1', 'a', 0), message('2', 'a', 200_000)])).toHaveLength(2);
  });
});

describe('pieces', () => {
  it('finds web addresses and leaves the rest alone', () => {
    expect(pieces('see https://example.org/a?b=1. ok')).toEqual([
      { text: 'see ', href: null },
      { text: 'https://example.org/a?b=1', href: 'https://example.org/a?b=1' },
      { text: '. ok', href: null },
    ]);
  });

  it('makes no link of anything that could run', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      '<img src=x onerror=alert(1)>',
      'http://',
    ]) {
      expect(pieces(text)).toEqual([{ text, href: null }]);
    }
  });
});

import { toSlug } from '@parley/protocol/slug';
import type { RoomSlug } from '@parley/protocol';

const FIRST = [
  'amber',
  'brave',
  'bright',
  'calm',
  'clear',
  'clever',
  'cosy',
  'early',
  'fair',
  'gentle',
  'glad',
  'golden',
  'green',
  'happy',
  'honest',
  'kind',
  'light',
  'little',
  'lively',
  'lucky',
  'mellow',
  'merry',
  'neat',
  'noble',
  'open',
  'patient',
  'quick',
  'quiet',
  'silver',
  'simple',
  'soft',
  'sunny',
  'swift',
  'tidy',
  'warm',
  'wise',
];
const SECOND = [
  'acorn',
  'apple',
  'badger',
  'beech',
  'brook',
  'cedar',
  'cherry',
  'cloud',
  'coral',
  'falcon',
  'fern',
  'finch',
  'forest',
  'garden',
  'harbour',
  'hazel',
  'heron',
  'island',
  'lake',
  'lark',
  'lemon',
  'maple',
  'meadow',
  'moon',
  'otter',
  'pearl',
  'pebble',
  'pine',
  'plum',
  'river',
  'robin',
  'sparrow',
  'spring',
  'thistle',
  'valley',
  'willow',
];
/** Without letters and digits that look alike. */
const TAIL = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * A name for a new meeting that can be read out and not be guessed: two words and six characters, about 40 bits. In the
 * server's open mode the name is the key.
 */
export function newSlug(): RoomSlug {
  const dice = crypto.getRandomValues(new Uint32Array(8));
  const pick = <T>(list: ArrayLike<T>, i: number): T => list[dice[i]! % list.length]!;
  const tail = Array.from({ length: 6 }, (_, i) => pick(TAIL, i + 2)).join('');
  return `${pick(FIRST, 0)}-${pick(SECOND, 1)}-${tail}` as RoomSlug;
}

/** What a person typed or pasted: a link of any server, or a name. Null when nothing usable is left. */
export function readMeeting(text: string): RoomSlug | null {
  const inLink = /\/m\/([^/?#\s]+)/.exec(text)?.[1];
  return toSlug(inLink ?? text.trim());
}

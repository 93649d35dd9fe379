import type { CallMessage } from '../../call/types.ts';

export interface MessageGroup {
  id: string;
  name: string;
  self: boolean;
  at: number;
  messages: CallMessage[];
}

/** Milliseconds: what one person writes within this time stands under one name. */
const TOGETHER = 3 * 60_000;

export function grouped(messages: readonly CallMessage[]): MessageGroup[] {
  const groups: (MessageGroup & { peerId: string })[] = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (last && last.peerId === message.peerId && message.at - last.messages.at(-1)!.at < TOGETHER) {
      last.messages.push(message);
    } else {
      const { id, peerId, name, self, at } = message;
      groups.push({ id, peerId, name, self, at, messages: [message] });
    }
  }
  return groups;
}

/** Text cut into plain pieces and web addresses; only http and https become links. */
export function pieces(text: string): { text: string; href: string | null }[] {
  const found: { text: string; href: string | null }[] = [];
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'“”]+/g)) {
    // The full stop at the end of a sentence does not belong to the address.
    const address = match[0].replace(/[),.;:!?，。；：！？）]+$/, '');
    if (!URL.canParse(address)) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), href: null });
    found.push({ text: address, href: new URL(address).href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), href: null });
  return found;
}

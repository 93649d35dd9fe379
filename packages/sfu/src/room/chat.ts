import type { ChatId, ChatMessage } from '@parley/protocol';
import { LIMITS } from '@parley/protocol';
import type { Clock } from '../runtime.ts';
import type { Peer } from './peer.ts';

/** The text chat of a meeting: the newest messages, for everybody and for late joiners. */
export class Chat {
  readonly #messages: ChatMessage[] = [];
  readonly #now: Clock;
  readonly #newId: () => string;

  constructor(now: Clock, newId: () => string) {
    this.#now = now;
    this.#newId = newId;
  }

  add(peer: Peer, text: string): ChatMessage {
    const message: ChatMessage = {
      id: this.#newId() as ChatId,
      peerId: peer.id,
      name: peer.name,
      text,
      at: this.#now(),
    };
    this.#messages.push(message);
    if (this.#messages.length > LIMITS.chatHistory) this.#messages.shift();
    return message;
  }

  history(): ChatMessage[] {
    return [...this.#messages];
  }
}

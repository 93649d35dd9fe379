import type { ConsumerId } from '@parley/protocol';

/**
 * Plays everybody's sound: one hidden audio element per track. Elements, not an AudioContext: they keep the echo
 * canceller informed of what comes out of the speaker, and one that stalls does not silence the others.
 */
export class AudioOut {
  readonly #elements = new Map<ConsumerId, HTMLAudioElement>();
  readonly #blocked: (blocked: boolean) => void;
  readonly #refused = new Set<HTMLAudioElement>();
  #container: HTMLElement | null = null;
  #speaker: string | null = null;

  constructor(blocked: (blocked: boolean) => void) {
    this.#blocked = blocked;
  }

  add(id: ConsumerId, track: MediaStreamTrack): void {
    this.remove(id);
    const element = document.createElement('audio');
    element.autoplay = true;
    element.srcObject = new MediaStream([track]);
    this.#elements.set(id, element);
    this.#home().append(element);
    void this.#route(element);
    void this.#play(element);
  }

  remove(id: ConsumerId): void {
    const element = this.#elements.get(id);
    if (!element) return;
    this.#elements.delete(id);
    element.srcObject = null;
    element.remove();
    this.#settle(element, false);
  }

  clear(): void {
    for (const id of [...this.#elements.keys()]) this.remove(id);
    this.#container?.remove();
    this.#container = null;
  }

  /** Plays what was refused. Only works inside a gesture of the person. */
  async unblock(): Promise<void> {
    await Promise.all([...this.#refused].map((element) => this.#play(element)));
  }

  /** null is the system's default speaker. */
  async setSpeaker(deviceId: string | null): Promise<void> {
    this.#speaker = deviceId;
    await Promise.all([...this.#elements.values()].map((element) => this.#route(element)));
  }

  async #play(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
      this.#settle(element, false);
    } catch (error) {
      // AbortError means that the element was removed meanwhile; only a refusal is a matter for the person.
      if (error instanceof Error && error.name === 'NotAllowedError' && element.isConnected) {
        this.#settle(element, true);
      }
    }
  }

  /** Any touch of the page is as good as one of the button. */
  readonly #touched = (): void => void this.unblock();

  #settle(element: HTMLAudioElement, refused: boolean): void {
    const before = this.#refused.size;
    if (refused) this.#refused.add(element);
    else this.#refused.delete(element);
    if (before === this.#refused.size) return;
    if (before === 0) {
      addEventListener('pointerup', this.#touched, true);
      addEventListener('keydown', this.#touched, true);
    } else if (this.#refused.size === 0) {
      removeEventListener('pointerup', this.#touched, true);
      removeEventListener('keydown', this.#touched, true);
    }
    this.#blocked(this.#refused.size > 0);
  }

  async #route(element: HTMLAudioElement): Promise<void> {
    if (this.#speaker === null && element.sinkId === '') return;
    try {
      await element.setSinkId?.(this.#speaker ?? '');
    } catch {
      // The speaker is gone or not allowed: sound stays where it is.
    }
  }

  #home(): HTMLElement {
    if (!this.#container) {
      this.#container = document.createElement('div');
      this.#container.hidden = true;
      this.#container.dataset.parley = 'audio';
      document.body.append(this.#container);
    }
    return this.#container;
  }
}

import type { PeerId, VideoSource } from '@parley/protocol';
import { shallowReactive } from 'vue';

/**
 * The picture of every tile. Reading one inside a component makes the component depend on just that entry; the stream
 * itself is never made reactive.
 */
export class Streams {
  readonly #streams = shallowReactive(new Map<string, MediaStream>());

  get(peerId: PeerId, source: VideoSource): MediaStream | null {
    return this.#streams.get(keyOf(peerId, source)) ?? null;
  }

  set(peerId: PeerId, source: VideoSource, track: MediaStreamTrack | null): void {
    const key = keyOf(peerId, source);
    if (!track) {
      this.#streams.delete(key);
      return;
    }
    if (this.#streams.get(key)?.getVideoTracks()[0] === track) return;
    this.#streams.set(key, new MediaStream([track]));
  }

  /** Removes the picture only if it still is this one: a newer one may have taken its place. */
  unset(peerId: PeerId, source: VideoSource, track: MediaStreamTrack): void {
    const key = keyOf(peerId, source);
    if (this.#streams.get(key)?.getVideoTracks()[0] === track) this.#streams.delete(key);
  }

  clear(): void {
    this.#streams.clear();
  }
}

const keyOf = (peerId: PeerId, source: VideoSource): string => `${peerId} ${source}`;

import { markOf } from './cells.ts';
import { MarkReader } from './mark-reader.ts';
import { SoundMeter } from './sound-meter.ts';
import type { ProbeReport, SoundReport, TileReport, TileSample, Violation } from './report.ts';

/**
 * Runs inside every page under test, before any script of the page. It looks at the tiles as a person would: each
 * `<video>` inside an element `data-testid="tile"` is drawn and its mark read; each playing element's sound is measured.
 * Nothing of the product is called. Times are `Date.now()`, so that pages on one machine can be compared.
 */
const SCAN_MS = 100;
const HISTORY = 900;

class Probe {
  readonly violations: Violation[] = [];
  /** When the page was last pressed, by whatever finger or driver. */
  pressedAt = 0;
  readonly #readers = new Map<HTMLVideoElement, MarkReader>();
  readonly #history = new Map<string, TileSample[]>();
  readonly #meter = new SoundMeter();

  constructor() {
    document.addEventListener('securitypolicyviolation', (event) => {
      this.violations.push({
        directive: event.violatedDirective,
        blocked: event.blockedURI,
        sample: event.sample,
      });
    });
    document.addEventListener('pointerdown', () => (this.pressedAt = Date.now()), { capture: true });
    setInterval(() => this.#scan(), SCAN_MS);
  }

  /** Begins to measure sound. Not at once, because an AudioContext made before a gesture would hide or cause refusals. */
  listen(): void {
    this.#meter.start();
  }

  report(): ProbeReport {
    return { at: Date.now(), tiles: this.tiles(), sounds: this.sounds(), violations: this.violations };
  }

  tiles(): TileReport[] {
    return [...document.querySelectorAll<HTMLElement>('[data-testid="tile"]')].map((tile) => {
      const video = tile.querySelector('video');
      const samples = this.#history.get(keyOf(tile)) ?? [];
      const box = tile.getBoundingClientRect();
      return {
        peer: tile.dataset['peer'] ?? '',
        name: tile.dataset['name'] ?? '',
        source: tile.dataset['source'] ?? '',
        self: 'self' in tile.dataset && tile.dataset['self'] !== 'false',
        tileWidth: Math.round(box.width),
        tileHeight: Math.round(box.height),
        videoWidth: video?.videoWidth ?? 0,
        videoHeight: video?.videoHeight ?? 0,
        hasVideo: video !== null && video.srcObject !== null,
        visible: video !== null && video.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
        decoded: this.#readers.get(video as HTMLVideoElement)?.decoded ?? 0,
        unreadable: this.#readers.get(video as HTMLVideoElement)?.unreadable ?? 0,
        last: samples.at(-1) ?? null,
      };
    });
  }

  /** What one tile has shown since `since`, oldest first; `peer` and `source` as in the tile's attributes. */
  history(peer: string, source: string, since: number): TileSample[] {
    return (this.#history.get(`${peer}/${source}`) ?? []).filter((sample) => sample.at >= since);
  }

  /** Loudest amplitude of every tone in the last `windowMs`, per element that plays. */
  sounds(windowMs = 1_500): SoundReport[] {
    return this.#meter.report(windowMs);
  }

  /** When a person's tone was heard first and last since `since`. */
  heard(person: number, level: number, since: number): { first: number; last: number } | null {
    return this.#meter.heard(person, level, since);
  }

  #scan(): void {
    const present = new Set<HTMLVideoElement>();
    for (const tile of document.querySelectorAll<HTMLElement>('[data-testid="tile"]')) {
      const video = tile.querySelector('video');
      if (!video) continue;
      present.add(video);
      if (!this.#readers.has(video)) {
        const add = (sample: TileSample) => this.#remember(keyOf(tile), sample);
        this.#readers.set(video, new MarkReader(video, markOf, add));
      }
      this.#readers.get(video)?.tick();
    }
    for (const [video, reader] of this.#readers) {
      if (present.has(video)) continue;
      reader.stop();
      this.#readers.delete(video);
    }
  }

  #remember(key: string, sample: TileSample): void {
    const samples = this.#history.get(key) ?? [];
    samples.push(sample);
    if (samples.length > HISTORY) samples.splice(0, samples.length - HISTORY);
    this.#history.set(key, samples);
  }
}

function keyOf(tile: HTMLElement): string {
  return `${tile.dataset['peer'] ?? ''}/${tile.dataset['source'] ?? ''}`;
}

export type ProbeApi = Pick<
  Probe,
  'listen' | 'report' | 'tiles' | 'history' | 'sounds' | 'heard' | 'violations'
>;

Object.defineProperty(window, '__probe', { value: new Probe(), enumerable: false });

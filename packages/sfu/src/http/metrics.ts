import { Counter, Gauge, Registry as PromRegistry, collectDefaultMetrics } from 'prom-client';
import type { ErrorKey } from '@parley/protocol';
import { isMethod } from '@parley/protocol';

export interface MetricSources {
  readonly meetings: () => number;
  readonly people: () => number;
  readonly consumers: () => number;
  readonly sockets: () => number;
  readonly workersAlive: () => number;
}

/** What Prometheus reads. Labels are bounded: error keys and method names of the table, never ids or names of people. */
export class Metrics {
  readonly #registry = new PromRegistry();
  readonly #refused: Counter<'key' | 'method'>;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    gauge('parley_meetings', 'Meetings that are open', sources.meetings);
    gauge('parley_people', 'People in meetings', sources.people);
    gauge('parley_consumers', 'Tracks that are being forwarded or kept ready', sources.consumers);
    gauge('parley_signalling_sockets', 'Open signalling sockets', sources.sockets);
    gauge('parley_media_workers', 'Media workers that are alive', sources.workersAlive);
    this.#refused = new Counter({
      name: 'parley_refused_total',
      help: 'Messages and connections that were refused, by error and method',
      labelNames: ['key', 'method'],
      registers,
    });
  }

  refused(key: ErrorKey, method: string): void {
    const known = isMethod(method) || method.startsWith('(') ? method : '(unknown)';
    this.#refused.inc({ key, method: known });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

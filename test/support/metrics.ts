import { readFileSync } from 'node:fs';

/** What `/metrics` says: name with labels to value. */
export async function metricsOf(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))] as const;
      }),
  );
}

/** Refusals so far, by key of the error table. */
export function refusalsIn(metrics: ReadonlyMap<string, number>): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, value] of metrics) {
    const key = /^parley_refused_total\{.*key="(\w+)"/.exec(name)?.[1];
    if (key) found[key] = (found[key] ?? 0) + value;
  }
  return found;
}

/** Resident memory of a process, in MiB. */
export function residentMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

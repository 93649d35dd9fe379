import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const text = readFileSync(join(ROOT, 'infra/docker/Dockerfile'), 'utf8');
const instructions = text
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .map((row) => row.trim())
  .filter(Boolean);
const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n').filter(Boolean);

describe('the Dockerfile', () => {
  it('copies only what is there and what .dockerignore lets through', () => {
    const sources = instructions
      .filter((row) => row.startsWith('COPY ') && !row.includes('--from='))
      .flatMap((row) => row.split(/\s+/).slice(1, -1));
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      const allowed = ignored.filter((row) => row.startsWith('!')).map((row) => row.slice(1));
      expect(
        allowed.some((each) => source === each || source.startsWith(`${each}/`)),
        source,
      ).toBe(true);
    }
  });

  it('runs what exists, not as root, and says where it listens', () => {
    const start = instructions.findLast((row) => row.startsWith('CMD '));
    expect(existsSync(join(ROOT, JSON.parse(start!.slice(4)).at(-1)))).toBe(true);
    const health = instructions.find((row) => row.startsWith('HEALTHCHECK '));
    expect(existsSync(join(ROOT, JSON.parse(/\[.*\]/.exec(health!)![0]).at(-1)))).toBe(true);
    const lastStage = instructions.slice(instructions.findLastIndex((row) => row.startsWith('FROM ')));
    expect(lastStage.some((row) => /^USER (?!root|0\b)/.test(row))).toBe(true);
    expect(lastStage.find((row) => row.startsWith('EXPOSE '))).toContain('3000/tcp');
    expect(lastStage.find((row) => row.startsWith('VOLUME '))).toBe('VOLUME /data');
  });
});

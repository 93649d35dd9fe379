import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SETPRIV = '/usr/bin/setpriv';
const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a process that does not outlive this one, whatever ends it: an ordinary exit kills it from here, a SIGKILL of the
 * test makes the kernel do it (where util-linux' setpriv is there).
 */
export function spawnTied(command: string, args: string[], options: SpawnOptions = {}): ChildProcess {
  const tied = existsSync(SETPRIV);
  const child = tied
    ? spawn(SETPRIV, ['--pdeathsig', 'KILL', '--', command, ...args], options)
    : spawn(command, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** A program that starts another one tied to us, for tools that want a path and start processes themselves. */
export function tiedExecutable(command: string): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'parley-run-'));
  const path = join(folder, 'run');
  const start = existsSync(SETPRIV) ? `${SETPRIV} --pdeathsig KILL -- ${command}` : command;
  writeFileSync(path, `#!/bin/sh\nexec ${start} "$@"\n`, { mode: 0o755 });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Ends a process: asked first, forced after `graceMs`. Resolves when it is gone; harmless when it is gone already. */
export async function endProcess(child: ChildProcess, graceMs = 5_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}

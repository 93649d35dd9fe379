import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { endProcess, spawnTied } from './processes.ts';
import { until } from './wait.ts';

const run = promisify(execFile);

export interface SoundServer {
  /** Environment for a browser that shall use it. */
  readonly env: Record<string, string>;
  /** Runs `pactl`; for example `load-module`, to plug a device in. */
  pactl(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** A PulseAudio of our own with a null sink: Firefox runs no AudioContext without a sound server. */
export async function startSoundServer(): Promise<SoundServer> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-pulse-'));
  const socket = join(folder, 'native');
  const env = {
    ...(process.env as Record<string, string>),
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    PULSE_SERVER: `unix:${socket}`,
    PULSE_RUNTIME_PATH: folder,
    PULSE_STATE_PATH: folder,
  };
  const args = ['-n', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1', '--disallow-exit=false'];
  args.push('--system=false', '--realtime=false', '--high-priority=false');
  args.push('-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`);
  args.push('-L', 'module-null-sink sink_name=parley', '-L', 'module-always-sink');
  const server = spawnTied('pulseaudio', args, { env, stdio: 'ignore' });
  const pactl = async (...words: string[]) => (await run('pactl', words, { env })).stdout;
  const stop = async () => {
    await endProcess(server, 2_000);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => (await pactl('info')).includes('Default Sink: parley'), {
      timeoutMs: 15_000,
      what: 'PulseAudio answers',
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { env: { PULSE_SERVER: `unix:${socket}`, XDG_RUNTIME_DIR: folder }, pactl, stop };
}

import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';

/**
 * Firefox never pairs with loopback addresses and gathers nothing without a default route. Most machines have an ordinary
 * address and a route; where one is missing, a veth pair into an empty namespace stands in. Nothing leaves the machine:
 * the far end of the pair forwards nowhere.
 */
export interface OrdinaryNetwork {
  /** IPv4 address that is not loopback, for the server to announce. */
  readonly address: string;
  /** What was done, for the log. */
  readonly how: string;
  release(): void;
}

const ip = (...args: string[]) =>
  execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Address of this machine that other machines would use, if there is one with a default route. */
function existingAddress(): string | null {
  let route = '';
  try {
    route = ip('-4', 'route', 'show', 'default');
  } catch {
    return null; // no ip command or no permission: as if there were no route
  }
  const device = / dev (\S+)/.exec(route)?.[1];
  if (!device) return null;
  return (
    networkInterfaces()[device]?.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ??
    null
  );
}

/** Finds or makes an ordinary address with a default route. Making one needs root. */
export function ordinaryNetwork(): OrdinaryNetwork {
  const present = existingAddress();
  if (present) return { address: present, how: 'present', release: () => undefined };

  const tag = String(process.pid % 100_000);
  const [space, near, far] = [`parley-${tag}`, `pl${tag}a`, `pl${tag}b`];
  const address = '10.213.7.1';
  const release = () => {
    for (const args of [
      ['link', 'del', near],
      ['netns', 'del', space],
    ]) {
      try {
        ip(...args);
      } catch {
        // not there (any more)
      }
    }
    process.off('exit', release);
  };
  process.once('exit', release);
  try {
    ip('netns', 'add', space);
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', space);
    ip('addr', 'add', `${address}/30`, 'dev', near);
    ip('link', 'set', 'lo', 'up');
    ip('link', 'set', near, 'up');
    ip('-n', space, 'addr', 'add', '10.213.7.2/30', 'dev', far);
    ip('-n', space, 'link', 'set', far, 'up');
    ip('route', 'add', 'default', 'via', '10.213.7.2', 'dev', near, 'metric', '9000');
  } catch (error) {
    release();
    throw new Error(
      `no ordinary address, and none could be made (root and iproute2 are needed): ${String(error)}`,
    );
  }
  return { address, how: `made with a veth pair (${near})`, release };
}

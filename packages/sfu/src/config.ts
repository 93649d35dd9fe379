import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isIP } from 'node:net';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import { LIMITS } from '@parley/protocol';
import { StartupError } from './runtime.ts';

/**
 * The whole configuration in one schema. Each key can stand in the file named by `PARLEY_CONFIG` (YAML or JSON) or in the
 * environment under the name in `env`; the environment wins. Keys that nobody knows are refused, because a typing mistake
 * in a setting must not pass in silence.
 */
const port = (min = 0) => z.coerce.number().int().min(min).max(65535);
const flag = z.preprocess((value) => {
  if (value === 'true' || value === '1' || value === 'yes' || value === 'on') return true;
  if (value === 'false' || value === '0' || value === 'no' || value === 'off' || value === '') return false;
  return value;
}, z.boolean());
const list = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean)
        : value,
    z.array(item).max(64),
  );
const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const address = z.string().min(1).max(253);

interface Field {
  readonly env: string;
  readonly schema: z.ZodType;
  readonly doc: string;
  readonly secret?: boolean;
}
const field = <T extends z.ZodType>(env: string, schema: T, doc: string, secret = false) =>
  ({ env, schema, doc, secret }) satisfies Field;

export const FIELDS = {
  host: field(
    'PARLEY_HOST',
    address.default('::'),
    'Address that HTTP listens on; `::` is every address, IPv4 too',
  ),
  port: field('PARLEY_PORT', port().default(3000), 'HTTP or HTTPS port; 0 takes a free one'),
  dataDir: field(
    'PARLEY_DATA_DIR',
    z.string().min(1).default('data'),
    'Folder for everything that must survive',
  ),
  logLevel: field(
    'PARLEY_LOG_LEVEL',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'How much is logged',
  ),
  secret: field(
    'PARLEY_SECRET',
    z.string().min(32).max(512).optional(),
    'Key that signs tickets; without it one is made and kept in the data folder',
    true,
  ),
  allowedOrigins: field(
    'PARLEY_ALLOWED_ORIGINS',
    list(z.url({ protocol: /^https?$/ })).default([]),
    'Further page origins that may open the signalling socket (the own one always may)',
  ),
  trustedProxies: field(
    'PARLEY_TRUSTED_PROXIES',
    count(0, 8).default(0),
    'How many reverse proxies stand in front; their X-Forwarded-* headers are believed, no others',
  ),
  tlsCert: field(
    'PARLEY_TLS_CERT',
    z.string().min(1).optional(),
    'PEM file with the certificate chain: turns HTTPS on',
  ),
  tlsKey: field('PARLEY_TLS_KEY', z.string().min(1).optional(), 'PEM file with the private key'),
  tlsSelfSigned: field(
    'PARLEY_TLS_SELF_SIGNED',
    flag.default(false),
    'HTTPS with a certificate made by the server, for a trial on the LAN (same as `--self-signed`)',
  ),
  workers: field(
    'PARLEY_WORKERS',
    count(1, 256).default(availableParallelism()),
    'Media workers; one per core unless told otherwise',
  ),
  workerBin: field(
    'PARLEY_WORKER_BIN',
    z.string().min(1).optional(),
    'mediasoup-worker binary to use instead of the set-up one',
  ),
  mediaPort: field(
    'PARLEY_MEDIA_PORT',
    port().optional(),
    'First media port: worker n listens on UDP and TCP port `mediaPort + n` (default 24400, the next free block when taken; 0 takes free ports)',
  ),
  announcedAddress: field(
    'PARLEY_ANNOUNCED_ADDRESS',
    list(address).default([]),
    'Public address (one IPv4 or host name, one IPv6) of a server behind NAT; without it every address of the machine is announced',
  ),
  maxMeetings: field('PARLEY_MAX_MEETINGS', count(1, 100_000).default(1000), 'Meetings at the same time'),
  maxPeers: field('PARLEY_MAX_PEERS', count(2, LIMITS.peers).default(200), 'People in one meeting'),
  maxSocketsPerAddress: field(
    'PARLEY_MAX_SOCKETS_PER_ADDRESS',
    count(1, 100_000).default(300),
    'Signalling sockets from one address (an office behind one NAT shares it)',
  ),
  metrics: field('PARLEY_METRICS', flag.default(true), 'Serve /metrics'),
  codecs: field(
    'PARLEY_CODECS',
    list(z.enum(['opus', 'vp8', 'vp9', 'av1', 'h264'])).default(['opus', 'vp8', 'vp9', 'av1', 'h264']),
    'Codecs that are offered, in order of preference',
  ),
} as const;

type Fields = typeof FIELDS;
export type Config = { readonly [K in keyof Fields]: z.output<Fields[K]['schema']> };

const keys = Object.keys(FIELDS) as (keyof Fields)[];
const schema = z
  .strictObject(Object.fromEntries(keys.map((key) => [key, FIELDS[key].schema])))
  .transform((value) => value as unknown as Config);

const ENV_NAMES = new Set<string>([...keys.map((key) => FIELDS[key].env), 'PARLEY_CONFIG']);

/**
 * Reads file and environment; `overrides` (command line) win over both, `defaults` give way to both.
 * @throws StartupError with one line that names the key and what is wrong with it
 */
export function loadConfig(
  env: NodeJS.ProcessEnv,
  overrides: Partial<Record<keyof Config, unknown>> = {},
  defaults: Partial<Record<keyof Config, unknown>> = {},
): Config {
  for (const name of Object.keys(env)) {
    if (name.startsWith('PARLEY_') && !ENV_NAMES.has(name)) {
      throw new StartupError(
        `The environment variable ${name} is not a setting of Parley. See the table in README.md.`,
      );
    }
  }
  const merged: Record<string, unknown> = { ...defaults, ...readFile(env.PARLEY_CONFIG) };
  for (const key of keys) {
    const value = env[FIELDS[key].env];
    if (value !== undefined && value !== '') merged[key] = value;
  }
  Object.assign(merged, overrides);
  const parsed = schema.safeParse(merged);
  if (!parsed.success) throw new StartupError(explain(parsed.error));
  return check(parsed.data);
}

function readFile(path: string | undefined): Record<string, unknown> {
  if (!path) return {};
  let value: unknown;
  try {
    value = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new StartupError(`The configuration file ${path} cannot be read: ${reason}`);
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new StartupError(`The configuration file ${path} must hold keys and values.`);
  }
  return value as Record<string, unknown>;
}

function explain(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'The configuration is not valid.';
  if (issue.code === 'unrecognized_keys') {
    return `The configuration has a key that Parley does not know: ${issue.keys.join(', ')}. See the table in README.md.`;
  }
  const key = String(issue.path[0] ?? '');
  const env = key in FIELDS ? ` (${FIELDS[key as keyof Fields].env})` : '';
  return `The setting ${key}${env} is not valid: ${issue.message}.`;
}

function check(config: Config): Config {
  if (Boolean(config.tlsCert) !== Boolean(config.tlsKey)) {
    throw new StartupError(
      'HTTPS needs both tlsCert (PARLEY_TLS_CERT) and tlsKey (PARLEY_TLS_KEY); only one is set.',
    );
  }
  const six = config.announcedAddress.filter((item) => isIP(item) === 6);
  if (six.length > 1 || config.announcedAddress.length - six.length > 1) {
    throw new StartupError(
      'announcedAddress (PARLEY_ANNOUNCED_ADDRESS) takes one IPv4 address or host name and one IPv6 address.',
    );
  }
  const codecs = new Set(config.codecs);
  if (!codecs.has('opus') || codecs.size < 2 || codecs.size < config.codecs.length) {
    throw new StartupError('codecs (PARLEY_CODECS) needs opus and at least one video codec, each once.');
  }
  return config;
}

/** The effective configuration as it may be shown: secrets are only said to be set or not. */
export function printableConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    keys.map((key) => {
      const value = config[key];
      return [key, FIELDS[key].secret && value !== undefined ? '(set)' : (value ?? null)];
    }),
  );
}

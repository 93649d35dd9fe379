import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIELDS, loadConfig, printableConfig } from './config.ts';
import { StartupError } from './runtime.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Environment that names a configuration file with this content. */
function file(content: string, name = 'parley.yaml'): { PARLEY_CONFIG: string } {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { PARLEY_CONFIG: path };
}

/** The one line with which the configuration is refused. */
function refusal(env: Record<string, string>, overrides = {}): string {
  try {
    loadConfig(env, overrides);
  } catch (error) {
    expect(error).toBeInstanceOf(StartupError);
    const { message } = error as Error;
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('was not refused');
}

describe('sources', () => {
  it('has a default for everything', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      port: 3000,
      host: '::',
      trustedProxies: 0,
      tlsSelfSigned: false,
      metrics: true,
    });
    expect(config.workers).toBeGreaterThan(0);
    expect(config.mediaPort).toBeUndefined();
  });

  it('reads YAML and JSON, and the environment wins over the file', () => {
    expect(loadConfig(file('port: 4000\nmaxPeers: 50\n'))).toMatchObject({ port: 4000, maxPeers: 50 });
    expect(loadConfig(file('{"port": 4001}', 'parley.json')).port).toBe(4001);
    expect(loadConfig({ ...file('port: 4000\nmaxPeers: 50\n'), PARLEY_PORT: '5000' })).toMatchObject({
      port: 5000,
      maxPeers: 50,
    });
  });

  it('lets the command line win over both, and defaults give way to both', () => {
    expect(loadConfig({ PARLEY_TLS_SELF_SIGNED: '0' }, { tlsSelfSigned: true }).tlsSelfSigned).toBe(true);
    expect(loadConfig({}, {}, { logLevel: 'warn' }).logLevel).toBe('warn');
    expect(loadConfig(file('logLevel: error'), {}, { logLevel: 'warn' }).logLevel).toBe('error');
    expect(loadConfig({ PARLEY_LOG_LEVEL: 'debug' }, {}, { logLevel: 'warn' }).logLevel).toBe('debug');
  });

  it('takes an empty variable as not set, and an empty file as no settings', () => {
    expect(loadConfig({ PARLEY_PORT: '' }).port).toBe(3000);
    expect(loadConfig(file('')).port).toBe(3000);
    expect(loadConfig(file('# nothing yet\n')).port).toBe(3000);
  });

  it('understands lists and flags as text', () => {
    const config = loadConfig({
      PARLEY_ALLOWED_ORIGINS: 'https://a.example, https://b.example ,',
      PARLEY_CODECS: 'opus,vp9',
      PARLEY_METRICS: 'off',
      PARLEY_TLS_SELF_SIGNED: 'yes',
    });
    expect(config.allowedOrigins).toEqual(['https://a.example', 'https://b.example']);
    expect(config.codecs).toEqual(['opus', 'vp9']);
    expect(config.metrics).toBe(false);
    expect(config.tlsSelfSigned).toBe(true);
  });
});

describe('refusals, each in one line that names what is wrong', () => {
  it('unknown key in the file', () => {
    expect(refusal(file('prot: 3000'))).toContain('prot');
  });

  it('unknown environment variable', () => {
    expect(refusal({ PARLEY_PROT: '3000' })).toContain('PARLEY_PROT');
  });

  it('leaves the variables of others alone', () => {
    expect(loadConfig({ PATH: '/bin', npm_config_x: '1' }).port).toBe(3000);
  });

  /** A value that each setting refuses; a setting that is not here takes any text. */
  const bad: Partial<Record<keyof typeof FIELDS, string>> = {
    port: '70000',
    logLevel: 'loud',
    secret: 'too short',
    allowedOrigins: 'ftp://a.example',
    trustedProxies: '-1',
    tlsSelfSigned: 'perhaps',
    workers: '0',
    mediaPort: 'abc',
    maxMeetings: '0',
    maxPeers: '1',
    maxSocketsPerAddress: '1.5',
    metrics: 'maybe',
    codecs: 'opus,mp3',
    host: 'x'.repeat(300),
    announcedAddress: 'x'.repeat(300),
  };
  it.each(Object.entries(bad))('%s', (key, value) => {
    const { env } = FIELDS[key as keyof typeof FIELDS];
    const line = refusal({ [env]: value });
    expect(line).toContain(key);
    expect(line).toContain(env);
    expect(refusal(file(JSON.stringify({ [key]: value }), 'bad.json'))).toContain(key);
  });

  it('does not repeat a secret that is not valid', () => {
    expect(refusal({ PARLEY_SECRET: 'hunter2hunter2' })).not.toContain('hunter2');
  });

  it('a file that is missing, broken, or no list of keys', () => {
    expect(refusal({ PARLEY_CONFIG: join(folder, 'nowhere.yaml') })).toContain('nowhere.yaml');
    expect(refusal(file('a: [1,\nb: }', 'broken.yaml'))).toContain('broken.yaml');
    expect(refusal(file('- 1\n- 2\n', 'list.yaml'))).toContain('list.yaml');
    expect(refusal(file('just words', 'words.yaml'))).toContain('words.yaml');
  });

  it('half of a TLS pair', () => {
    expect(refusal({ PARLEY_TLS_CERT: 'cert.pem' })).toMatch(/PARLEY_TLS_KEY/);
    expect(refusal({ PARLEY_TLS_KEY: 'key.pem' })).toMatch(/PARLEY_TLS_CERT/);
  });

  it('more announced addresses than candidates can carry', () => {
    expect(refusal({ PARLEY_ANNOUNCED_ADDRESS: '192.0.2.1,198.51.100.1' })).toContain(
      'PARLEY_ANNOUNCED_ADDRESS',
    );
    expect(refusal({ PARLEY_ANNOUNCED_ADDRESS: '192.0.2.1,meet.example' })).toContain(
      'PARLEY_ANNOUNCED_ADDRESS',
    );
    expect(refusal({ PARLEY_ANNOUNCED_ADDRESS: '2001:db8::1,2001:db8::2' })).toContain(
      'PARLEY_ANNOUNCED_ADDRESS',
    );
    expect(loadConfig({ PARLEY_ANNOUNCED_ADDRESS: '192.0.2.1,2001:db8::1' }).announcedAddress).toHaveLength(
      2,
    );
    expect(loadConfig({ PARLEY_ANNOUNCED_ADDRESS: 'meet.example' }).announcedAddress).toEqual([
      'meet.example',
    ]);
  });

  it('codecs with which nobody could be heard or seen', () => {
    expect(refusal({ PARLEY_CODECS: 'vp8,vp9' })).toContain('PARLEY_CODECS');
    expect(refusal({ PARLEY_CODECS: 'opus' })).toContain('PARLEY_CODECS');
    expect(refusal({ PARLEY_CODECS: 'opus,opus' })).toContain('PARLEY_CODECS');
  });
});

describe('printableConfig', () => {
  it('shows every key and no secret', () => {
    const secret = 'correct horse battery staple and more of it';
    const shown = printableConfig(loadConfig({ PARLEY_SECRET: secret }));
    expect(Object.keys(shown)).toEqual(Object.keys(FIELDS));
    expect(shown.secret).toBe('(set)');
    expect(JSON.stringify(shown)).not.toContain('horse');
    expect(printableConfig(loadConfig({})).secret).toBeNull();
  });
});

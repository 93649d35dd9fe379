import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import type { Config } from '../config.ts';
import { StartupError } from '../runtime.ts';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

const VALID_DAYS = 365;
const RENEW_BEFORE_MS = 7 * 86_400_000;

/** The certificate to serve with, or null for plain HTTP. @throws StartupError */
export async function tlsFor(config: Config): Promise<TlsFiles | null> {
  if (config.tlsCert && config.tlsKey) return readPair(config.tlsCert, config.tlsKey);
  return config.tlsSelfSigned ? selfSigned(config.dataDir) : null;
}

function readPair(certPath: string, keyPath: string): TlsFiles {
  try {
    const pair = { cert: readFileSync(certPath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
    // Finds out now, and not when the server is made, whether the two can be read and belong together.
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(
      `The certificate cannot be used: ${reason}. Check PARLEY_TLS_CERT and PARLEY_TLS_KEY.`,
    );
  }
}

/** Made once and kept, so that the exception that people confirm in their browser stays good. */
async function selfSigned(dataDir: string): Promise<TlsFiles> {
  const folder = join(dataDir, 'tls');
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const names = ['localhost', hostname()];
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  const kept = readKept(paths);
  if (kept && addresses.every((address) => new X509Certificate(kept.cert).checkIP(address))) return kept;
  const made = await generate([{ name: 'commonName', value: 'Parley' }], {
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + VALID_DAYS * 86_400_000),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(paths.key, made.private, { mode: 0o600 });
    writeFileSync(paths.cert, made.cert);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(
      `The certificate cannot be kept in ${folder}: ${reason}. Set PARLEY_DATA_DIR to a writable folder.`,
    );
  }
  return { cert: made.cert, key: made.private };
}

function readKept(paths: TlsFiles): TlsFiles | null {
  try {
    const kept = { cert: readFileSync(paths.cert, 'utf8'), key: readFileSync(paths.key, 'utf8') };
    return Date.parse(new X509Certificate(kept.cert).validTo) > Date.now() + RENEW_BEFORE_MS ? kept : null;
  } catch {
    return null;
  }
}

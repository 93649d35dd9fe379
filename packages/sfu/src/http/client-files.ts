import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { TicketReply } from '@parley/protocol';
import { StartupError } from '../runtime.ts';

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

export interface ClientFile {
  readonly type: string;
  readonly etag: string;
  /** Named after its content by the build: may be kept for ever. */
  readonly immutable: boolean;
  readonly body: Buffer;
}

type Encoding = 'br' | 'gzip';
const COMPRESSIBLE = /^(\.html|\.js|\.css|\.svg|\.json|\.txt|\.webmanifest|\.wasm)$/;

/**
 * The built web client, held in memory: some few megabytes, served without a look at the disk. Compressed forms are made
 * once, on first demand, off the main thread; until then the plain form is served.
 */
export class ClientFiles {
  readonly #files = new Map<string, ClientFile>();
  readonly #compressed = new Map<string, Promise<Buffer> | Buffer>();
  /** index.html in the pieces between which the nonce stands. */
  readonly #index: string[];
  readonly #links: MeetingLinks;

  /** @throws StartupError when the client has not been built */
  constructor(root: string) {
    let index: string;
    try {
      index = readFileSync(join(root, 'index.html'), 'utf8');
    } catch {
      throw new StartupError('The web client has not been built yet. Run "npm run setup".');
    }
    this.#index = index.split('__CSP_NONCE__');
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const name = `/${relative(root, path).replaceAll('\\', '/')}`;
      if (name === '/index.html' || name.includes('/.')) continue;
      const body = readFileSync(path);
      this.#files.set(name, {
        type: extname(name),
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"`,
        immutable: name.startsWith('/assets/'),
        body,
      });
    }
    this.#links = meetingLinks(join(root, '.vite', 'manifest.json'), index);
  }

  find(path: string): ClientFile | undefined {
    return this.#files.get(path);
  }

  /** The page; for a meeting link with the chunks of the call named in its head, so that they load side by side. */
  page(nonce: string, meeting: boolean, ticket: TicketReply | null): string {
    const html = this.#index.join(nonce);
    if (!meeting) return html;
    // JSON in base64: nothing in it can end the attribute.
    const carried = ticket
      ? `<meta name="parley-ticket" content="${Buffer.from(JSON.stringify(ticket)).toString('base64')}">`
      : '';
    const { early, preload } = this.#links;
    // First in the head: the browser asks for files in this order, and for few at a time.
    return html
      .replace('<head>', `<head>${carried}${ticket ? early : ''}`)
      .replace('</head>', `${preload}</head>`);
  }

  /** The compressed form if it is ready; starts making it otherwise. */
  compressed(path: string, file: ClientFile, encoding: Encoding): Buffer | null {
    if (file.body.length < 1024 || !COMPRESSIBLE.test(file.type)) return null;
    const key = `${encoding} ${path}`;
    const known = this.#compressed.get(key);
    if (Buffer.isBuffer(known)) return known;
    if (!known) {
      const work =
        encoding === 'br'
          ? brotli(file.body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
          : deflate(file.body, { level: 9 });
      this.#compressed.set(key, work);
      work.then(
        (body) => this.#compressed.set(key, body),
        () => this.#compressed.delete(key),
      );
    }
    return null;
  }
}

interface ManifestChunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

interface MeetingLinks {
  /** The script that opens the socket while the application is still being read. */
  readonly early: string;
  /** `<link rel="modulepreload">` for the meeting page and the call code with all that they import. */
  readonly preload: string;
}

function meetingLinks(manifestPath: string, index: string): MeetingLinks {
  let manifest: Record<string, ManifestChunk>;
  try {
    manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Record<string, ManifestChunk>;
  } catch {
    return { early: '', preload: '' };
  }
  const files = new Set<string>();
  const styles = new Set<string>();
  const visit = (name: string) => {
    const chunk = manifest[name];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const style of chunk.css ?? []) styles.add(style);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const name of Object.keys(manifest)) {
    if (/^src\/(pages\/Meeting\w*\.vue|call\/(index|warm)\.ts)$/.test(name)) visit(name);
  }
  const missing = (all: Iterable<string>) => [...all].filter((file) => !index.includes(file));
  const early = manifest['src/early.ts'];
  const before = (early?.imports ?? []).flatMap((name) => manifest[name]?.file ?? []);
  return {
    early: early
      ? `<script type="module" async fetchpriority="high" crossorigin src="/${early.file}"></script>` +
        before.map((file) => `<link rel="modulepreload" crossorigin href="/${file}">`).join('')
      : '',
    preload: [
      ...missing(files).map((file) => `<link rel="modulepreload" crossorigin href="/${file}">`),
      ...missing(styles).map((file) => `<link rel="stylesheet" crossorigin href="/${file}">`),
    ].join(''),
  };
}

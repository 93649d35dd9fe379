import { execFile } from 'node:child_process';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { ROOT } from './output.ts';

const run = promisify(execFile);
const BUILT = join(ROOT, 'node_modules/.cache/parley/gallery');
const SOURCES = [
  'packages/web/src',
  'packages/web/gallery.html',
  'packages/web/vite.config.ts',
  'packages/protocol/src',
];
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** True when there is something to read and nothing has been loaded or written since the last look: parts come in chunks. */
const SETTLED = `(() => {
  const text = document.body.innerText.trim();
  const now = performance.getEntriesByType('resource').length + '/' + text.length;
  const settled = text !== '' && window.__before === now;
  window.__before = now;
  return settled;
})()`;

/** States of the product without server and camera; see `packages/web/src/gallery/main.ts` for what can be asked for. */
export interface Gallery {
  /** Shows a state and waits until it is painted. */
  show(page: Page, wish: Record<string, string | number>): Promise<void>;
  stop(): Promise<void>;
}

/** Builds the gallery where a source is newer than the last build, and serves it. */
export async function startGallery(): Promise<Gallery> {
  await build();
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(BUILT, path);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    show: async (page, wish) => {
      const hash = new URLSearchParams(Object.entries(wish).map(([key, value]) => [key, String(value)]));
      // A new hash alone would reload the page by itself, in the middle of whatever comes next.
      await page.goto('about:blank');
      await page.goto(`http://localhost:${port}/gallery.html#${hash.toString()}`);
      await page.locator('html[data-gallery="ready"]').waitFor({ state: 'attached', timeout: 30_000 });
      await page.waitForFunction(SETTLED, undefined, { timeout: 15_000, polling: 80 });
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function build(): Promise<void> {
  const page = join(BUILT, 'gallery.html');
  if (
    existsSync(page) &&
    statSync(page).mtimeMs > Math.max(...SOURCES.map((path) => newest(join(ROOT, path))))
  )
    return;
  const vite = [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--mode', 'gallery'];
  await run(process.execPath, [...vite, '--outDir', BUILT, '--emptyOutDir', '--logLevel', 'error'], {
    cwd: join(ROOT, 'packages/web'),
    env: { ...process.env, NODE_ENV: 'production' },
  });
}

/** Time of the latest change in a file or folder. */
function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pageScript } from './page-scripts.ts';

/** A page that is worth sharing: the mark over its whole width, painted anew 15 times a second, and a person's tone. */
export interface SharedPage {
  readonly url: string;
  /** Title of the document, by which the browser can be told to pick the tab. */
  readonly title: string;
  stop(): Promise<void>;
}

export async function startSharedPage(person: number): Promise<SharedPage> {
  const title = `Parley shared page ${person}`;
  const script = await pageScript('fake-source');
  const page = `<!doctype html><title>${title}</title>
<style>html, body { margin: 0; height: 100%; background: #446; overflow: hidden }
  video { width: 100vw; height: 100vh; object-fit: fill; display: block }</style>
<video autoplay muted></video><audio autoplay></audio>
<script>window.__person = ${JSON.stringify({ person, width: 640, height: 360, fps: 15 })};</script>
<script>${script}</script>
<script>navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then((stream) => {
  document.querySelector('video').srcObject = new MediaStream(stream.getVideoTracks());
  document.querySelector('audio').srcObject = new MediaStream(stream.getAudioTracks());
});</script>`;
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 204, { 'content-type': 'text/html' });
    response.end(request.url === '/' ? page : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://localhost:${port}/`, title, stop };
}

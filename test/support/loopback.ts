import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/**
 * A page without any product in it: camera and microphone go over two RTCPeerConnections of the same page. What the
 * harness measures here it can measure anywhere; when it fails here, the fault is the harness or the machine.
 */
const PAGE = `<!doctype html><title>loopback</title>
<div data-testid="tile" data-peer="own" data-name="Own" data-source="camera" data-self="true">
  <video id="own" autoplay muted playsinline></video></div>
<div data-testid="tile" data-peer="far" data-name="Far" data-source="camera" data-self="false">
  <video id="far" autoplay muted playsinline></video><audio id="sound" autoplay></audio></div>
<button id="mute">mute</button>
<script>
(async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  document.getElementById('own').srcObject = new MediaStream(stream.getVideoTracks());
  const a = new RTCPeerConnection(), b = new RTCPeerConnection();
  window.connections = [a, b];
  a.onicecandidate = ({ candidate }) => candidate && b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => candidate && a.addIceCandidate(candidate);
  b.ontrack = ({ track }) => {
    document.getElementById(track.kind === 'video' ? 'far' : 'sound').srcObject = new MediaStream([track]);
  };
  for (const track of stream.getTracks()) a.addTrack(track, stream);
  await a.setLocalDescription(await a.createOffer());
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  await a.setRemoteDescription(b.localDescription);
  document.getElementById('mute').onclick = () => { for (const track of stream.getAudioTracks()) track.enabled = false; };
})().catch((error) => console.error(String(error)));
</script>`;

export async function startLoopback(): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const found = request.url === '/';
    response.writeHead(found ? 200 : 204, { 'content-type': 'text/html' }).end(found ? PAGE : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://localhost:${port}/`, stop };
}

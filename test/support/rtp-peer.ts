import nodeDataChannel from 'node-datachannel';
import type { PeerConnection, Track } from 'node-datachannel';
import type { DtlsParameters, TransportOptions } from '@parley/protocol';
import { isRtcp, vp8PayloadType } from '../../infra/worker/smoke/rtp.ts';

/**
 * One transport of a person without a browser: real ICE, DTLS and SRTP (libdatachannel), raw RTP and RTCP in and out.
 * Direction is seen from the client.
 */
export class RtpPeer {
  /** Decrypted RTP from the server. */
  onRtp: (packet: Buffer) => void = () => undefined;
  /** Decrypted RTCP from the server. */
  onRtcp: (packet: Buffer) => void = () => undefined;
  readonly #connection: PeerConnection;
  readonly #track: Track;

  private constructor(direction: 'send' | 'recv', ssrcs: readonly number[]) {
    this.#connection = new nodeDataChannel.PeerConnection('peer', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
    });
    // What the line says about codecs does not matter: both ends exchange raw packets of any payload type.
    const video = new nodeDataChannel.Video('media', direction === 'send' ? 'SendOnly' : 'RecvOnly');
    video.addVP8Codec(vp8PayloadType);
    for (const ssrc of ssrcs) video.addSSRC(ssrc, 'test');
    this.#track = this.#connection.addTrack(video);
    this.#track.onMessage((packet) => (isRtcp(packet) ? this.onRtcp(packet) : this.onRtp(packet)));
  }

  /**
   * Connects to a transport of the server. `tell` hands the DTLS parameters over (`connectWebRtcTransport`).
   * @param ssrcs what will be sent
   */
  static async connect(
    options: TransportOptions,
    direction: 'send' | 'recv',
    tell: (dtlsParameters: DtlsParameters) => Promise<unknown>,
    ssrcs: readonly number[] = [],
  ): Promise<RtpPeer> {
    const peer = new RtpPeer(direction, ssrcs);
    const connection = peer.#connection;
    const offer = await new Promise<string>((resolve) => {
      connection.onLocalDescription((sdp) => resolve(sdp));
      connection.setLocalDescription('offer');
    });
    const [, algorithm = '', value = ''] = /^a=fingerprint:(\S+) (\S+)/im.exec(offer) ?? [];
    const connected = new Promise<void>((resolve, reject) => {
      connection.onStateChange((state) => {
        if (state === 'connected') resolve();
        if (state === 'failed') reject(new Error('ICE or DTLS failed'));
      });
    });
    await tell({
      role: 'client',
      fingerprints: [{ algorithm: algorithm.toLowerCase() as 'sha-256', value }],
    });
    connection.setRemoteDescription(answer(options, direction), 'answer');
    await connected;
    return peer;
  }

  send(packet: Buffer): void {
    if (this.#track.isOpen()) this.#track.sendMessageBinary(packet);
  }

  close(): void {
    this.onRtp = () => undefined;
    this.onRtcp = () => undefined;
    this.#connection.close();
  }
}

/** The server's transport as an SDP answer; only its IPv4 loopback candidate, since the peer is bound to it. */
function answer(
  { iceParameters, iceCandidates, dtlsParameters }: TransportOptions,
  direction: 'send' | 'recv',
): string {
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const candidates = iceCandidates.filter(
    ({ protocol, address }) => protocol === 'udp' && address === '127.0.0.1',
  );
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    'a=group:BUNDLE media',
    `m=video 9 UDP/TLS/RTP/SAVPF ${vp8PayloadType}`,
    'c=IN IP4 127.0.0.1',
    'a=mid:media',
    `a=${direction === 'send' ? 'recvonly' : 'sendonly'}`,
    'a=rtcp-mux',
    `a=rtpmap:${vp8PayloadType} VP8/90000`,
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=fingerprint:sha-256 ${fingerprint?.value ?? ''}`,
    'a=setup:passive',
    ...candidates.map(
      (c) => `a=candidate:${c.foundation} 1 udp ${c.priority} ${c.address} ${c.port} typ ${c.type}`,
    ),
    'a=end-of-candidates',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

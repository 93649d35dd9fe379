// A real WebRTC client (libdatachannel: its own ICE, DTLS, SRTP and SCTP) that talks to a mediasoup WebRtcTransport.
// The two speak through the descriptions that a browser would exchange with a signalling server.
import nodeDataChannel from 'node-datachannel';
import type { DataChannel, PeerConnection, Track } from 'node-datachannel';
import type { types } from 'mediasoup';
import { vp8PayloadType } from './rtp.ts';
import { arrival, onClose } from './stage.ts';

export type Media = { direction: 'send'; ssrc: number } | { direction: 'receive' };

export interface ClientOptions {
  transport: types.WebRtcTransport;
  /** Who opens the DTLS handshake. */
  dtls: 'client' | 'server';
  media?: Media;
  /** Opens this SCTP stream as a data channel that both sides agreed on beforehand. */
  dataStreams?: number[];
  /** SSRC of what the client will receive. */
  receiveSsrc?: number;
}

export class Client {
  readonly transport: types.WebRtcTransport;
  readonly #connection: PeerConnection;
  readonly #options: ClientOptions;
  readonly track: Track | undefined;
  readonly channels: DataChannel[];

  constructor(options: ClientOptions) {
    this.#options = options;
    this.transport = options.transport;
    this.#connection = new nodeDataChannel.PeerConnection('client', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
    });
    onClose(() => this.#connection.close());
    this.track = options.media && this.#addTrack(options.media);
    this.channels = (options.dataStreams ?? []).map((id) =>
      this.#connection.createDataChannel(`stream-${id}`, { negotiated: true, id }),
    );
  }

  /** Resolves when ICE and DTLS are done on both sides. */
  async connect(): Promise<void> {
    const { dtls } = this.#options;
    const offer = await arrival<string>('local description', (resolve) => {
      this.#connection.onLocalDescription((sdp) => resolve(sdp));
      this.#connection.setLocalDescription('offer');
    });
    const fingerprint = /^a=fingerprint:(\S+) (\S+)/im.exec(offer)!;

    const clientConnected = arrival<void>('connected client', (resolve, reject) => {
      this.#connection.onStateChange((state) => {
        if (state === 'connected') {
          resolve();
        } else if (state === 'failed') {
          reject(new Error('the client could not connect'));
        }
      });
    });
    const serverConnected = arrival<void>('DTLS of the transport', (resolve, reject) => {
      this.transport.on('dtlsstatechange', (state) => {
        if (state === 'connected') {
          resolve();
        } else if (state === 'failed') {
          reject(new Error('the transport refused the DTLS handshake'));
        }
      });
    });

    await this.transport.connect({
      dtlsParameters: {
        role: dtls,
        fingerprints: [
          { algorithm: fingerprint[1]!.toLowerCase() as types.FingerprintAlgorithm, value: fingerprint[2]! },
        ],
      },
    });
    this.#connection.setRemoteDescription(this.#answer(), 'answer');
    await Promise.all([clientConnected, serverConnected]);
  }

  #addTrack(media: Media): Track {
    const video = new nodeDataChannel.Video('media', media.direction === 'send' ? 'SendOnly' : 'RecvOnly');

    video.addVP8Codec(vp8PayloadType);

    if (media.direction === 'send') {
      video.addSSRC(media.ssrc, 'smoke');
    }

    return this.#connection.addTrack(video);
  }

  /** The transport's side as an SDP answer. */
  #answer(): string {
    const { media, dtls, dataStreams, receiveSsrc } = this.#options;
    const { iceParameters, iceCandidates, dtlsParameters, sctpParameters } = this.transport;
    const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256')!;
    const shared = [
      'c=IN IP4 127.0.0.1',
      `a=ice-ufrag:${iceParameters.usernameFragment}`,
      `a=ice-pwd:${iceParameters.password}`,
      `a=fingerprint:sha-256 ${fingerprint.value}`,
      `a=setup:${dtls === 'client' ? 'passive' : 'active'}`,
      ...iceCandidates
        .filter(({ protocol }) => protocol === 'udp')
        .map((c) => `a=candidate:${c.foundation} 1 udp ${c.priority} ${c.address} ${c.port} typ ${c.type}`),
      'a=end-of-candidates',
    ];
    const mids = [...(media ? ['media'] : []), ...(dataStreams ? ['0'] : [])];
    const lines = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      'a=ice-lite',
      `a=group:BUNDLE ${mids.join(' ')}`,
    ];

    if (media) {
      lines.push(
        `m=video 9 UDP/TLS/RTP/SAVPF ${vp8PayloadType}`,
        ...shared,
        'a=mid:media',
        `a=${media.direction === 'send' ? 'recvonly' : 'sendonly'}`,
        'a=rtcp-mux',
        `a=rtpmap:${vp8PayloadType} VP8/90000`,
        ...(receiveSsrc ? [`a=ssrc:${receiveSsrc} cname:smoke`] : []),
      );
    }

    if (dataStreams) {
      lines.push(
        'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
        ...shared,
        'a=mid:0',
        `a=sctp-port:${sctpParameters!.port}`,
        `a=max-message-size:${sctpParameters!.maxReceiveMessageSize}`,
      );
    }

    return `${lines.join('\r\n')}\r\n`;
  }
}

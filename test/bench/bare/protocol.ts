import type { types as client } from 'mediasoup-client';

/** What the bare page and the bare server say to each other, as JSON over a WebSocket. No checks: it is a floor. */
export type TransportOptions = Pick<
  client.TransportOptions,
  'id' | 'iceParameters' | 'iceCandidates' | 'dtlsParameters'
>;

export interface Hello {
  t: 'hello';
  routerRtpCapabilities: client.RtpCapabilities;
  transport: TransportOptions;
}

export interface ConsumerOptions {
  id: string;
  producerId: string;
  kind: client.MediaKind;
  rtpParameters: client.RtpParameters;
}

export type FromServer =
  Hello | { t: 'consumers'; list: ConsumerOptions[] } | { t: 'done'; n: number; id?: string };

export type FromPage =
  | { t: 'join'; rtpCapabilities: client.RtpCapabilities }
  | { t: 'connect'; n: number; dtlsParameters: client.DtlsParameters }
  | { t: 'produce'; n: number; kind: client.MediaKind; rtpParameters: client.RtpParameters }
  | { t: 'received' };

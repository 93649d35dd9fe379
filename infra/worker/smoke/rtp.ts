// RTP and RTCP as bytes, as far as the smoke test needs them: VP8 packets that say which stream and frame they carry,
// sender reports, key frame requests.

export const vp8PayloadType = 96;
export const clockRate = 90_000;

/** What a test packet says about itself; it stands in clear text behind the VP8 headers. */
export interface Picture {
  layer: number;
  frame: number;
  temporalLayer: number;
  keyFrame: boolean;
}

export interface RtpPacket {
  payloadType: number;
  sequenceNumber: number;
  timestamp: number;
  ssrc: number;
  headerLength: number;
  payload: Buffer;
}

/** A VP8 packet that is a frame by itself. `size`: length of the payload in bytes, at least 40. */
export function vp8Packet(
  picture: Picture,
  header: { ssrc: number; sequenceNumber: number; timestamp: number; tl0: number; size: number },
): Buffer {
  const packet = Buffer.alloc(12 + header.size);

  packet[0] = 0x80;
  // The marker bit ends the frame.
  packet[1] = 0x80 | vp8PayloadType;
  packet.writeUInt16BE(header.sequenceNumber & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc, 8);

  // RFC 7741: start of a frame, then extensions: picture id (15 bits), TL0PICIDX, temporal layer with the sync bit.
  packet[12] = 0x90;
  packet[13] = 0xe0;
  packet.writeUInt16BE(0x8000 | (picture.frame & 0x7fff), 14);
  packet[16] = header.tl0 & 0xff;
  packet[17] = (picture.temporalLayer << 6) | 0x20;
  // VP8 payload header: the lowest bit is 0 for a key frame.
  packet[18] = picture.keyFrame ? 0x00 : 0x01;
  packet.write(JSON.stringify(picture), 19);

  return packet;
}

export function parseRtp(packet: Buffer): RtpPacket {
  const hasExtension = (packet[0]! & 0x10) !== 0;
  let headerLength = 12 + (packet[0]! & 0x0f) * 4;

  if (hasExtension) {
    headerLength += 4 + packet.readUInt16BE(headerLength + 2) * 4;
  }

  return {
    payloadType: packet[1]! & 0x7f,
    sequenceNumber: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    headerLength,
    payload: packet.subarray(headerLength),
  };
}

/** What the packet says about itself; null for anything that vp8Packet did not make (probation, for instance). */
export function pictureOf({ payload }: RtpPacket): Picture | null {
  try {
    const text = payload.subarray(7).toString('latin1');

    return JSON.parse(text.slice(0, text.indexOf('}') + 1)) as Picture;
  } catch {
    return null;
  }
}

/** RTCP (second byte 192 to 223) or RTP; RFC 5761. */
export function isRtcp(packet: Buffer): boolean {
  return packet[1]! >= 192 && packet[1]! <= 223;
}

/** A sender report: says which RTP timestamp belongs to which moment. */
export function senderReport(ssrc: number, timestamp: number, now = Date.now()): Buffer {
  const packet = Buffer.alloc(28);
  const seconds = now / 1000 + 2_208_988_800;

  packet[0] = 0x80;
  packet[1] = 200;
  packet.writeUInt16BE(6, 2);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(Math.floor(seconds), 8);
  packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), 12);
  packet.writeUInt32BE(timestamp >>> 0, 16);

  return packet;
}

/** A picture loss indication: asks for a key frame. */
export function pictureLoss(mediaSsrc: number): Buffer {
  const packet = Buffer.alloc(12);

  packet[0] = 0x81;
  packet[1] = 206;
  packet.writeUInt16BE(2, 2);
  packet.writeUInt32BE(1, 4);
  packet.writeUInt32BE(mediaSsrc, 8);

  return packet;
}

/** The streams for which a (compound) RTCP packet asks for a key frame. */
export function keyFrameRequests(compound: Buffer): number[] {
  const ssrcs: number[] = [];

  for (let at = 0; at + 12 <= compound.length; at += (compound.readUInt16BE(at + 2) + 1) * 4) {
    const isPictureLoss = compound[at + 1] === 206 && (compound[at]! & 0x1f) === 1;

    if (isPictureLoss) {
      ssrcs.push(compound.readUInt32BE(at + 8));
    }
  }

  return ssrcs;
}

// SRTP by the book (RFC 3711, RFC 7714), on Node's own AES and HMAC. The worker's encryption is one of the things that
// this build puts together differently from upstream; two workers would agree with each other even if both were
// wrong, so the test decrypts what a worker sends with this, and lets the worker decrypt what this encrypts.
//
// No replay window and no rollover: a test sends a few packets.
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { types } from 'mediasoup';
import { parseRtp } from './rtp.ts';

type Suite = types.SrtpCryptoSuite;

interface SuiteFacts {
  keyLength: number;
  saltLength: number;
  aead: boolean;
  /** Bytes of the tag on RTP and on RTCP. */
  tag: { rtp: number; rtcp: number };
}

export const suites: Record<Suite, SuiteFacts> = {
  AEAD_AES_256_GCM: { keyLength: 32, saltLength: 12, aead: true, tag: { rtp: 16, rtcp: 16 } },
  AEAD_AES_128_GCM: { keyLength: 16, saltLength: 12, aead: true, tag: { rtp: 16, rtcp: 16 } },
  AES_CM_128_HMAC_SHA1_80: { keyLength: 16, saltLength: 14, aead: false, tag: { rtp: 10, rtcp: 10 } },
  // The short tag is for RTP only.
  AES_CM_128_HMAC_SHA1_32: { keyLength: 16, saltLength: 14, aead: false, tag: { rtp: 4, rtcp: 10 } },
};

interface SessionKeys {
  key: Buffer;
  salt: Buffer;
  auth: Buffer;
}

export class ReferenceSrtp {
  readonly #facts: SuiteFacts;
  readonly #rtp: SessionKeys;
  readonly #rtcp: SessionKeys;
  #rtcpIndex = 0;

  /** `keyBase64`: master key and salt, as mediasoup's SrtpParameters have them. */
  constructor(suite: Suite, keyBase64: string) {
    const master = Buffer.from(keyBase64, 'base64');

    this.#facts = suites[suite];

    if (master.length !== this.#facts.keyLength + this.#facts.saltLength) {
      throw new Error(`${suite}: ${master.length} bytes of key and salt`);
    }

    this.#rtp = this.#derive(master, 0);
    this.#rtcp = this.#derive(master, 3);
  }

  protectRtp(packet: Buffer): Buffer {
    const { headerLength, sequenceNumber, ssrc, payload } = parseRtp(packet);
    const header = packet.subarray(0, headerLength);

    if (this.#facts.aead) {
      return Buffer.concat([
        header,
        this.#seal(this.#rtp, this.#rtpNonce(ssrc, sequenceNumber), header, payload),
      ]);
    }

    const body = Buffer.concat([header, this.#counter(this.#rtp, ssrc, sequenceNumber, payload)]);

    return Buffer.concat([body, this.#tag(this.#rtp, [body, Buffer.alloc(4)], this.#facts.tag.rtp)]);
  }

  /** Throws if the tag is wrong. */
  unprotectRtp(packet: Buffer): Buffer {
    const { headerLength, sequenceNumber, ssrc } = parseRtp(packet);
    const header = packet.subarray(0, headerLength);
    const tagAt = packet.length - this.#facts.tag.rtp;
    const body = packet.subarray(headerLength, tagAt);
    const tag = packet.subarray(tagAt);

    if (this.#facts.aead) {
      return Buffer.concat([
        header,
        this.#open(this.#rtp, this.#rtpNonce(ssrc, sequenceNumber), header, body, tag),
      ]);
    }

    this.#check(tag, this.#tag(this.#rtp, [header, body, Buffer.alloc(4)], this.#facts.tag.rtp));

    return Buffer.concat([header, this.#counter(this.#rtp, ssrc, sequenceNumber, body)]);
  }

  protectRtcp(packet: Buffer): Buffer {
    const index = ++this.#rtcpIndex;
    const word = Buffer.alloc(4);
    const header = packet.subarray(0, 8);
    const ssrc = packet.readUInt32BE(4);
    const body = packet.subarray(8);

    // The highest bit says "encrypted".
    word.writeUInt32BE((0x8000_0000 | index) >>> 0);

    if (this.#facts.aead) {
      const sealed = this.#seal(
        this.#rtcp,
        this.#rtcpNonce(ssrc, index),
        Buffer.concat([header, word]),
        body,
      );

      return Buffer.concat([header, sealed, word]);
    }

    const plain = Buffer.concat([header, this.#counter(this.#rtcp, ssrc, index, body), word]);

    return Buffer.concat([plain, this.#tag(this.#rtcp, [plain], this.#facts.tag.rtcp)]);
  }

  /** Throws if the tag is wrong. */
  unprotectRtcp(packet: Buffer): Buffer {
    const { aead, tag } = this.#facts;
    const header = packet.subarray(0, 8);
    const ssrc = packet.readUInt32BE(4);
    // Tag and index word change places between the two families.
    const wordAt = packet.length - 4 - (aead ? 0 : tag.rtcp);
    const word = packet.subarray(wordAt, wordAt + 4);
    const index = word.readUInt32BE() & 0x7fff_ffff;

    if (aead) {
      const tagAt = wordAt - tag.rtcp;
      const associated = Buffer.concat([header, word]);
      const nonce = this.#rtcpNonce(ssrc, index);

      return Buffer.concat([
        header,
        this.#open(this.#rtcp, nonce, associated, packet.subarray(8, tagAt), packet.subarray(tagAt, wordAt)),
      ]);
    }

    this.#check(
      packet.subarray(wordAt + 4),
      this.#tag(this.#rtcp, [packet.subarray(0, wordAt + 4)], tag.rtcp),
    );

    return Buffer.concat([header, this.#counter(this.#rtcp, ssrc, index, packet.subarray(8, wordAt))]);
  }

  /** RFC 3711, 4.3: session keys are key stream at a position that a label chooses. */
  #derive(master: Buffer, firstLabel: number): SessionKeys {
    const { keyLength, saltLength } = this.#facts;
    const stream = (label: number, length: number): Buffer => {
      const iv = Buffer.alloc(16);

      // The shorter salt of the AEAD suites is padded at its end (RFC 7714, 11).
      master.copy(iv, 0, keyLength);
      iv[7]! ^= label;

      const cipher = createCipheriv(`aes-${keyLength * 8}-ctr`, master.subarray(0, keyLength), iv);

      return cipher.update(Buffer.alloc(length));
    };

    return {
      key: stream(firstLabel, keyLength),
      auth: stream(firstLabel + 1, 20),
      salt: stream(firstLabel + 2, saltLength),
    };
  }

  #counter({ key, salt }: SessionKeys, ssrc: number, index: number, data: Buffer): Buffer {
    const iv = Buffer.alloc(16);
    const position = Buffer.alloc(16);

    salt.copy(iv);
    position.writeUInt32BE(ssrc, 4);
    position.writeUInt32BE(index, 10);

    return createCipheriv('aes-128-ctr', key, xor(iv, position)).update(data);
  }

  #tag({ auth }: SessionKeys, parts: Buffer[], length: number): Buffer {
    const hmac = createHmac('sha1', auth);

    parts.forEach((part) => hmac.update(part));

    return hmac.digest().subarray(0, length);
  }

  #check(given: Buffer, computed: Buffer): void {
    if (given.length !== computed.length || !timingSafeEqual(given, computed)) {
      throw new Error('wrong authentication tag');
    }
  }

  #rtpNonce(ssrc: number, sequenceNumber: number): Buffer {
    const nonce = Buffer.alloc(12);

    nonce.writeUInt32BE(ssrc, 2);
    nonce.writeUInt16BE(sequenceNumber, 10);

    return xor(nonce, this.#rtp.salt);
  }

  #rtcpNonce(ssrc: number, index: number): Buffer {
    const nonce = Buffer.alloc(12);

    nonce.writeUInt32BE(ssrc, 2);
    nonce.writeUInt32BE(index, 8);

    return xor(nonce, this.#rtcp.salt);
  }

  #seal({ key }: SessionKeys, nonce: Buffer, associated: Buffer, data: Buffer): Buffer {
    const cipher = createCipheriv(key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm', key, nonce);

    cipher.setAAD(associated);

    return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
  }

  #open({ key }: SessionKeys, nonce: Buffer, associated: Buffer, data: Buffer, tag: Buffer): Buffer {
    const decipher = createDecipheriv(key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm', key, nonce);

    decipher.setAAD(associated);
    decipher.setAuthTag(tag);

    return Buffer.concat([decipher.update(data), decipher.final()]);
  }
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}

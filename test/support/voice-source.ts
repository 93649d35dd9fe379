import { LEVEL_EXTENSION_ID, OPUS_PAYLOAD_TYPE } from './rtp-parameters.ts';

const PACKET_MS = 20;
const SAMPLES = 960;

/** Opus packets, 50 in a second, that say how loud they are (RFC 6464) and carry their number; no sound that decodes. */
export class VoiceSource {
  readonly #ssrc: number;
  readonly #send: (packet: Buffer) => void;
  readonly #timer: NodeJS.Timeout;
  /** Loudness in dBov, -127 (silence) to 0. */
  level: number;
  sent = 0;

  constructor(options: { ssrc: number; level: number; send: (packet: Buffer) => void }) {
    this.#ssrc = options.ssrc;
    this.level = options.level;
    this.#send = options.send;
    this.#timer = setInterval(() => this.#packet(), PACKET_MS);
  }

  /** Speech goes up and down; a tone that stays the same counts as background noise when speakers are looked for. */
  #syllable(): number {
    const at = this.sent % 25;
    if (this.level === -127) return -127;
    return at < 18 ? this.level - (at % 4) : -90;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #packet(): void {
    const packet = Buffer.alloc(12 + 8 + 24);
    packet[0] = 0x90;
    packet[1] = OPUS_PAYLOAD_TYPE;
    packet.writeUInt16BE(this.sent & 0xffff, 2);
    packet.writeUInt32BE((this.sent * SAMPLES) >>> 0, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    // One-byte header extension (RFC 8285): one word with id, length 1, and the level with the voice bit.
    packet.writeUInt16BE(0xbede, 12);
    packet.writeUInt16BE(1, 14);
    packet[16] = LEVEL_EXTENSION_ID << 4;
    const level = this.#syllable();
    packet[17] = (level > -127 ? 0x80 : 0) | (-level & 0x7f);
    packet.write(`voice ${this.sent}`, 20);
    this.#send(packet);
    this.sent += 1;
  }
}

import { Device, detectDevice } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { Chrome74 } from 'mediasoup-client/handlers/Chrome74';
import { Firefox120 } from 'mediasoup-client/handlers/Firefox120';
import { Safari12 } from 'mediasoup-client/handlers/Safari12';
import type { HandlerFactory, RtpCapabilities } from 'mediasoup-client/types';
import type { RtpCapabilities as ProtocolRtpCapabilities } from '@parley/protocol/media';

/** No browser can take part without these; said before anything is opened. */
export class UnsupportedError extends Error {
  constructor() {
    super('This browser cannot take part in a meeting.');
    this.name = 'UnsupportedError';
  }
}

let warm: HandlerFactory | null = null;

/**
 * Asks the browser what it can send and receive before the server has said a word. The answer takes two throw-away
 * peer connections, and the first one in a page also starts the browser's media threads: time that is otherwise spent
 * between `welcome` and `join`.
 *
 * @throws {UnsupportedError}
 */
export function warmUp(): HandlerFactory {
  if (warm) return warm;
  const factory = builtinFactory();
  const known = new Map<string, Promise<RtpCapabilities>>();
  const ask: HandlerFactory['getNativeRtpCapabilities'] = (options) => {
    let answer = known.get(options.direction);
    if (!answer) {
      answer = factory.getNativeRtpCapabilities(options);
      known.set(options.direction, answer);
      answer.catch(() => known.delete(options.direction));
    }
    return answer;
  };
  void ask({ direction: 'recvonly' }).catch(() => undefined);
  void ask({ direction: 'sendonly' }).catch(() => undefined);
  warm = { name: factory.name, factory: factory.factory, getNativeRtpCapabilities: ask };
  return warm;
}

let loaded: { key: string; device: Promise<Device> } | null = null;

/** The Device for these router capabilities; the same one as long as they are the same. */
export function loadDevice(
  routerRtpCapabilities: ProtocolRtpCapabilities,
  handlerFactory: HandlerFactory = warmUp(),
): Promise<Device> {
  const key = JSON.stringify(routerRtpCapabilities);
  if (loaded?.key === key) return loaded.device;
  const device = (async () => {
    const fresh = new Device({ handlerFactory });
    await fresh.load({ routerRtpCapabilities: routerRtpCapabilities as RtpCapabilities });
    return fresh;
  })();
  loaded = { key, device };
  device.catch(() => {
    if (loaded?.device === device) loaded = null;
  });
  return device;
}

function builtinFactory(): HandlerFactory {
  if (typeof RTCPeerConnection === 'undefined') throw new UnsupportedError();
  switch (detectDevice()) {
    case 'Chrome111':
      return Chrome111.createFactory({});
    case 'Chrome74':
      return Chrome74.createFactory({});
    case 'Firefox120':
      return Firefox120.createFactory({});
    case 'Safari12':
      return Safari12.createFactory({});
    default:
      throw new UnsupportedError();
  }
}

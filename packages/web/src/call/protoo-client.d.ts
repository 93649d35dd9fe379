/** What this client uses of protoo-client 4, which ships without types. See https://protoo.versatica.com. */
declare module 'protoo-client' {
  export interface WebSocketTransportOptions {
    /** Options of npm `retry` for the first connection; reconnecting after that cannot be switched off. */
    retry?: { retries: number };
  }

  export class WebSocketTransport {
    constructor(url: string, options?: WebSocketTransportOptions);
    readonly closed: boolean;
    close(): void;
  }

  export interface ProtooRequest {
    readonly id: number;
    readonly method: string;
    readonly data: unknown;
  }

  export interface ProtooNotification {
    readonly method: string;
    readonly data: unknown;
  }

  export interface PeerEvents {
    open: [];
    /** The socket never opened; protoo is about to try the same URL again. */
    failed: [currentAttempt: number];
    /** The socket was open and is gone; protoo is about to try the same URL again. */
    disconnected: [];
    close: [];
    request: [
      request: ProtooRequest,
      accept: (data?: unknown) => void,
      reject: (code: number, reason: string) => void,
    ];
    notification: [notification: ProtooNotification];
  }

  export class Peer {
    constructor(transport: WebSocketTransport);
    readonly closed: boolean;
    readonly connected: boolean;
    close(): void;
    /** Rejects with an `Error` that carries the number of the error table in `code` where the server refused. */
    request(method: string, data?: unknown): Promise<unknown>;
    notify(method: string, data?: unknown): Promise<void>;
    on<K extends keyof PeerEvents>(event: K, listener: (...args: PeerEvents[K]) => void): this;
  }
}

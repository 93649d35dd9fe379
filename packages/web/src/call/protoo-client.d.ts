/** What this client uses of protoo-client 4, which ships without types. See https://protoo.versatica.com. */
declare module 'protoo-client' {
  /** What `Peer` needs under it; protoo's own WebSocketTransport is one. */
  export interface Transport {
    readonly closed: boolean;
    on(event: 'open' | 'disconnected' | 'close', listener: () => void): unknown;
    on(event: 'failed', listener: (currentAttempt: number) => void): unknown;
    on(event: 'message', listener: (message: object) => void): unknown;
    send(message: object): Promise<void>;
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
    /** The socket never opened. */
    failed: [currentAttempt: number];
    /** The socket was open and is gone. */
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
    constructor(transport: Transport);
    readonly closed: boolean;
    readonly connected: boolean;
    close(): void;
    /** Rejects with an `Error` that carries the number of the error table in `code` where the server refused. */
    request(method: string, data?: unknown): Promise<unknown>;
    notify(method: string, data?: unknown): Promise<void>;
    on<K extends keyof PeerEvents>(event: K, listener: (...args: PeerEvents[K]) => void): this;
  }
}

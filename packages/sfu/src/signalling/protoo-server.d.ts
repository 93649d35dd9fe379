/** The part of protoo-server 4 that Parley uses; the package brings no types. */
declare module 'protoo-server' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage, Server } from 'node:http';
  import type { Socket } from 'node:net';

  export interface ProtooRequest {
    readonly id: number;
    readonly method: string;
    readonly data: unknown;
  }
  export interface ProtooNotification {
    readonly method: string;
    readonly data: unknown;
  }

  /** What a Peer needs of its transport. */
  export interface ProtooTransport extends EventEmitter {
    readonly closed: boolean;
    close(): void;
    send(message: object): Promise<void>;
  }

  export class Peer extends EventEmitter {
    readonly id: string;
    readonly closed: boolean;
    readonly data: Record<string, unknown>;
    close(): void;
    request(method: string, data?: object): Promise<unknown>;
    notify(method: string, data?: object): Promise<void>;
  }

  export class Room extends EventEmitter {
    readonly peers: Peer[];
    createPeer(peerId: string, transport: ProtooTransport): Peer;
    close(): void;
  }

  /** The connection of the `websocket` package below protoo's own transport. */
  export interface RawConnection extends EventEmitter {
    readonly socket: Socket;
    readonly connected: boolean;
    sendUTF(text: string, callback?: (error?: Error) => void): void;
    close(code?: number, reason?: string): void;
    drop(code?: number, reason?: string, skipCloseFrame?: boolean): void;
  }

  export interface WebSocketTransport extends ProtooTransport {
    readonly _connection: RawConnection;
  }

  export interface ConnectionInfo {
    readonly request: IncomingMessage;
    readonly origin: string | undefined;
    readonly socket: Socket;
  }

  export class WebSocketServer extends EventEmitter {
    constructor(server: Server, options?: Record<string, unknown>);
    on(
      event: 'connectionrequest',
      listener: (
        info: ConnectionInfo,
        accept: () => WebSocketTransport | undefined,
        reject: (code: number, reason: string) => void,
      ) => void,
    ): this;
    stop(): void;
  }
}

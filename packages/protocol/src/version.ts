/**
 * Version of the signalling protocol. The major number changes when an old client can no longer talk to a new server;
 * client and server compare it in the handshake (`ticket` reply, then `welcome`) and a mismatch ends with
 * `VERSION_MISMATCH`, which the client answers by reloading the page once.
 */
export const PROTOCOL_VERSION = 1;

/** WebSocket sub-protocol, fixed by protoo. */
export const WS_SUBPROTOCOL = 'protoo';

/** Path of the signalling WebSocket; the ticket travels in the query as `ticket`. */
export const SIGNALLING_PATH = '/signalling';

/**
 * Every bound on a length or a count, in one place, so that a reviewer can see what the largest message may cost.
 * Lengths of strings are code points, as Zod counts them.
 */
export const LIMITS = {
  /** Characters of a display name after trimming. */
  name: 64,
  /** Characters of a meeting slug. */
  slugMin: 3,
  slug: 64,
  /** Characters of any id (peer, producer, transport, ...). */
  id: 64,
  /** Characters of a ticket or a resume key. */
  token: 1024,
  /** Characters of one chat message. */
  chatText: 2000,
  /** Chat messages kept in memory per meeting and handed to late joiners. */
  chatHistory: 200,
  /** Tiles that a client may report as visible. */
  tiles: 64,
  /** CSS pixels times device pixel ratio of one side of a tile. */
  tileSide: 8192,
  /** People in one meeting. */
  peers: 500,
  /** Live producers of one peer (microphone, camera, screen, screen sound, and room for replacing one). */
  producersPerPeer: 8,
  /** Live WebRTC transports of one peer (send, receive, and their replacements). */
  transportsPerPeer: 6,
  /** Room events in one `roomEvents` notification. */
  eventsPerBatch: 200,
  /** Bytes of one WebSocket message from a client. */
  messageBytes: 64 * 1024,
  /** Bytes of a JSON body of the HTTP API. */
  bodyBytes: 16 * 1024,
  /** RTP: codecs, header extensions, encodings, feedback entries and parameters in one description. */
  codecs: 64,
  headerExtensions: 64,
  encodings: 8,
  rtcpFeedback: 16,
  codecParameters: 32,
  /** DTLS fingerprints and ICE candidates in one description. */
  fingerprints: 8,
  iceCandidates: 64,
} as const;

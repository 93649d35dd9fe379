/**
 * Debian packages that the tests need on top of Node and npm. (What compiling the worker needs is listed where it is
 * compiled, infra/worker/build.mjs.) Without recommended packages these are about 200 MB of downloads.
 */
export const TEST_PACKAGES = [
  // The two browsers that meet each other.
  'chromium',
  'firefox-esr',
  // Firefox starts no AudioContext without a sound server; the tests run one of their own with a null sink.
  'pulseaudio',
  'pulseaudio-utils',
  // Makes the pictures and tones that the browsers are fed with.
  'ffmpeg',
  // Chinese text and emoji on screenshots.
  'fonts-noto-cjk',
  'fonts-noto-color-emoji',
  // Network namespaces and address translation.
  'iproute2',
  'nftables',
  // TLS certificates for trial servers.
  'openssl',
  // Finding and ending what a test has started.
  'procps',
];

/** Which way to the permission settings to describe. Only for words: what a browser can do is always asked of it. */
export type BrowserKind = 'chromium' | 'firefox' | 'safari' | 'other';

export function browserKind(agent = navigator.userAgent): BrowserKind {
  if (/Firefox\/|FxiOS/.test(agent)) return 'firefox';
  if (/Chrom(e|ium)\/|CriOS|Edg\//.test(agent)) return 'chromium';
  if (/Safari\//.test(agent)) return 'safari';
  return 'other';
}

export const canShareScreen = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === 'function';

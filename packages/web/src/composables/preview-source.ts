import type { Preview } from '../call/preview.ts';

/** Where the pre-join page gets its devices from; a gallery or a test may put in something else. */
let source = async (): Promise<() => Preview> => (await import('../call/preview.ts')).usePreview;

export const loadPreview = async (): Promise<Preview> => (await source())();

export function providePreview(make: () => Preview): void {
  source = () => Promise.resolve(make);
}

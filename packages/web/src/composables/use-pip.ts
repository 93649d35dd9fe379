import { shallowRef } from 'vue';
import { useCallView } from './call-view.ts';

interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}
const documentPip = (window as { documentPictureInPicture?: DocumentPictureInPicture })
  .documentPictureInPicture;

/** Size of the small window, CSS pixels. */
export const PIP = { width: 400, height: 300 };

/** Document of the small window, where the browser has one; its content is put in by `PipWindow.vue`. */
const pipWindow = shallowRef<Window | null>(null);
let video: HTMLVideoElement | null = null;

/** The stage's largest picture, for browsers that can lift only a video out of the page. */
function largestVideo(): HTMLVideoElement | null {
  const area = (element: HTMLElement) => element.offsetWidth * element.offsetHeight;
  const found = [
    ...document.querySelectorAll<HTMLVideoElement>('[data-testid="tile"][data-self="false"] video'),
  ];
  return found.filter((element) => element.videoWidth > 0).sort((a, b) => area(b) - area(a))[0] ?? null;
}

/** Styles of the page for the small window: the same files, for its policy is that of the page. */
function copyStyles(to: Document): void {
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style'))
    to.head.append(to.importNode(sheet, true));
  to.documentElement.className = document.documentElement.className;
  to.documentElement.lang = document.documentElement.lang;
  to.title = document.title;
}

/** A small window on top of all others with who speaks and the most needed controls. */
export function usePip() {
  const { state } = useCallView();
  const supported = documentPip !== undefined || document.pictureInPictureEnabled;

  async function open(): Promise<void> {
    try {
      if (documentPip) {
        const opened = await documentPip.requestWindow({ ...PIP });
        copyStyles(opened.document);
        opened.addEventListener('pagehide', () => {
          pipWindow.value = null;
          state.pip = false;
        });
        pipWindow.value = opened;
      } else {
        video = largestVideo();
        if (!video) return;
        video.disablePictureInPicture = false;
        await video.requestPictureInPicture();
        video.addEventListener(
          'leavepictureinpicture',
          () => {
            state.pip = false;
          },
          { once: true },
        );
      }
      state.pip = true;
    } catch {
      // The browser wants a fresh click, or does not allow it here: everything stays where it is.
    }
  }
  function close(): void {
    pipWindow.value?.close();
    if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => undefined);
  }
  return { supported, pipWindow, open, close, toggle: () => (state.pip ? close() : void open()) };
}

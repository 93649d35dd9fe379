import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { soundFile } from './media/sound.ts';
import { videoFile } from './media/video.ts';
import { pageScript } from './page-scripts.ts';
import { PersonPage } from './person-page.ts';
import type { Driver } from './person-page.ts';
import { PageProblems } from './problems.ts';

const EXECUTABLE = process.env['PARLEY_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
/** Navigation of a page on a machine whose cores are all taken. */
const NAVIGATION_MS = 45_000;

export interface ChromiumOptions {
  /** Size of the fed camera picture, and at most how many a second (the file has 30); without it the browser's own fake devices are used. */
  camera?: { width: number; height: number; seconds?: number; fps?: number };
  person?: number;
  /** Replaces the browser's devices by so many injected cameras and microphones (see `page/fake-source.ts`). */
  injectedDevices?: number;
  /** False leaves the browser with the devices of the machine: none. */
  fakeDevices?: boolean;
  /** False leaves out everything that would hide what a real person meets: fake consent and sound without a gesture. */
  consent?: boolean;
  autoplay?: boolean;
  /** More switches of the browser. */
  args?: string[];
  ignoreDefaultArgs?: string[];
  context?: BrowserContextOptions;
}

const COMMON = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--force-color-profile=srgb',
];

/** One Chromium process. Each person needs one of their own, because the fed files belong to the process. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const args = [...COMMON];
  if (options.fakeDevices !== false) args.push('--use-fake-device-for-media-stream');
  if (options.consent !== false) args.push('--use-fake-ui-for-media-stream');
  if (options.autoplay !== false) args.push('--autoplay-policy=no-user-gesture-required');
  if (options.camera) {
    const person = options.person ?? 0;
    const { width, height, seconds = 300 } = options.camera;
    const [picture, sound] = await Promise.all([
      videoFile({ person, width, height, seconds }),
      soundFile(person),
    ]);
    args.push(`--use-file-for-fake-video-capture=${picture}`, `--use-file-for-fake-audio-capture=${sound}`);
  }
  return await chromium.launch({
    executablePath: EXECUTABLE,
    headless: true,
    args: [...args, ...(options.args ?? [])],
    ...(options.ignoreDefaultArgs ? { ignoreDefaultArgs: options.ignoreDefaultArgs } : {}),
  });
}

/** Playwright behind the common face; `page` is there for what only Chromium tests do (keyboard, touch, CDP). */
export class ChromiumDriver implements Driver {
  readonly browser = 'chromium';
  readonly problems = new PageProblems();
  readonly page: Page;
  readonly context: BrowserContext;
  readonly #process: Browser | null;

  constructor(page: Page, process: Browser | null) {
    this.page = page;
    this.context = page.context();
    this.#process = process;
    page.setDefaultNavigationTimeout(NAVIGATION_MS);
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => this.problems.errors.push(String(error.stack ?? error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.console.push(message.text());
    });
    page.on('request', (request) => this.problems.request(request.url()));
    page.on('websocket', (socket) => this.problems.request(socket.url()));
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
  }

  async evaluate<T>(expression: string): Promise<T> {
    return await this.page.evaluate<T>(expression);
  }

  async click(selector: string): Promise<void> {
    await this.stir();
    await this.page.click(selector);
  }

  /** Moves the mouse a little: the control bar fades in stillness. */
  async stir(): Promise<void> {
    await this.page.mouse.move(200 + Math.random() * 40, 200 + Math.random() * 40);
  }

  async fill(selector: string, text: string, enter = false): Promise<void> {
    await this.page.fill(selector, text);
    if (enter) await this.page.press(selector, 'Enter');
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path });
  }

  async setViewport(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  async close(): Promise<void> {
    if (this.#process) await this.#process.close();
    else await this.context.close();
  }
}

export interface ChromiumPerson extends PersonPage {
  readonly driver: ChromiumDriver;
}

/** A person in a Chromium process of their own (ended by `close()`). */
export async function chromiumPerson(
  name: string,
  person: number,
  options: ChromiumOptions = {},
): Promise<ChromiumPerson> {
  const own =
    options.injectedDevices || options.fakeDevices === false ? {} : { camera: { width: 320, height: 180 } };
  const browser = await launchChromium({ ...own, ...options, person });
  const page = await chromiumPage(browser, name, person, options.context, browser);
  if (options.camera?.fps) await page.driver.context.addInitScript(slowCamera, options.camera.fps);
  if (options.injectedDevices) {
    const who = { person, width: 320, height: 180, fps: 15, devices: options.injectedDevices };
    await page.driver.context.addInitScript({ content: `window.__person = ${JSON.stringify(who)};` });
    await page.driver.context.addInitScript({ content: await pageScript('fake-source') });
  }
  return page;
}

/** A page with probe in a fresh context of a running browser; `owner` is closed with it. */
export async function chromiumPage(
  browser: Browser,
  name: string,
  person: number,
  context: BrowserContextOptions = {},
  owner: Browser | null = null,
): Promise<ChromiumPerson> {
  const home = await browser.newContext({
    viewport: { width: 1024, height: 640 },
    locale: 'en-GB',
    ...context,
  });
  await home.addInitScript({ content: await pageScript('probe') });
  const driver = new ChromiumDriver(await home.newPage(), owner);
  return new PersonPage(name, person, driver) as ChromiumPerson;
}

/** Runs in the page: a camera that has fewer pictures a second, as cheap ones have. */
function slowCamera(fps: number): void {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = (constraints) => {
    const video = constraints?.video;
    if (!video) return open(constraints);
    return open({ ...constraints, video: { ...(video === true ? {} : video), frameRate: { max: fps } } });
  };
}

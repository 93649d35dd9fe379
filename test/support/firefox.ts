import puppeteer from 'puppeteer-core';
import type { Browser, Page } from 'puppeteer-core';
import { pageScript } from './page-scripts.ts';
import { PersonPage } from './person-page.ts';
import type { Driver } from './person-page.ts';
import { PageProblems } from './problems.ts';
import { tiedExecutable } from './processes.ts';
import { startSoundServer } from './pulse.ts';
import type { SoundServer } from './pulse.ts';

const EXECUTABLE = process.env['PARLEY_TEST_FIREFOX'] ?? '/usr/bin/firefox-esr';

export interface FirefoxOptions {
  /** Size and rate of the injected camera. */
  camera?: { width: number; height: number; fps?: number };
  viewport?: { width: number; height: number };
}

/** Preferences: consent without a dialog, sound without a gesture, and no calls home (the machine has no network). */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.devices.insecure.enabled': true,
  'media.getusermedia.insecure.enabled': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'services.settings.server': 'data:,',
  'intl.accept_languages': 'en-GB',
};

class FirefoxDriver implements Driver {
  readonly browser = 'firefox';
  readonly problems = new PageProblems();
  readonly page: Page;
  readonly #process: Browser;
  readonly #sound: SoundServer;

  constructor(page: Page, process: Browser, sound: SoundServer) {
    this.page = page;
    this.#process = process;
    this.#sound = sound;
    page.on('pageerror', (error) => this.problems.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.console.push(message.text());
    });
    page.on('request', (request) => this.problems.request(request.url()));
    page.setDefaultTimeout(45_000);
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
  }

  async evaluate<T>(expression: string): Promise<T> {
    return (await this.page.evaluate(expression)) as T;
  }

  async click(selector: string): Promise<void> {
    await this.page.mouse.move(200 + Math.random() * 40, 200 + Math.random() * 40);
    await this.page.locator(selector).click();
  }

  async fill(selector: string, text: string, enter = false): Promise<void> {
    await this.page.locator(selector).fill(text);
    if (enter) {
      await this.page.focus(selector);
      await this.page.keyboard.press('Enter');
    }
  }

  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path: path as `${string}.png` });
  }

  async setViewport(width: number, height: number): Promise<void> {
    await this.page.setViewport({ width, height });
  }

  async close(): Promise<void> {
    await endFirefox(this.#process, this.#sound);
  }
}

async function endFirefox(browser: Browser | null, sound: SoundServer): Promise<void> {
  const child = browser?.process();
  try {
    await Promise.race([browser?.close(), new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
  } finally {
    child?.kill('SIGKILL');
    await sound.stop();
  }
}

/** A person in Firefox, with an own sound server; camera and microphone are injected (see `page/fake-source.ts`). */
export async function firefoxPerson(
  name: string,
  person: number,
  options: FirefoxOptions = {},
): Promise<PersonPage> {
  const { width = 320, height = 180, fps = 15 } = options.camera ?? {};
  const sound = await startSoundServer();
  const program = tiedExecutable(EXECUTABLE);
  let browser: Browser | null = null;
  try {
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: program.path,
      headless: true,
      env: { ...(process.env as Record<string, string>), ...sound.env, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
      extraPrefsFirefox: PREFERENCES,
      defaultViewport: options.viewport ?? { width: 1024, height: 640 },
      timeout: 90_000,
    });
    const page = await browser.newPage();
    const who = JSON.stringify({ person, width, height, fps });
    await page.evaluateOnNewDocument(`window.__person = ${who};`);
    await page.evaluateOnNewDocument(await pageScript('fake-source'));
    await page.evaluateOnNewDocument(await pageScript('probe'));
    return new PersonPage(name, person, new FirefoxDriver(page, browser, sound));
  } catch (error) {
    await endFirefox(browser, sound);
    throw error;
  } finally {
    program.remove();
  }
}

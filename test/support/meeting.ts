import { tileOf } from './figures.ts';
import type { PersonPage } from './person-page.ts';
import type { TestServer } from './server.ts';
import { until } from './wait.ts';

/** Milliseconds for things that take a moment on an idle machine and long on a full one. */
export const PATIENCE = 45_000;

/** Selector of an element of the public contract. */
export const part = (testid: string) => `[data-testid="${testid}"]`;

/** Goes into a meeting by link, at once, and begins to listen. */
export async function enter(
  person: PersonPage,
  server: TestServer,
  slug: string,
  more: Record<string, string | number> = {},
): Promise<void> {
  await person.goto(server.meeting(slug, person.name, more));
  await person.listen();
}

/** Waits until the page shows the tiles of exactly these people (and of the person itself), in any order. */
export async function showsPeople(viewer: PersonPage, others: readonly PersonPage[]): Promise<number> {
  const began = Date.now();
  const wanted = [viewer, ...others].map(({ name }) => name).sort();
  let seen: string[] = [];
  await until(
    async () => {
      const cameras = (await viewer.tiles()).filter(({ source }) => source === 'camera');
      seen = cameras.map(({ name }) => name).sort();
      return String(seen) === String(wanted);
    },
    {
      timeoutMs: PATIENCE,
      what: `${viewer.name} shows the tiles of ${wanted.join(', ')}`,
      explain: async () => ({ seen, story: await viewer.story() }),
    },
  );
  return Date.now() - began;
}

/** Waits until the picture of `shown` is not being shown any more though the tile is there: camera off. */
export async function picturesEnd(viewer: PersonPage, shown: PersonPage): Promise<void> {
  await until(
    async () => {
      const tile = tileOf(await viewer.tiles(), shown.name);
      return tile && !tile.visible && (!tile.last || tile.last.at < Date.now() - 1_000);
    },
    {
      timeoutMs: PATIENCE,
      what: `${viewer.name} no longer gets pictures of ${shown.name}`,
      explain: () => viewer.story(),
    },
  );
}

/** Texts of the chat messages that stand in the page. */
export async function chatTexts(page: PersonPage): Promise<string[]> {
  const expression = `[...document.querySelectorAll('${part('chat-message')}')].map((one) => one.textContent ?? '')`;
  return await page.driver.evaluate<string[]>(expression);
}

/** Opens the chat where it is not open yet. */
export async function openChat(page: PersonPage): Promise<void> {
  const there = `document.querySelector('${part('chat-input')}') !== null`;
  if (!(await page.driver.evaluate<boolean>(there))) await page.driver.click(part('chat'));
  await until(() => page.driver.evaluate<boolean>(there), {
    timeoutMs: PATIENCE,
    what: `${page.name} opens the chat`,
  });
}

/** Waits for a chat message that contains the text. */
export async function readsMessage(page: PersonPage, text: string): Promise<void> {
  await until(async () => (await chatTexts(page)).some((one) => one.includes(text)), {
    timeoutMs: PATIENCE,
    what: `${page.name} reads "${text}"`,
    explain: () => page.story(),
  });
}

/** Closes all pages, even when some closing fails; then the server. */
export async function endAll(
  ...things: ({ close(): Promise<void> } | { stop(): Promise<void> } | undefined)[]
): Promise<void> {
  const failures: unknown[] = [];
  for (const thing of things) {
    try {
      if (!thing) continue;
      if ('close' in thing) await thing.close();
      else await thing.stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length) throw new AggregateError(failures, 'not everything could be closed');
}

import type { Page } from 'playwright-core';
import { part, PATIENCE } from './meeting.ts';
import { until } from './wait.ts';

/** Most presses of Tab until a control must have been reached: more than any page has controls. */
const MOST_TABS = 80;

/**
 * The two ways to use a page without a mouse. Both only press and look: no element is clicked, focused or changed from the
 * outside.
 */
export interface Hands {
  readonly name: string;
  /** Presses a control, named by its test id. */
  press(testid: string): Promise<void>;
  /** Presses what has this name, whatever it is. */
  pressNamed(name: RegExp): Promise<void>;
  /** Writes into a field after going there, and ends with Enter. */
  write(testid: string, text: string): Promise<void>;
}

/** What has the focus: test id (also of what surrounds it), name, and whether the focus can be seen. */
interface Focused {
  ids: string[];
  name: string;
  visible: boolean;
}

const FOCUSED = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const ids = [];
  for (let one = at; one; one = one.parentElement) if (one.dataset?.testid) ids.push(one.dataset.testid);
  const labels = at.labels ? [...at.labels].map((label) => label.textContent).join(' ') : '';
  const name = (at.getAttribute('aria-label') || labels || at.textContent || '').trim();
  const box = at.getBoundingClientRect();
  // A field may leave its ring to the box around it.
  const marked = [at, at.matches('input, textarea') ? at.parentElement : at].some((one) => {
    const style = getComputedStyle(one);
    // A ring of no width or without colour is written as a shadow too.
    const ring = style.boxShadow.split(/,(?![^(]*\\))/).some((part) => / 0px 0px 0px [1-9]/.test(part) && !/ 0\\)/.test(part));
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || ring;
  });
  return { ids, name, visible: box.width > 0 && box.height > 0 && marked };
})()`;

/** Keys only: Tab until the control has the focus, then Enter. Fails when the focus cannot be seen on the way. */
export function keyboardHands(page: Page): Hands {
  const unseen = new Set<string>();
  const reach = async (what: string, found: (focused: Focused) => boolean) => {
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      const focused = await page.evaluate<Focused | null>(FOCUSED);
      if (focused && found(focused)) {
        // The ring fades in: looked at again for a moment before it counts as missing.
        await until(async () => (await page.evaluate<Focused | null>(FOCUSED))?.visible, {
          timeoutMs: 2_000,
          what: `the focus can be seen on "${focused.name}" (${what})`,
        });
        return;
      }
      if (focused) unseen.add(focused.name);
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached ${what}; on the way: ${[...unseen].join(' | ')}`);
  };
  return {
    name: 'keyboard',
    press: async (testid) => {
      await page.locator(part(testid)).first().waitFor({ timeout: PATIENCE });
      await reach(testid, ({ ids }) => ids.includes(testid));
      await page.keyboard.press('Enter');
    },
    pressNamed: async (name) => {
      await reach(String(name), (focused) => name.test(focused.name));
      await page.keyboard.press('Enter');
    },
    write: async (testid, text) => {
      await page.locator(part(testid)).first().waitFor({ timeout: PATIENCE });
      await reach(testid, ({ ids }) => ids.includes(testid));
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
  };
}

/** Fingers only: taps on what is on the screen, and what the on-screen keyboard would type. */
export function touchHands(page: Page): Hands {
  const tap = async (selector: string) => {
    const target = page.locator(selector).first();
    await target.waitFor({ timeout: PATIENCE });
    await target.tap();
  };
  return {
    name: 'touch',
    press: (testid) => tap(part(testid)),
    pressNamed: async (name) => {
      await page.getByRole('button', { name }).or(page.getByRole('menuitem', { name })).first().tap();
    },
    write: async (testid, text) => {
      const field = page
        .locator(`${part(testid)}:is(input, textarea), ${part(testid)} :is(input, textarea)`)
        .first();
      await field.waitFor({ timeout: PATIENCE });
      await field.tap();
      await page.keyboard.insertText(text);
      await page.keyboard.press('Enter');
    },
  };
}

import type { Page } from 'playwright-core';

/** Texts that a person reads or hears on a page, with where they stand. */
export interface SpokenText {
  where: string;
  text: string;
}

/**
 * Everything that is written or spoken: visible text, names, titles, placeholders, the title of the window. What is marked
 * `translate="no"` (names of people, meeting slugs, keys) or has another language is left out.
 */
const TEXTS = `(() => {
  const found = [{ where: 'title', text: document.title }];
  const own = document.documentElement.lang;
  const exempt = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.getAttribute('translate') === 'no' || ['script', 'style', 'noscript'].includes(at.localName)) return true;
      const lang = at.getAttribute('lang');
      if (lang) return lang !== own;
    }
    return false;
  };
  const place = (element) => element.localName + (element.dataset?.testid ? '#' + element.dataset.testid : '');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element && node.textContent.trim() && !exempt(element)) found.push({ where: place(element), text: node.textContent.trim() });
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (exempt(element)) continue;
    for (const name of ['aria-label', 'aria-description', 'aria-valuetext', 'aria-roledescription', 'title', 'placeholder', 'alt']) {
      const text = element.getAttribute(name)?.trim();
      if (text) found.push({ where: place(element) + '@' + name, text });
    }
  }
  return found;
})()`;

export async function spokenTexts(page: Page): Promise<SpokenText[]> {
  return await page.evaluate<SpokenText[]>(TEXTS);
}

/** Latin words (from two letters: one is a key) in the texts that are not allowed, one line each. */
export function latinWords(
  texts: readonly SpokenText[],
  allowed: readonly string[],
  names: readonly string[],
): string[] {
  return texts.flatMap(({ where, text }) => {
    // Names of people are said inside of sentences ("Robin 已加入").
    const rest = names.reduce((left, name) => left.replaceAll(name, ' '), text);
    const words = (rest.match(/[A-Za-z][A-Za-z0-9.'-]+/g) ?? []).filter((word) => !allowed.includes(word));
    return words.length ? [`${where}: "${text}" has ${words.join(', ')}`] : [];
  });
}

import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Page } from 'playwright-core';
import { outputPath } from './output.ts';

export interface Shot {
  file: string;
  caption: string;
  width: number;
  height: number;
}

/** Screenshots of one run and the page that shows them all (`test-output/screenshots/contact-sheet.html` and `.png`). */
export class ContactSheet {
  readonly #shots: Shot[] = [];

  get shots(): readonly Shot[] {
    return this.#shots;
  }

  /** Keeps what the page shows now under `<name>.png`. */
  async take(page: Page, name: string, caption: string): Promise<void> {
    const file = outputPath('screenshots', `${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
    this.#shots.push({ file, caption, width, height });
  }

  /** Writes the sheet, and its picture with the help of a page of any context. Returns the path of the picture. */
  async write(page: Page, title: string): Promise<string> {
    const figure = ({ file, caption, width, height }: Shot) =>
      `<figure style="--ratio:${width / height}"><a href="${basename(file)}"><img src="SRC:${basename(file)}" alt=""></a>` +
      `<figcaption>${escaped(caption)} <span>${width} x ${height}</span></figcaption></figure>`;
    const html = `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title><style>
      body { margin: 24px; font: 14px/1.4 "Noto Sans", "Noto Sans CJK SC", sans-serif; background: #e7e5e4; color: #1c1917; }
      main { display: flex; flex-wrap: wrap; gap: 20px; }
      figure { margin: 0; flex: 0 0 auto; width: calc(var(--ratio) * 270px); }
      img { display: block; width: 100%; border-radius: 6px; box-shadow: 0 1px 4px #0004; }
      figcaption { margin-top: 6px; } figcaption span { color: #78716c; }
    </style><h1>${escaped(title)}</h1><main>${this.#shots.map(figure).join('\n')}</main>`;
    writeFileSync(outputPath('screenshots', 'contact-sheet.html'), html.replaceAll('SRC:', ''));
    const inline = html.replace(/SRC:([^"]+)/g, (_, name: string) => {
      const bytes = readFileSync(outputPath('screenshots', name));
      return `data:image/png;base64,${bytes.toString('base64')}`;
    });
    await page.setViewportSize({ width: 1640, height: 900 });
    await page.setContent(inline, { waitUntil: 'load' });
    const picture = outputPath('screenshots', 'contact-sheet.png');
    await page.screenshot({ path: picture, fullPage: true });
    return picture;
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

import { closeSync, openSync, writeSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { pageScript } from '../page-scripts.ts';
import { cached } from './cache.ts';

const FRAMES = 120;
const GENERATOR_VERSION = 1;

/** Path of a Motion JPEG file with a painted person, four seconds that loop without a seam; for screenshots. */
export async function portraitFile(look: number, width = 1280, height = 720): Promise<string> {
  const parameters = { look, width, height, FRAMES, GENERATOR_VERSION };
  return await cached(`portrait-${look}-${width}x${height}`, 'mjpeg', parameters, async (path) => {
    const browser = await chromium.launch({
      executablePath: process.env['PARLEY_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const file = openSync(path, 'w');
    try {
      const page = await browser.newPage();
      await page.evaluate(await pageScript('portrait'));
      for (let frame = 0; frame < FRAMES; frame += 1) {
        const call = `window.__paint(${look}, ${frame}, ${FRAMES}, ${width}, ${height})`;
        writeSync(file, Buffer.from(await page.evaluate<string>(call), 'base64'));
      }
    } finally {
      closeSync(file);
      await browser.close();
    }
  });
}

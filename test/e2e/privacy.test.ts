import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPage, launchChromium } from '../support/chromium.ts';
import type { ChromiumPerson } from '../support/chromium.ts';
import { endAll, openChat, part, PATIENCE } from '../support/meeting.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/wait.ts';

describe('privacy and policy', () => {
  let server: TestServer;
  let person: ChromiumPerson;

  beforeAll(async () => {
    server = await startServer('privacy');
    const browser = await launchChromium();
    person = await chromiumPage(browser, 'Visitor', 0, {}, browser);
  }, 120_000);

  afterAll(async () => {
    await endAll(person, server);
  });

  test.each(['/', '/m/some-meeting', '/no/such/page'])('%s comes with a strict policy', async (path) => {
    const reply = await fetch(server.url + path);
    const html = await reply.text();
    const policy = new Map(
      (reply.headers.get('content-security-policy') ?? '')
        .split(';')
        .map((rule) => rule.trim().split(/\s+/))
        .map(([name = '', ...values]) => [name, values] as const),
    );
    expect(policy.get('default-src')).toEqual(["'self'"]);
    expect(policy.get('object-src')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    const scripts = policy.get('script-src') ?? [];
    expect(scripts).toContain("'self'");
    for (const loose of ["'unsafe-inline'", "'unsafe-eval'", '*', 'https:', 'http:', 'data:']) {
      expect(scripts, `script-src has ${loose}`).not.toContain(loose);
    }
    expect(policy.get('style-src') ?? []).not.toContain("'unsafe-inline'");
    const nonce = (policy.get('style-src') ?? []).find((value) => value.startsWith("'nonce-"));
    if (nonce) {
      const again = await fetch(server.url + path);
      expect(again.headers.get('content-security-policy'), 'a nonce is used once').not.toContain(nonce);
      await again.arrayBuffer();
      expect(html).not.toContain('__CSP_NONCE__');
    }
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reply.headers.get('referrer-policy')).toMatch(/no-referrer|same-origin|strict-origin/);
    expect(reply.headers.get('permissions-policy') ?? '').toContain('camera');
    expect(reply.headers.get('x-powered-by')).toBeNull();
  });

  test('a whole visit asks nobody else and breaks no rule of its policy', async () => {
    const { page } = person.driver;
    await person.goto(`${server.url}/`);
    await page.waitForLoadState('networkidle');
    await person.goto(`${server.url}/m/visit`);
    await page.waitForLoadState('networkidle');
    await person.goto(server.meeting('visit', 'Visitor'));
    await until(async () => (await person.tiles()).some(({ self, videoWidth }) => self && videoWidth > 0), {
      timeoutMs: PATIENCE,
      what: 'the own picture',
      explain: () => person.story(),
    });
    await openChat(person);
    await person.driver.fill(
      part('chat-input'),
      'See https://example.org/a and <img src=x onerror=alert(1)>',
      true,
    );
    await person.driver.click(part('people'));
    await person.driver.click(part('leave'));
    await page.locator(part('rejoin')).waitFor();
    await person.goto(`${server.url}/no/such/page`);
    await page.waitForLoadState('networkidle');
    expect(await person.collect()).toEqual([]);
  });

  test('the watch itself works: a forbidden request is blocked and noticed', async () => {
    const before = (await person.report()).violations.length;
    await person.driver.evaluate(`(() => { new Image().src = 'https://example.org/pixel.png'; })()`);
    const seen = await until(
      async () => {
        const { violations } = await person.report();
        return violations.length > before ? violations : null;
      },
      { timeoutMs: 10_000, what: 'a violation is noted' },
    );
    expect(seen.at(-1)?.directive).toContain('img-src');
  });
});

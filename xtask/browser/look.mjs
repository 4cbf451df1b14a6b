// A browser that looks: a window without script, and beside it one with, for axe and measures.
import { join } from 'node:path';
import axe from 'axe-core';
import { blemishes } from './measure.mjs';

/** Each page is seen so; the narrowest one in the light of Latvian only. */
const VIEWS = [
  { width: 1280, scheme: 'light' }, { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' }, { width: 390, scheme: 'dark' },
  { width: 320, scheme: 'light' },
];

const AXE = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };

/** A person's browser in one language. */
export class Look {
  constructor(browser, ledger, { language, width, shots, quick }) {
    Object.assign(this, { browser, ledger, language, shots });
    this.views = quick ? VIEWS.slice(0, 1) : VIEWS;
    this.common = {
      viewport: { width, height: 900 },
      locale: language === 'lv' ? 'lv-LV' : 'en-GB',
      reducedMotion: 'reduce',
    };
  }

  async open() {
    this.context = await this.browser.newContext({ ...this.common, javaScriptEnabled: false });
    this.page = await this.newPage();
    this.beside = await this.browser.newContext({ ...this.common, bypassCSP: true });
    this.mirror = await this.beside.newPage();
    // The house's own script would leave a waiting page.
    await this.beside.route('**/sakta.js', (route) => route.abort());
    return this;
  }

  async newPage() {
    const page = await this.context.newPage();
    page.setDefaultTimeout(20_000);
    return page;
  }

  /** Pictures of the page as it stands, axe and measures on the same markup and style. */
  async see(name, page = this.page) {
    this.ledger.seen.add(name);
    await this.mirrored(page);
    for (const view of this.views) {
      const where = `${view.width}-${this.language}-${view.scheme}`;
      await as(page, view);
      await as(this.mirror, view);
      if (view.width > 320 || this.language === 'lv') await this.pictured(page, `${name}-${where}`);
      await this.judged(`${name} ${where}`);
    }
    await page.setViewportSize(this.common.viewport);
    await page.emulateMedia({ colorScheme: 'light' });
  }

  /** A picture of the page as it is printed on A4. */
  async printed(name, page = this.page) {
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.emulateMedia({ media: 'print' });
    await this.pictured(page, `${name}-print-${this.language}`);
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize(this.common.viewport);
  }

  /** A page of the gallery, where what seldom happens lies with invented data, in one view. */
  async glance(name, address, view) {
    this.ledger.glanced += 1;
    await this.mirror.goto(address, { waitUntil: 'load' });
    await this.mirror.evaluate(axe.source);
    await as(this.mirror, view);
    await this.pictured(this.mirror, `gallery-${name}-${view.width}-${view.scheme}`);
    await this.judged(`gallery ${name} ${view.width}`);
  }

  async close() {
    await this.context.close();
    await this.beside.close();
  }

  async pictured(page, name) {
    await page.screenshot({ path: join(this.shots, `${name}.png`), fullPage: true });
  }

  // The markup that the window without script shows is put into the one with script under the
  // same address: nothing is asked of the server twice, so a waiting page stays as it is.
  async mirrored(page) {
    const body = await page.content();
    const address = page.url();
    await this.beside.addCookies(await this.context.cookies());
    await this.mirror.unrouteAll();
    await this.mirror.route(address.split('#')[0], (route) => {
      if (route.request().resourceType() !== 'document') return route.fallback();
      return route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body });
    });
    await this.mirror.goto('about:blank');
    await this.mirror.goto(address, { waitUntil: 'load' });
    await this.mirror.evaluate(axe.source);
  }

  async judged(where) {
    const { violations } = await this.mirror.evaluate((how) => globalThis.axe.run(how), AXE);
    const told = violations.map(({ id, impact, nodes }) => {
      const some = nodes.slice(0, 3).map((node) => node.target.join(' ')).join('; ');
      return `axe ${id} (${impact}) ${some}`;
    });
    const measured = await this.mirror.evaluate(blemishes);
    for (const one of [...told, ...measured]) this.ledger.blemishes.push(`${where}: ${one}`);
  }
}

async function as(page, { width, scheme }) {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
}

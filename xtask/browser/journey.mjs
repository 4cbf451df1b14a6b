// The journey of Anna through the demo, without script, seen at each width, in each language and
// scheme; axe on every page; a login by an outside OpenID client. See xtask/src/browser.rs.
//
// Prints a table of steps and seconds. A step that the demo does not offer is skipped with its
// reason, and fails with --require journey.
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import axe from 'axe-core';
import { logIn } from './client.mjs';
import { phoneOf } from './phone.mjs';
import { page as blank } from './paper.mjs';

const words = process.argv.slice(2);
const option = (name) => words[words.indexOf(name) + 1];
const required = words.includes('--require');
const demo = JSON.parse(readFileSync(option('--demo'), 'utf8'));
const shots = option('--shots');
const program = option('--program');
mkdirSync(shots, { recursive: true });

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const VIEWS = [];
for (const width of [1280, 390]) {
  for (const language of ['lv', 'en']) {
    for (const scheme of ['light', 'dark']) VIEWS.push({ width, language, scheme });
  }
}
const CHARACTERS = /[2-9BCDFGHJKMNPQRSTVWXZ]{4}[\s\u00a0-]*[2-9BCDFGHJKMNPQRSTVWXZ]{4}/;

class Skip extends Error {}

const rows = [];
const violations = [];
const seen = new Set();
let failures = 0;

async function step(view, name, what) {
  const began = performance.now();
  let said = 'ok';
  let detail = '';
  try {
    detail = (await what()) ?? '';
  } catch (why) {
    const skipped = why instanceof Skip;
    said = skipped && !required ? 'skipped' : 'FAILED';
    detail = String(why.message).split('\n').slice(0, 4).join(' | ');
    if (said === 'FAILED') failures += 1;
    rows.push({ view, name, said, seconds: (performance.now() - began) / 1000, detail });
    return false;
  }
  rows.push({ view, name, said, seconds: (performance.now() - began) / 1000, detail });
  return true;
}

/** One look of the journey: a window without script, and beside it one with, for axe. */
class Look {
  constructor(browser, view) {
    this.browser = browser;
    this.view = view;
    this.name = `${view.width}-${view.language}-${view.scheme}`;
  }

  async open() {
    const common = {
      viewport: { width: this.view.width, height: 900 },
      locale: this.view.language === 'lv' ? 'lv-LV' : 'en-GB',
      colorScheme: this.view.scheme,
      reducedMotion: 'reduce',
    };
    this.common = common;
    this.context = await this.browser.newContext({ ...common, javaScriptEnabled: false });
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(20_000);
  }

  /** A screenshot of the page as it stands, and axe on the same markup and style. */
  async see(name, page = this.page) {
    const file = join(shots, `${name}-${this.name}.png`);
    await page.screenshot({ path: file, fullPage: true });
    await this.axe(name, page);
  }

  // The markup that the window without script shows is put into one with script under the same
  // address: nothing is asked of the server twice, so a waiting page stays as it is.
  async axe(name, page) {
    const html = await page.content();
    const address = page.url();
    const context = await this.browser.newContext({ ...this.common, bypassCSP: true });
    try {
      await context.addCookies(await this.context.cookies());
      const beside = await context.newPage();
      await beside.route(address, (route) => {
        if (route.request().resourceType() !== 'document') return route.continue();
        return route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body: html });
      });
      await beside.goto(address, { waitUntil: 'load' });
      await beside.evaluate(axe.source);
      const found = await beside.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
      seen.add(name);
      for (const one of found.violations) {
        const nodes = one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join('; ');
        violations.push(`${name} ${this.name}: ${one.id} (${one.impact}) ${nodes}`);
      }
    } finally {
      await context.close();
    }
  }

  async close() {
    await this.context.close();
  }
}

async function press(page, name) {
  await page.locator(`button[name="${name}"]`).first().click();
}

async function has(page, selector) {
  return (await page.locator(selector).count()) > 0;
}

async function heading(page) {
  return (await page.locator('h1').first().innerText()).trim();
}

/** Presses a button again and again until `done` holds. */
async function until(page, name, done) {
  for (let tries = 0; tries < 40; tries += 1) {
    if (await done()) return;
    if (await has(page, `button[name="${name}"]`)) await press(page, name);
    else await page.reload();
    await new Promise((go) => setTimeout(go, 300));
  }
  throw new Error(`still waiting at ${page.url()}: ${await heading(page)}`);
}

async function walk(browser, view, anna) {
  const look = new Look(browser, view);
  await look.open();
  const { page } = look;
  const at = demo.addresses;
  const lang = `?lang=${view.language}`;
  await step(look.name, 'front page', async () => {
    if (!at.front) throw new Skip('the demo names no front page');
    await page.goto(at.front + lang);
    await look.see('front');
    return heading(page);
  });
  await step(look.name, 'portal', async () => {
    if (!at.portal) throw new Skip('the demo names no portal');
    const answer = await page.goto(at.portal + lang);
    if (answer.status() !== 200) throw new Skip(`the portal answers ${answer.status()}`);
    await look.see('portal');
    return heading(page);
  });
  const signedIn = await step(look.name, 'sign in by the eight characters', async () => {
    if (!anna) throw new Skip('the demo gives Anna no phone');
    await page.goto(new URL('/sign-in', at.portal).href);
    const text = await page.locator('.spelled').first().innerText();
    const characters = CHARACTERS.exec(text.toUpperCase())?.[0].replace(/[^0-9A-Z]/g, '');
    if (!characters) throw new Error(`no characters on the page: ${text}`);
    await look.see('sign-in');
    const phone = await look.context.newPage();
    await anna.approveLogin(phone, characters, (name) => look.see(name, phone));
    await phone.close();
    await until(page, 'check', async () => page.url().startsWith(at.portal));
    await look.see('home');
    return heading(page);
  });
  if (signedIn) {
    for (const [name, path] of [['my data', '/data'], ['who looked', '/data/looks'],
      ['my devices', '/security'], ['documents', '/documents']]) {
      await step(look.name, name, async () => {
        const answer = await page.goto(new URL(path, at.portal).href);
        if (answer.status() === 404) throw new Skip('not there yet');
        if (answer.status() !== 200) throw new Error(`answers ${answer.status()}`);
        await look.see(path.slice(1).replaceAll('/', '-'));
        return heading(page);
      });
    }
    await sign(look, anna);
  }
  await check(look);
  await look.close();
}

const signed = {};

async function sign(look, anna) {
  const { page } = look;
  const at = demo.addresses;
  await step(look.name, 'sign a PDF', async () => {
    const answer = await page.goto(new URL('/sign', at.portal).href);
    if (answer.status() === 404) throw new Skip('not there yet');
    await look.see('sign-upload');
    await page.locator('input[type="file"]').setInputFiles({
      name: 'application.pdf', mimeType: 'application/pdf', buffer: blank('Iesniegums'),
    });
    await page.locator('main form button').first().click();
    if (!(await has(page, 'button.btn-bind'))) throw new Error(`not taken: ${await heading(page)}`);
    await look.see('sign-see');
    await page.locator('button.btn-bind').first().click();
    await look.see('sign-wait');
    const code = /^\s*(\d{4})\s*$/m.exec(await page.locator('main').innerText())?.[1];
    if (!code) throw new Error('the page shows no control code');
    const phone = await look.context.newPage();
    await anna.approveSigning(phone, code, (name) => look.see(name, phone));
    await phone.close();
    await until(page, 'check', async () => has(page, 'a[href$="/file"]'));
    await look.see('sign-done');
    const [download] = await Promise.all([
      page.waitForEvent('download'), page.locator('a[href$="/file"]').first().click(),
    ]);
    signed.file = readFileSync(await download.path());
    writeFileSync(join(shots, 'signed.pdf'), signed.file);
    return `${signed.file.length} bytes`;
  });
}

async function check(look) {
  const { page } = look;
  await step(look.name, 'check a signature', async () => {
    const answer = await page.goto(new URL('/check', demo.addresses.portal).href);
    if (answer.status() === 404) throw new Skip('not there yet');
    if (answer.status() !== 200) throw new Skip(`answers ${answer.status()}`);
    await look.see('check-upload');
    const buffer = signed.file ?? blank('Iesniegums');
    await page.locator('input[type="file"]').setInputFiles({
      name: 'application.pdf', mimeType: 'application/pdf', buffer,
    });
    await page.locator('main form button').first().click();
    await look.see(signed.file ? 'check-signed' : 'check-unsigned');
    return heading(page);
  });
}

async function main() {
  const began = performance.now();
  const person = demo.persons[0];
  const anna = person.phone && demo.addresses.phone ? phoneOf(demo, person) : null;
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium', headless: true, args: FLAGS,
  });
  const views = words.includes('--quick') ? VIEWS.slice(0, 1) : VIEWS;
  try {
    for (const view of views) await walk(browser, view, anna);
  } finally {
    await browser.close();
  }
  await step('-', 'openid-client logs Anna in', async () => {
    const client = demo.clients.find((one) => one.kind === 'openid');
    if (!client) throw new Skip('the demo has no OpenID client');
    if (!person.phone) throw new Skip('the demo gives Anna no phone');
    return JSON.stringify(await logIn(client, person, program));
  });
  await step('-', 'axe: no violations', async () => {
    if (violations.length > 0) {
      for (const one of violations) console.log(`axe: ${one}`);
      throw new Error(`${violations.length} violations`);
    }
    return `${seen.size} pages: ${[...seen].join(', ')}`;
  });
  for (const { view, name, said, seconds, detail } of rows) {
    console.log(`${said.padEnd(8)}${seconds.toFixed(1).padStart(6)} s  ${view.padEnd(15)} ` +
      `${name}${detail ? `: ${detail}` : ''}`);
  }
  console.log(`journey: ${((performance.now() - began) / 1000).toFixed(0)} s, ` +
    `${rows.filter((row) => row.said === 'ok').length} steps, ` +
    `${rows.filter((row) => row.said === 'skipped').length} skipped, ${failures} failed`);
  process.exitCode = failures > 0 ? 1 : 0;
}

await main();

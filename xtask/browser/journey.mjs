// The journey through the demo, without script, in each language: every page is seen at three
// widths and in both schemes, with axe and measures; a login by an outside OpenID client. See
// xtask/src/browser.rs.
//
// Prints a table of steps and seconds. A step that the demo does not offer is skipped with its
// reason, and fails with --require journey.
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { logIn } from './client.mjs';
import * as documents from './documents.mjs';
import * as ending from './ending.mjs';
import { Ledger, Skip } from './ledger.mjs';
import * as login from './login.mjs';
import { Look } from './look.mjs';
import { phoneOf } from './phone.mjs';

const words = process.argv.slice(2);
const option = (name) => words[words.indexOf(name) + 1];
const quick = words.includes('--quick');
const demo = JSON.parse(readFileSync(option('--demo'), 'utf8'));
const shots = option('--shots');
mkdirSync(shots, { recursive: true });

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** How pages of the gallery are glanced at: the narrowest, and the widest in the dark. */
const GLANCES = { lv: { width: 320, scheme: 'light' }, en: { width: 1280, scheme: 'dark' } };

/** Who walks in which language, on how wide a screen: the narrow one is the harder. */
const WALKS = [
  { language: 'lv', width: 390, stays: 'anna', goes: 'nadezda' },
  { language: 'en', width: 1280, stays: 'anna', goes: 'ilze' },
];

async function walkOf(browser, ledger, { language, width }, alias) {
  const look = await new Look(browser, ledger, { language, width, shots, quick }).open();
  const person = demo.persons.find((one) => one.alias === alias);
  const phone = person.phone && demo.addresses.phone ? phoneOf(demo, person) : null;
  const step = (name, what) => ledger.step(language, name, () => {
    if (!phone) throw new Skip(`the demo gives ${alias} no phone`);
    return what();
  });
  return { look, page: look.page, at: demo.addresses, person, phone, step };
}

/** She signs in, reads, signs and checks, and has her browser remembered. */
async function stay(browser, ledger, plan) {
  const walk = await walkOf(browser, ledger, plan, plan.stays);
  await login.doors(walk);
  if (await login.newBrowser(walk)) {
    await documents.own(walk);
    await documents.check(walk, await documents.sign(walk));
    await login.remembered(walk);
    await login.forgotten(walk);
  }
  await walk.look.close();
}

/** She takes leave: of her certificate, then of everything. */
async function go(browser, ledger, plan) {
  const walk = await walkOf(browser, ledger, plan, plan.goes);
  await walk.page.goto(`${demo.addresses.portal}/?lang=${plan.language}`);
  await ending.revoke(walk);
  await ending.freeze(walk);
  await walk.look.close();
}

/** What a journey does not come by: busy registers, blocked PINs, files of every wrong kind. */
async function gallery(browser, ledger, plan) {
  const look = await new Look(browser, ledger, { ...plan, shots }).open();
  const folder = option('--gallery');
  const ending = `.${plan.language}.html`;
  await ledger.step(plan.language, 'the gallery', async () => {
    const pages = readdirSync(folder).filter((name) => name.endsWith(ending)).sort();
    for (const page of pages) {
      const address = pathToFileURL(`${folder}/${page}`).href;
      await look.glance(page.slice(0, -'.html'.length), address, GLANCES[plan.language]);
    }
    if (pages.length === 0) throw new Error('the gallery is empty');
    return `${pages.length} pages`;
  });
  await look.close();
}

async function outside(ledger) {
  await ledger.step('-', 'openid-client logs Anna in', async () => {
    const client = demo.clients.find((one) => one.kind === 'openid');
    const [person] = demo.persons;
    if (!client) throw new Skip('the demo has no OpenID client');
    if (!person.phone) throw new Skip('the demo gives Anna no phone');
    return JSON.stringify(await logIn(client, person, option('--program')));
  });
}

async function main() {
  const ledger = new Ledger(words.includes('--require'));
  const plans = quick ? WALKS.slice(0, 1) : WALKS;
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium', headless: true, args: FLAGS,
  });
  try {
    for (const plan of plans) await stay(browser, ledger, plan);
    for (const plan of plans) await go(browser, ledger, plan);
    for (const plan of plans) await gallery(browser, ledger, plan);
    for (const plan of plans) {
      const walk = await walkOf(browser, ledger, plan, plan.stays);
      await walk.page.goto(`${demo.addresses.portal}/?lang=${plan.language}`);
      await ending.tooOften(walk);
      await walk.look.close();
    }
  } finally {
    await browser.close();
  }
  await outside(ledger);
  await ledger.step('-', 'no page has a blemish', async () => ledger.noBlemish());
  ledger.print();
  process.exitCode = ledger.failures > 0 ? 1 : 0;
}

await main();

// Documents: signed, and checked in every way in which a check can end.
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { has, heading, must, send, until, upload } from './hand.mjs';
import { changed, page as paper, signedByNobodyKnown } from './paper.mjs';

/** Long names must not break a page. */
const NAMES = {
  lv: 'Dzīvojamās_telpas_nomas_līgums_Nr_P-118_ar_pielikumiem_un_nodošanas_aktu.pdf',
  en: 'application.pdf',
};
const TEXT = 'Iesniegums';
const MOST = 63 * 1024 * 1024;

/** Pages of the person's own, once each. */
export async function own(walk) {
  const { look, page, at } = walk;
  for (const [name, path] of [['my data', '/data'], ['who looked', '/data/looks'],
    ['my devices', '/security'], ['documents', '/documents']]) {
    await walk.step(name, async () => {
      const answer = await page.goto(new URL(path, at.portal).href);
      must(answer.status() === 200, `answers ${answer.status()}`);
      await look.see(path.slice(1).replaceAll('/', '-'));
      return heading(page);
    });
  }
  await walk.step('the proof of a look', async () => {
    await page.goto(new URL('/data/looks', at.portal).href);
    await page.locator('.log summary').first().click();
    await page.locator('aside summary').first().click();
    await look.see('data-looks-proof');
  });
}

/** Signs a PDF; gives the signed file. */
export async function sign(walk) {
  const { look, page, at, phone } = walk;
  const name = NAMES[look.language];
  let signed = null;
  await walk.step('a file that cannot be signed', async () => {
    await page.goto(new URL('/sign', at.portal).href);
    await look.see('sign-upload');
    await send(page, upload('letter.pdf', Buffer.from('Not a PDF.')));
    await look.see('sign-not-pdf');
    must(await has(page, '.field-error, .errors'), `taken: ${await heading(page)}`);
  });
  await walk.step('sign a PDF', async () => {
    await page.goto(new URL('/sign', at.portal).href);
    await send(page, upload(name, paper(TEXT)));
    must(await has(page, 'button.btn-bind'), `not taken: ${await heading(page)}`);
    await look.see('sign-see');
    await page.locator('button.btn-bind').first().click();
    await look.see('sign-wait');
    const code = /^\s*(\d{4})\s*$/m.exec(await page.locator('main').innerText())?.[1];
    must(code, 'the page shows no control code');
    const screen = await look.newPage();
    await phone.approveAct(screen, code, 'phone-sign', (shot) => look.see(shot, screen));
    await screen.close();
    await until(page, 'check', async () => has(page, 'a[href$="/file"]'));
    await look.see('sign-done');
    const [download] = await Promise.all([
      page.waitForEvent('download'), page.locator('a[href$="/file"]').first().click(),
    ]);
    signed = readFileSync(await download.path());
    writeFileSync(join(look.shots, 'signed.pdf'), signed);
    await page.goto(new URL('/documents', at.portal).href);
    await look.see('documents-signed');
    return `${signed.length} bytes`;
  });
  return signed;
}

/** Checks files that end in every verdict, and those that are not taken. */
export async function check(walk, signed) {
  const { look, page, at } = walk;
  const name = NAMES[look.language];
  const judged = (shot, file, verdict) => walk.step(`check: ${shot}`, async () => {
    await page.goto(new URL('/check', at.portal).href);
    await send(page, typeof file === 'string' ? file : upload(name, file()));
    if (await has(page, '.verdict > svg ~ div')) {
      for (const more of await page.locator('details.sheet summary').all()) await more.click();
    }
    await look.see(`check-${shot}`);
    must(await has(page, verdict), `another verdict: ${await heading(page)}`);
    if (shot === 'passed') await look.printed('check-passed');
    return heading(page);
  });
  await walk.step('check: the form', async () => {
    await page.goto(new URL('/check', at.portal).href);
    await look.see('check-upload');
    return heading(page);
  });
  if (signed) {
    await judged('passed', () => signed, '.verdict:not(.verdict-bad, .verdict-open)');
    await judged('changed', () => changed(signed, TEXT), '.verdict-bad');
  }
  await judged('unknown-signer', () => signedByNobodyKnown(TEXT), '.verdict-open');
  await judged('unsigned', () => paper(TEXT), '.verdict-open');
  await judged('not-pdf', () => Buffer.from('Not a PDF.'), '.errors');
  const large = join(look.shots, 'large.pdf');
  writeFileSync(large, '%PDF-1.7\n');
  truncateSync(large, MOST + 1024);
  await judged('too-large', large, '.errors');
  truncateSync(large, MOST + MOST / 8);
  await walk.step('check: far too large', async () => {
    await page.goto(new URL('/check', at.portal).href);
    await send(page, large);
    must(await has(page, '.errors'), `another page: ${await heading(page)}`);
    return heading(page);
  });
  rmSync(large);
}

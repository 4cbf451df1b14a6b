// How things end: a certificate is revoked, everything is frozen, a place has asked too often.
import { has, heading, must, press, send, until, upload } from './hand.mjs';
import { byCharacters } from './login.mjs';
import { page as paper } from './paper.mjs';

/** Her certificate is revoked with her phone, and she has nothing left to sign with. */
export async function revoke(walk) {
  const { look, page, at, phone } = walk;
  await walk.step('revoke the certificate', async () => {
    await byCharacters(walk);
    await page.goto(new URL('/security/revoke', at.portal).href);
    await look.see('revoke');
    await press(page, 'revoke');
    await look.see('revoke-wait');
    const serial = await page.locator('.facts .code').first().innerText();
    const screen = await look.newPage();
    await phone.approveAct(screen, serial, 'phone-revoke', (name) => look.see(name, screen));
    await screen.close();
    await until(page, 'check', async () => has(page, '.note-ok'));
    await look.see('revoked');
    return heading(page);
  });
  await walk.step('nothing left to sign with', async () => {
    await page.goto(new URL('/security', at.portal).href);
    await look.see('security-revoked');
    must(!(await has(page, 'a[href="/security/revoke"]')), 'it can be revoked again');
    await page.goto(new URL('/sign', at.portal).href);
    await send(page, upload('letter.pdf', paper('Iesniegums')));
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === 'POST'),
      page.locator('button.btn-bind').first().click(),
    ]);
    must(answer.status() === 409, `answers ${answer.status()}: ${await heading(page)}`);
    await look.see('sign-no-means');
    return heading(page);
  });
}

/** Everything of hers is frozen by number and code; her phone signs in nowhere any more. */
export async function freeze(walk) {
  const { look, page, at, phone } = walk;
  await walk.step('freeze everything', async () => {
    await page.goto(new URL('/freeze', at.portal).href);
    await page.locator('input[name="user-number"]').fill('12');
    await page.locator('input[name="code"]').fill('34');
    await press(page, 'freeze');
    await look.see('freeze-error');
    await filled(page, walk.person.userNumber, walk.person.freezeCode);
    await look.see('freeze-done');
    return heading(page);
  });
  await walk.step('the phone of whom everything is frozen', async () => {
    const screen = await look.newPage();
    await phone.frozen(screen, (name) => look.see(name, screen));
    await screen.close();
  });
}

/** Nobody can guess freeze codes. */
export async function tooOften(walk) {
  const { look, page, at } = walk;
  await walk.step('too often from one place', async () => {
    for (let tries = 0; tries < 20; tries += 1) {
      await page.goto(new URL('/freeze', at.portal).href);
      const status = await filled(page, '00000000', '000000000000');
      if (status !== 429) continue;
      await look.see('too-often');
      return heading(page);
    }
    throw new Error('twenty codes in a row are taken');
  });
}

async function filled(page, number, code) {
  await page.locator('input[name="user-number"]').fill(number);
  await page.locator('input[name="code"]').fill(code);
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.request().method() === 'POST'), press(page, 'freeze'),
  ]);
  await page.waitForLoadState();
  return answer.status();
}

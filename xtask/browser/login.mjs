// Logins: in a new browser by the eight characters, in a remembered one by the user number.
import { charactersIn, has, heading, must, press, until } from './hand.mjs';

const OWN_LOGIN = { lv: 'Pieslēgšanās', en: 'Signing in' };

/** What everybody sees before they sign in. */
export async function doors(walk) {
  const { look, page, at } = walk;
  const lang = `?lang=${look.language}`;
  await walk.step('front page', async () => {
    await page.goto(at.front + lang);
    must(page.url().startsWith(at.portal), `the bare host leads to ${page.url()}`);
    await look.see('front');
    return heading(page);
  });
  for (const [name, path] of [['accessibility', '/accessibility'], ['freeze', '/freeze'],
    ['not-found', '/nothing-here']]) {
    await walk.step(name, async () => {
      const answer = await page.goto(new URL(path, at.portal).href);
      must(answer.status() === (name === 'not-found' ? 404 : 200), `answers ${answer.status()}`);
      await look.see(name);
      return heading(page);
    });
  }
}

/** The first login of a browser that nobody knows. */
export async function newBrowser(walk) {
  const { look } = walk;
  return walk.step('sign in by the eight characters', async () => {
    await byCharacters(walk, look.see.bind(look));
    await look.see('home');
    must(!(await offers(walk)), 'a browser is offered to be remembered after one login');
    return heading(walk.page);
  });
}

/** A login by the eight characters, to its end. */
export async function byCharacters({ look, page, at, phone }, see = async () => {}) {
  await page.goto(new URL('/sign-in', at.portal).href);
  const text = await page.locator('.spelled').first().innerText();
  const characters = charactersIn(text.toUpperCase());
  must(characters, `no characters on the page: ${text}`);
  await see('sign-in');
  const screen = await look.newPage();
  await phone.approveLogin(screen, characters, (name) => see(name, screen));
  await screen.close();
  await until(page, 'check', async () => page.url().startsWith(at.portal));
}

async function offers({ look, phone }) {
  const screen = await look.newPage();
  const offered = await phone.offers(screen);
  await screen.close();
  return offered;
}

async function signOut({ page, at }) {
  await page.goto(new URL('/home', at.portal).href);
  await press(page, 'sign-out');
  must(page.url().startsWith(at.portal), `signing out ends at ${page.url()}`);
  must(!(await has(page, '.who')), 'somebody is signed in still');
}

/** The log shows a person's own logins. */
export async function ownLogins({ look, page, at }) {
  await page.goto(new URL('/data/looks', at.portal).href);
  const rows = page.locator('.log > li', { hasText: OWN_LOGIN[look.language] });
  return rows.count();
}

/** The remembered browser of PROTOCOLS §4. */
export async function remembered(walk) {
  const { look, page, at, phone } = walk;
  const before = await ownLogins(walk);
  const ready = await walk.step('remember the browser on the phone', async () => {
    await signOut(walk);
    await look.see('signed-out');
    await byCharacters(walk);
    const screen = await look.newPage();
    await phone.remember(screen, (name) => look.see(name, screen));
    await screen.close();
    await page.goto(new URL('/security', at.portal).href);
    await look.see('security-remembered');
    await signOut(walk);
  });
  if (!ready) return;
  await walk.step('a stranger’s browser with her number reaches no phone', () => stranger(walk));
  await walk.step('a wrong number refuses', () => wrong(walk));
  await walk.step('the right number brings PIN1, and she is in', () => right(walk));
  await walk.step('her logins are among the looks', async () => {
    const after = await ownLogins(walk);
    must(after === before + 2, `${before} logins in the log before, ${after} after two more`);
    return `${after} logins`;
  });
}

/** The page asks for the number, and then shows one of two digits, which is given back. */
async function asked({ page, person }, see = async () => {}) {
  await page.locator('input[name="user-number"]').fill(person.userNumber);
  await press(page, 'go-on');
  await see('sign-in-wait');
  const number = /^\s*(\d{2})\s*$/m.exec(await page.locator('main').innerText())?.[1];
  must(number, `no two digits on the page: ${await heading(page)}`);
  return number;
}

async function begun(walk) {
  await walk.page.goto(new URL('/sign-in', walk.at.portal).href);
  const asks = await has(walk.page, 'input[name="user-number"]');
  must(asks, `the browser does not ask for the number: ${await heading(walk.page)}`);
}

/** The same page as hers, whatever the number and the moment. */
function plain(html) {
  return html.replace(/\/login\/[^"?/]+/g, '/login/X').replace(/\/assets\/[0-9a-f]+/g, '/assets')
    .replace(/>\d\d</g, '>NN<').replace(/\d?\d[.:]\d\d\./g, 'HH.MM.');
}

async function stranger(walk) {
  const { look, at, phone } = walk;
  const other = await look.browser.newContext({ ...look.common, javaScriptEnabled: false });
  const page = await other.newPage();
  await page.goto(new URL(`/sign-in?lang=${look.language}`, at.portal).href);
  must(!(await has(page, 'input[name="user-number"]')), 'a new browser is asked for a number');
  // No page leads there from a new browser; somebody can still know the address.
  await page.goto(page.url().replace(/(\/login\/[^/?]+).*/, `$1/number?lang=${look.language}`));
  await asked({ page, person: walk.person });
  const theirs = plain(await page.content());
  const screen = await look.newPage();
  must(!(await phone.waits(screen, 4)), 'the stranger’s request reached the phone');
  await begun(walk);
  await asked(walk);
  const hers = plain(await walk.page.content());
  must(theirs === hers, `another page:\n${theirs}\n${hers}`);
  must(await phone.waits(screen, 10), 'her own request does not reach the phone');
  await press(walk.page, 'cancel');
  await screen.close();
  await other.close();
}

async function wrong(walk) {
  const { look, page, phone } = walk;
  await begun(walk);
  await look.see('sign-in-number');
  await page.locator('input[name="user-number"]').fill('1234');
  await press(page, 'go-on');
  await look.see('sign-in-number-error');
  const number = await asked(walk, look.see.bind(look));
  const screen = await look.newPage();
  const see = (name) => look.see(name, screen);
  must(await phone.waits(screen, 10), 'the request does not reach the phone');
  await see('phone-waiting');
  const shown = await phone.choosing(screen, see);
  must(shown.numbers.length === 3 && shown.numbers.includes(number), `${shown.numbers}`);
  await phone.chooseWrong(screen, shown.numbers.find((one) => one !== number), see);
  await screen.close();
  await until(page, 'check', async () => has(page, 'button[name="again"]'));
  await look.see('sign-in-refused');
  return `${shown.text.split('\n').filter((line) => line.trim()).slice(0, 8).join(' · ')}`;
}

async function right(walk) {
  const { look, page, at, phone } = walk;
  await press(page, 'again');
  const number = await asked(walk);
  const screen = await look.newPage();
  must(await phone.waits(screen, 10), 'the request does not reach the phone');
  await phone.choosing(screen, async () => {});
  await phone.chooseRight(screen, number, (name) => look.see(name, screen));
  await screen.close();
  await until(page, 'check', async () => page.url().startsWith(at.portal));
  must(!(await has(page, 'button[name="not-me"]')), 'a login by number is taken for one by QR');
  await look.see('home-remembered');
  return heading(page);
}

/** Her phone forgets every browser, so that the next one begins from nothing. */
export async function forgotten({ look, phone }) {
  const screen = await look.newPage();
  await phone.forgetAll(screen);
  await screen.close();
}

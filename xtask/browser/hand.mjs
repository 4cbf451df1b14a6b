// What a hand does on a page, and an eye reads off it.

/** The eight characters of a login. */
const CHARACTERS = /[2-9BCDFGHJKMNPQRSTVWXZ]{4}[\s\u00a0-]*[2-9BCDFGHJKMNPQRSTVWXZ]{4}/;

/** The eight characters that stand in a text; nothing where there are none. */
export function charactersIn(text) {
  return CHARACTERS.exec(text)?.[0].replace(/[^0-9A-Z]/g, '');
}

export async function press(page, name) {
  await page.locator(`button[name="${name}"]`).first().click();
}

export async function has(page, selector) {
  return (await page.locator(selector).count()) > 0;
}

export async function heading(page) {
  return (await page.locator('h1').first().innerText()).trim();
}

/** Fails with `words` unless it holds. */
export function must(holds, words) {
  if (!holds) throw new Error(words);
}

export async function rest(milliseconds) {
  await new Promise((go) => setTimeout(go, milliseconds));
}

/** Presses a button again and again until `done` holds. */
export async function until(page, name, done) {
  for (let tries = 0; tries < 40; tries += 1) {
    if (await done()) return;
    if (await has(page, `button[name="${name}"]`)) await press(page, name);
    else await page.reload();
    await rest(300);
  }
  throw new Error(`still waiting at ${page.url()}: ${await heading(page)}`);
}

/** Gives a file to the page's form and sends it. */
export async function send(page, file) {
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.locator('main form button').first().click();
}

/** A PDF as a browser uploads it. */
export function upload(name, buffer) {
  return { name, mimeType: 'application/pdf', buffer };
}

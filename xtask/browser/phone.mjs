// Anna's phone, as a person uses its pages: no script, one form after another.

/** The phone of one person of the cast. */
export function phoneOf(demo, person) {
  const home = new URL(demo.addresses.phone);
  const id = person.phone.split('/').at(-1);

  async function press(page, name) {
    await page.locator(`button[name="${name}"]`).first().click();
  }

  // The pages are locked for a browser that has not unlocked the phone yet.
  async function unlocked(page) {
    await page.goto(new URL(`/${id}`, home).href);
    const unlock = page.locator('button[name="unlock"]');
    if ((await unlock.count()) > 0) await unlock.first().click();
  }

  async function answered(page, pin, name, see) {
    await page.locator('input[name="pin"]').fill(pin);
    await see(name);
    await page.locator('input[name="pin"]').fill(pin);
    await press(page, 'approve');
    await see(`${name}-done`);
    if ((await page.locator('.errors').count()) > 0) {
      throw new Error(`the phone says: ${await page.locator('.errors').innerText()}`);
    }
  }

  return {
    /** Takes the login with these characters and approves it with PIN1. */
    async approveLogin(page, characters, see) {
      await unlocked(page);
      await see('phone');
      await page.locator('input[name="code"]').fill(characters);
      await press(page, 'claim');
      await answered(page, person.pin1, 'phone-login', see);
    },

    /** Approves the only signature that waits with PIN2, when its control code is this one. */
    async approveSigning(page, code, see) {
      await unlocked(page);
      const request = page.locator(`a[href^="/${id}/requests/"]`);
      for (let tries = 0; (await request.count()) === 0 && tries < 20; tries += 1) {
        await press(page, 'look');
      }
      await request.first().click();
      const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
      const spaced = code ? new RegExp([...code].join('[\\s\\u00a0]*')) : null;
      if (spaced && !spaced.test(text)) throw new Error(`the phone shows another code than ${code}`);
      await answered(page, person.pin2, 'phone-sign', see);
    },
  };
}

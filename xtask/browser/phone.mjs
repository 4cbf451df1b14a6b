// A phone, as a person uses its pages: no script, one form after another.
import { has, must, press, rest } from './hand.mjs';

/** The phone of one person of the cast. */
export function phoneOf(demo, person) {
  const home = new URL(demo.addresses.phone);
  const id = person.phone.split('/').at(-1);
  const request = (page) => page.locator(`a[href^="/${id}/requests/"]`);

  // The pages are locked for a browser that has not unlocked the phone yet.
  async function unlocked(page, see) {
    await page.goto(new URL(`/${id}`, home).href);
    if (!(await has(page, 'button[name="unlock"]'))) return;
    await see?.('phone-locked');
    await press(page, 'unlock');
  }

  async function opened(page) {
    for (let tries = 0; (await request(page).count()) === 0 && tries < 20; tries += 1) {
      await press(page, 'look');
      await rest(100);
    }
    await request(page).first().click();
  }

  async function answered(page, pin, name, see) {
    await page.locator('input[name="pin"]').fill(pin);
    await see(name);
    await page.locator('input[name="pin"]').fill(pin);
    await press(page, 'approve');
    await see(`${name}-done`);
    const faulty = await has(page, '.errors, .note-bad, .note-warn');
    must(!faulty, `the phone says: ${await page.locator('main').innerText()}`);
  }

  async function chosen(page, number) {
    const choice = page.locator(`input[name="number"][value="${number}"]`);
    must(await choice.count() === 1, `the phone does not offer ${number}`);
    await choice.check({ force: true });
    await press(page, 'choose');
  }

  // What the settings say comes with the next poll, which can be a moment away.
  async function settings(page, wanted, seconds = 30) {
    await unlocked(page);
    for (let tries = 0; tries < seconds * 4; tries += 1) {
      await page.goto(new URL(`/${id}/settings`, home).href);
      if (await has(page, wanted)) return true;
      await rest(250);
    }
    return false;
  }

  return {
    /** Takes the login with these characters and approves it with PIN1. */
    async approveLogin(page, characters, see = async () => {}) {
      await unlocked(page, see);
      await see('phone');
      await page.locator('input[name="code"]').fill(characters);
      await press(page, 'claim');
      await answered(page, person.pin1, 'phone-login', see);
    },

    /** Approves the only act that waits with PIN2, when the phone shows these words of it. */
    async approveAct(page, shown, name, see) {
      await unlocked(page);
      await opened(page);
      const text = (await page.locator('main').innerText()).replace(/\s+/g, '');
      must(text.includes(shown.replace(/\s+/g, '')), `the phone does not show ${shown}: ${text}`);
      await answered(page, person.pin2, name, see);
    },

    /** Whether anything waits; looks for so many seconds. */
    async waits(page, seconds) {
      await unlocked(page);
      for (let tries = 0; tries < seconds; tries += 1) {
        if ((await request(page).count()) > 0) return true;
        await rest(1000);
        await press(page, 'look');
      }
      return (await request(page).count()) > 0;
    },

    /** Opens what waits and reads it; there is no PIN yet, and three numbers. */
    async choosing(page, see) {
      await unlocked(page);
      await opened(page);
      await see('phone-choose');
      must(!(await has(page, 'input[name="pin"]')), 'the phone asks for a PIN before the number');
      const numbers = await page.locator('input[name="number"]').evaluateAll(
        (all) => all.map((one) => one.value));
      return { numbers, text: await page.locator('main').innerText() };
    },

    /** Chooses a number that the browser does not show: the phone says that it is refused. */
    async chooseWrong(page, number, see) {
      await chosen(page, number);
      await see('phone-wrong-number');
      must(!(await has(page, 'input[name="pin"]')), 'a wrong number brings the PIN');
    },

    /** Chooses the right number and gives PIN1. */
    async chooseRight(page, number, see) {
      await chosen(page, number);
      await answered(page, person.pin1, 'phone-pin', see);
    },

    /** Remembers the browser that the settings offer. */
    async remember(page, see) {
      await settings(page, 'button[name="remember"]');
      await see('phone-settings');
      must(await has(page, 'button[name="remember"]'), 'the phone offers no browser to remember');
      must(!(await has(page, 'button[name="forget"]')), 'a browser is remembered already');
      await press(page, 'remember');
      await settings(page, 'button[name="forget"]');
      await see('phone-remembers');
      must(await has(page, 'button[name="forget"]'), 'the phone does not list the browser');
    },

    /** Forgets every browser, as another one begins from nothing. */
    async forgetAll(page) {
      while (await settings(page, 'button[name="forget"]', 1)) await press(page, 'forget');
    },

    /** Whether the phone offers to remember a browser. */
    async offers(page) {
      return settings(page, 'button[name="remember"]', 2);
    },

    /** What a phone shows of which everything is frozen. */
    async frozen(page, see) {
      await unlocked(page);
      for (let tries = 0; tries < 10 && !(await has(page, '.note-bad')); tries += 1) {
        await rest(500);
        await page.reload();
      }
      await see('phone-frozen');
      must(!(await has(page, 'input[name="code"]')), 'a frozen phone still takes characters');
    },
  };
}

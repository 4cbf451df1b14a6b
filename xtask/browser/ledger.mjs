// What was tried: a row for each step, and what is wrong with a page.

/** Something that the demo does not offer. */
export class Skip extends Error {}

/** Keeps the rows, and says them at the end. */
export class Ledger {
  rows = [];
  blemishes = [];
  seen = new Set();
  glanced = 0;
  failures = 0;

  constructor(required) {
    this.required = required;
    this.began = performance.now();
  }

  /** Does a step; says whether it went well. One that is skipped fails where all are required. */
  async step(view, name, what) {
    const began = performance.now();
    const row = { view, name, said: 'ok', detail: '' };
    try {
      row.detail = (await what()) ?? '';
    } catch (why) {
      row.said = why instanceof Skip && !this.required ? 'skipped' : 'FAILED';
      row.detail = String(why.message).split('\n').slice(0, 6).join(' | ');
      if (row.said === 'FAILED') this.failures += 1;
    }
    row.seconds = (performance.now() - began) / 1000;
    this.rows.push(row);
    return row.said === 'ok';
  }

  /** Fails when a page has a blemish. */
  noBlemish() {
    if (this.blemishes.length > 0) {
      for (const one of this.blemishes) console.log(`blemish: ${one}`);
      throw new Error(`${this.blemishes.length} blemishes`);
    }
    const seen = [...this.seen].join(', ');
    return `${this.seen.size} pages of the journey, ${this.glanced} of the gallery: ${seen}`;
  }

  /** The table, and a line that counts. */
  print() {
    for (const { view, name, said, seconds, detail } of this.rows) {
      console.log(`${said.padEnd(8)}${seconds.toFixed(1).padStart(6)} s  ${view.padEnd(3)} ` +
        `${name}${detail ? `: ${detail}` : ''}`);
    }
    const count = (said) => this.rows.filter((row) => row.said === said).length;
    console.log(`journey: ${((performance.now() - this.began) / 1000).toFixed(0)} s, ` +
      `${count('ok')} steps, ${count('skipped')} skipped, ${this.failures} failed`);
  }
}

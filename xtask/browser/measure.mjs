// What is wrong with how a page lies, in the words of a table: runs inside the page.

/** Whatever scrolls sideways, is cut, or is too small to be pressed. */
export function blemishes() {
  const found = [];
  const named = (one) => {
    const words = (one.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40);
    const classes = [...one.classList].map((name) => `.${name}`).join('');
    return `${one.localName}${classes} “${words}”`;
  };
  // Words for readers alone, and the skip link before it is focused.
  const unseen = (one) => one.closest('.unseen, .skip') !== null ||
    getComputedStyle(one.closest('thead') ?? one).clipPath !== 'none';
  const flat = (box) => box.width < 1 || box.height < 1;

  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`scrolls sideways: ${scrollWidth} of ${innerWidth} px`);

  for (const one of document.body.querySelectorAll('*')) {
    if (one.closest('svg') || unseen(one) || flat(one.getBoundingClientRect())) continue;
    const cuts = ['hidden', 'clip'].includes(getComputedStyle(one).overflowX);
    const over = one.scrollWidth - one.clientWidth > 1 || one.scrollHeight - one.clientHeight > 1;
    if (cuts && over) found.push(`cuts what it holds: ${named(one)}`);
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const parent = text.parentElement;
    if (!text.data.trim() || parent.closest('script') || unseen(parent)) continue;
    const around = parent.closest('.btn, .tag, .sheet, .note, .verdict, .phone, .numbers label');
    const box = around?.getBoundingClientRect() ?? { left: 0, right: innerWidth };
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const line of range.getClientRects()) {
      if (flat(line) || (line.left >= box.left - 1 && line.right <= box.right + 1)) continue;
      found.push(`text leaves its place: ${named(parent)}`);
      break;
    }
  }

  const pressed = 'a[href], button, summary, select, textarea, input:not([type="hidden"])';
  for (const one of document.body.querySelectorAll(pressed)) {
    const box = one.getBoundingClientRect();
    if (unseen(one) || flat(box)) continue;
    // A link within a sentence may be as low as its line (WCAG 2.5.8).
    const within = one.parentElement.cloneNode(true);
    for (const link of within.querySelectorAll('a, button')) link.remove();
    const inSentence = one.localName === 'a' && within.textContent.trim() !== '' &&
      getComputedStyle(one).display === 'inline';
    const tall = one.matches('.btn, .input, summary, .nav a, .foot li a, .lang a') ? 44 : 24;
    if (!inSentence && (box.height < tall - 0.5 || box.width < 23.5)) {
      const size = `${box.width.toFixed(0)} × ${box.height.toFixed(0)}`;
      found.push(`too small to press, ${size} px: ${named(one)}`);
    }
  }
  return found;
}

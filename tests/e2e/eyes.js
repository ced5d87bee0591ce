/* What can be seen to be wrong with a page without knowing any word of it. Each function gives sentences. */
window.eyes = {
  seen: (box) => box.width > 1 && box.height > 1,
  named: (part) => part?.outerHTML.slice(0, 160),

  /** WCAG 2.2 AA as far as a machine can tell, by axe. */
  async rules() {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `axe ${id}: ${html.slice(0, 160)}`));
  },

  /** Nothing is wider than the window, and whatever can be pressed is large enough for a thumb. */
  room() {
    const wrong = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    const outside = (box) => this.seen(box) && (box.right > clientWidth + 1 || box.left < -1);
    if (scrollWidth > clientWidth) {
      const out = [...document.querySelectorAll('body *')].filter((part) => outside(part.getBoundingClientRect()));
      wrong.push(`wider than the window: ${this.named(out.at(-1))}`);
    }
    for (const part of document.querySelectorAll('a[href], button, input, textarea, select, summary')) {
      const box = (part.closest('label') ?? part).getBoundingClientRect();
      if (this.seen(box) && Math.min(box.width, box.height) < 44) {
        wrong.push(`hard to touch, ${Math.round(box.width)} × ${Math.round(box.height)}: ${this.named(part)}`);
      }
    }
    return wrong;
  },

  /** Nothing moves by itself. */
  still() {
    const moves = (part, beside) => {
      const { animationName, transitionDuration } = getComputedStyle(part, beside);
      return animationName !== 'none' || transitionDuration.split(',').some((time) => parseFloat(time) > 0);
    };
    const moving = [...document.querySelectorAll('*')].filter((part) =>
      [null, '::before', '::after'].some((beside) => moves(part, beside)));
    return moving.map((part) => `it moves: ${this.named(part)}`);
  },

  /** Whatever can be pressed is told from the rest by an edge or a line below it. */
  edges() {
    const bare = [...document.querySelectorAll('main .choice, main a, main button:enabled')].filter((part) => {
      const { borderTopWidth, borderTopStyle, textDecorationLine } = getComputedStyle(part);
      const bordered = parseFloat(borderTopWidth) > 0 && borderTopStyle !== 'none';
      return !bordered && textDecorationLine === 'none' && this.seen(part.getBoundingClientRect());
    });
    return bare.map((part) => `it has no edge: ${this.named(part)}`);
  },

  /** What is left of a part for whoever sees none of its colours: its words, its pictures, its edge and its height. */
  shape(part) {
    const { borderTopStyle, borderTopWidth, height } = getComputedStyle(part);
    const pictures = [...part.querySelectorAll('path')].map((path) => path.getAttribute('d')).join();
    return { words: part.innerText, pictures, edge: `${borderTopStyle} ${borderTopWidth}`, height: parseFloat(height) };
  },

  /** How high a part is without and with a class that tells how things stand. */
  heights(part, state) {
    return [false, true].map((on) => {
      part.classList.toggle(state, on);
      return this.shape(part).height;
    });
  },

  /** A new screen has one heading, which its title names and where reading starts. */
  begins() {
    const wrong = [];
    const [heading, ...more] = document.querySelectorAll('h1');
    if (!heading || more.length > 0) wrong.push(`${more.length + (heading ? 1 : 0)} headings of the first level`);
    const title = heading?.innerText.replace(/\s+/g, ' ').trim();
    if (!document.title.startsWith(title)) wrong.push(`titled ${document.title}`);
    if (document.activeElement !== heading) wrong.push(`the focus is on ${this.named(document.activeElement)}`);
    return wrong;
  },

  /** What the keyboard is on, what may be done there, and whether it can be seen. */
  keyboard() {
    const at = document.activeElement;
    if (at === document.body || at.matches('h1')) return { at: '', kind: '', wrong: [] };
    return { at: this.named(at), kind: this.kind(at), wrong: this.hidden(at) };
  },

  // The main button; of two that weigh the same, the first; and where there is but one, that one.
  onward: ['.button:not(.second):not(.danger)', '.pair > .button:first-child', '.actions > .button:only-child']
    .map((button) => `main ${button}`)
    .join(),

  kind(at) {
    const group = () => [...document.querySelectorAll(`input[name="${at.name}"]`)];
    if (at.type === 'radio') return group().some((one) => one.checked) ? 'chosen' : 'choice';
    if (at.matches('input[type=text], input[type=password], textarea')) return at.value ? 'filled' : 'empty';
    return at.matches(this.onward) ? 'onward' : 'other';
  },

  hidden(at) {
    const wrong = [];
    const shown = at.closest('label') ?? at;
    if ([shown, at].every((part) => getComputedStyle(part).outlineStyle === 'none')) wrong.push('no ring of focus');
    const box = shown.getBoundingClientRect();
    const free = (across) => {
      const top = document.elementFromPoint(box.left + box.width * across, box.top + box.height / 2);
      return top !== null && (shown.contains(top) || top.contains(shown));
    };
    if (![0.1, 0.5, 0.9].some(free)) wrong.push('the focus is hidden');
    return wrong;
  },
};

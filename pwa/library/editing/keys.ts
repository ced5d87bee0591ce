// What a key asks for in the editor. Pure, so that each rule is a line in a test.

export type Command =
  | 'toggle' | 'back' | 'forward' | 'slower' | 'faster' | 'loop' | 'next' | 'previous' | 'next-unheard'
  | 'previous-unheard' | 'edit' | 'onward' | 'leave' | 'undo' | 'redo' | 'split' | 'merge' | 'merge-before' | 'laughs'
  | 'cries' | 'pause' | 'unclear' | 'doubt' | 'keys' | `speaker-${number}`;

export interface Press {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  /** The key is held down. */
  readonly repeat: boolean;
  /** A letter is being put together, as in Japanese. */
  readonly composing: boolean;
}

/** Where the caret is in the words, while somebody types. */
export interface Caret {
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** Keys that nobody types with: they work everywhere in the editor. */
const ALWAYS: Readonly<Record<string, Command>> = {
  'main+Enter': 'toggle',
  'ctrl+ ': 'toggle',
  'main+shift+Enter': 'back',
  'alt+Enter': 'loop',
  'alt+ArrowUp': 'previous',
  'alt+ArrowDown': 'next',
  'main+z': 'undo',
  'main+shift+z': 'redo',
  'ctrl+y': 'redo',
};

const TYPING: Readonly<Record<string, Command>> = { Enter: 'onward', 'shift+Enter': 'split', Escape: 'leave' };

/** Keys that write no letter: they work while no words are open, also where single keys are turned off. */
const READING: Readonly<Record<string, Command>> = {
  Enter: 'edit',
  ' ': 'toggle',
  ArrowLeft: 'back',
  ArrowRight: 'forward',
  ArrowUp: 'previous',
  ArrowDown: 'next',
};

/** Single keys, while no words are open. A sign may need Shift or not: that differs between keyboards. */
const SINGLE: Readonly<Record<string, Command>> = {
  k: 'toggle',
  '-': 'slower',
  '+': 'faster',
  '=': 'faster',
  r: 'loop',
  n: 'next-unheard',
  'shift+n': 'previous-unheard',
  l: 'laughs',
  c: 'cries',
  p: 'pause',
  u: 'doubt',
  'shift+u': 'unclear',
  s: 'split',
  m: 'merge',
  '?': 'keys',
};

/** What a key asks for while words are open to be typed in. Null leaves it to the browser. */
export function typingCommand(press: Press, caret: Caret): Command | null {
  if (press.composing) return null;
  const found = always(press);
  if (found !== null) return found;
  if (press.ctrl || press.meta || press.alt) return null;
  if (press.key === 'Backspace' && !press.shift && caret.atStart && !press.repeat) return 'merge-before';
  if (press.key === 'Delete' && !press.shift && caret.atEnd && !press.repeat) return 'merge';
  return TYPING[named(press.key, press.shift)] ?? null;
}

/** What a key asks for while a passage has the focus. `single` says whether single keys are turned on. */
export function readingCommand(press: Press, single: boolean): Command | null {
  const found = always(press);
  if (found !== null) return found;
  if (press.ctrl || press.meta || press.alt || press.composing) return null;
  const plain = READING[named(press.key, press.shift)];
  if (plain !== undefined || !single) return plain ?? null;
  if (/^[0-9]$/.test(press.key)) return `speaker-${Number(press.key)}`;
  return SINGLE[named(press.key, press.shift && /^[a-z]$/i.test(press.key))] ?? null;
}

function always(press: Press): Command | null {
  const { ctrl, meta, alt, shift } = press;
  const held = [ctrl ? 'ctrl' : '', meta ? 'meta' : '', alt ? 'alt' : ''].filter(Boolean).join('+');
  const key = named(press.key, shift);
  if (held === '') return null;
  const main = held === 'ctrl' || held === 'meta' ? ALWAYS[`main+${key}`] : undefined;
  return main ?? ALWAYS[`${held}+${key}`] ?? null;
}

function named(key: string, shift: boolean): string {
  return `${shift ? 'shift+' : ''}${key.length === 1 ? key.toLowerCase() : key}`;
}

export function pressOf(event: KeyboardEvent): Press {
  const { key, ctrlKey: ctrl, metaKey: meta, altKey: alt, shiftKey: shift, repeat, isComposing: composing } = event;
  return { key, ctrl, meta, alt, shift, repeat, composing };
}

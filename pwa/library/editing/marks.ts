// What is written among the words: that somebody laughs, and that a word may be another one.

export interface Written {
  readonly text: string;
  readonly caret: number;
}

export const MARKS = { laughs: '[laughs]', cries: '[cries]', pause: '[pause]', unclear: '[unclear]' } as const;

export type Mark = keyof typeof MARKS;

const DOUBT = /\[unclear: ([^[\]]+)\]/g;

/** Put a mark where the caret is, or after the word that it is in; the caret comes after it. */
export function marked(text: string, caret: number, mark: Mark): Written {
  const at = isInWord(text, caret) ? endOfWord(text, caret) : caret;
  const before = text.slice(0, at).trimEnd();
  const after = text.slice(at).trimStart();
  const start = `${before}${before ? ' ' : ''}${MARKS[mark]}`;
  return { text: `${start}${after ? ` ${after}` : ''}`, caret: start.length };
}

/** Say that the word at the caret may be another one: "bed." becomes "[unclear: bed].", and back again. */
export function doubted(text: string, caret: number): Written {
  for (const { 0: whole, 1: word = '', index } of text.matchAll(DOUBT)) {
    if (index <= caret && caret <= index + whole.length) return replaced(text, index, index + whole.length, word);
  }
  const end = isInWord(text, caret) ? endOfWord(text, caret) : text.slice(0, caret).trimEnd().length;
  const start = startOfWord(text, end);
  const [, before = '', word = '', after = ''] =
    /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}\p{M}]*)$/su.exec(text.slice(start, end)) ?? [];
  if (word === '' || before.includes('[')) return { text, caret };
  return replaced(text, start + before.length, end - after.length, `[unclear: ${word}]`);
}

/** Whether two texts have the same words: spaces are no change. */
export function sameWords(one: string, other: string): boolean {
  return one.trim().split(/\s+/).join(' ') === other.trim().split(/\s+/).join(' ');
}

function replaced(text: string, start: number, end: number, by: string): Written {
  return { text: text.slice(0, start) + by + text.slice(end), caret: start + by.length };
}

/** A caret before the first letter of a word is in it, one after the last is not. */
function isInWord(text: string, caret: number): boolean {
  return /\S/.test(text.charAt(caret)) && (caret === 0 || /\S/.test(text.charAt(caret - 1)));
}

function startOfWord(text: string, caret: number): number {
  return caret - (/\S*$/.exec(text.slice(0, caret))?.[0].length ?? 0);
}

function endOfWord(text: string, caret: number): number {
  return caret + (/^\S*/.exec(text.slice(caret))?.[0].length ?? 0);
}

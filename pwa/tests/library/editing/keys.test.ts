import { describe, expect, it } from 'vitest';
import { readingCommand, typingCommand, type Press } from '../../../library/editing/keys';

const inside = { atStart: false, atEnd: false };

function press(keys: string, more: Partial<Press> = {}): Press {
  const parts = keys.split('+');
  const key = keys.endsWith('++') || keys === '+' ? '+' : (parts.at(-1) ?? '');
  const held = (name: string) => parts.slice(0, -1).includes(name);
  return { key, ctrl: held('ctrl'), meta: held('meta'), alt: held('alt'), shift: held('shift'), repeat: false,
    composing: false, ...more };
}

describe('while somebody types', () => {
  it('no key that writes something is taken', () => {
    for (const key of [...'abcdefghijklmnopqrstuvwxyzKLNPRU 0123456789?-+=[].,', 'ArrowLeft', 'ArrowUp', 'Tab', 'Home']) {
      expect(typingCommand(press(key, { key }), inside), key).toBeNull();
      expect(typingCommand(press(key, { key, shift: true }), inside), key).toBeNull();
    }
    for (const key of ['#', '€', 'ł', '@']) expect(typingCommand(press(key, { key, alt: true }), inside)).toBeNull();
    expect(typingCommand(press('q', { ctrl: true, alt: true }), inside)).toBeNull();
  });
  it('a letter that is being put together is left alone', () => {
    expect(typingCommand(press('Enter', { composing: true }), inside)).toBeNull();
  });
  it('keys with Ctrl or Command play, go back, undo and redo', () => {
    for (const main of ['ctrl', 'meta']) {
      expect(typingCommand(press(`${main}+Enter`), inside)).toBe('toggle');
      expect(typingCommand(press(`${main}+shift+Enter`), inside)).toBe('back');
      expect(typingCommand(press(`${main}+z`), inside)).toBe('undo');
      expect(typingCommand(press(`${main}+shift+Z`), inside)).toBe('redo');
    }
    expect(typingCommand(press('ctrl+ '), inside)).toBe('toggle');
    expect(typingCommand(press('meta+ '), inside)).toBeNull();
    expect(typingCommand(press('ctrl+y'), inside)).toBe('redo');
  });
  it('Enter goes on, with Shift it parts, and Escape leaves', () => {
    expect(['Enter', 'shift+Enter', 'Escape', 'alt+Enter'].map((keys) => typingCommand(press(keys), inside))).toEqual(
      ['onward', 'split', 'leave', 'loop'],
    );
  });
  it('deleting at an edge joins passages, unless the key is held down', () => {
    const [start, end] = [{ atStart: true, atEnd: false }, { atStart: false, atEnd: true }];
    expect(typingCommand(press('Backspace'), start)).toBe('merge-before');
    expect(typingCommand(press('Delete'), end)).toBe('merge');
    expect(typingCommand(press('Backspace'), end)).toBeNull();
    expect(typingCommand(press('Backspace', { repeat: true }), start)).toBeNull();
  });
});

describe('while a passage has the focus', () => {
  it('single keys do what the card says', () => {
    expect(['k', 'K', '+', '=', '-', 'r', 'n', 'l', 'u', 's', 'm'].map((key) => readingCommand(press(key, { key }), true)))
      .toEqual(['toggle', 'toggle', 'faster', 'faster', 'slower', 'loop', 'next-unheard', 'laughs', 'doubt', 'split',
        'merge']);
    expect(readingCommand(press('?', { shift: true }), true)).toBe('keys');
    expect(readingCommand(press('shift+N'), true)).toBe('previous-unheard');
    expect(readingCommand(press('3'), true)).toBe('speaker-3');
  });
  it('they can be turned off, and what writes no letter still works', () => {
    for (const key of ['k', 'n', '3', '?', '+']) expect(readingCommand(press(key, { key }), false)).toBeNull();
    expect([' ', 'Enter', 'ArrowDown', 'ctrl+Enter'].map((keys) => readingCommand(press(keys), false))).toEqual(
      ['toggle', 'edit', 'next', 'toggle'],
    );
  });
  it("the browser's own keys stay its own", () => {
    for (const keys of ['ctrl+r', 'ctrl+f', 'meta+l', 'ctrl+p', 'alt+ArrowLeft', 'ctrl+shift+n', 'meta+m', 'ctrl+s']) {
      expect(readingCommand(press(keys), true), keys).toBeNull();
    }
  });
});

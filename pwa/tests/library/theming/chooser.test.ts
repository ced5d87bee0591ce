// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { Chooser, isSame, type Choice } from '../../../library/theming/chooser';

const THEMES = ['Waiting', 'Being told', 'Nights'].map((name, at) => ({ id: `t${at}`, name, above: [], colour: '' }));
let chooser: Chooser;
let chosen: Choice[];
let said: string[];

beforeEach(() => {
  document.body.innerHTML = '<div></div>';
  chosen = [];
  said = [];
  chooser = new Chooser(document.querySelector('div') as HTMLElement, {
    pick: (choice) => show([...chosen, choice]),
    drop: (choice) => show(chosen.filter((one) => !isSame(one, choice))),
    enter: () => said.push('enter'),
    leave: () => said.push('leave'),
  });
  chooser.learn(THEMES, ['t1', 't0']);
});

function show(now: Choice[]): void {
  chosen = now;
  chooser.show(now);
}

const input = () => document.querySelector('input') as HTMLInputElement;
const options = () => [...document.querySelectorAll('[role=option]')].map(({ textContent }) => textContent);
const names = () => chosen.map((choice) => ('theme' in choice ? choice.theme.name : choice.name));

function type(text: string): void {
  input().value = text;
  input().dispatchEvent(new Event('input', { bubbles: true }));
}

function press(key: string): boolean {
  return !input().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

describe('choosing themes', () => {
  it('takes one key for a theme used last, and the same key to leave it out', () => {
    expect([press('1'), press('2'), press('9')]).toEqual([true, true, false]);
    expect(names()).toEqual(['Being told', 'Waiting']);
    expect([...document.querySelectorAll('.chooser__key')].map((key) => key.getAttribute('aria-pressed'))).toEqual(['true', 'true']);
    press('1');
    expect(names()).toEqual(['Waiting']);
  });
  it('finds the others by a few letters, with the field saying which is meant', () => {
    type('ni');
    expect([input().getAttribute('aria-expanded'), options()]).toEqual(['true', ['Nights', 'Add ni as a new theme']]);
    press('ArrowDown');
    expect(document.getElementById(input().getAttribute('aria-activedescendant') ?? '')?.textContent).toContain('Add ni');
    press('ArrowUp');
    press('Enter');
    expect([names(), input().value, input().getAttribute('aria-expanded')]).toEqual([['Nights'], '', 'false']);
  });
  it('takes a digit as a letter once something is typed', () => {
    type('Ward ');
    expect([press('1'), names()]).toEqual([false, []]);
  });
  it('makes a new theme of a name that is not there, and finds the one that is', () => {
    type('Transport');
    press('Enter');
    expect(chosen).toEqual([{ name: 'Transport' }]);
    type('nights');
    expect(options()).toEqual(['Nights']);
  });
  it('is done with Enter where nothing is typed, and left with Escape', () => {
    type('x');
    press('Escape');
    press('Enter');
    press('Escape');
    expect([input().value, said]).toEqual(['', ['enter', 'leave']]);
  });
  it('takes off what was chosen last with the key that takes back', () => {
    press('1');
    press('2');
    press('Backspace');
    expect(names()).toEqual(['Being told']);
  });
});

// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lines } from '../../../library/editing/lines';
import type { Server } from '../../../library/editing/server';
import { Speakers } from '../../../library/editing/speakers';
import { Tools } from '../../../library/editing/tools';

const TOOLS = `<div data-tools><select data-speaker-choice></select>
  <button type="button" data-confirm hidden></button><button type="button" data-all hidden></button></div>`;

/** Passages, each by somebody whom the computer guessed or a person named; `named` is what was asked for. */
function page(...by: { id: string; guessed: boolean }[]) {
  const line = (place: number, { id, guessed }: { id: string; guessed: boolean }) =>
    `<li data-segment="${place}" data-start="${place * 1000}" data-end="${place * 1000 + 900}" data-text="Yes."
      data-speaker="${id}" ${guessed ? 'data-suggested' : ''}>
      <bdi data-speaker-name>${id}</bdi><p data-words></p></li>`;
  const card = (id: string) => `<li data-speaker-card="${id}" data-name="${id}"></li>`;
  document.body.innerHTML = `<ol>${by.map((one, place) => line(place, one)).join('')}</ol>
    <div id="who"><ul data-speaker-list>${[...new Set(by.map(({ id }) => id))].map(card).join('')}</ul></div>
    <template id="blank"></template><template id="tools">${TOOLS}</template>`;
  const template = (id: string) => document.getElementById(id) as HTMLTemplateElement;
  const lines = new Lines(document.querySelector('ol') as HTMLElement, template('blank'), []);
  const tell = { done: () => undefined, failed: () => undefined };
  const speakers = new Speakers(document.getElementById('who') as HTMLElement, lines, {} as Server, tell);
  const named: [number[], string | null][] = [];
  const tools = new Tools(template('tools'), lines, speakers, {
    do: () => undefined,
    name: (some, speaker) => named.push([some.map(({ id }) => id), speaker]),
  });
  const open = (place: number) => {
    const found = lines.all[place]!;
    found.root.append(tools.of(found));
    return found;
  };
  return { tools, named, open };
}

function button(name: 'confirm' | 'all'): HTMLButtonElement {
  return document.querySelector(`[data-tools] [data-${name}]`) as HTMLButtonElement;
}

describe('who the computer thinks is speaking', () => {
  // Browsers have it; happy-dom has not.
  beforeEach(() => vi.stubGlobal('Option', function Option(text: string, value: string) {
    return Object.assign(document.createElement('option'), { text, value });
  }));
  afterEach(() => vi.unstubAllGlobals());

  it('is confirmed for the only passage of theirs with a press', () => {
    const { named, open, tools } = page({ id: 'Amal', guessed: true }, { id: 'Bo', guessed: false });
    const line = open(0);
    expect([button('confirm').hidden, button('confirm').textContent]).toEqual([false, 'Confirm Amal']);
    expect(button('all').hidden).toBe(true);
    button('confirm').click();
    expect(named).toEqual([[[0], 'Amal']]);
    line.segment = { ...line.segment, speaker: { id: 'Amal', name: 'Amal', suggested: false } };
    tools.renew(line);
    expect(button('confirm').hidden).toBe(true);
  });

  it('is confirmed for one passage, or for all of theirs', () => {
    const { named, open } = page({ id: 'Amal', guessed: true }, { id: 'Amal', guessed: true });
    open(1);
    expect(button('confirm').textContent).toBe('Confirm Amal here');
    expect(button('all').textContent).toBe('Confirm Amal in all 2 passages');
    button('confirm').click();
    button('all').click();
    expect(named).toEqual([[[1], 'Amal'], [[1, 0], 'Amal']]);
  });

  it('needs no confirming where a person said so', () => {
    page({ id: 'Amal', guessed: false }).open(0);
    expect(button('confirm').hidden).toBe(true);
  });

  it('leaves the keyboard in its place when its button goes', () => {
    const { open, tools } = page({ id: 'Amal', guessed: true });
    const line = open(0);
    button('confirm').focus();
    line.segment = { ...line.segment, speaker: { id: 'Amal', name: 'Amal', suggested: false } };
    tools.renew(line);
    expect(document.activeElement).toBe(document.querySelector('[data-tools] select'));
  });
});

// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { morph } from '../../../library/theming/morph';

const page = () => document.querySelector('#page') as HTMLElement;

function become(html: string): void {
  const now = document.createElement('ul');
  now.id = 'page';
  now.innerHTML = html;
  morph(page(), now);
}

beforeEach(() => {
  document.body.innerHTML = '<ul id="page"><li id="a"><details><summary>A</summary><textarea></textarea></details></li><li id="b">B</li></ul>';
});

describe('making a part of the page like a newer one', () => {
  it('keeps what is there, with the focus, what is open and what was typed', () => {
    const details = page().querySelector('details') as HTMLDetailsElement;
    const field = page().querySelector('textarea') as HTMLTextAreaElement;
    details.open = true;
    field.value = 'half a sen';
    field.focus();
    become('<li id="new">New</li><li id="a"><details><summary>A, renamed</summary><textarea></textarea></details></li><li id="b">B</li>');
    expect(page().querySelector('details')).toBe(details);
    expect([details.open, field.value, document.activeElement === field]).toEqual([true, 'half a sen', true]);
    expect([...page().children].map(({ id }) => id)).toEqual(['new', 'a', 'b']);
    expect(details.querySelector('summary')?.textContent).toBe('A, renamed');
  });
  it('takes out what is gone, and never what a module put there itself', () => {
    page().querySelector('#b')?.insertAdjacentHTML('beforeend', '<p data-kept>Made</p>');
    become('<li id="b" class="now">Bee</li>');
    expect(page().innerHTML).toBe('<li id="b" class="now">Bee<p data-kept="">Made</p></li>');
  });
  it('changes attributes, and takes those off that are not there any more', () => {
    page().hidden = true;
    become('');
    expect(page().outerHTML).toBe('<ul id="page"></ul>');
  });
});

// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { offerEnglish } from '../../library/listening/english';

function section(hidden: string): HTMLElement {
  document.body.innerHTML = `<section><a href="?english=1" data-english-switch>Show a computer’s English</a>
    <p data-english ${hidden}>We waited.</p><p data-english ${hidden}>All night.</p></section>`;
  const found = document.body.firstElementChild as HTMLElement;
  offerEnglish(found);
  return found;
}

function state(found: HTMLElement): [string | undefined, unknown[]] {
  const passages = [...found.querySelectorAll<HTMLElement>('[data-english]')].map(({ hidden }) => hidden);
  return [found.querySelector('button')?.textContent?.split(' ')[0], passages];
}

describe('a computer’s English', () => {
  it('is shown and hidden by one button, in place of the link', () => {
    const found = section('hidden');
    expect(found.querySelector('a')).toBeNull();
    expect(state(found)).toEqual(['Show', [true, true]]);
    found.querySelector('button')?.click();
    expect(state(found)).toEqual(['Hide', [false, false]]);
    found.querySelector('button')?.click();
    expect(state(found)).toEqual(['Show', [true, true]]);
  });

  it('stays as the page came', () => {
    expect(state(section(''))).toEqual(['Hide', [false, false]]);
  });

  it('needs no button where there is none', () => {
    document.body.innerHTML = '<section></section>';
    offerEnglish(document.body.firstElementChild as HTMLElement);
    expect(document.querySelector('button')).toBeNull();
  });
});

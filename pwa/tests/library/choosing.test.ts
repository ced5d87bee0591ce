// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { Choosing } from '../../library/photo/choosing';

const FIELDS = ['left', 'top', 'width', 'height'];

beforeEach(() => {
  document.body.innerHTML = `<div data-covering><img alt=""><svg></svg><svg class="covering__marks"></svg></div>
    <form><p id="covering-hint">Write where it is.</p>${FIELDS.map((name) => `<input name="${name}">`).join('')}</form>`;
  const photo = document.querySelector('[data-covering]') as HTMLElement;
  photo.getBoundingClientRect = () => ({ left: 100, top: 50, width: 400, height: 200 }) as DOMRect;
  photo.setPointerCapture = () => undefined;
  new Choosing(photo, document.querySelector('form') as HTMLFormElement);
});

const handle = () => document.querySelector('.covering__handle') as HTMLElement;
const frame = () => document.querySelector('.covering__frame') as SVGRectElement;
const said = () => FIELDS.map((name) => (document.querySelector(`[name=${name}]`) as HTMLInputElement).value);

function press(key: string, shiftKey = false): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true });
  handle().dispatchEvent(event);
  return event;
}

function point(name: string, x: number, y: number): void {
  const photo = document.querySelector('[data-covering]') as HTMLElement;
  photo.dispatchEvent(new MouseEvent(name, { clientX: x, clientY: y, button: 0, bubbles: true }));
}

describe('choosing a part of a photo', () => {
  it('is done with a finger or a mouse', () => {
    point('pointermove', 140, 70);
    expect(said()).toEqual(['', '', '', '']);
    point('pointerdown', 140, 70);
    point('pointermove', 300, 150);
    expect(said()).toEqual(['10', '10', '40', '40']);
    point('pointerup', 300, 150);
    point('pointermove', 400, 200);
    expect(said()).toEqual(['10', '10', '40', '40']);
    expect(frame().getAttribute('x')).toBe('100');
    expect(frame().parentElement?.getAttribute('class')).toBe('covering__marks');
  });
  it('is done with the arrow keys, and is said aloud', () => {
    expect(handle().tabIndex).toBe(0);
    expect(handle().getAttribute('aria-label')).toContain('No part is chosen');
    expect(press('ArrowDown').defaultPrevented).toBe(true);
    expect(said()).toEqual(['40', '40', '20', '20']);
    press('ArrowDown');
    press('ArrowRight', true);
    expect(said()).toEqual(['40', '42', '22', '20']);
    expect(handle().getAttribute('aria-label')).toBe(
      'The chosen part: 40 % from the left, 42 % from the top, 22 % wide, 20 % high.',
    );
  });
  it('leaves other keys to the browser', () => {
    expect(press('Tab').defaultPrevented).toBe(false);
  });
  it('shows what is written in the fields', () => {
    for (const [name, value] of Object.entries({ left: '5', top: '6,5', width: '20', height: '10' })) {
      const field = document.querySelector(`[name=${name}]`) as HTMLInputElement;
      field.value = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    expect(['x', 'y', 'width', 'height'].map((name) => frame().getAttribute(name))).toEqual(['50', '65', '200', '100']);
  });
});

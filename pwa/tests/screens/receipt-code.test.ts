// @vitest-environment happy-dom
import jsQR from 'jsqr';
import { afterEach, describe, expect, it } from 'vitest';
import QrCode from '../../collect/components/QrCode.svelte';
import { receiptCode } from '../../collect/domain/ids';
import ReceiptScreen from '../../collect/screens/story/ReceiptScreen.svelte';
import { clear, show } from './page';

const DOTS = 4;

/** What a camera would see of the drawing: white, and black where the path is filled, so many dots to a square. */
function seen(svg: SVGElement): { dots: Uint8ClampedArray; side: number } {
  const side = Number(svg.getAttribute('viewBox')!.split(' ')[2]) * DOTS;
  const dots = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y] of svg.querySelector('path')!.getAttribute('d')!.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let down = 0; down < DOTS; down += 1)
      for (let along = 0; along < DOTS; along += 1) {
        const at = ((Number(y) * DOTS + down) * side + Number(x) * DOTS + along) * 4;
        dots.fill(0, at, at + 3);
      }
  return { dots, side };
}

afterEach(clear);

describe('the code of a receipt', () => {
  const participants = ['Amal', 'Bea'].map((pseudonym) => ({ id: pseudonym, pseudonym, receiptCode: receiptCode() }));
  const codeIn = (page: HTMLElement) => page.querySelector<SVGElement>('svg[role=img]')!;
  const story = { id: 'story', participants, terms: [] };

  it.each([1, 2])('leads whoever scans it to their own receipt, and to nobody else’s: %s', (number) => {
    const { dots, side } = seen(codeIn(show({}, ReceiptScreen, { story, number })));
    expect(jsQR(dots, side, side)?.data).toBe(`${location.origin}/receipt/${participants[number - 1]!.receiptCode}`);
  });

  it('says that the name in the story will be asked for, and writes it nowhere beside the code', () => {
    const page = show({}, ReceiptScreen, { story, number: 1 });
    const card = page.querySelector('.card')!;
    expect(card.textContent).toContain('You will be asked for the name in your story.');
    expect(card.textContent).not.toContain('Amal');
  });

  it('can be scanned where the address is long, and says where it leads to whoever does not see it', () => {
    const link = `https://a-very-long-name-of-a-council.stories.example.org.uk/receipt/${receiptCode()}`;
    const svg = codeIn(show({}, QrCode, { link }));
    const { dots, side } = seen(svg);
    expect(jsQR(dots, side, side)?.data).toBe(link);
    expect(svg.getAttribute('aria-label')).toContain(link);
  });
});

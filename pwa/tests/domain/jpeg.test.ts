import { expect, it } from 'vitest';
import { onlyPixels } from '../../collect/domain/jpeg';
import { jpegOf } from '../makers';
import { generator, seed } from '../random';

const CANARIES = ['Exif GPS 51.5', 'http://ns.adobe.com/xap/1.0/ place', 'ICC_PROFILE', 'Photoshop 3.0', 'a comment'];
const MARKERS = [0xe1, 0xe2, 0xed, 0xee, 0xef, 0xfe];

it(`nothing stays beside the pixels, however much is there and in whatever order (fault 40, SEED=${seed})`, () => {
  const random = generator(seed);
  for (let photo = 0; photo < 200; photo += 1) {
    const pick = <One>(from: readonly One[]): One => from[Math.floor(random() * from.length)]!;
    const beside = Array.from({ length: Math.floor(random() * 8) }, () => [pick(MARKERS), pick(CANARIES)] as const);
    const left = onlyPixels(jpegOf('what can be seen', beside));
    expect(left && [...left]).toEqual([...jpegOf('what can be seen')]);
  }
});

it('pixels that look like a marker stay as they are', () => {
  const pixels = String.fromCharCode(0xe1, 0xff) + 'Exif';
  expect(onlyPixels(jpegOf(pixels))).toEqual(jpegOf(pixels));
});

it('fill bytes before a marker change nothing', () => {
  const [ff, d8, ...rest] = jpegOf('x');
  expect(onlyPixels(Uint8Array.from([ff!, d8!, 0xff, 0xff, ...rest]))).toEqual(jpegOf('x'));
});

it('what is cut short or no JPEG at all is not passed on', () => {
  const whole = jpegOf('x', [[0xe1, 'Exif']]);
  expect(onlyPixels(new TextEncoder().encode('<svg/>'))).toBeNull();
  for (const length of [0, 1, 2, 3, 9, 20]) expect(onlyPixels(whole.slice(0, length))).toBeNull();
});

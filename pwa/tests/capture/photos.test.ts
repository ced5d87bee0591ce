import { expect, it } from 'vitest';
import { jpegOf } from '../makers';
import { takePicture, type OpenImage } from '../../collect/capture/photos';

const image = (width: number, height: number): OpenImage => ({
  width,
  height,
  toJpeg: (w, h) => Promise.resolve(jpegOf(`${w}x${h}`).buffer),
  close: () => undefined,
});

it('a picture is shrunk to what its project allows and drawn again', async () => {
  const picture = await takePicture(new Blob(['photo']), 1600, () => Promise.resolve(image(4800, 1200)));
  expect(picture).toMatchObject({ width: 1600, height: 400 });
  expect(new TextDecoder().decode(picture.bytes)).toContain('1600x400');
});

it('what a browser writes beside the pixels does not stay', async () => {
  const chatty = { ...image(8, 8), toJpeg: () => Promise.resolve(jpegOf('pixels', [[0xe1, 'Exif GPS']]).buffer) };
  const { bytes } = await takePicture(new Blob(['photo']), 2400, () => Promise.resolve(chatty));
  expect(new TextDecoder().decode(bytes)).toContain('pixels');
  expect(new TextDecoder().decode(bytes)).not.toContain('GPS');
});

it('an empty file is refused', async () => {
  await expect(takePicture(new Blob([]), 2400)).rejects.toMatchObject({ code: 'empty_file' });
});

it('a file that is no picture is refused', async () => {
  const cannotOpen = (): Promise<OpenImage> => Promise.reject(new Error('no picture'));
  await expect(takePicture(new Blob(['words']), 2400, cannotOpen)).rejects.toMatchObject({ code: 'unsupported_image' });
});

it('an image is let go of when drawing it fails', async () => {
  let closed = false;
  const bad = { ...image(9, 9), toJpeg: () => Promise.reject(new Error('no memory')), close: () => void (closed = true) };
  await expect(takePicture(new Blob(['photo']), 2400, () => Promise.resolve(bad))).rejects.toThrow();
  expect(closed).toBe(true);
});

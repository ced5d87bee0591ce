import { Refusal } from '../domain/codes';
import { onlyPixels } from '../domain/jpeg';
import { fitWithin } from '../domain/picture';

const LARGEST_FILE = 100 * 1024 * 1024;
const JPEG_QUALITY = 0.86;

export interface Picture {
  bytes: ArrayBuffer;
  width: number;
  height: number;
}

/** An image opened the right way up. */
export interface OpenImage {
  width: number;
  height: number;
  /** A JPEG of this size, drawn anew. Some browsers write data of their own beside the pixels. */
  toJpeg(width: number, height: number): Promise<ArrayBuffer>;
  close(): void;
}

/** What a photo needs of the browser. `open` rejects when the file is not an image. */
export type ImageOpener = (file: Blob) => Promise<OpenImage>;

/**
 * Straightens a picture and shrinks it until its longest edge has `longest` pixels.
 * Throws `empty_file`, `too_large` or `unsupported_image`.
 */
export async function takePicture(file: Blob, longest: number, open: ImageOpener = openInBrowser): Promise<Picture> {
  if (file.size === 0) throw new Refusal('empty_file');
  if (file.size > LARGEST_FILE) throw new Refusal('too_large');
  const image = await open(file).catch((error: unknown) => {
    throw new Refusal('unsupported_image', String(error));
  });
  try {
    const { width, height } = fitWithin(image.width, image.height, longest);
    const bytes = onlyPixels(new Uint8Array(await image.toJpeg(width, height)));
    if (!bytes) throw new Refusal('unsupported_image', 'no whole JPEG was made');
    return { bytes: bytes.buffer, width, height };
  } finally {
    image.close();
  }
}

const openInBrowser: ImageOpener = async (file) => {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  return {
    width: bitmap.width,
    height: bitmap.height,
    close: () => bitmap.close(),
    async toJpeg(width, height) {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const paper = canvas.getContext('2d');
      if (!paper) throw new Refusal('app_unavailable');
      paper.fillStyle = '#ffffff';
      paper.fillRect(0, 0, width, height);
      paper.drawImage(bitmap, 0, 0, width, height);
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', JPEG_QUALITY));
      if (!blob) throw new Refusal('unsupported_image');
      return blob.arrayBuffer();
    },
  };
};

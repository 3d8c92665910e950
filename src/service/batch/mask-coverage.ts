import { placingOf, turnedBy, type Placing } from '../../dataset/annotations/frame';
import type { InputWindow } from '../../shared/explanation';
import { readMask, type Mask } from './read-mask';

/**
 * For each patch of the model's window, the share of its pixels that a mask marks. Anything but
 * black is the object. The mask may be of another size, and lie as the picture is stored.
 *
 * @returns `rows * columns` shares, row-major, 0 … 1; patches outside the picture have none.
 *   Undefined where the mask cannot be laid over the picture
 * @throws Failure `dataset-unusable` when the mask cannot be read
 */
export async function maskCoverage(
  file: string,
  window: InputWindow,
  orientation: number,
  rows: number,
  columns: number,
): Promise<{ readonly shares: Float32Array | undefined; readonly doubt: Placing['doubt'] }> {
  const mask = await readMask(file);
  const shown = { width: window.imageWidth, height: window.imageHeight, orientation };
  const { frame, doubt } = placingOf(mask, shown, []);
  if (frame === undefined) return { shares: undefined, doubt };
  const placed = frame.lies === 'stored' ? turned(mask, orientation) : mask;
  return { shares: sharesOf(placed, window, rows, columns), doubt };
}

function sharesOf(mask: Mask, window: InputWindow, rows: number, columns: number): Float32Array {
  const { width, height, marked } = mask;
  const scaleX = width / window.imageWidth;
  const scaleY = height / window.imageHeight;
  const patchWidth = (window.width / columns) * scaleX;
  const patchHeight = (window.height / rows) * scaleY;
  return Float32Array.from({ length: rows * columns }, (_, index) => {
    const left = window.left * scaleX + (index % columns) * patchWidth;
    const top = window.top * scaleY + Math.floor(index / columns) * patchHeight;
    let objects = 0;
    let pixels = 0;
    for (let y = Math.round(top); y < Math.round(top + patchHeight); y++) {
      for (let x = Math.round(left); x < Math.round(left + patchWidth); x++) {
        pixels++;
        if (x < 0 || y < 0 || x >= width || y >= height) continue;
        objects += marked[y * width + x] ?? 0;
      }
    }
    return pixels === 0 ? 0 : objects / pixels;
  });
}

/** The mask as its picture is shown. */
function turned({ width, height, marked }: Mask, orientation: number): Mask {
  const [newWidth, newHeight] = orientation >= 5 ? [height, width] : [width, height];
  const shown = new Uint8Array(marked.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = turnedBy(orientation, (x + 0.5) / width, (y + 0.5) / height);
      const at = Math.floor(v * newHeight) * newWidth + Math.floor(u * newWidth);
      shown[at] = marked[y * width + x] ?? 0;
    }
  }
  return { width: newWidth, height: newHeight, marked: shown };
}

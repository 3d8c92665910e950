/**
 * Drawings, in a process of their own: librsvg cannot be interrupted, and a few hundred bytes of
 * filters can keep it busy for hours.
 */
import { fork } from 'node:child_process';
import path from 'node:path';
import type { DrawnSvg } from './svg-process';
import type { ReadPicture } from './read-stored';
import { checkSize, unreadable } from './unreadable';

/** How long a drawing may take, start of the process included. */
const drawingSeconds = 8;

/**
 * @returns red, green, blue and opacity
 * @throws Failure `image-too-large`, `image-unreadable`, also when it takes too long
 */
export async function drawSvg(bytes: Uint8Array, name: string): Promise<ReadPicture> {
  const drawn = await drawnElsewhere(bytes, name);
  if (drawn.kind === 'failed') throw unreadable(name, drawn.why);
  if (drawn.kind === 'large') {
    checkSize(name, drawn.width, drawn.height, 4);
    throw unreadable(name, 'it is too large');
  }
  const { width, height, rgba } = drawn;
  // What comes is a Buffer, whose slices are not copies.
  const numbers = new Uint8Array(rgba);
  return { width, height, numbers, bands: 4, kind: '8-bit', isCmyk: false };
}

function drawnElsewhere(bytes: Uint8Array, name: string): Promise<DrawnSvg> {
  return new Promise((resolve, reject) => {
    // The bundle lies beside the one that runs.
    const child = fork(path.join(__dirname, 'svg-process.js'), {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        unreadable(
          name,
          `drawing it takes longer than ${drawingSeconds} seconds, as with many or wide filters, so it was given up`,
        ),
      );
    }, drawingSeconds * 1000);
    child.once('message', (drawn: DrawnSvg) => resolve(drawn));
    child.once('error', (cause) => reject(unreadable(name, cause.message, cause)));
    child.once('exit', () => {
      clearTimeout(timer);
      reject(unreadable(name, 'the process that drew it ended, as for want of memory'));
    });
    child.send(bytes, () => undefined);
  });
}

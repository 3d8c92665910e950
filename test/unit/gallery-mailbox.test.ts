/** What the page of a gallery is told while results come in fast, and in what order. */
import { expect, it } from 'vitest';
import { GalleryMailbox } from '../../src/extension/gallery/gallery-mailbox';
import type { Tile, ToGallery } from '../../src/shared/gallery-protocol';

const total = 500;

function tile(index: number): Tile {
  return { ok: false, name: `${index}.jpg`, message: 'It is empty.' };
}

/** As a run tells it: each sample, and the count after it. */
function run(mailbox: GalleryMailbox): void {
  for (let done = 1; done <= total; done++) {
    mailbox.addTile(tile(done));
    mailbox.showProgress({ kind: 'running', done, total });
  }
}

function listening() {
  const told: ToGallery[] = [];
  const mailbox = new GalleryMailbox((message) => told.push(message));
  mailbox.ready();
  return { told, mailbox };
}

it('is the first tile with its count at once, then the others together with the newest count', async () => {
  const { told, mailbox } = listening();
  run(mailbox);
  const first = { kind: 'running', done: 1, total };
  expect(told).toEqual([
    { kind: 'tiles', tiles: [tile(1)] },
    { kind: 'progress', progress: first },
  ]);
  await expect.poll(() => told.length).toBe(4);
  expect(told[2]).toMatchObject({ kind: 'tiles', tiles: { length: total - 1 } });
  expect(told[3]).toEqual({ kind: 'progress', progress: { kind: 'running', done: total, total } });
  mailbox.dispose();
});

it('is the end at once, after the last tile, and no count after it', async () => {
  const { told, mailbox } = listening();
  run(mailbox);
  mailbox.showProgress({ kind: 'done', total });
  const end = { kind: 'progress', progress: { kind: 'done', total } };
  expect(told.at(-1)).toEqual(end);
  expect(told.at(-2)).toMatchObject({ kind: 'tiles', tiles: { length: total - 1 } });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told.at(-1)).toEqual(end);
  mailbox.dispose();
});

it('is everything again for a page that was hidden', async () => {
  const { told, mailbox } = listening();
  mailbox.hidden();
  run(mailbox);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toEqual([]);
  mailbox.ready();
  expect(told).toMatchObject([
    { kind: 'tiles', tiles: { length: total } },
    { kind: 'progress', progress: { kind: 'running', done: total } },
  ]);
  mailbox.dispose();
});

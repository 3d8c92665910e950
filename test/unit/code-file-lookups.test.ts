import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { TextDocument } from 'vscode';
import { ImageLinks } from '../../src/extension/code/image-links';
import { disk, newDisk, textDocument } from '../fixtures/editor-api';

vi.mock('vscode', () => import('../fixtures/editor-api'));

const present = ['/disk/data/cat.jpg', '/disk/data/Dog.JPG', '/host/share/x.png'];
beforeEach(() => newDisk(present));

/** How many paths of a text are links. */
async function linksIn(
  text: string,
  languageId = 'plaintext',
  isCancellationRequested = (): boolean => false,
): Promise<number> {
  const token = {
    get isCancellationRequested() {
      return isCancellationRequested();
    },
    onCancellationRequested: () => ({ dispose: () => undefined }),
  };
  const document = textDocument(text, languageId) as TextDocument;
  return (await new ImageLinks().provideDocumentLinks(document, token)).length;
}

describe('places on a network', () => {
  it.each([
    '//cdn.example.com/x.png',
    '"//cdn.example.com/x.png"',
    '"\\\\\\\\host\\\\share\\\\x.png"',
    '\\\\host\\share\\x.png',
    '/\\host/share/x.png',
    '/%2Fhost/share/x.png',
    '//?/UNC/host/share/x.png',
    '/??/UNC/host/share/x.png',
    'file://host/share/x.png',
    'file:////host/share/x.png',
    'file:///%2Fhost/share/x.png',
    'file://localhost//host/share/x.png',
    'os.path.join("//host", "share", "x.png")',
    'Path("//host/share") / "x.png"',
  ])('are not asked about: %s', async (written) => {
    const found = await linksIn(`${written}\n\nopen("data/cat.jpg")`, 'python');
    const asked = [...disk.stats, ...disk.listings];
    expect(asked.filter((place) => !/^file:\/\/\/(?!\/|\?\?\/)/.test(place))).toEqual([]);
    expect(found, 'the other link stays').toBeGreaterThan(0);
  });

  it('are none where the address names this machine', async () => {
    expect(await linksIn('file://localhost/disk/data/cat.jpg')).toBe(1);
  });
});

describe('a long table', () => {
  const rows = (name: (at: number) => string): string =>
    Array.from({ length: 50_000 }, (_, at) => `${name(at)},cat`).join('\n');

  it.each([
    ['in one folder that is not there', (at: number) => `gone/${at}.jpg`],
    ['in one folder that is there', (at: number) => `data/${at}.jpg`],
    ['each in a folder of its own', (at: number) => `${at}/a.jpg`],
  ])('of absent pictures %s asks little', async (_, name) => {
    expect(await linksIn(rows(name), 'csv')).toBe(0);
    expect(disk.stats.length + disk.listings.length).toBeLessThanOrEqual(2100);
  });

  it('of absent pictures in one folder asks for that folder once, and finds what follows', async () => {
    const table = `${rows((at) => `data/${at}.jpg`)}\ndata/cat.jpg,cat\ndata/dog.jpg,dog`;
    newDisk([...present, '/disk/data/dog.jpg']);
    expect(await linksIn(table, 'csv')).toBe(2);
    expect(disk.stats.length).toBeLessThan(200);
    expect(disk.listings).toEqual(['file:///disk/data']);
  });

  it('is left as soon as nobody waits for it', async () => {
    let asked = 0;
    await linksIn(
      rows((at) => `${at}/a.jpg`),
      'csv',
      () => (asked += 1) > 50,
    );
    expect(disk.stats.length).toBeLessThan(60);
  });

  it('lets others have their turn', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await linksIn(
      rows((at) => `gone/${at}.jpg`),
      'csv',
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
  });
});

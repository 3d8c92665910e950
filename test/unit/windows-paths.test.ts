/** Drives, shares, backslashes, case and length, by Windows' own rules, wherever paths are handled. */
import os from 'node:os';
import path, { win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileLinks } from '../../src/dataset/probe-report/file-links';
import { pictureFolders } from '../../src/dataset/probe-report/picture-folders';
import { sharedFolder } from '../../src/dataset/shared-folder';
import { archivesOf } from '../../src/dataset/tar/archives-of';
import { memberName } from '../../src/dataset/tar/member-name';
import { inside } from '../../src/engine/files/inside';
import { nativePath } from '../../src/engine/files/native-path';
import { liesInside } from '../../src/engine/identity/external-files';
import { isOnNetwork } from '../../src/extension/code/network-path';
import { writtenPath } from '../../src/extension/settings/written-path';
import { placeInTar } from '../../src/shared/tar-path';
import { pathOfFileId } from '../../src/store/file-id';

describe('what lies in a folder', () => {
  it.each([
    ['C:\\data', 'C:\\data\\cats\\a.jpg', 'cats\\a.jpg'],
    ['c:\\Data', 'C:\\data\\a.jpg', 'a.jpg'],
    ['C:\\', 'C:\\a.jpg', 'a.jpg'],
    ['C:\\data', 'C:\\data', undefined],
    ['C:\\data', 'C:\\database\\a.jpg', undefined],
    ['C:\\data', 'D:\\data\\a.jpg', undefined],
    ['C:\\data', 'C:\\data\\..weights\\a.bin', '..weights\\a.bin'],
    ['C:\\data', 'C:\\a.jpg', undefined],
    ['\\\\nas\\photos', '\\\\nas\\photos\\cats\\a.jpg', 'cats\\a.jpg'],
    ['\\\\nas\\photos', '\\\\other\\photos\\a.jpg', undefined],
    ['C:\\', '\\\\nas\\photos\\a.jpg', undefined],
  ])('of %s, is %s: %s', (folder, place, way) => {
    expect(inside(folder, place, win32)).toBe(way);
  });

  it('tells case apart where the system does', () => {
    expect(inside('/data', '/data/a.jpg', path.posix)).toBe('a.jpg');
    expect(inside('/data', '/Data/a.jpg', path.posix)).toBeUndefined();
    expect(inside('/data', '/data/..weights', path.posix)).toBe('..weights');
  });
});

it.each([
  ['weights.bin', true],
  ['sub\\weights.bin', true],
  ['sub/weights.bin', true],
  ['', false],
  ['..\\weights.bin', false],
  ['sub\\..\\..\\weights.bin', false],
  ['C:\\weights.bin', false],
  ['D:weights.bin', false],
  ['\\weights.bin', false],
  ['\\\\host\\share\\weights.bin', false],
])('a model may keep weights in %j: %s', (place, isAllowed) => {
  expect(liesInside('C:\\models', place, win32)).toBe(isAllowed);
});

it.each([
  [['C:\\a\\x\\1.jpg', 'C:\\a\\y\\2.jpg'], 'C:\\a'],
  [['c:\\A\\x\\1.jpg', 'C:\\a\\y\\2.jpg'], 'c:\\A'],
  [['C:\\a\\1.jpg', 'D:\\a\\2.jpg'], 'C:\\'],
  [['\\\\nas\\p\\x\\1.jpg', '\\\\nas\\p\\y\\2.jpg'], '\\\\nas\\p\\'],
])('%j share the folder %s', (files, folder) => {
  expect(sharedFolder(files, win32)).toBe(folder);
});

it('braces mean archives, and backslashes folders', () => {
  expect(archivesOf('C:\\data\\.cache\\a-{0..1}.tar', win32)).toEqual([
    'C:\\data\\.cache\\a-0.tar',
    'C:\\data\\.cache\\a-1.tar',
  ]);
  expect(archivesOf('\\\\nas\\data\\{a,b}.tar', win32)).toEqual([
    '\\\\nas\\data\\a.tar',
    '\\\\nas\\data\\b.tar',
  ]);
  expect(archivesOf('C:\\data\\a.tar', win32)).toEqual(['C:\\data\\a.tar']);
});

describe('links of a report that is a file', () => {
  const link = (folder: string, root: string, name: string): string =>
    fileLinks(folder, root, win32).picture(name);
  it.each([
    ['C:\\out', 'C:\\data', 'cats/a b.jpg', '../data/cats/a%20b.jpg'],
    ['C:\\out', 'c:\\OUT\\data', 'a.jpg', 'data/a.jpg'],
    ['C:\\out', 'D:\\data', 'cats/a#1.jpg', 'file:///D:/data/cats/a%231.jpg'],
    ['C:\\out', '\\\\nas\\photos', 'a.jpg', 'file://nas/photos/a.jpg'],
    ['C:\\out', 'C:\\data', 'D:/other/a.jpg', 'file:///D:/other/a.jpg'],
  ])('from %s to %s, %s: %s', (folder, root, name, address) => {
    expect(link(folder, root, name)).toBe(address);
    if (address.startsWith('file:')) expect(() => new URL(address)).not.toThrow();
  });
});

it('a report opens folders below its root, however they are written', () => {
  const picture = (name: string) => ({ name }) as never;
  const folders = (root: string, ...names: string[]) =>
    pictureFolders({ root, answers: names.map(picture), mistakes: [] }, win32);
  expect(folders('C:\\data', 'cats/a.jpg', 'cats\\b.jpg')).toEqual(['C:\\data\\cats']);
  expect(folders('C:\\data', 'D:/a.jpg', '..\\a.jpg', '\\\\nas\\p\\a.jpg', 'D:a.jpg')).toEqual([]);
  expect(folders('C:\\', 'a.jpg')).toEqual([]);
  expect(folders('/data', 'a.jpg')).toEqual(['\\data']);
});

it.each([
  ['file:C:\\models\\a.onnx', 'C:\\models\\a.onnx'],
  ['file:///C:/models/a.onnx', 'C:/models/a.onnx'],
  ['C:\\models\\a.onnx', 'C:\\models\\a.onnx'],
  ['file:\\\\nas\\models\\a.onnx', '\\\\nas\\models\\a.onnx'],
  ['starter', 'starter'],
])('the id %s is the path %s', (id, file) => {
  expect(pathOfFileId(id, win32)).toBe(file);
});

it('an id keeps its path on other systems', () => {
  expect(pathOfFileId('file:/models/a.onnx', path.posix)).toBe('/models/a.onnx');
  expect(pathOfFileId('file:///models/a.onnx', path.posix)).toBe('/models/a.onnx');
});

it.each([
  ['C:\\models\\a.onnx', 'C:\\models\\a.onnx'],
  ['models\\a.onnx', 'models\\a.onnx'],
  ['~\\models\\a.onnx', win32.join(os.homedir(), 'models\\a.onnx')],
  ['${workspaceFolder}\\models', 'models'],
  ['\\\\nas\\models\\a.onnx', '\\\\nas\\models\\a.onnx'],
])('the setting %s means %s', (written, meant) => {
  expect(writtenPath(written, win32)).toBe(meant);
});

it('native libraries get long paths in the form that Windows has for them', () => {
  const long = `C:\\${'deep\\'.repeat(60)}model.onnx`;
  expect(nativePath(long, win32)).toBe(`\\\\?\\${long}`);
  expect(nativePath(`\\\\nas\\${long.slice(3)}`, win32)).toMatch(/^\\\\\?\\UNC\\nas\\/);
  expect(nativePath('C:\\model.onnx', win32)).toBe('C:\\model.onnx');
  const deep = `/${'deep/'.repeat(60)}model.onnx`;
  expect(nativePath(deep, path.posix)).toBe(deep);
});

it('a picture in an archive is found behind either kind of slash', () => {
  expect(placeInTar('C:\\data\\train.tar\\cats\\a.jpg')).toEqual({
    archive: 'C:\\data\\train.tar',
    member: 'cats/a.jpg',
  });
});

it('archives may not name drives, nor folders by backslashes', () => {
  for (const written of ['C:/a.jpg', 'c:a.jpg', '..\\a.jpg', 'cats\\a.jpg', '//nas/a.jpg'])
    expect(memberName(written)).toBeUndefined();
});

it('shares and devices are places on a network', () => {
  for (const place of ['\\\\nas\\a.jpg', '//nas/a.jpg', '\\??\\UNC\\nas\\a.jpg', '//?/C:/a.jpg'])
    expect(isOnNetwork(place)).toBe(true);
  expect(isOnNetwork('C:\\a.jpg')).toBe(false);
});

/** Whatever opens a file that a person or another file names reads regular files only. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInput } from '../../src/cli/read-input';
import { openAnnotations } from '../../src/dataset/annotations/annotation-source';
import { readVoc } from '../../src/dataset/annotations/voc-xml';
import { readJsonlReport } from '../read-report';
import { readLabelMapping } from '../../src/dataset/label-mapping';
import { manifestRows } from '../../src/dataset/manifest-rows';
import {
  largest,
  openRegularSync,
  readRegular,
  streamRegular,
} from '../../src/engine/files/regular-file';
import { readHeadFile } from '../../src/engine/heads/head-file';
import { identityOf } from '../../src/engine/identity/identity';
import { readModelConfig } from '../../src/engine/intake/architecture/model-config';
import { openCheckpoint } from '../../src/engine/intake/checkpoint/open-checkpoint';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { readSample } from '../../src/service/batch/read-sample';
import { PhraseTokeniser } from '../../src/service/zero-shot/phrase-tokens';
import { readLabelFile } from '../../src/store/labels';
import { manifestPath, readManifest } from '../../src/store/manifest';
import { readWeightEvidence } from '../../src/store/weight-evidence';
import { buildVit } from '../fixtures/build-vit';
import { withWeightsBeside } from '../fixtures/external-weights';

const isPosix = process.platform !== 'win32';

let folder: string;
let server: Server | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-explainer-regular-'));
  if (!isPosix) return;
  server = createServer().listen(path.join(folder, 'socket'));
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
  await symlink('pipe', path.join(folder, 'link'));
});

afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true });
});

/** A folder with a pipe in it, under this name. */
async function pipeAs(name: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(folder, 'case-')), name);
  execFileSync('mkfifo', [file]);
  return file;
}

describe.runIf(isPosix)('a file that is none', () => {
  const kinds: [name: string, words: RegExp][] = [
    ['pipe', /a pipe and not a file/],
    ['link', /a pipe and not a file/],
    ['socket', /a socket or a device/],
    ['/dev/zero', /a device and not a file/],
    ['.', /a folder/],
  ];

  it.each(kinds)('says what %s is', async (name, words) => {
    const file = path.resolve(folder, name);
    await expect(readRegular(file, largest.picture)).rejects.toThrow(words);
    await expect(streamRegular(file)).rejects.toThrow(words);
    expect(() => openRegularSync(file)).toThrow(words);
  });

  const readers: Record<string, [name: string, read: (file: string) => Promise<unknown>]> = {
    'a picture': ['cat.png', (file) => readInput(file, false)],
    'a tensor': ['cat.npy', (file) => readInput(file, true)],
    'a sample': ['cat.png', readSample],
    'a model': ['vit.onnx', (file) => canonicalise(file)],
    'the identity of a model': ['vit.onnx', (file) => identityOf(file, undefined)],
    'a checkpoint': ['vit.safetensors', openCheckpoint],
    'a pickle': ['vit.pth', openCheckpoint],
    'an index of parts': ['vit.safetensors.index.json', openCheckpoint],
    'a configuration': ['config.json', (file) => readModelConfig(`${file}.safetensors`)],
    'the head of a probe': ['a.probe.safetensors', readHeadFile],
    labels: ['labels.json', readLabelFile],
    'a table': ['samples.csv', (file) => manifestRows(file).next()],
    'the meaning of labels': ['vit-labels.json', (file) => readLabelMapping(file, [])],
    annotations: ['coco.json', openAnnotations],
    'a report to go on with': ['run.jsonl', readJsonlReport],
    'a vocabulary': ['tokenizer.json', (file) => PhraseTokeniser.load(file)],
  };

  it.each(Object.entries(readers))('is refused as %s', async (_, [name, read]) => {
    const file = await pipeAs(name);
    await expect(read(file)).rejects.toThrow(name);
  });

  it('is refused as a manifest beside a model', async () => {
    const model = path.join(folder, 'vit.onnx');
    execFileSync('mkfifo', [manifestPath(model)]);
    await expect(readManifest(model)).rejects.toThrow(/vit\.json.*a pipe and not a file/);
  });

  it('is refused as external weights', async () => {
    const { model } = withWeightsBeside(buildVit().bytes, 'weights.bin');
    const file = path.join(path.dirname(await pipeAs('weights.bin')), 'vit.onnx');
    await writeFile(file, model);
    await expect(canonicalise(file)).rejects.toThrow(/weights\.bin.*a pipe and not a file/);
  });

  it('tells nothing as a checkpoint', async () => {
    await expect(readWeightEvidence(await pipeAs('vit.pth'))).rejects.toThrow(/a pipe/);
  });

  it('is no annotation of a picture', async () => {
    await expect(readVoc(await pipeAs('cat.xml'))).resolves.toBeUndefined();
  });
});

describe('a file that is too large', () => {
  it('is refused before it is read', async () => {
    const file = path.join(folder, 'large.json');
    await writeFile(file, '');
    await truncate(file, 2 ** 40);
    await expect(readRegular(file, largest.besideModel)).rejects.toThrow('more than the 64 MB');
    await expect(readRegular(file, largest.onnx)).rejects.toThrow('more than the 2 GB');
  });
});

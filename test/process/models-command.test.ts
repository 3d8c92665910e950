import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { modelsCommand } from '../../src/cli/models';
import type { ModelListing } from '../../src/shared/model';

const weights = randomBytes(5000);
const asked: string[] = [];
let folder = '';
let server: Server;
let mirror = '';

const printed: string[] = [];
const told: string[] = [];
const terminal = {
  result: (line: string) => printed.push(line),
  drawn: (line: string) => printed.push(line),
  json: (value: unknown) => printed.push(JSON.stringify(value)),
  progress: (line: string) => told.push(line),
  colours: false,
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-models-'));
  vi.stubEnv('XDG_DATA_HOME', folder);
  vi.stubEnv('HF_TOKEN', 'secret');
  [asked, printed, told].forEach((lines) => lines.splice(0));
  server = createServer((request, response) => {
    asked.push(`${request.headers.authorization ?? ''} ${request.url ?? ''}`);
    response.end(request.url?.endsWith('config.json') === true ? '{}' : weights);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

it('pulls, lists and removes a model', async () => {
  const id = 'vit-tiny-patch16-224';
  await modelsCommand.run(['pull', id, '--yes', '--mirror', mirror], terminal);
  const [file = ''] = printed.splice(0);
  expect(file.startsWith(folder)).toBe(true);
  expect((await readFile(file)).equals(weights)).toBe(true);
  expect(told.join('\n')).toMatch(/Licence: Apache-2\.0/);
  expect(asked).toEqual([
    'Bearer secret /timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k/resolve/main/config.json',
    'Bearer secret /timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k/resolve/main/model.safetensors',
  ]);

  await modelsCommand.run(['--json'], terminal);
  const list = JSON.parse(printed.splice(0).join('')) as ModelListing[];
  expect(list.find((line) => line.id === id)).toMatchObject({ onDisk: true, source: 'catalog' });

  await modelsCommand.run(['rm', id], terminal);
  expect(printed.splice(0).join('')).toMatch(/^Deleted vit-tiny-patch16-224: 5\.\d+ kB/);
  await expect(modelsCommand.run(['rm', id], terminal)).rejects.toThrow(/nothing to delete/);
});

it('asks before it downloads, and downloads nothing where no one can be asked', async () => {
  const pull = modelsCommand.run(['pull', 'vit-tiny-patch16-224', '--mirror', mirror], terminal);
  await expect(pull).rejects.toThrow(/--yes/);
  expect(asked).toEqual([]);
});

it.each([
  [['pull'], /id of one model/],
  [['pull', 'resnet-50', '--yes'], /“resnet-50” cannot be downloaded; these can: vit-base/],
  [['pull', 'vit-tiny-patch16-224', '--force'], /--force/],
  [['rm'], /id of one model/],
])('says what is wrong with %j', async (args, sentence) => {
  await expect(modelsCommand.run(args, terminal)).rejects.toThrow(sentence);
});

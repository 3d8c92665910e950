/** Models of the hub that no list names: pulled by their names, whole or in parts, from a server on this machine. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelsCommand } from '../../src/cli/models';
import { identityOf } from '../../src/engine/identity/identity';
import { openCheckpoint } from '../../src/engine/intake/checkpoint/open-checkpoint';
import type { ModelListing } from '../../src/shared/model';
import { readHubRepository } from '../../src/store/download/hub-repository';
import { resolveModel } from '../../src/store/resolve-model';
import { splitSafetensors } from '../fixtures/intake/split-safetensors';

const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
const name = 'someone/ViT-in-parts';
const commit = '0123456789abcdef0123456789abcdef01234567';
const asked: string[] = [];
const printed: string[] = [];
const told: string[] = [];
const terminal = {
  result: (line: string) => printed.push(line),
  drawn: (line: string) => printed.push(line),
  json: (value: unknown) => printed.push(JSON.stringify(value)),
  progress: (line: string) => told.push(line),
  colours: false,
};
let folder = '';
let server: Server;
let mirror = '';
/** What the hub says of the repository; undefined: that there is none. */
let answer: object | undefined;
/** Whether it says so without end. */
let endless = false;

const published = (file: string) => path.join(folder, 'published', file);
const downloads = () => path.join(folder, 'vit-explainer', 'models');

beforeEach(async () => {
  endless = false;
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-hub-'));
  vi.stubEnv('XDG_DATA_HOME', folder);
  vi.stubEnv('HF_TOKEN', 'secret');
  [asked, printed, told].forEach((lines) => lines.splice(0));
  await mkdir(published(''));
  await splitSafetensors(fixture, published(''), 3);
  await writeFile(published('config.json'), '{"num_attention_heads": 2}');
  await writeFile(published('pytorch_model.bin'), 'a pickle');
  await publish();
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://hub');
    asked.push(`${request.headers.authorization ?? ''} ${pathname}`);
    if (pathname === `/api/models/${name}/revision/main`) {
      response.statusCode = answer === undefined ? 404 : 200;
      if (endless) {
        listForEver(response);
        return;
      }
      response.end(JSON.stringify(answer ?? { error: 'Repository not found' }));
      return;
    }
    const file = published(pathname.split('/').at(-1) ?? '');
    if (!existsSync(file)) response.statusCode = 404;
    void (existsSync(file) ? readFile(file) : Promise.resolve('')).then((bytes) =>
      response.end(bytes),
    );
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

/** Says of the repository what lies there now, weights with their checksums, as the hub does. */
async function publish(sha = commit, also: readonly string[] = []): Promise<void> {
  const siblings = await Promise.all(
    (await readdir(published(''))).map(async (file) => {
      const bytes = await readFile(published(file));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const lfs = file.endsWith('.safetensors') ? { sha256, size: bytes.length } : undefined;
      return { rfilename: file, size: (await stat(published(file))).size, lfs };
    }),
  );
  const hostile = also.map((file) => ({ rfilename: file, size: 1 }));
  answer = { sha, siblings: [...siblings, ...hostile], tags: ['vit', 'license:apache-2.0'] };
}

function listForEver(response: ServerResponse): void {
  response.write(`{"sha":"${commit}","siblings":[`);
  const piece = '{"rfilename":"x","size":1},'.repeat(5000);
  const list = () => {
    if (!response.destroyed && response.write(piece)) setImmediate(list);
    else response.once('drain', list);
  };
  list();
}

const pull = (named = name, ...more: string[]) =>
  modelsCommand.run(['pull', named, '--yes', '--mirror', mirror, ...more], terminal);
const starterFolder = 'models/starter';

it('pulls a model in parts, with its configuration and nothing else, and knows it by name', async () => {
  await pull();
  const [index = ''] = printed.splice(0);
  expect(index).toBe(path.join(downloads(), name, 'model.safetensors.index.json'));
  expect(told.join('\n')).toMatch(/by someone, commit 0123456\.[^]*Licence: apache-2\.0/);
  expect(told.join('\n')).toContain('checked against their published SHA-256');
  const files = ['config.json', ...[1, 2, 3].map((at) => `model-0000${at}-of-00003.safetensors`)];
  expect(asked).toEqual([
    `Bearer secret /api/models/${name}/revision/main`,
    ...[...files, 'model.safetensors.index.json'].map(
      (file) => `Bearer secret /${name}/resolve/${commit}/${file}`,
    ),
  ]);
  expect(await identityOf(index, undefined)).toBe(
    await identityOf(published('model.safetensors.index.json'), undefined),
  );
  await (await openCheckpoint(index)).close();

  const folders = { starterFolder, downloads: downloads() };
  expect((await resolveModel(name, folders)).path).toBe(index);
  await modelsCommand.run(['--json'], terminal);
  const list = JSON.parse(printed.splice(0).join('')) as ModelListing[];
  expect(list.filter((line) => line.name === name)).toMatchObject([
    { id: `file:${index}`, onDisk: true, source: 'own' },
  ]);

  await modelsCommand.run(['rm', name], terminal);
  expect(printed.splice(0).join('')).toMatch(/^Deleted someone\/ViT-in-parts: [\d.]+ kB/);
  expect(existsSync(index)).toBe(false);
});

it('takes the whole file where there is one, without the parts', async () => {
  await copyFile(fixture, published('model.safetensors'));
  await publish();
  await pull();
  expect(printed).toEqual([path.join(downloads(), name, 'model.safetensors')]);
  expect(asked.filter((line) => line.includes('-of-'))).toEqual([]);
});

it('goes on with the parts that are missing, and with a new commit begins anew', async () => {
  await pull();
  await rm(path.join(downloads(), name, 'model-00002-of-00003.safetensors'));
  asked.splice(0);
  await pull();
  expect(asked.slice(1)).toEqual([
    `Bearer secret /${name}/resolve/${commit}/model-00002-of-00003.safetensors`,
  ]);
  await writeFile(published('config.json'), '{"num_attention_heads": 4}');
  await publish('f'.repeat(40));
  await pull();
  const config = path.join(downloads(), name, 'config.json');
  expect(await readFile(config, 'utf8')).toBe('{"num_attention_heads": 4}');
});

it('throws away a part that is not the published one', async () => {
  await writeFile(published('model-00002-of-00003.safetensors'), 'something else');
  await expect(pull()).rejects.toThrow(/model-00002.* has not the checksum it must have/);
  await expect(resolveModel(name, { starterFolder, downloads: downloads() })).rejects.toMatchObject(
    { code: 'model-unreadable' },
  );
});

it('writes nothing outside the model’s folder, whatever the repository lists', async () => {
  await publish(commit, [
    '../model-00001-of-00003.safetensors',
    'model-/../../model-00004-of-00009.safetensors',
    '/etc/config.json',
    'sub/config.json',
    '..',
  ]);
  await pull();
  expect(asked).toHaveLength(6);
  expect((await readdir(downloads())).sort()).toEqual(['someone']);
  expect(await readdir(path.join(downloads(), 'someone'))).toEqual(['ViT-in-parts']);
});

describe('a listing that is somewhere else', () => {
  const commitOf = { sha: commit, siblings: [{ rfilename: 'model.safetensors' }] };
  /** A hub of which each address redirects to the next one; the last answers. */
  function hubOf(...addresses: readonly string[]) {
    const sent: string[] = [];
    const ask: typeof fetch = (url, options) => {
      const address = url instanceof URL ? url.href : '';
      sent.push(`${new Headers(options?.headers).get('authorization') ?? 'no token'} ${address}`);
      expect(options?.redirect).toBe('manual');
      const location = addresses[sent.length - 1];
      return Promise.resolve(
        location === undefined
          ? new Response(JSON.stringify(commitOf))
          : new Response(null, { status: 302, headers: { location } }),
      );
    };
    const read = readHubRepository(name, {
      mirror: 'https://hub.test',
      token: 'secret',
      fetch: ask,
    });
    return { sent, read };
  }

  it('is read there, the token left behind', async () => {
    const { sent, read } = hubOf('/moved', 'https://other.test/a', 'https://hub.test/back');
    expect((await read).source).toMatchObject({ revision: commit });
    expect(sent.slice(1)).toEqual([
      'Bearer secret https://hub.test/moved',
      'no token https://other.test/a',
      'no token https://hub.test/back',
    ]);
  });

  it.each(['http://hub.test/plain', 'file:///etc/passwd'])(
    'is not looked for at %s',
    async (to) => {
      const { sent, read } = hubOf(to);
      await expect(read).rejects.toMatchObject({ code: 'download-failed' });
      expect(sent).toHaveLength(1);
    },
  );

  it('is not looked for in circles', async () => {
    const { sent, read } = hubOf(...Array<string>(20).fill('/again'));
    await expect(read).rejects.toThrow(/circles/);
    expect(sent).toHaveLength(9);
  });
});

it('ends a listing without end', async () => {
  endless = true;
  await expect(pull()).rejects.toThrow(/lists more of this repository than is read \(16\.8 MB\)/);
});

it('reads a listing of a hundred thousand parts in a moment', async () => {
  const siblings = Array.from({ length: 100_000 }, (_, index) => ({
    rfilename: `model-${index}-of-100000.safetensors`,
    size: 1,
  }));
  answer = { sha: commit, siblings };
  const begun = performance.now();
  await expect(pull()).rejects.toThrow(/holds no model\.safetensors/);
  expect(performance.now() - begun).toBeLessThan(5000);
});

it('says what is wrong', async () => {
  answer = { siblings: 'none' };
  await expect(pull()).rejects.toThrow(/does not say what someone\/ViT-in-parts holds/);
  answer = { sha: commit, siblings: [{ rfilename: 'pytorch_model.bin', size: 5 }] };
  await expect(pull()).rejects.toThrow(/holds no model\.safetensors/);
  answer = undefined;
  await expect(pull()).rejects.toThrow(/shows no model someone\/ViT-in-parts .*HTTP 404/);
  await expect(pull('../escape')).rejects.toThrow(/“\.\.\/escape” cannot be downloaded/);
  await expect(pull('some one/x')).rejects.toThrow(/cannot be downloaded/);
  const nowhere = ['pull', name, '--yes', '--mirror', 'http://127.0.0.1:9'];
  await expect(modelsCommand.run(nowhere, terminal)).rejects.toThrow(/no connection to 127/);
  // A folder of a known model is no model of the hub.
  await mkdir(path.join(downloads(), 'vit-tiny-patch16-224', 'onnx'), { recursive: true });
  await writeFile(path.join(downloads(), 'vit-tiny-patch16-224', 'onnx', 'x'), 'x');
  await expect(modelsCommand.run(['rm', 'vit-tiny-patch16-224/onnx'], terminal)).rejects.toThrow(
    /nothing to delete/,
  );
  await expect(modelsCommand.run(['rm', '..'], terminal)).rejects.toThrow(/nothing to delete/);
});

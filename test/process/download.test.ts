import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogEntry } from '../../src/store/catalog';
import { downloadFile, type FileDownload } from '../../src/store/download/download-file';
import { downloadModel, type DownloadProgress } from '../../src/store/download/download-model';
import { sourceUrl } from '../../src/store/download/source-url';
import { readDownloadRecord } from '../../src/store/downloaded-models';

const content = randomBytes(600_000);
const sha256 = createHash('sha256').update(content).digest('hex');
const patience = { attempts: 3, firstPauseMs: 5, longestPauseMs: 20, stallMs: 300 };

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A real server on this machine; it remembers what it was asked. */
class TestServer {
  readonly requests: IncomingMessage[] = [];
  private readonly server: Server;

  constructor(handler: Handler) {
    this.server = createServer((request, response) => {
      this.requests.push(request);
      handler(request, response, this.requests.length);
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  url(pathname: string): URL {
    return new URL(pathname, `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`);
  }

  header(name: string): (string | string[] | undefined)[] {
    return this.requests.map((request) => request.headers[name]);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const servers: TestServer[] = [];
let folder = '';

async function serve(handler: Handler): Promise<TestServer> {
  const server = await new TestServer(handler).listen();
  servers.push(server);
  return server;
}

/** Answers as a good server does: whole, or the asked part while the validator fits. */
const wellBehaved: Handler = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const fits = start > 0 && request.headers['if-range'] === '"v1"';
  const body = fits ? content.subarray(start) : content;
  response.writeHead(fits ? 206 : 200, {
    etag: '"v1"',
    'content-length': body.length,
    ...(fits && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
  });
  response.end(body);
};

/** Announces all, sends the first bytes, then does as told. */
function sendPart(response: ServerResponse, bytes: number, then: () => void): void {
  response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
  response.write(content.subarray(0, bytes), () => setTimeout(then, 30));
}

/** Sends as fast as it is taken, until nobody takes it. */
function pourForEver(response: ServerResponse, sent: { bytes: number }): void {
  const piece = Buffer.alloc(100_000, ' ');
  const pour = () => {
    sent.bytes += piece.length;
    if (response.destroyed) return;
    if (response.write(piece)) setImmediate(pour);
    else response.once('drain', pour);
  };
  pour();
}

function download(url: URL, more: Partial<FileDownload> = {}): Promise<{ sha256: string }> {
  return downloadFile({
    url,
    target: path.join(folder, 'model.safetensors'),
    token: undefined,
    sha256,
    mostBytes: Infinity,
    signal: undefined,
    patience,
    fetch,
    onProgress: () => undefined,
    ...more,
  });
}

async function arrived(): Promise<Buffer> {
  return await readFile(path.join(folder, 'model.safetensors'));
}

const leftovers = () =>
  ['model.safetensors', 'model.safetensors.partial', 'model.safetensors.partial.json'].filter(
    (name) => existsSync(path.join(folder, name)),
  );

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-download-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true, force: true });
});

describe('one file', () => {
  it('arrives whole, checked, under its own name only', async () => {
    const server = await serve(wellBehaved);
    const told: number[] = [];
    const result = await download(server.url('/m'), { onProgress: (bytes) => told.push(bytes) });
    expect(result).toMatchObject({ bytes: content.length, sha256 });
    expect((await arrived()).equals(content)).toBe(true);
    expect(leftovers()).toEqual(['model.safetensors']);
    expect(told.at(-1)).toBe(content.length);
  });

  it('goes on where the server broke off', async () => {
    const server = await serve((request, response, count) => {
      if (count === 1) sendPart(response, 200_000, () => response.destroy());
      else wellBehaved(request, response, count);
    });
    await download(server.url('/m'));
    expect((await arrived()).equals(content)).toBe(true);
    const from = Number(/^bytes=(\d+)-$/.exec(server.requests[1]?.headers.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(200_000);
    expect(server.header('if-range')[1]).toBe('"v1"');
  });

  it('breaks off a stalled connection and goes on', async () => {
    const server = await serve((request, response, count) => {
      if (count === 1) sendPart(response, 100_000, () => undefined);
      else wellBehaved(request, response, count);
    });
    await download(server.url('/m'));
    expect((await arrived()).equals(content)).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it('gives up on a server that never answers, and says so', async () => {
    const server = await serve(() => undefined);
    await expect(download(server.url('/m'))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('sent nothing for 0.3 s') as string,
    });
    expect(server.requests).toHaveLength(patience.attempts);
  });

  it('starts afresh when the server ignores Range', async () => {
    const server = await serve((_, response, count) => {
      if (count === 1) {
        sendPart(response, 200_000, () => response.destroy());
      } else {
        response.writeHead(200, { etag: '"v1"', 'content-length': content.length });
        response.end(content);
      }
    });
    await download(server.url('/m'));
    expect((await arrived()).equals(content)).toBe(true);
  });

  it('starts afresh when the file has changed meanwhile', async () => {
    const other = randomBytes(content.length);
    const server = await serve((_, response, count) => {
      if (count === 1) {
        response.writeHead(200, { etag: '"v0"', 'content-length': other.length });
        response.write(other.subarray(0, 300_000), () => setTimeout(() => response.destroy(), 30));
      } else {
        wellBehaved(_, response, count);
      }
    });
    await download(server.url('/m'));
    expect((await arrived()).equals(content)).toBe(true);
  });

  it('does not resume where the server gives no validator', async () => {
    const server = await serve((_, response, count) => {
      response.writeHead(200, { 'content-length': content.length });
      if (count === 1)
        response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 30));
      else response.end(content);
    });
    await download(server.url('/m'));
    expect(server.header('range')).toEqual([undefined, undefined]);
    expect((await arrived()).equals(content)).toBe(true);
  });

  it('throws away a part that the server no longer continues (416, or another range)', async () => {
    const server = await serve((request, response, count) => {
      if (count === 1) {
        sendPart(response, 100_000, () => response.destroy());
      } else if (count === 2) {
        response.writeHead(416).end();
      } else if (count === 3) {
        sendPart(response, 100_000, () => response.destroy());
      } else if (count === 4) {
        response.writeHead(206, { 'content-range': `bytes 5-9/${content.length}` });
        response.end(content.subarray(5, 10));
      } else {
        wellBehaved(request, response, count);
      }
    });
    await download(server.url('/m'));
    expect((await arrived()).equals(content)).toBe(true);
    expect(server.requests[4]?.headers.range).toBeUndefined();
  });

  it('does not take a file that ends before its announced length', async () => {
    const server = await serve((_, response) => {
      // Chunked, so that HTTP itself notices nothing; the hub says the length in its own header.
      response.writeHead(200, { 'x-linked-size': content.length });
      response.end(content.subarray(0, 1000));
    });
    await expect(download(server.url('/m'), { sha256: undefined })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('sent 1000 of the 600000 bytes') as string,
    });
    expect(existsSync(path.join(folder, 'model.safetensors'))).toBe(false);
  });

  it('does not take a file that goes on beyond its announced length', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'x-linked-size': 1000 });
      response.end(content);
    });
    await expect(download(server.url('/m'), { sha256: undefined })).rejects.toThrow(
      /more than the 1000 bytes/,
    );
    expect(leftovers()).toEqual([]);
  });

  /** Answers the first request in part; the second as told; all others well. */
  const breaksOffThen = (second: (start: number, response: ServerResponse) => void): Handler => {
    return (request, response, count) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
      if (count === 1) sendPart(response, 200_000, () => response.destroy());
      else if (count === 2) second(start, response);
      else wellBehaved(request, response, count);
    };
  };

  it.each<[string, (start: number) => { etag?: string; 'content-range': string }]>([
    [
      'another ETag',
      (start) => ({ etag: '"v2"', 'content-range': `bytes ${start}-599999/600000` }),
    ],
    ['a shorter whole', (start) => ({ 'content-range': `bytes ${start}-299999/300000` })],
    ['less than the rest', (start) => ({ 'content-range': `bytes ${start}-299999/600000` })],
    ['less, of an unknown whole', (start) => ({ 'content-range': `bytes ${start}-299999/*` })],
  ])('joins no rest with %s to what it has', async (_, headersOf) => {
    const server = await serve(
      breaksOffThen((start, response) => {
        const headers = headersOf(start);
        const end = Number(/-(\d+)\//.exec(headers['content-range'])?.[1]) + 1;
        response.writeHead(206, headers).end(randomBytes(end - start));
      }),
    );
    await download(server.url('/m'), { sha256: undefined });
    expect((await arrived()).equals(content)).toBe(true);
    expect(server.requests[2]?.headers.range).toBeUndefined();
  });

  it('says why it gives up on a server that never sends the rest of the same file', async () => {
    const server = await serve((request, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (start === 0) {
        sendPart(response, 200_000, () => response.destroy());
        return;
      }
      response.writeHead(206, { etag: '"v2"', 'content-range': `bytes ${start}-599999/600000` });
      response.end(content.subarray(start));
    });
    await expect(download(server.url('/m'), { sha256: undefined })).rejects.toThrow(
      /the rest of another file than it began with/,
    );
    expect(existsSync(path.join(folder, 'model.safetensors'))).toBe(false);
  });

  it.each([{ 'content-length': 0 }, {}])('takes no empty answer (%j)', async (headers) => {
    const server = await serve((_, response) => response.writeHead(200, headers).end());
    await expect(download(server.url('/m'), { sha256: undefined })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('sent an empty file') as string,
    });
    expect(leftovers()).toEqual([]);
  });

  it('keeps what it has when an empty answer comes', async () => {
    const server = await serve(breaksOffThen((_, response) => response.writeHead(200).end()));
    await download(server.url('/m'), { sha256: undefined });
    expect((await arrived()).equals(content)).toBe(true);
    expect(server.requests[2]?.headers.range).toBe(server.requests[1]?.headers.range);
  });

  it('ends a body without end at the size that the file can have', async () => {
    const sent = { bytes: 0 };
    const server = await serve((_, response) => {
      response.writeHead(200);
      pourForEver(response, sent);
    });
    const more = { sha256: undefined, mostBytes: 5_000_000 };
    await expect(download(server.url('/m'), more)).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/sends more for m than the 5 MB/) as string,
    });
    expect(leftovers()).toEqual([]);
    expect(server.requests).toHaveLength(1);
    // What lies in the buffers on the way comes on top.
    expect(sent.bytes).toBeLessThan(50_000_000);
  });

  it('begins nothing that is announced larger than the file can be', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 6_000_000 });
      response.write('x');
    });
    const more = { sha256: undefined, mostBytes: 5_000_000 };
    await expect(download(server.url('/m'), more)).rejects.toThrow(/announces more for m than/);
    expect(leftovers()).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('gives up on a server that breaks off after each few bytes', async () => {
    const server = await serve((request, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(start > 0 ? 206 : 200, {
        etag: '"v1"',
        'content-length': content.length - start,
        ...(start > 0 && { 'content-range': `bytes ${start}-599999/600000` }),
      });
      response.write(content.subarray(start, start + 10), () =>
        setTimeout(() => response.destroy(), 5),
      );
    });
    await expect(download(server.url('/m'))).rejects.toThrow(/failed several times in a row/);
    expect(server.requests).toHaveLength(patience.attempts);
  });

  it('gives up on a server that drips, and keeps what has arrived', async () => {
    const server = await serve((request, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(start > 0 ? 206 : 200, {
        etag: '"v1"',
        'content-length': content.length - start,
        ...(start > 0 && {
          'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
        }),
      });
      let at = start;
      const drip = setInterval(() => response.write(content.subarray(at, ++at)), 10);
      response.on('close', () => clearInterval(drip));
    });
    const begun = performance.now();
    await expect(download(server.url('/m'))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/sent no more than \d+ bytes in 0\.3 s/) as string,
    });
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(server.requests).toHaveLength(patience.attempts);
    const kept = await readFile(path.join(folder, 'model.safetensors.partial'));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.equals(content.subarray(0, kept.length))).toBe(true);
  });

  it('throws away a file with the wrong checksum, and does not ask again', async () => {
    const server = await serve((_, response) => response.end(randomBytes(1000)));
    await expect(download(server.url('/m'))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('checksum') as string,
    });
    expect(leftovers()).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('checks against the checksum that the hub announces in its redirect', async () => {
    const storage = await serve((_, response) => response.end(randomBytes(1000)));
    const hub = await serve((_, response) => {
      response.writeHead(302, {
        location: storage.url('/blob').href,
        'x-linked-etag': `"${sha256}"`,
      });
      response.end();
    });
    await expect(download(hub.url('/m'), { sha256: undefined })).rejects.toThrow(/checksum/);
  });

  it('mends a kept part that is damaged by one download from the beginning', async () => {
    const server = await serve(wellBehaved);
    const file = path.join(folder, 'model.safetensors');
    await writeFile(`${file}.partial`, randomBytes(50_000));
    const note = { url: server.url('/m').href, validator: '"v1"' };
    await writeFile(`${file}.partial.json`, JSON.stringify(note));
    await download(server.url('/m'));
    expect((await arrived()).equals(content)).toBe(true);
    expect(server.header('range')).toEqual(['bytes=50000-', undefined]);
  });

  it('tries again after a server error, and waits as long as the server asks', async () => {
    const server = await serve((request, response, count) => {
      if (count === 1) response.writeHead(500).end();
      else if (count === 2) response.writeHead(429, { 'retry-after': '1' }).end();
      else wellBehaved(request, response, count);
    });
    const begin = Date.now();
    await download(server.url('/m'), { patience: { ...patience, longestPauseMs: 5000 } });
    expect(Date.now() - begin).toBeGreaterThanOrEqual(990);
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    [404, undefined, /does not have \/m/],
    [401, undefined, /signed in/],
    [403, 'secret', /refuses the access token/],
    [400, undefined, /HTTP 400/],
  ])('says at once what HTTP %i means', async (status, token, sentence) => {
    const server = await serve((_, response) => response.writeHead(status).end());
    await expect(download(server.url('/m'), { token })).rejects.toThrow(sentence);
    expect(server.requests).toHaveLength(1);
  });

  it('does not take a sign-in page for a model', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<h1>Welcome to our hotel</h1>');
    });
    await expect(download(server.url('/m'), { sha256: undefined })).rejects.toThrow(/web page/);
    expect(leftovers()).toEqual([]);
  });

  it('sends the token to its own host, through redirects there, and to no other', async () => {
    const storage = await serve(wellBehaved);
    const hub = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer secret') response.writeHead(401).end();
      else if (request.url === '/m') response.writeHead(307, { location: '/moved' }).end();
      else response.writeHead(302, { location: storage.url('/blob').href }).end();
    });
    await download(hub.url('/m'), { token: 'secret' });
    expect((await arrived()).equals(content)).toBe(true);
    expect(hub.header('authorization')).toEqual(['Bearer secret', 'Bearer secret']);
    expect(storage.header('authorization')).toEqual([undefined]);
  });

  it('sends the token no more once another host has sent it back', async () => {
    const storage = await serve((_, response) => {
      response.writeHead(302, { location: hub.url('/private').href }).end();
    });
    const hub: TestServer = await serve((request, response, count) => {
      if (request.url === '/m')
        response.writeHead(302, { location: storage.url('/blob').href }).end();
      else if (request.headers.authorization === undefined) response.writeHead(401).end();
      else wellBehaved(request, response, count);
    });
    await expect(download(hub.url('/m'), { token: 'secret' })).rejects.toThrow(/HTTP 401/);
    expect(hub.header('authorization')).toEqual(['Bearer secret', undefined]);
  });

  it('ends a circle of redirects', async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: '/m' }).end());
    await expect(download(server.url('/m'))).rejects.toThrow(/in circles/);
  });

  it('stops when cancelled, keeps what has arrived, and goes on from there later', async () => {
    const controller = new AbortController();
    const server = await serve((request, response, count) => {
      if (count === 1) sendPart(response, 200_000, () => controller.abort());
      else wellBehaved(request, response, count);
    });
    await expect(download(server.url('/m'), { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const kept = (await stat(path.join(folder, 'model.safetensors.partial'))).size;
    expect(kept).toBeGreaterThan(0);
    await download(server.url('/m'));
    expect(server.requests[1]?.headers.range).toBe(`bytes=${kept}-`);
    expect((await arrived()).equals(content)).toBe(true);
  });

  it('refuses before it begins when the disk has not enough room', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 900_000_000_000_000 });
      response.write('x');
    });
    await expect(download(server.url('/m'))).rejects.toMatchObject({
      code: 'cache-unwritable',
      message: expect.stringContaining('no room left') as string,
    });
  });

  it.runIf(existsSync('/dev/full'))('says that the disk is full when it fills up', async () => {
    const server = await serve(wellBehaved);
    await symlink('/dev/full', path.join(folder, 'model.safetensors.partial'));
    await expect(download(server.url('/m'))).rejects.toMatchObject({
      code: 'cache-unwritable',
      message: expect.stringContaining('no room left') as string,
    });
    expect(server.requests).toHaveLength(1);
  });

  it.runIf(existsSync('/sys'))('says that the folder is read-only', async () => {
    const server = await serve(wellBehaved);
    const target = '/sys/vit-explainer/model.safetensors';
    await expect(download(server.url('/m'), { target })).rejects.toMatchObject({
      code: 'cache-unwritable',
      message: expect.stringContaining('cannot be written') as string,
    });
  });
});

describe('a whole model', () => {
  const entry: CatalogEntry = {
    id: 'vit-base-patch16-224',
    name: 'ViT',
    summary: 's',
    head: 'h',
    source: { kind: 'hugging-face', repository: 'someone/vit', revision: 'main' },
    licence: 'MIT',
    labels: 'imagenet-1k',
    imagenetTop1: null,
    preprocessing: {
      resize: { rule: 'squash' },
      interpolation: 'bilinear',
      crop: [224, 224],
      rescale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    files: [
      { path: 'config.json', role: 'config', approximateBytes: null, sha256: null },
      { path: 'model.safetensors', role: 'weights', approximateBytes: 600_000, sha256: null },
    ],
  };
  const config = JSON.stringify({ id2label: { 0: 'dog', 1: 'cat' } });

  const hub: Handler = (request, response, count) => {
    if (request.url === '/someone/vit/resolve/main/config.json') response.end(config);
    else if (request.url === '/someone/vit/resolve/main/model.safetensors')
      wellBehaved(request, response, count);
    else response.writeHead(404).end();
  };

  it('is recorded with sizes and checksums trusted since the first download', async () => {
    const server = await serve(hub);
    const told: DownloadProgress[] = [];
    await downloadModel(entry, {
      downloads: folder,
      mirror: server.url('/').href,
      patience,
      onProgress: (progress) => told.push(progress),
    });
    const record = await readDownloadRecord(folder, entry.id);
    expect(record?.files['model.safetensors']).toEqual({
      bytes: content.length,
      sha256,
      checked: 'first-download',
    });
    expect(told.at(-1)).toEqual({
      file: 'model.safetensors',
      receivedBytes: content.length + config.length,
      totalBytes: content.length + config.length,
    });
  });

  it('demands the recorded checksum when a file has to be downloaded again', async () => {
    let changed = false;
    const server = await serve((request, response, count) => {
      if (changed && request.url?.endsWith('.safetensors') === true)
        response.end(randomBytes(content.length));
      else hub(request, response, count);
    });
    const options = { downloads: folder, mirror: server.url('/').href, patience };
    await downloadModel(entry, options);
    await rm(path.join(folder, entry.id, 'model.safetensors'));
    changed = true;
    await expect(downloadModel(entry, options)).rejects.toThrow(/checksum/);
  });

  it('downloads nothing that is there already', async () => {
    const server = await serve(hub);
    const options = { downloads: folder, mirror: server.url('/').href, patience };
    await downloadModel(entry, options);
    await downloadModel(entry, options);
    expect(server.requests).toHaveLength(2);
  });

  it('fetches only what is missing after a failure midway', async () => {
    let down = true;
    const server = await serve((request, response, count) => {
      if (down && request.url?.endsWith('.safetensors') === true) response.writeHead(503).end();
      else hub(request, response, count);
    });
    const options = { downloads: folder, mirror: server.url('/').href, patience };
    await expect(downloadModel(entry, options)).rejects.toThrow(/HTTP 503/);
    expect(await readDownloadRecord(folder, entry.id)).toBeUndefined();
    down = false;
    await downloadModel(entry, options);
    const configs = server.requests.filter(({ url }) => url?.endsWith('config.json') === true);
    expect(configs).toHaveLength(1);
    expect(await readDownloadRecord(folder, entry.id)).toBeDefined();
  });

  it('is taken in no other size than the catalog tells, announced or not', async () => {
    const server = await serve((request, response, count) => {
      if (request.url?.endsWith('.safetensors') !== true) hub(request, response, count);
      else pourForEver(response.writeHead(200), { bytes: 0 });
    });
    const options = { downloads: folder, mirror: server.url('/').href, patience };
    await expect(downloadModel(entry, options)).rejects.toThrow(
      /sends more for model\.safetensors than the 1\.8 MB/,
    );
    expect(await readdir(path.join(folder, entry.id))).toEqual([
      'config.json',
      'model.json.partial',
    ]);
  });

  it('is not downloaded twice at once', async () => {
    const server = await serve(hub);
    const options = { downloads: folder, mirror: server.url('/').href, patience };
    const results = await Promise.allSettled([
      downloadModel(entry, options),
      downloadModel(entry, options),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes over the lock of a process that is gone', async () => {
    const server = await serve(hub);
    await mkdir(path.join(folder, entry.id));
    await writeFile(path.join(folder, entry.id, '.lock'), '999999999');
    await downloadModel(entry, { downloads: folder, mirror: server.url('/').href, patience });
    expect(existsSync(path.join(folder, entry.id, '.lock'))).toBe(false);
  });

  it('knows a mirror with a path, and refuses one that is no address', () => {
    expect(sourceUrl(entry, 'config.json', 'https://mirror.example/hub').href).toBe(
      'https://mirror.example/hub/someone/vit/resolve/main/config.json',
    );
    expect(sourceUrl(entry, 'config.json', '').host).toBe('huggingface.co');
    expect(() => sourceUrl(entry, 'config.json', 'my mirror')).toThrow(/not a web address/);
  });
});

/** A model of the hub that no list names: what its repository holds, asked for before any download. */
import * as v from 'valibot';
import { Failure } from '../../shared/failure';
import { parseJson } from '../../shared/parse-json';
import type { CatalogFile, Downloadable } from '../catalog';
import { formatBytes } from '../format-bytes';
import { indexIn } from '../weight-endings';
import { PassingFault, refusedBy } from './download-failures';
import { get, reasonOf } from './get';
import { hubUrl } from './source-url';

const patienceMs = 30_000;
/** Some hundred bytes for each file: repositories of ten thousand files are read. */
const largestAnswer = 16 * 2 ** 20;

/** `OWNER/NAME`, with a branch, tag or commit behind an @. No part of it leads out of a folder. */
const hubName = /^([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)(?:@([A-Za-z0-9][\w.-]*))?$/;

export interface HubAccess {
  /** Address that stands in for the model hub. */
  readonly mirror: string | undefined;
  readonly token: string | undefined;
  readonly fetch?: typeof fetch;
}

/** Of the hub's answer to `GET /api/models/OWNER/NAME/revision/REVISION?blobs=true`. */
const answerSchema = v.object({
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  siblings: v.array(
    v.object({
      rfilename: v.string(),
      size: v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
      lfs: v.nullish(v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })),
    }),
  ),
  tags: v.nullish(v.array(v.string())),
});

/** Whether a text may be the name of a model on the hub; a short path looks the same. */
export function isHubName(text: string): boolean {
  return hubName.test(text);
}

/**
 * The safetensors weights of a repository, in one file or in parts, and its configuration.
 *
 * @param name `OWNER/NAME` or `OWNER/NAME@REVISION`; a branch is pinned to its commit
 * @throws Failure `download-failed` for a repository that is absent, closed, or without safetensors
 */
export async function readHubRepository(name: string, access: HubAccess): Promise<Downloadable> {
  const [, repository = '', revision = 'main'] = hubName.exec(name) ?? [];
  const url = new URL(
    `api/models/${repository}/revision/${revision}?blobs=true`,
    hubUrl(access.mirror),
  );
  const answer = v.safeParse(answerSchema, await ask(url, repository, access));
  if (!answer.success) {
    throw new Failure(
      'download-failed',
      `${url.host} does not say what ${repository} holds as the model hub does.`,
      'Check the mirror setting, or download the files yourself and name their folder.',
    );
  }
  const { sha, siblings, tags } = answer.output;
  // Then parts of it are not needed.
  const isWhole = siblings.some(({ rfilename }) => rfilename === 'model.safetensors');
  const files = siblings.flatMap((file): CatalogFile[] => {
    const role = roleOf(file.rfilename, isWhole);
    const sha256 = file.lfs?.sha256 ?? null;
    return role === undefined
      ? []
      : [{ path: file.rfilename, role, approximateBytes: file.size ?? null, sha256 }];
  });
  if (!files.some(({ role }) => role === 'weights')) {
    throw new Failure(
      'download-failed',
      `${repository} holds no model.safetensors, and no model.safetensors.index.json with its parts.`,
      'Choose a repository with safetensors weights, or download an ONNX file of it yourself.',
    );
  }
  const licence = tags?.find((tag) => tag.startsWith('license:'))?.slice('license:'.length);
  return {
    id: repository,
    name: repository,
    summary: `Published on the model hub by ${repository.split('/')[0] ?? ''}, commit ${sha.slice(0, 7)}.`,
    head: 'As its configuration says.',
    source: { kind: 'hugging-face', repository, revision: sha },
    licence: licence ?? 'not stated',
    imagenetTop1: null,
    files,
  };
}

function roleOf(name: string, isWhole: boolean): CatalogFile['role'] | undefined {
  if (name === (isWhole ? 'model.safetensors' : indexIn(''))) return 'weights';
  if (!isWhole && /^model-\d+-of-\d+\.safetensors$/.test(name)) return 'part';
  if (name === 'config.json') return 'config';
  if (name === 'preprocessor_config.json' || name === 'processor_config.json')
    return 'preprocessing';
  return undefined;
}

async function ask(
  url: URL,
  repository: string,
  { token, fetch: fetchWith = fetch }: HubAccess,
): Promise<unknown> {
  const { response, at, hasToken } = await get(
    url,
    { token },
    AbortSignal.timeout(patienceMs),
    fetchWith,
  ).catch((thrown: unknown) => {
    if (!(thrown instanceof PassingFault)) throw thrown;
    throw new Failure(
      'download-failed',
      `There is ${thrown.message}.`,
      'Check the network, proxy and mirror settings, then try again.',
      { cause: thrown },
    );
  });
  const { status } = response;
  if (status === 404 || (status === 401 && !hasToken)) {
    throw new Failure(
      'download-failed',
      `${url.host} shows no model ${repository} in this revision (HTTP ${status}): there is none, or only for those who are signed in.`,
      'Check the name on the model’s page, or set an access token.',
    );
  }
  if (!response.ok) throw refusedBy(at, status, hasToken);
  return parsed(await textOf(response, at));
}

/** @throws Failure for an answer that does not end, in bytes or in time */
async function textOf(response: Response, url: URL): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of response.body ?? []) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > largestAnswer) break;
    }
  } catch (cause) {
    throw new Failure(
      'download-failed',
      `${url.host} broke off while it listed what the repository holds (${reasonOf(cause)}).`,
      'Check the network, proxy and mirror settings, then try again.',
      { cause },
    );
  }
  if (bytes <= largestAnswer) return Buffer.concat(pieces).toString('utf8');
  throw new Failure(
    'download-failed',
    `${url.host} lists more of this repository than is read (${formatBytes(largestAnswer)}).`,
    'Check the mirror setting, or download the files yourself and name their folder.',
  );
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

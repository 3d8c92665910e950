/** `vit-explain models pull`: downloads a model of the catalog or of the hub, after a yes. */
import { createInterface } from 'node:readline/promises';
import { Failure } from '../shared/failure';
import { catalog, catalogEntry, type Downloadable } from '../store/catalog';
import { consentText } from '../store/download/consent-text';
import { downloadModel, type DownloadProgress } from '../store/download/download-model';
import { isHubName, readHubRepository } from '../store/download/hub-repository';
import { formatBytes } from '../store/format-bytes';
import { resolveModel } from '../store/resolve-model';
import { readArguments } from './arguments';
import { UsageError, type Terminal } from './command';
import { exitCodes, type ExitCode } from './exit-code';
import { modelFolders } from './folders';

export const pullHelp = `vit-explain models pull ID|OWNER/NAME[@REVISION] [--yes] [--mirror URL]

Downloads a model of the list, or the safetensors weights of any repository of the hub (one file or
parts), after showing its size and licence and asking. What broke off goes on where it stopped. An access token is read from HF_TOKEN; it goes to the hub (or the mirror) only.

      --yes           agree beforehand; needed where no one can be asked
      --mirror URL    stands in for https://huggingface.co (default: HF_ENDPOINT)

Proxies: Node.js uses HTTPS_PROXY from version 24 on, when NODE_USE_ENV_PROXY=1 is set.
`;

/** @throws UsageError; Failure as `downloadModel` */
export async function pullModel(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    yes: { type: 'boolean', default: false },
    mirror: { type: 'string' },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new UsageError('models pull takes the id of one model.');
  const folders = modelFolders();
  const mirror = values.mirror ?? process.env.HF_ENDPOINT;
  const token = process.env.HF_TOKEN;
  const entry = await downloadable(id, mirror, token);
  const { question, details } = consentText(entry, mirror);
  details.forEach(terminal.progress);
  if (!values.yes && !(await agrees(question)))
    throw new Failure('cancelled', 'Nothing was downloaded.', 'Agree with y, or with --yes.');
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.once('SIGINT', cancel);
  try {
    await downloadModel(entry, {
      downloads: folders.downloads,
      mirror,
      token,
      signal: controller.signal,
      onProgress: everyTwoSeconds(terminal),
    });
  } finally {
    process.off('SIGINT', cancel);
  }
  const { path } = await resolveModel(entry.id, folders);
  terminal.result(path);
  return exitCodes.done;
}

/** @throws UsageError for a name that is neither in the list nor one of the hub; Failure as `readHubRepository` */
async function downloadable(
  id: string,
  mirror: string | undefined,
  token: string | undefined,
): Promise<Downloadable> {
  const entry = catalogEntry(id);
  if (entry !== undefined) return entry;
  if (isHubName(id)) return await readHubRepository(id, { mirror, token });
  const known = catalog.map((one) => one.id).join(', ');
  throw new UsageError(`“${id}” cannot be downloaded; these can: ${known}, or OWNER/NAME.`);
}

/** @throws UsageError where nobody can be asked */
async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError('No one can be asked here; add --yes to agree to the download.');
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await readline.question(`${question} [y/N] `)).trim());
  } finally {
    readline.close();
  }
}

function everyTwoSeconds(terminal: Terminal): (progress: DownloadProgress) => void {
  let last = Date.now();
  return ({ file, receivedBytes, totalBytes }) => {
    if (Date.now() - last < 2000) return;
    last = Date.now();
    const of = totalBytes === undefined ? '' : ` of ${formatBytes(totalBytes)}`;
    terminal.progress(`${file}: ${formatBytes(receivedBytes)}${of}`);
  };
}

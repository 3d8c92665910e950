/** Writes the files of a probe, each complete or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../shared/failure';
import type { ProbeManifest, ProbeReport } from '../../shared/probe';
import { probeFiles } from '../../store/probe-manifest';

/**
 * The manifest comes last: a probe without it is none.
 *
 * @throws Failure `cache-unwritable`
 */
export async function writeProbe(
  headFile: string,
  head: Uint8Array,
  manifest: ProbeManifest,
  report: ProbeReport,
): Promise<void> {
  const files = probeFiles(headFile);
  try {
    await mkdir(path.dirname(files.head), { recursive: true });
    await writeWhole(files.head, head);
    await writeWhole(files.report, asJson(report));
    await writeWhole(files.manifest, asJson(manifest));
  } catch (cause) {
    throw new Failure(
      'cache-unwritable',
      `The probe cannot be written to ${path.dirname(files.head)}.`,
      'Choose a folder that you may write to; the features are kept, so training again takes seconds.',
      { cause },
    );
  }
}

function asJson(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await writeFile(partial, content);
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Probes on disk: `NAME.probe.safetensors` with its manifest `NAME.probe.json` beside it. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { describeIssues } from '../shared/describe-issues';
import { Failure } from '../shared/failure';
import {
  probeManifestSchema,
  probeReportSchema,
  type ProbeManifest,
  type ProbeReport,
} from '../shared/probe';
import { hasCode, readJson } from './json-file';

const headEnding = '.probe.safetensors';

/** The files of one probe. */
export interface ProbeFiles {
  readonly head: string;
  readonly manifest: string;
  readonly report: string;
  readonly html: string;
}

/** Whether a file is the head or the manifest of a probe, by its name. */
export function isProbe(file: string): boolean {
  return /\.probe\.(safetensors|json)$/i.test(file);
}

/** The files of a probe, from its head, its manifest, or its path without an ending. */
export function probeFiles(file: string): ProbeFiles {
  const stem = path.resolve(file.replace(/\.probe\.(safetensors|json)$/i, ''));
  return {
    head: `${stem}${headEnding}`,
    manifest: `${stem}.probe.json`,
    report: `${stem}.probe-report.json`,
    html: `${stem}.probe-report.html`,
  };
}

/** @throws Failure `model-missing` without head or manifest, `model-unreadable` for a broken manifest */
export async function readProbeManifest(file: string): Promise<ProbeManifest> {
  const { head, manifest } = probeFiles(file);
  for (const part of [head, manifest]) {
    if (!(await isThere(part))) {
      throw new Failure(
        'model-missing',
        `There is no ${path.basename(part)} in ${path.dirname(part)}.`,
        'A probe is two files, NAME.probe.safetensors and NAME.probe.json: keep them together, or train it anew.',
      );
    }
  }
  return parsed(probeManifestSchema, manifest);
}

/**
 * @param file the head, the manifest, or the path without an ending
 * @throws Failure `model-missing` without a report, `model-unreadable` for a broken one
 */
export async function readProbeReport(file: string): Promise<ProbeReport> {
  const { report } = probeFiles(file);
  if (await isThere(report)) return parsed(probeReportSchema, report);
  throw new Failure(
    'model-missing',
    `There is no report at ${report}.`,
    'Train the probe again: features are kept, so it takes seconds.',
  );
}

/** @throws Failure `model-unreadable` */
async function parsed<Output>(
  schema: v.GenericSchema<unknown, Output>,
  file: string,
): Promise<Output> {
  // A report of thousands of answers may be wrong in all of them: the first says enough.
  const result = v.safeParse(schema, await readJson(file), { abortEarly: true });
  if (result.success) return result.output;
  throw new Failure(
    'model-unreadable',
    `${path.basename(file)} does not follow its format: ${describeIssues(result.issues)}.`,
    `Put the file back as it was written, or train the probe anew.`,
  );
}

/** Heads in a folder, by name; none where there is no folder. */
export async function listProbeHeads(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .filter((name) => name.toLowerCase().endsWith(headEnding))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => path.resolve(folder, name));
}

/**
 * Deletes the head, the manifest and the reports of a probe.
 * @returns the files that were there
 * @throws Failure `model-missing`, `cache-unwritable`
 */
export async function deleteProbe(file: string): Promise<readonly string[]> {
  const deleted: string[] = [];
  for (const part of Object.values(probeFiles(file)) as string[]) {
    if (!(await isThere(part))) continue;
    try {
      await rm(part);
    } catch (cause) {
      throw new Failure(
        'cache-unwritable',
        `${part} cannot be deleted.`,
        'Check the permissions of its folder.',
        { cause },
      );
    }
    deleted.push(part);
  }
  if (deleted.length === 0) {
    throw new Failure(
      'model-missing',
      `There is no probe at ${file}.`,
      'Name its file NAME.probe.safetensors; `vit-explain probe list` shows what a folder holds.',
    );
  }
  return deleted;
}

/** Whether a file is there. */
export async function isThere(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return false;
    throw error;
  }
}

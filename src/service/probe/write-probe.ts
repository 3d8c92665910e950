/** Writes the files of a probe, each complete or not at all. */
import path from 'node:path';
import { writeWhole } from '../../engine/files/write-whole';
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
    await writeWhole(files.head, (file) => file.writeFile(head));
    await writeWhole(files.report, (file) => file.writeFile(asJson(report)));
    await writeWhole(files.manifest, (file) => file.writeFile(asJson(manifest)));
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

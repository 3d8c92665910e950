/** Writes a probe's report as a page. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileLinks } from '../dataset/probe-report/file-links';
import { probeReportHtml } from '../dataset/probe-report/probe-report-html';
import { Failure } from '../shared/failure';
import type { ProbeReport } from '../shared/probe';

/** @throws Failure `cache-unwritable` */
export async function writeHtml(file: string, report: ProbeReport): Promise<void> {
  try {
    await writeFile(file, probeReportHtml(report, fileLinks(path.dirname(file), report.root)));
  } catch (cause) {
    throw new Failure('cache-unwritable', `${file} cannot be written.`, 'Choose another place.', {
      cause,
    });
  }
}

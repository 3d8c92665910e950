/** Reading the small JSON files that stand beside a model. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { decodeText } from '../shared/decode-text';
import { Failure } from '../shared/failure';

/** The parsed file, or undefined where there is none. @throws Failure `model-unreadable` for broken JSON */
export async function readJson(file: string): Promise<unknown> {
  const text = await readTextIfThere(file);
  if (text === undefined) {
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} beside the model is not valid JSON.`,
      `Correct or remove ${file}.`,
      { cause: error },
    );
  }
}

/** A file that another library wrote: of use where it can be read, and no reason to stop where not. */
export interface ConfigFile {
  /** Without its folder. */
  readonly name: string;
  /** What it holds; undefined where `fault` says why it cannot be read. */
  readonly data: unknown;
  readonly fault?: string;
}

/** The parsed file, or undefined where there is none. @throws Failure `model-unreadable` */
export async function readConfig(file: string): Promise<ConfigFile | undefined> {
  const text = await readTextIfThere(file);
  if (text === undefined) {
    return undefined;
  }
  const name = path.basename(file);
  try {
    return { name, data: JSON.parse(text) as unknown };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { name, data: undefined, fault: fault.replaceAll(/\s+/g, ' ') };
  }
}

/** The file's text, or undefined where there is none. */
export async function readTextIfThere(file: string): Promise<string | undefined> {
  try {
    return decodeText(await readFile(file));
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) {
      return undefined;
    }
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} beside the model cannot be read.`,
      `Check the permissions of ${file}.`,
      { cause: error },
    );
  }
}

/** Whether a thrown value is a system error of this code, e.g. `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Where in the data a schema found fault, and what: `preprocessing.mean: Expected …`. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues
    .map((issue) => {
      const where = v.getDotPath(issue);
      return where === null ? issue.message : `${where}: ${issue.message}`;
    })
    .join('; ');
}

/** Inputs that fared badly, kept in folders from which they can be tried again. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asks, type Input, type Question } from './input';
import type { Fault } from './judges/verdict';
import { writeInput } from './trials';

const inputFolder = 'input';
const questionFile = 'question.json';

/** @returns how to try it again */
export async function keep(folder: string, input: Input, { what, detail }: Fault): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await writeInput(path.join(folder, inputFolder), input);
  const { ask, path: file } = input;
  const again = `npm run fuzz -- --again ${path.relative(process.cwd(), folder)}`;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, questionFile), JSON.stringify({ ask, path: file }));
  await writeFile(path.join(folder, 'fault.txt'), `${what}\n\n${again}\n\n${detail}\n`);
  return again;
}

/** @param folder that `keep` wrote */
export async function readKept(folder: string): Promise<Input> {
  const { ask, path: file } = JSON.parse(
    await readFile(path.join(folder, questionFile), 'utf8'),
  ) as Question;
  if (!asks.includes(ask)) throw new Error(`${folder} is no input that was kept`);
  const root = path.join(folder, inputFolder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files: Record<string, Uint8Array> = {};
  for (const entry of entries.filter((one) => one.isFile())) {
    const whole = path.join(entry.parentPath, entry.name);
    files[path.relative(root, whole)] = await readFile(whole);
  }
  return { ask, path: file, files };
}

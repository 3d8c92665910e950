/**
 * Long lists through `vit-explain batch`: how long until the first result is in the JSONL file, until
 * all is listed and answered, and the most memory that the process ever had.
 *
 *     npm run bench:listing -- [LINES] [FILES]
 *
 * A folder of FILES pictures (100,000 unless told: links to one picture, so that the cache answers all
 * but the first and what is measured is the way of the samples) and manifests of LINES lines (1,000,000),
 * which name these files and then files that are missing.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, createWriteStream, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { figure, inWords } from './figure';

const classes = 100;
/** File systems let a file have so many names, or a few more. */
const namesAFile = 30_000;

const [lines = '1000000', files = '100000'] = process.argv.slice(2);

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-listing-bench-'));
  try {
    const pictures = path.join(folder, 'pictures');
    makeFolder(pictures, Number(files));
    await writeList(
      path.join(folder, 'words.csv'),
      (name, label) => `${name},${label}`,
      'path,label',
    );
    await writeList(
      path.join(folder, 'numbers.csv'),
      (name, _, index) => `${name},${index}`,
      'path,label',
    );
    await writeList(path.join(folder, 'words.jsonl'), (path, label) =>
      JSON.stringify({ path, label }),
    );
    for (const source of ['pictures', 'words.csv', 'numbers.csv', 'words.jsonl'])
      await measure(source, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makeFolder(folder: string, count: number): void {
  const picture = path.resolve(__dirname, '../../media/samples/dog.jpg');
  for (let label = 0; label < classes; label++)
    mkdirSync(path.join(folder, `class_${label}`), { recursive: true });
  let linked = '';
  for (let index = 0; index < count; index++) {
    const file = path.join(folder, nameOf(index));
    if (index % namesAFile === 0) copyFileSync(picture, (linked = file));
    else linkSync(linked, file);
  }
}

function nameOf(index: number): string {
  return `class_${index % classes}/picture-${String(index).padStart(8, '0')}.jpg`;
}

async function writeList(
  file: string,
  lineOf: (name: string, label: string, index: number) => string,
  header?: string,
): Promise<void> {
  const list = createWriteStream(file);
  if (header !== undefined) list.write(`${header}\n`);
  for (let index = 0; index < Number(lines); index++) {
    const label = index % classes;
    const line = `${lineOf(`pictures/${nameOf(index)}`, `class_${label}`, label)}\n`;
    if (!list.write(line)) await once(list, 'drain');
  }
  list.end();
  await once(list, 'close');
}

async function measure(source: string, folder: string): Promise<void> {
  const report = path.join(folder, `${source}.results.jsonl`);
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const child = spawn(
    process.execPath,
    [path.resolve(__dirname, '../../dist/cli.js'), 'batch', source, '--jsonl', report],
    {
      cwd: folder,
      env: { ...process.env, XDG_CACHE_HOME: path.join(folder, 'cache') },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  let first: number | undefined;
  let memory = 0;
  while (child.exitCode === null) {
    if (first === undefined && (await hasResult(report))) first = seconds();
    memory = Math.max(memory, await mostMegabytes(child.pid ?? 0));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [code] = (await ended) as [number];
  if (code !== 0) throw new Error(`${source}: exit code ${code}`);
  const figures = [
    figure(`${source}: first result`, first ?? NaN, 's'),
    figure(`${source}: all of it`, seconds(), 's'),
    figure(`${source}: most memory`, memory, 'MB'),
  ];
  console.log(inWords(figures));
}

/** Whether there is a whole line behind the header. */
async function hasResult(report: string): Promise<boolean> {
  const size = await stat(report).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size === 0) return false;
  const file = await open(report);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2 ** 16), 0, 2 ** 16, 0);
    return buffer.subarray(0, bytesRead).toString().split('\n').length > 2;
  } finally {
    await file.close();
  }
}

/** The most that the process ever had; 0 when it is gone. */
async function mostMegabytes(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

void main();

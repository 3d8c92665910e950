// The table of docs/faithfulness.md: all methods of a model on 300 photographs that are fetched first.
//   node scripts/faithfulness-table.mjs FOLDER_OR_GIT_ADDRESS MODEL.onnx OUT [options of vit-explain evaluate]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [source, model, out, ...options] = process.argv.slice(2);
if (out === undefined) {
  console.error(
    'node scripts/faithfulness-table.mjs FOLDER_OR_GIT_ADDRESS MODEL.onnx OUT [options]',
  );
  process.exit(2);
}
const repository = path.resolve(import.meta.dirname, '..');
const run = (program, args, cwd) => execFileSync(program, args, { cwd, stdio: 'inherit' });

const isFolder = existsSync(source);
const fetched = isFolder ? undefined : mkdtempSync(path.join(os.tmpdir(), 'photographs-'));
try {
  // Always under one name: it stands in the file that a later run goes on with.
  const clone = fetched && path.join(fetched, 'photographs');
  if (clone) run('git', ['clone', '--depth', '1', '--', source, clone]);
  run(process.execPath, ['esbuild.mjs'], repository);
  run(process.execPath, [
    path.join(repository, 'dist/cli.js'),
    ...['evaluate', clone ?? source, '--model', model, '--pictures', '300'],
    ...['--jsonl', `${out}.jsonl`, '--resume', '--markdown', `${out}.md`],
    ...['--html', `${out}.html`, '--json', `${out}.json`, ...options],
  ]);
} finally {
  if (fetched) rmSync(fetched, { recursive: true, force: true });
}

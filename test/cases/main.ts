/** `npm run cases -- FOLDER`: what comes out of each situation, beside what is right. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { situations } from './situations';
import { Tools } from './tools';

async function main(): Promise<number> {
  const [folder, ...only] = process.argv.slice(2);
  if (folder === undefined || !existsSync(path.join(folder, 'expected.json'))) {
    console.error(
      'Name a folder of situations, with expected.json in it: npm run cases -- FOLDER [PART OF A TITLE…]',
    );
    return 2;
  }
  const tools = await Tools.open(folder, path.resolve(__dirname, '../../dist/cli.js'));
  const count = { right: 0, wrong: 0, absent: 0 };
  for (const { title, needs, outcome } of situations) {
    if (only.length > 0 && !only.some((part) => title.includes(part))) continue;
    if (!existsSync(path.join(folder, needs))) {
      console.log(`absent  ${title}`);
      count.absent++;
      continue;
    }
    const { got, expected, right } = await outcome(tools).catch((error: unknown) => ({
      got: error instanceof Error ? error.message : String(error),
      expected: 'an answer',
      right: false,
    }));
    console.log(
      `${right ? 'right ' : 'WRONG '}  ${title}\n          got      ${got}\n          expected ${expected}`,
    );
    count[right ? 'right' : 'wrong']++;
  }
  await tools.remove();
  console.log(`${count.right} right, ${count.wrong} wrong, ${count.absent} absent`);
  return count.wrong === 0 ? 0 : 1;
}

void main().then((code) => process.exit(code));

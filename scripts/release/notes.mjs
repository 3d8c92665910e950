// Prints what CHANGELOG.md says of a tag's version: node scripts/release/notes.mjs v1.2.3
// Fails where the tag is not of the version in package.json, or nothing is said of it.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { notesOf } from './changelog.mjs';

const [, , tag] = process.argv;
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const notes = notesOf(readFileSync('CHANGELOG.md', 'utf8'), version);
if (tag !== `v${version}` || !notes) {
  console.error(
    tag === `v${version}`
      ? `CHANGELOG.md says nothing of ${version}.`
      : `The tag is ${tag}, but package.json has version ${version}. npm run release makes both.`,
  );
  process.exitCode = 1;
} else {
  console.log(notes);
}

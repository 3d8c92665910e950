/**
 * The samples of an archive as WebDataset keeps them: members that share a name up to the first dot of
 * its last part, one after another, are one sample, `key.jpg` with `key.cls` or `key.json` (WebDataset,
 * file format specification).
 */
import { isImagePath } from '../../shared/picture-endings';
import { parseJson } from '../../shared/parse-json';
import { labelIn } from '../label-columns';
import { textFields } from '../manifest-rows';
import type { TarFault, TarMember } from './tar-members';
import { tarMembers } from './tar-members';

export interface TarSample {
  /** Of its picture, within the archive. */
  readonly name: string;
  readonly label: string | undefined;
}

/** Bytes of what says a label. */
const longest = { cls: 2 ** 12, json: 2 ** 20 } as const;

/** Members with the same key. */
interface Group {
  readonly key: string;
  readonly pictures: readonly { readonly name: string; readonly ending: string }[];
  readonly label: string | undefined;
}

/** @throws what the file system says; NotRead */
export async function* tarSamples(
  file: string,
  fault: (fault: TarFault) => void,
): AsyncGenerator<TarSample, void> {
  let group: Group | undefined;
  for await (const member of tarMembers(file, fault)) {
    const { key, ending } = keyOf(member.name);
    if (group !== undefined && group.key !== key) yield* sampleOf(group);
    const before: Group = group?.key === key ? group : { key, pictures: [], label: undefined };
    group = await withMember(before, member, ending);
  }
  if (group !== undefined) yield* sampleOf(group);
}

async function withMember(group: Group, member: TarMember, ending: string): Promise<Group> {
  const { name } = member;
  if (isImagePath(name)) return { ...group, pictures: [...group.pictures, { name, ending }] };
  // A class says more than what else is known of the sample.
  if (ending === 'cls') return { ...group, label: (await wordIn(member)) ?? group.label };
  if (ending === 'json') return { ...group, label: group.label ?? (await labelOfJson(member)) };
  return group;
}

/** Its picture is the one with nothing but an ending; others are masks and the like. */
function* sampleOf({ pictures, label }: Group): Generator<TarSample> {
  const picture = pictures.find(({ ending }) => !ending.includes('.')) ?? pictures[0];
  if (picture !== undefined) yield { name: picture.name, label };
}

/** `a/b` and `seg.png` of `a/b.seg.png`. */
function keyOf(name: string): { readonly key: string; readonly ending: string } {
  const dot = name.indexOf('.', name.lastIndexOf('/') + 1);
  return dot < 0
    ? { key: name, ending: '' }
    : { key: name.slice(0, dot), ending: name.slice(dot + 1).toLowerCase() };
}

async function wordIn(member: TarMember): Promise<string | undefined> {
  const word = (await member.text(longest.cls))?.trim();
  return word === '' ? undefined : word;
}

async function labelOfJson(member: TarMember): Promise<string | undefined> {
  try {
    return labelIn(textFields(parseJson((await member.text(longest.json)) ?? '')));
  } catch {
    // Whatever else it holds, it is no label.
    return undefined;
  }
}

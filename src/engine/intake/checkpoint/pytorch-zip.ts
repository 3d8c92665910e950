/** Checkpoints as torch.save has written them since 1.6: a zip archive with one pickle and its storages. */
import type { ByteSource } from './byte-source';
import { weightSetsOf } from './weight-sets';
import type { StoragePlace, WeightSet } from './weight-sets';
import { bigEndian, loadStorage } from './torch-storage';
import { unpickle } from './unpickle';
import { memberPosition, readZipIndex } from './zip';
import type { ZipMember } from './zip';
import { EngineError } from '../../engine-error';

/** A pickle of a state dict is a few kilobytes of names; this is far beyond any. */
const largestPickle = 256 * 1024 * 1024;

/** Its sets of weights. @throws EngineError `model-unreadable`, also for other archives. */
export async function readPytorchZip(source: ByteSource): Promise<readonly WeightSet[]> {
  const members = await readZipIndex(source);
  refuseOtherArchives(source, members);
  const pickle = [...members.values()].find((member) => /^[^/]*\/data\.pkl$/.test(member.name));
  if (!pickle) {
    throw new EngineError(
      'model-unreadable',
      `“${source.fileName}” is a zip archive, but not a PyTorch checkpoint: it has no data.pkl.`,
      'Choose the .pth or .pt file itself.',
    );
  }
  const root = pickle.name.slice(0, -'data.pkl'.length);
  await checkByteOrder(source, members.get(`${root}byteorder`));
  if (pickle.size > largestPickle) throw source.damaged(`its pickle claims ${pickle.size} bytes`);
  const bytes = await source.read(await memberPosition(source, pickle), pickle.size);
  const { value } = unpickle(bytes, source.fileName, loadStorage);
  const places = await storagePlaces(source, members, `${root}data/`);
  return weightSetsOf(value, source, (storage) => places.get(storage.key));
}

/** Programs of PyTorch, and what NumPy and Keras save. @throws EngineError `model-unreadable` */
function refuseOtherArchives(source: ByteSource, members: ReadonlyMap<string, ZipMember>): void {
  const names = [...members.keys()];
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  const { fileName } = source;
  const refuse = (what: string, nextStep: string): never => {
    throw new EngineError('model-unreadable', `“${fileName}” is ${what}.`, nextStep);
  };
  if (has(/^[^/]*\/constants\.pkl$/)) {
    refuse(
      'a TorchScript program (torch.jit), whose code is never run here',
      `Save its weights: torch.save(torch.jit.load("${fileName}", map_location="cpu").state_dict(), "weights.pth"), or export it to ONNX.`,
    );
  }
  if (has(/(^|\/)(archive_format|serialized_exported_program\.json)$/)) {
    refuse(
      'a program of torch.export, which is never run here',
      `Save its weights: torch.save(torch.export.load("${fileName}").state_dict, "weights.pth"), or export it to ONNX.`,
    );
  }
  if (names.length > 0 && names.every((name) => name.endsWith('.npy'))) {
    refuse(
      'an archive of NumPy, as JAX models are published',
      'Take the same model as safetensors (timm and Hugging Face have the published ones), or export it to ONNX.',
    );
  }
  if (has(/\.weights\.h5$/)) refuse('a Keras model', 'Export it to ONNX, with tf2onnx.');
}

async function storagePlaces(
  source: ByteSource,
  members: ReadonlyMap<string, ZipMember>,
  folder: string,
): Promise<ReadonlyMap<string, StoragePlace>> {
  const places = new Map<string, StoragePlace>();
  for (const member of members.values()) {
    if (!member.name.startsWith(folder)) continue;
    places.set(member.name.slice(folder.length), {
      position: await memberPosition(source, member),
      bytes: member.size,
    });
  }
  return places;
}

async function checkByteOrder(source: ByteSource, member: ZipMember | undefined): Promise<void> {
  if (!member) return;
  const order = await source.read(await memberPosition(source, member), Math.min(member.size, 16));
  if (new TextDecoder().decode(order) !== 'little') throw bigEndian(source.fileName);
}

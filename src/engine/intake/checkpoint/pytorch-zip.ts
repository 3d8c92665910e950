/** Checkpoints as torch.save has written them since 1.6: a zip archive with one pickle and its storages. */
import type { ByteSource } from './byte-source';
import { stateDictOf } from './state-dict';
import type { StoragePlace } from './state-dict';
import type { CheckpointTensor } from './tensor';
import { loadStorage } from './torch-storage';
import { unpickle } from './unpickle';
import { memberPosition, readZipIndex } from './zip';
import type { ZipMember } from './zip';
import { EngineError } from '../../engine-error';

/** A pickle of a state dict is a few kilobytes of names; this is far beyond any. */
const largestPickle = 256 * 1024 * 1024;

/** Tensors by name. @throws EngineError `model-unreadable`, also for TorchScript archives. */
export async function readPytorchZip(
  source: ByteSource,
): Promise<ReadonlyMap<string, CheckpointTensor>> {
  const members = await readZipIndex(source);
  const pickle = [...members.values()].find((member) => /^[^/]*\/data\.pkl$/.test(member.name));
  if (!pickle) {
    throw new EngineError(
      'model-unreadable',
      `“${source.fileName}” is a zip archive, but not a PyTorch checkpoint: it has no data.pkl.`,
      'Choose the .pth or .pt file itself.',
    );
  }
  const root = pickle.name.slice(0, -'data.pkl'.length);
  if (members.has(`${root}constants.pkl`)) {
    throw new EngineError(
      'model-unreadable',
      `“${source.fileName}” is a TorchScript program, whose code is never run here.`,
      'Export it to ONNX, or save its state dict with torch.save(model.state_dict(), …).',
    );
  }
  await checkByteOrder(source, members.get(`${root}byteorder`));
  if (pickle.size > largestPickle) {
    throw source.damaged(`its pickle claims ${pickle.size} bytes`);
  }
  const bytes = await source.read(await memberPosition(source, pickle), pickle.size);
  const { value } = unpickle(bytes, source.fileName, loadStorage);
  const places = await storagePlaces(source, members, `${root}data/`);
  return stateDictOf(value, source, (storage) => places.get(storage.key));
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
  if (new TextDecoder().decode(order) !== 'little') {
    throw new EngineError(
      'model-unreadable',
      `“${source.fileName}” was written on a big-endian machine.`,
      'Save it again on a little-endian machine, or as safetensors.',
    );
  }
}

import path, { type PlatformPath } from 'node:path';

/**
 * The path that is meant by `file:` and a path, as ids of models have it, or by an address such as
 * `file:///C:/models/a.onnx`; anything else is a path already.
 */
export function pathOfFileId(id: string, flavour: PlatformPath = path): string {
  const named = id.replace(/^file:(?:\/\/(?=\/))?/, '');
  return flavour.sep === '\\' ? named.replace(/^\/+(?=[a-z]:[\\/])/i, '') : named;
}

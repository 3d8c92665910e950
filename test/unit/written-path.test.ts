import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { writtenPath } from '../../src/extension/settings/written-path';

const home = os.homedir();

it.each([
  ['/models/vit.onnx', '/models/vit.onnx'],
  ['models/vit.onnx', 'models/vit.onnx'],
  ['models\\vit.onnx', 'models/vit.onnx'],
  ['~', home],
  ['~/models/vit.onnx', path.join(home, 'models/vit.onnx')],
  ['~\\models\\vit.onnx', path.join(home, 'models/vit.onnx')],
  ['${userHome}/vit.onnx', path.join(home, 'vit.onnx')],
  ['${workspaceFolder}/models/vit.onnx', 'models/vit.onnx'],
  ['${workspaceFolder}\\models\\vit.onnx', 'models/vit.onnx'],
  ['${workspaceFolder}', '.'],
  ['~other/vit.onnx', '~other/vit.onnx'],
  ['${workspaceFolder}s/vit.onnx', '${workspaceFolder}s/vit.onnx'],
])('%s is %s', (written, meant) => {
  expect(writtenPath(written)).toBe(meant);
});

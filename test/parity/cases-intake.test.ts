/** Checkpoints from public reports that came out wrong, against PyTorch's logits. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import type { StatedArchitecture } from '../../src/shared/architecture';
import { readNpy } from '../../src/shared/npy';
import { largestDifference, runModel } from '../fixtures/intake/run-model';
import { describeWithShared, sharedPath } from '../shared-folder';

let cacheFolder: string;
beforeAll(async () => {
  cacheFolder = await mkdtemp(path.join(os.tmpdir(), 'vit-cases-'));
});
afterAll(async () => {
  await rm(cacheFolder, { recursive: true, force: true });
});

describeWithShared('public cases', 'cases/expected.json', () => {
  const inCases = (...segments: string[]) => sharedPath('cases', ...segments);

  async function differenceFromPyTorch(
    file: string,
    tensor: string,
    stated: StatedArchitecture = {},
  ): Promise<number> {
    const expected = JSON.parse(await readFile(inCases('expected.json'), 'utf8')) as Record<
      string,
      { readonly logits: readonly number[] }
    >;
    const { shape, values } = readNpy(await readFile(inCases(tensor)));
    const [height = 0, width = 0] = shape.slice(2);
    const inputSize = [height, width] as const;
    const { onnxPath } = await buildForwardModel(inCases(file), { cacheFolder, stated, inputSize });
    const logits = await runModel(onnxPath, Float32Array.from(values), shape);
    return largestDifference(logits, expected[file]?.logits ?? []);
  }

  const heads12 = '08_heads_12_of_192/model.pth';

  test('heads that no custom tells: said, and right once they are stated', async () => {
    const { assumed } = await buildForwardModel(inCases(heads12), { cacheFolder });
    expect(assumed.find(({ subject }) => subject === 'attention heads')).toMatchObject({
      value: '3',
      field: 'architecture.heads',
    });
    expect(await differenceFromPyTorch(heads12, 'x16.npy', { heads: 12 })).toBeLessThan(1e-3);
  });

  test('a grid that is not square, of a square number of patches', async () => {
    const file = '09_rect_grid_square_count/model.pth';
    expect(await differenceFromPyTorch(file, 'x96x24.npy')).toBeLessThan(1e-3);
  });

  test.each(['best_acc1_tensor.pth', 'lightning_loss_buffer.pth'])(
    '%s: numbers beside the weights are no reason to refuse them',
    async (name) => {
      const file = `11_checkpoint_forms/${name}`;
      expect(await differenceFromPyTorch(file, 'x48.npy')).toBeLessThan(1e-3);
    },
  );

  test('TorchScript is refused as what it is', async () => {
    const file = inCases('11_checkpoint_forms/torchscript.pt');
    await expect(buildForwardModel(file, { cacheFolder })).rejects.toMatchObject({
      message: expect.stringContaining('TorchScript') as string,
      nextStep: expect.stringContaining('torch.jit.load("torchscript.pt"') as string,
    });
  });
});

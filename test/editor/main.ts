/**
 * The editor tests: a real VS Code workbench in a real browser, on the extension as it is developed
 * or (`--vsix`) as it is packaged. Options: `--vsix`, `--recent` (newest editor instead of the
 * oldest supported one), `--suite NAME` (detailsPage, runHost, explain, preview, faithfulness, whatIf, compare, evaluation, code, assistant, gallery,
 * archives, manyTiles, pictureFiles, window, models, modelPage, probe, zeroShot, trouble; or pictures, which writes those of README and
 * walkthrough, all of them; may be repeated), `--only PART` (checks whose name contains PART).
 */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ownTarget, packageFile } from '../../scripts/package/targets.mjs';
import { runHostTests } from './host-tests';
import { Recorder } from './recorder';
import { sampleWorkspace } from './sample-workspace';
import { startServer, type Editor } from './server';
import type { Surroundings } from './surroundings';
import { archivesSuite } from './suites/archives';
import { assistantSuite } from './suites/assistant';
import { codeSuite } from './suites/code';
import { compareSuite } from './suites/compare';
import { detailsPageSuite } from './suites/details-page';
import { evaluationSuite } from './suites/evaluation';
import { explainSuite } from './suites/explain';
import { faithfulnessSuite } from './suites/faithfulness';
import { gallerySuite } from './suites/gallery';
import { galleryPhrasesSuite } from './suites/gallery-phrases';
import { gallerySourcesSuite } from './suites/gallery-sources';
import { galleryWalkSuite } from './suites/gallery-walk';
import { pictureFilesSuite } from './suites/picture-files';
import { picturesOfCodeAndProbeSuite } from './suites/pictures-of-code-and-probe';
import { picturesOfGallerySuite } from './suites/gallery-pictures';
import { manyTilesSuite } from './suites/many-tiles';
import { modelPageSuite } from './suites/model-page';
import { modelsSuite } from './suites/models';
import { picturesSuite } from './suites/pictures';
import { previewSuite } from './suites/preview';
import { probeSuite } from './suites/probe';
import { troubleSuite } from './suites/trouble';
import { whatIfSuite } from './suites/what-if';
import { windowSuite } from './suites/window';
import { zeroShotSuite } from './suites/zero-shot';
import { startBrowser, Workbench } from './workbench';

type Suite = (surroundings: Surroundings) => Promise<void>;

const checks: readonly Suite[] = [
  detailsPageSuite,
  runHostTests,
  explainSuite,
  previewSuite,
  faithfulnessSuite,
  whatIfSuite,
  compareSuite,
  codeSuite,
  assistantSuite,
  gallerySuite,
  gallerySourcesSuite,
  galleryWalkSuite,
  galleryPhrasesSuite,
  archivesSuite,
  manyTilesSuite,
  evaluationSuite,
  pictureFilesSuite,
  windowSuite,
  modelsSuite,
  modelPageSuite,
  probeSuite,
  zeroShotSuite,
  troubleSuite,
];

export async function main(
  repository: string,
  bundles: string,
  install: { ensureEditor(which: 'minimum' | 'recent'): Editor; ensureChromium(): string },
): Promise<number> {
  const { values } = parseArgs({
    options: {
      vsix: { type: 'boolean', default: false },
      recent: { type: 'boolean', default: false },
      only: { type: 'string' },
      suite: { type: 'string', multiple: true },
    },
  });
  const editor = install.ensureEditor(values.recent ? 'recent' : 'minimum');
  const chromium = install.ensureChromium();
  const recorder = new Recorder(values.only);
  const vsix = values.vsix ? findVsix(repository) : undefined;
  const kinds = [values.vsix && '-vsix', values.recent && '-recent'].filter(
    (kind) => kind !== false,
  );
  const results = path.join(repository, 'test-results', `editor${kinds.join('')}`);
  mkdirSync(results, { recursive: true });
  console.log(`VS Code ${editor.version}, ${vsix ?? 'development extension'}`);

  const workspace = await sampleWorkspace(repository);
  const modelPath = referenceModel(repository);
  const settings = modelPath === undefined ? {} : { 'vitExplainer.model': modelPath };
  const server = await startServer(editor, { settings, ...(vsix !== undefined && { vsix }) });
  const browser = await startBrowser(chromium);
  const surroundings: Surroundings = {
    repository,
    bundles,
    results,
    recorder,
    workspace,
    editor,
    server,
    browser,
    vsix,
    modelPath,
    settings,
    openWorkbench: (options) =>
      Workbench.open(browser, server, {
        folder: workspace.folder,
        ...(vsix === undefined && { extensionFolder: repository }),
        ...options,
      }),
  };
  try {
    for (const suite of chosenSuites(values.suite)) {
      try {
        await suite(surroundings);
      } catch (error) {
        recorder.fail(`${suite.name} ran to its end`, error);
      }
    }
  } finally {
    await browser.close();
    await server.stop();
    workspace.remove();
  }
  const passed = recorder.outcomes.filter((outcome) => outcome.passed).length;
  const failed = recorder.outcomes.length - passed;
  const skipped = recorder.skipped.length > 0 ? `, ${recorder.skipped.length} skipped` : '';
  console.log(`${passed} passed, ${failed} failed${skipped}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function chosenSuites(names: readonly string[] | undefined): readonly Suite[] {
  if (names === undefined) return checks;
  return [...checks, picturesSuite, picturesOfGallerySuite, picturesOfCodeAndProbeSuite].filter(
    (suite) => names.some((name) => suite.name.startsWith(name)),
  );
}

/** The package for this machine. */
function findVsix(repository: string): string {
  const file = packageFile(repository, ownTarget);
  if (!existsSync(file))
    throw new Error(`There is no ${path.basename(file)}; run npm run package first.`);
  return file;
}

/** Undefined for the shipped model; before there is one, the reference model beside the checkout. */
function referenceModel(repository: string): string | undefined {
  if (existsSync(path.join(repository, 'models/starter/model.onnx'))) return undefined;
  const reference = path.join(repository, '../shared/models/vit_tiny_patch16_224/model.onnx');
  if (!existsSync(reference)) throw new Error('There is no model in models/starter.');
  return reference;
}

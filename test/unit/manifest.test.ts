/** The manifest says what the code does. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandIds, panelType } from '../../src/extension/commands/command-ids';
import { isImagePath, pictureEndings, pictureFormats } from '../../src/shared/picture-endings';
import { settingLists } from '../../scripts/setting-lists';
import { methods } from '../../src/engine/methods/catalogue';
import { withTables } from '../../src/extension/manifest';
import { sequentialColourMaps } from '../../src/shared/colour-map-names';
import { catalog } from '../../src/store/catalog';
import { looksLikeWeights, weightEndings } from '../../src/store/weight-endings';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}

interface Choices {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly icon: string;
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, Choices & { readonly anyOf?: readonly Choices[]; readonly default: unknown }>
      >;
    };
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly media: { readonly image: string } }[];
    }[];
  };
}

const repository = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(repository, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { contributes } = manifest;

describe('the manifest', () => {
  it('has the settings and commands of the tables, as `npm run generate:manifest` writes them', () => {
    expect(text).toBe(`${JSON.stringify(withTables(manifest, settingLists), null, 2)}\n`);
  });

  it('has exactly the commands of the code', () => {
    const declared = contributes.commands.map(({ command }) => command).sort();
    expect(declared).toEqual(Object.values(commandIds).sort());
  });

  it('puts only its own commands into menus', () => {
    const known = new Set<string>(Object.values(commandIds));
    const used = Object.values(contributes.menus).flat();
    expect(used.filter(({ command }) => !known.has(command))).toEqual([]);
  });

  it('is not activated before someone needs it', () => {
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${panelType}`);
    expect(manifest.activationEvents).not.toContain('*');
    expect(manifest.activationEvents).not.toContain('onStartupFinished');
  });

  it('has a text for every placeholder, and no text without one', () => {
    const texts = JSON.parse(
      readFileSync(path.join(repository, 'package.nls.json'), 'utf8'),
    ) as Record<string, string>;
    const used = [...text.matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key);
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
  });

  it('offers the command on exactly the pictures that the code accepts', () => {
    const conditions = Object.values(contributes.menus)
      .flat()
      .flatMap(({ when = '' }) => [...when.matchAll(/resourceExtname =~ \/(\S+)\/i/g)])
      .map(([, source = '']) => source)
      .filter((source) => source.includes('png'));
    expect(conditions.length).toBeGreaterThanOrEqual(3);
    for (const source of conditions) expect(source).toBe(`^\\.(${pictureEndings.join('|')})$`);
    expect(text).toContain(`(${pictureFormats})`);
    for (const name of pictureEndings) expect(isImagePath(`/a.${name.toUpperCase()}`)).toBe(true);
    for (const name of ['heic', 'txt', 'onnx', 'apng'])
      expect(isImagePath(`/a.${name}`)).toBe(false);
    const paper = readFileSync(path.join(repository, 'docs/editor.md'), 'utf8');
    expect(paper).toContain(`(${pictureEndings.join(', ')})`);
  });

  it('offers the command on the weights that the code accepts', () => {
    const menu = manifest.contributes.menus['explorer/context'] ?? [];
    const { when = '' } = menu.find(({ command }) => command === commandIds.explainWithModel) ?? {};
    const pattern = new RegExp(/resourceFilename =~ \/(.*)\/i$/.exec(when)?.[1] ?? '', 'i');
    for (const ending of weightEndings)
      expect([ending, pattern.test(`model${ending}`)]).toEqual([ending, true]);
    const others = ['data.bin', 'archive.tar', 'model.txt', 'onnx', 'model.pth.txt'];
    for (const name of others)
      expect([name, pattern.test(name), looksLikeWeights(name)]).toEqual([name, false, false]);
  });

  it('offers the colour maps that there are', () => {
    expect(contributes.configuration.properties['vitExplainer.colourMap']?.enum).toEqual(
      sequentialColourMaps.map(({ name }) => name),
    );
  });

  it('offers the methods and the models that there are, each described', () => {
    const { properties } = contributes.configuration;
    const { 'vitExplainer.method': method, 'vitExplainer.model': model } = properties;
    expect(method?.enum).toEqual(['best', ...methods.map(({ info }) => info.id)]);
    const [known, anything] = model?.anyOf ?? [];
    expect(known?.enum).toEqual(['starter', ...catalog.map(({ id }) => id)]);
    // A path is no mistake, and the settings editor shows a field for it.
    expect([anything, model?.type]).toEqual([{ type: 'string' }, 'string']);
    for (const list of [method, known, properties['vitExplainer.colourMap']]) {
      expect(list?.enum?.length).toBeGreaterThan(5);
      expect(list?.enumDescriptions).toHaveLength(list?.enum?.length ?? 0);
      for (const words of list?.enumDescriptions ?? []) expect(words).not.toBe('');
    }
  });

  it('keeps an untrusted workspace from choosing files, folders and providers', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const name of ['model', 'modelFolder', 'provider', 'modelMirror', 'dataRoots'])
      expect(restrictedConfigurations).toContain(`vitExplainer.${name}`);
  });

  it('names pictures that are there', () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    for (const file of [manifest.icon, ...steps.map(({ media }) => media.image)])
      expect([file, existsSync(path.join(repository, file))]).toEqual([file, true]);
  });
});

/** `explain_image` as an assistant calls it: another extension, the editor's question, and what comes back. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { startServer } from '../server';
import { until } from '../suite';
import type { Surroundings } from '../surroundings';
import { Workbench } from '../workbench';
import { workerProcesses } from '../worker-processes';

const command = 'Test Assistant: Call explain_image';

/** What the tool answered: its text, its pictures as base64, or its error. */
interface Answer {
  readonly texts?: readonly string[];
  readonly pictures?: readonly { readonly mime: string; readonly base64: string }[];
  readonly error?: string;
}

/** The other extension; it writes to a file of another name first, so that none is read half written. */
const program = `
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = ({ subscriptions }) =>
  subscriptions.push(vscode.commands.registerCommand('testAssistant.call', call));

async function call() {
  const file = (name) => path.join(__dirname, name);
  const input = JSON.parse(fs.readFileSync(file('input.json'), 'utf8'));
  let answer;
  try {
    const { content } = await vscode.lm.invokeTool('explain_image', { input, toolInvocationToken: undefined });
    answer = {
      texts: content.filter((part) => part instanceof vscode.LanguageModelTextPart).map(({ value }) => value),
      pictures: content
        .filter((part) => 'mimeType' in part)
        .map(({ mimeType, data }) => ({ mime: mimeType, base64: Buffer.from(data).toString('base64') })),
    };
  } catch (error) {
    answer = { error: error.name + ': ' + error.message };
  }
  fs.writeFileSync(file('unfinished.json'), JSON.stringify(answer));
  fs.renameSync(file('unfinished.json'), file('answer.json'));
}
`;

export async function assistantSuite(surroundings: Surroundings): Promise<void> {
  const { recorder, results, editor, repository, bundles, workspace, vsix } = surroundings;
  if (vsix !== undefined) return; // the in-host tests call the tool of the package
  const assistant = new Assistant(path.join(bundles, 'test.assistant-0.0.0'));
  // Without the driver of the tests, which says yes to every question by itself.
  const server = await startServer(editor, {
    installedFrom: repository,
    alongside: assistant.folder,
  });
  const workbench = await Workbench.open(surroundings.browser, server, {
    folder: workspace.folder,
  });
  const shoot = async (name: string): Promise<void> => {
    await workbench.page.screenshot({
      path: path.join(results, `${name.replace(/\W+/g, '-')}.png`),
    });
  };
  const check = (name: string, body: () => Promise<void>): Promise<boolean> =>
    recorder.check(name, body, (failed) => shoot(`failed ${failed}`));
  const dialog = workbench.page.locator('.monaco-dialog-box');
  const photo = path.join(workspace.folder, workspace.photo);

  await check(
    'assistant: the person is asked first, with the path and what is done to it',
    async () => {
      await assistant.call(workbench, { path: photo });
      await dialog.waitFor();
      const question = (await dialog.innerText()).replaceAll('\u00A0', ' ').replace(/\s+/g, ' ');
      assert.match(question, /Explain Image with ViT/);
      const asked =
        'Read this picture and run the Vision Transformer of your settings on it, on this machine?';
      assert.ok(question.includes(`${asked} ${photo}`), question);
      await shoot('assistant asks');
      assert.deepEqual(workerProcesses(server.dataFolder), [], 'nothing runs before the yes');
      await answerWith(dialog, /^(cancel|no)$/i);
      const { error, texts } = await assistant.answer();
      assert.match(error ?? '', /cancel/i);
      assert.equal(texts, undefined);
      assert.deepEqual(workerProcesses(server.dataFolder), []);
    },
  );

  await check(
    'assistant: after the yes it reads classes, shares, limits, and sees the picture',
    async () => {
      await assistant.call(workbench, { path: photo, k: 2, method: 'gae' });
      await dialog.waitFor();
      await answerWith(dialog, /^(yes|allow|ok|continue)$/i);
      const { texts = [], pictures = [], error } = await assistant.answer();
      assert.equal(error, undefined);
      assert.equal(texts.length, 1);
      const [text = ''] = texts;
      assert.match(text, new RegExp(`^${workspace.photo}: \\d+ × \\d+ pixels\\. The model .+ saw`));
      assert.match(text, /\n1\. .+ \(class \d+\): .+\n2\. .+ \(class \d+\): .+\n\n/);
      assert.match(
        text,
        /\ntop: left .+\nmiddle: left .+\nbottom: left .+\nAs rows of numbers: \[\[/,
      );
      assert.match(text, /\nMethod: .+ \(gae\)\. .+\nWhat it cannot tell: .{20}/);
      assert.ok(
        !/[<>*_`]{2}|\]\(/.test(text),
        'plain words, no markup that an assistant would quote',
      );
      const [minor = 0] = editor.version.split('.').slice(1).map(Number);
      if (minor < 110) return;
      assert.deepEqual(
        pictures.map(({ mime }) => mime),
        ['image/png'],
      );
      const png = Buffer.from(pictures[0]?.base64 ?? '', 'base64');
      writeFileSync(path.join(results, 'assistant-sees.png'), png);
      const { format, width, height } = await sharp(png).metadata();
      assert.equal(format, 'png');
      assert.ok(width >= 224 && height >= 224, `${width} × ${height}`);
    },
  );

  for (const [input, expected] of [
    [{ path: workspace.photo }, new RegExp(`is not absolute. Call the tool again with ${photo}`)],
    [
      { path: photo, target: 'no such thing' },
      /no class named “no such thing”.*Call the tool again with one of: /,
    ],
    [
      { path: photo, method: 'guess' },
      /no method “guess”.*Call the tool again with one of transformer_attribution,/,
    ],
  ] as const) {
    await check(
      `assistant: a wrong call is answered with the right one: ${JSON.stringify(Object.values(input).at(-1))}`,
      async () => {
        await assistant.call(workbench, input);
        await dialog.waitFor();
        await answerWith(dialog, /^(yes|allow|ok|continue)$/i);
        const { error = '' } = await assistant.answer();
        assert.match(error, expected);
        assert.ok(!error.includes('\n    at '), 'a sentence, not a stack');
      },
    );
  }

  await check(
    'assistant: of a CLIP it asks with phrases, as the answer to its first call says',
    async () => {
      const clip = path.join(repository, 'test/fixtures/clip/onnx/vision_model.onnx');
      const folder = path.join(workspace.folder, '.vscode');
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        path.join(folder, 'settings.json'),
        JSON.stringify({ 'vitExplainer.model': clip }),
      );
      const ask = async (input: object): Promise<Answer> => {
        await assistant.call(workbench, input);
        await dialog.waitFor();
        await answerWith(dialog, /^(yes|allow|ok|continue)$/i);
        return assistant.answer();
      };
      await until('the setting is in effect', async () => {
        const { error = '' } = await ask({ path: photo });
        return /no classes of its own.*Call the tool again with two or more phrases/.test(error);
      });
      const { texts: [text = ''] = [] } = await ask({ path: photo, target: 'a dog; a red car' });
      assert.match(text, /classes of 2:\n1\. a .+ %, similarity .+\n2\. a .+ similarity/);
      assert.match(text, /Where the evidence for “a dog” \(class 0, /);
      const { texts: [alone = ''] = [] } = await ask({ path: photo, target: 'a dog' });
      assert.match(
        alone,
        /\n1\. a dog \(class 0\): similarity .+\n\nWhere the evidence for “a dog” \(class 0\)/,
      );
      rmSync(folder, { recursive: true });
    },
  );

  await workbench.close();
  await server.stop();
}

async function answerWith(dialog: Locator, button: RegExp): Promise<void> {
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** An extension that stands where a chat would: it calls the tool as any may, and writes down what it gets. */
class Assistant {
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    const manifest = {
      name: 'assistant',
      publisher: 'test',
      version: '0.0.0',
      engines: { vscode: '^1.100.0' },
      activationEvents: [],
      main: './main.js',
      contributes: { commands: [{ command: 'testAssistant.call', title: command }] },
    };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(path.join(folder, 'main.js'), program);
  }

  /** The file of what is asked, and that of what was answered. */
  private get files() {
    return ['input.json', 'answer.json'].map((name) => path.join(this.folder, name)) as [
      string,
      string,
    ];
  }

  async call(workbench: Workbench, input: object): Promise<void> {
    const [asked, answered] = this.files;
    rmSync(answered, { force: true });
    writeFileSync(asked, JSON.stringify(input));
    await workbench.runCommand(command);
  }

  async answer(): Promise<Answer> {
    const [, answered] = this.files;
    await until('the tool answered', () => existsSync(answered), 60_000);
    return JSON.parse(readFileSync(answered, 'utf8')) as Answer;
  }
}

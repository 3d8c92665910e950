/** Paths of pictures in code, pictures of notebooks, and the tool for assistants: the real providers and the real worker. */
import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds, panelType } from '../../../src/extension/commands/command-ids';
import type { HostTest } from './host-test';

const explain = 'Explain Image with ViT';

function folder(): vscode.Uri {
  const opened = vscode.workspace.workspaceFolders?.[0];
  assert.ok(opened, 'a folder is open');
  return opened.uri;
}

function inFolder(name: string): vscode.Uri {
  return vscode.Uri.joinPath(folder(), name);
}

/** A file of the workspace below `code/`, opened as a document. */
async function written(name: string, text: string): Promise<vscode.TextDocument> {
  const uri = inFolder(`code/${name}`);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return vscode.workspace.openTextDocument(uri);
}

/** The text of our hover over the first occurrence of a word. */
async function hoverOver(
  document: vscode.TextDocument,
  word: string,
): Promise<vscode.MarkdownString | undefined> {
  const at = document.getText().indexOf(word);
  assert.notEqual(at, -1, `${word} is in the document`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(at + 1),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .filter((content) => content instanceof vscode.MarkdownString)
    .find(({ value }) => value.includes(explain));
}

/** The address of the picture that our hover explains. */
async function explainedBy(
  document: vscode.TextDocument,
  word: string,
): Promise<string | undefined> {
  const text = await hoverOver(document, word);
  const query = /command:vitExplainer\.explainImage\?([^ )]+)/.exec(text?.value ?? '')?.[1];
  if (query === undefined) return undefined;
  const [address] = JSON.parse(decodeURIComponent(query)) as [string];
  return vscode.Uri.parse(address).toString();
}

async function withSetting(
  section: string,
  value: unknown,
  body: () => Promise<void>,
  scope?: vscode.ConfigurationScope,
): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(undefined, scope ?? null);
  const byLanguage = scope !== undefined;
  await configuration.update(section, value, vscode.ConfigurationTarget.Global, byLanguage);
  try {
    await body();
  } finally {
    await configuration.update(section, undefined, vscode.ConfigurationTarget.Global, byLanguage);
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function panelTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelType),
    );
}

/** The editor confirms by itself in tests. */
async function answerOf(input: object): Promise<vscode.LanguageModelToolResult> {
  return vscode.lm.invokeTool('explain_image', { input, toolInvocationToken: undefined });
}

function textOf({ content }: vscode.LanguageModelToolResult): string {
  const [first] = content;
  assert.ok(first instanceof vscode.LanguageModelTextPart);
  return first.value;
}

const third = 'third.jpg';

/** Leaves the workspace as it was. */
const cleaning: HostTest = {
  name: 'what was written for the paths goes',
  body: async () => {
    await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs));
    for (const name of ['code', 'far'])
      await vscode.workspace.fs.delete(inFolder(name), { recursive: true });
  },
};

export const codeTests: readonly HostTest[] = [
  {
    name: 'a hover shows the picture small, its sizes, and links to two commands only',
    body: async () => {
      const document = await written('load.py', `image = open("../${third}")\n`);
      const text = await hoverOver(document, third);
      assert.ok(text, 'there is a hover');
      const base64 = /data:image\/jpeg;base64,([A-Za-z0-9+/=]+)/.exec(text.value)?.[1];
      assert.ok(base64 !== undefined, 'with a picture');
      const jpeg = Buffer.from(base64, 'base64');
      assert.equal(jpeg.readUInt16BE(0), 0xffd8);
      assert.match(text.value, /320&nbsp;×&nbsp;\d+&nbsp;pixels|320 × \d+ pixels/);
      assert.match(text.value, /\d+\s?kB/u);
      assert.ok(text.value.length < 100_000, `${text.value.length} characters`);
      assert.deepEqual(text.isTrusted, {
        enabledCommands: [commandIds.explainImage, 'vscode.open'],
      });
      assert.equal(await explainedBy(document, third), inFolder(third).toString());
      assert.equal(await hoverOver(document, 'image'), undefined);
    },
  },
  ...(
    [
      ['data.json', `{ "image": "third.jpg" }`],
      ['data.yaml', 'image: ./../third.jpg'],
      ['labels.csv', 'path,label\nthird.jpg,cat\n'],
      ['notes.md', '![A cat](../third.jpg "Tabby")'],
      ['page.html', '<img src="/third.jpg?version=2">'],
      ['load.ts', 'const image = `../code/../third.jpg`;'],
      ['windows.py', 'image = open(r"..\\third.jpg")'],
      ['one.py', 'images = glob("../thi*.jp*")'],
    ] as const
  ).map(([name, text]): HostTest => ({
    name: `a hover finds the picture of ${name}`,
    body: async () => {
      const document = await written(name, text);
      const [word = ''] = /thi[*rd.]+jp[g*]/.exec(text) ?? [];
      assert.equal(await explainedBy(document, word), inFolder(third).toString());
    },
  })),
  ...(
    [
      ['join.py', 'ROOT = ".."\nimage = open(os.path.join(ROOT, "third.jpg"))'],
      [
        'division.py',
        'ROOT = Path(__file__).parent.parent\nimage = ROOT / "code" / ".." / "third.jpg"',
      ],
      ['format.py', 'ROOT = Path("..")\nimage = open(f"{ROOT}/third.jpg")'],
      ['join.ts', "readFileSync(path.join(import.meta.dirname, '..', 'third.jpg'))"],
      ['template.ts', "const root = '..';\nconst image = `${root}/third.jpg`;"],
      [
        'lines.py',
        'ROOT = os.path.join(\n    "..",\n)\nopen(\n    os.path.join(\n        ROOT,\n        "third.jpg",\n    )\n)',
      ],
      ['brackets.py', 'image = (\n    Path("..")\n    / "code"\n    / ".."\n    / "third.jpg"\n)'],
      ['lines.ts', "readFileSync(\n  path.join(\n    root,\n    '..',\n    'third.jpg',\n  ),\n);"],
    ] as const
  ).map(([name, text]): HostTest => ({
    name: `a hover finds the picture whose path ${name} puts together`,
    body: async () => {
      const document = await written(name, text);
      assert.equal(await explainedBy(document, third), inFolder(third).toString());
    },
  })),
  {
    name: 'a path over several lines is a link and has a light bulb where it ends, and follows edits',
    body: async () => {
      const call = `open(\n    os.path.join(\n        "..",\n        "${third}",\n    )\n)\n`;
      const document = await written('call.py', call);
      const found = async (): Promise<readonly string[]> => {
        const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
          'vscode.executeLinkProvider',
          document.uri,
        );
        return links.map(({ range }) => `${range.start.line}: ${document.getText(range)}`);
      };
      assert.deepEqual(await found(), [`3: ${third}`]);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(3, 0, 3, 0),
      );
      const [action] = actions.filter(({ title }) => title === explain);
      assert.equal(String(action?.command?.arguments?.[0]), inFolder(third).toString());
      const [folderLine, above] = [new vscode.Range(2, 8, 2, 12), new vscode.Position(0, 0)];
      const gone = new vscode.WorkspaceEdit();
      gone.replace(document.uri, folderLine, '"gone"');
      await vscode.workspace.applyEdit(gone);
      assert.deepEqual(await found(), []);
      const back = new vscode.WorkspaceEdit();
      back.replace(document.uri, new vscode.Range(2, 8, 2, 14), '".."');
      back.insert(document.uri, above, 'import os\n');
      await vscode.workspace.applyEdit(back);
      assert.deepEqual(await found(), [`4: ${third}`]);
    },
  },
  {
    name: 'a part of a path that is put together is no path of its own',
    body: async () => {
      // There is a third.jpg in the workspace, but none in its folder `gone`, and who knows where `split` is.
      for (const [at, text] of [
        `os.path.join("gone", "${third}")`,
        `Path("..") / split / "${third}"`,
        `open(f"{split}/${third}")`,
      ].entries())
        assert.equal(await hoverOver(await written(`part${at}.py`, text), third), undefined, text);
    },
  },
  {
    name: 'home folder, file addresses and absolute paths are understood',
    body: async () => {
      const file = inFolder(third);
      const fromHome = path.relative(homedir(), file.fsPath);
      for (const spelling of [`~/${fromHome}`, file.toString(), file.fsPath]) {
        const document = await written('absolute.py', `image = open("${spelling}")\n`);
        const edit = new vscode.WorkspaceEdit();
        const all = new vscode.Range(0, 0, document.lineCount, 0);
        edit.replace(document.uri, all, `image = open("${spelling}")\n`);
        await vscode.workspace.applyEdit(edit);
        assert.equal(await explainedBy(document, third), file.toString(), spelling);
      }
    },
  },
  {
    name: 'no hover where no file is, where several fit, and where the language has it off',
    body: async () => {
      const document = await written('none.py', `open("../fourth.jpg"), glob("../*.jpg")\n`);
      assert.equal(await hoverOver(document, 'fourth'), undefined);
      assert.equal(await hoverOver(document, '../*.jpg'), undefined);
      const other = await written('off.py', `open("../${third}")\n`);
      await withSetting(
        'vitExplainer.imagePaths',
        false,
        async () => assert.equal(await hoverOver(other, third), undefined),
        { languageId: 'python' },
      );
      assert.ok(await hoverOver(other, third), 'and on again');
    },
  },
  {
    name: 'paths from a data root are found',
    body: async () => {
      const pictures = inFolder('far/away/pictures');
      await vscode.workspace.fs.createDirectory(pictures);
      const target = vscode.Uri.joinPath(pictures, 'rooted.jpg');
      await vscode.workspace.fs.copy(inFolder(third), target, { overwrite: true });
      const document = await written('root.py', 'open("pictures/rooted.jpg")\n');
      assert.equal(await explainedBy(document, 'rooted'), undefined);
      for (const root of ['far/away', inFolder('far/away').fsPath]) {
        await withSetting('vitExplainer.dataRoots', [root], async () => {
          assert.equal(await explainedBy(document, 'rooted'), target.toString(), root);
        });
      }
    },
  },
  {
    name: 'a picture that cannot be read says so in the hover, and can be opened',
    body: async () => {
      const document = await written('broken.py', 'open("../broken.jpg")\n');
      const text = await hoverOver(document, 'broken');
      assert.ok(text !== undefined && !text.value.includes('base64'));
      assert.match(text.value.replaceAll('&nbsp;', ' '), /could not be read as a picture/);
      assert.match(text.value, /command:vscode\.open/);
    },
  },
  {
    name: 'paths are links that explain, and light bulbs offer the same',
    body: async () => {
      const document = await written(
        'list.py',
        `a = ["../${third}", "../second.webp", "no.png"]\n`,
      );
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        document.uri,
      );
      assert.deepEqual(
        links.map(({ range }) => document.getText(range)),
        [`../${third}`, '../second.webp'],
      );
      for (const { target } of links) {
        assert.equal(target?.scheme, 'command');
        assert.equal(target.path, commandIds.explainImage);
      }
      const actionsAt = async (column: number): Promise<string[]> => {
        const at = new vscode.Position(0, column);
        const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
          'vscode.executeCodeActionProvider',
          document.uri,
          new vscode.Range(at, at),
        );
        return actions.map(({ title }) => title).filter((title) => title.startsWith(explain));
      };
      assert.deepEqual(await actionsAt(0), [`${explain}: ${third}`, `${explain}: second.webp`]);
      assert.deepEqual(await actionsAt(10), [explain]);
    },
  },
  {
    name: 'a path in a notebook’s cell has a hover, and a picture that a cell put out is explained',
    body: async () => {
      const bytes = await vscode.workspace.fs.readFile(inFolder(third));
      const code = new vscode.NotebookCellData(
        vscode.NotebookCellKind.Code,
        `image = open("${third}")`,
        'python',
      );
      code.outputs = [
        new vscode.NotebookCellOutput([new vscode.NotebookCellOutputItem(bytes, 'image/jpeg')]),
      ];
      const root = new vscode.NotebookCellData(
        vscode.NotebookCellKind.Code,
        `FOLDER = "${folder().fsPath}"`,
        'python',
      );
      const joined = new vscode.NotebookCellData(
        vscode.NotebookCellKind.Code,
        'image = open(os.path.join(FOLDER, "second.webp"))',
        'python',
      );
      const text = new vscode.NotebookCellData(
        vscode.NotebookCellKind.Markup,
        '![A cat](second.webp)',
        'markdown',
      );
      const notebook = await vscode.workspace.openNotebookDocument(
        'jupyter-notebook',
        new vscode.NotebookData([code, text, root, joined]),
      );
      await vscode.window.showNotebookDocument(notebook);
      assert.equal(
        await explainedBy(notebook.cellAt(0).document, third),
        inFolder(third).toString(),
      );
      assert.equal(
        await explainedBy(notebook.cellAt(3).document, 'second'),
        inFolder('second.webp').toString(),
        'a name that another cell defines',
      );
      await vscode.window.showNotebookDocument(notebook, {
        selections: [new vscode.NotebookRange(1, 2)],
      });
      await vscode.commands.executeCommand(commandIds.explainNotebookImage);
      await until('the picture of the text has a panel', () =>
        panelTabs().some(({ label }) => label === 'second.webp – ViT'),
      );
      await vscode.window.tabGroups.close(panelTabs());
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    },
  },
  {
    name: 'explain_image tells classes, evidence and limits, with the picture',
    body: async () => {
      assert.ok(vscode.lm.tools.some(({ name }) => name === 'explain_image'));
      const answer = await answerOf({ path: inFolder(third).fsPath, k: 3 });
      const text = textOf(answer);
      assert.match(text, /third\.jpg: 320 × \d+ pixels/);
      assert.match(text, /\n1\. .+ \(class \d+\): [\d.]+ %, logit .+\n2\. .+\n3\. .+\n\n/);
      assert.match(text, /top: left [\d.<]+ ?[\d.]* %, centre .+\nmiddle: .+\nbottom: /);
      const numbers = JSON.parse(/As rows of numbers: (.+)/.exec(text)?.[1] ?? '') as number[][];
      const sum = numbers.flat().reduce((all, one) => all + one, 0);
      assert.ok(Math.abs(sum - 1) < 0.01, `the shares add up to ${sum}`);
      assert.match(text, /Method: .+ \(libra_fullgrad\)/);
      assert.match(text, /What it cannot tell: \S+/);
      const best = /\n1\. (.+) \(class (\d+)\)/.exec(text);
      const again = textOf(
        await answerOf({ path: inFolder(third).fsPath, target: best?.[1], method: 'gae' }),
      );
      assert.ok(again.includes(`the evidence for “${best?.[1]}” (class ${best?.[2]},`), again);
      const rather = textOf(
        await answerOf({ path: inFolder(third).fsPath, target: 3, against: 5, method: 'gae' }),
      );
      assert.match(rather, /the evidence for “.+” rather than “.+” \(class 3,/);
      const byNumber = textOf(
        await answerOf({
          path: inFolder(third).fsPath,
          target: 3,
          k: 1,
          method: 'attention_rollout',
        }),
      );
      assert.match(byNumber, /Method: .+ \(attention_rollout\)/);
      assert.match(byNumber, /the attention, which is the same for every class/);
      assert.ok(!byNumber.includes('\n2. '), 'one class is listed');
      const picture = answer.content[1] as { mimeType?: string; data?: Uint8Array } | undefined;
      if ('LanguageModelDataPart' in vscode) {
        assert.equal(picture?.mimeType, 'image/png');
        assert.equal(Buffer.from(picture.data ?? []).readUInt32BE(0), 0x89504e47);
      } else {
        assert.equal(picture, undefined);
      }
    },
  },
  {
    name: 'explain_image’s errors say what to call it with',
    body: async () => {
      const file = inFolder(third).fsPath;
      for (const [input, expected] of [
        [{ path: third }, new RegExp(`is not absolute\\. Call the tool again with ${file}\\.`)],
        [
          { path: 'gone/fourth.jpg' },
          new RegExp(`absolute path; the workspace is in ${folder().fsPath}`),
        ],
        [{}, /has to be the absolute path of a picture; it is missing/],
        [{ path: 7 }, /it is 7\./],
        [
          { path: inFolder('gone.jpg').fsPath },
          /There is no file .*gone\.jpg.*its folder, e\.g\. .*third\.jpg/,
        ],
        [{ path: folder().fsPath }, /is a folder.*a picture that is in it, e\.g\. .*third\.jpg/],
        [{ path: inFolder('broken.jpg').fsPath }, /could not be read as a picture/],
        [{ path: file, method: 'guess' }, /one of transformer_attribution, gae/],
        [
          { path: file, target: 'unicorn of no class' },
          /no class named.*one of: 0 .+; 1 .+“target”/,
        ],
        [{ path: file, target: 100_000 }, /there is no class 100000.*one of: 0 /],
        [
          { path: file, against: 3 },
          /“against” needs a class in “target”.*Call the tool again with both/,
        ],
        [{ path: file, target: 3, against: 3 }, /cannot be told from itself/],
        [{ path: file, k: 21 }, /“k” is 21\. Call the tool again with a whole number from 1 to 20/],
        [{ path: file, k: 0.5 }, /whole number from 1 to 20/],
      ] as const)
        await assert.rejects(answerOf(input), expected);
    },
  },
  cleaning,
];

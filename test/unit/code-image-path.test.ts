import { describe, expect, it } from 'vitest';
import { CodeLines } from '../../src/extension/code/code-lines';
import { constantsOf } from '../../src/extension/code/constant-paths';
import {
  imagePathAt,
  imagePathsIn,
  type PathLiteral,
} from '../../src/extension/code/image-path-at';
import { mayNamePictures } from '../../src/extension/code/may-name-pictures';
import { syntaxOfLanguage, type LineSyntax } from '../../src/extension/code/line-syntax';
import type { ConstantOf } from '../../src/extension/code/string-literals';
import { processorMilliseconds } from '../processor-time';

/** A line of a language, and the paths in it. */
type Row = readonly [line: string, paths: readonly string[], syntax?: LineSyntax];

function pathsIn(
  line: string,
  syntax: LineSyntax,
  constantOf?: ConstantOf,
): readonly PathLiteral[] {
  const paths = imagePathsIn(CodeLines.of(line, syntax), 0, constantOf);
  // The rest of such a text, where its constants are, is not looked at here.
  if (constantOf === undefined && paths.length > 0) expect(mayNamePictures(line)).toBe(true);
  return paths;
}

/** The paths of a text, each as it is written where it is found. */
function placesIn(text: string, syntax: LineSyntax): readonly (readonly [string, string])[] {
  const code = CodeLines.of(text, syntax);
  const constantOf = constantsOf([code]);
  const places = Array.from({ length: code.count }, (_, line) =>
    imagePathsIn(code, line, constantOf).map(
      ({ path, start, end }) => [path, code.textAt(line).slice(start, end)] as const,
    ),
  ).flat();
  if (places.length > 0) expect(mayNamePictures(text)).toBe(true);
  return places;
}

const quoted: readonly Row[] = [
  [`image = Image.open("data/cat.jpg")`, ['data/cat.jpg']],
  [`image = Image.open('data/cat.jpg')`, ['data/cat.jpg']],
  ['const url = `data/cat.jpg`;', ['data/cat.jpg']],
  [`path = """data/my cat.jpg"""`, ['data/my cat.jpg']],
  [`open(r"C:\\photos\\cat.JPG")`, ['C:/photos/cat.JPG']],
  [`open("C:\\\\photos\\\\cat.jpg")`, ['C:/photos/cat.jpg']],
  [`open(b'./cat.webp')`, ['./cat.webp']],
  [`a = ["one.png", 'two.jpeg', "three.txt"]`, ['one.png', 'two.jpeg']],
  [`{"image": "val\\/n01440764\\/1.JPEG", "label": 0}`, ['val/n01440764/1.JPEG']],
  [`{"image": "caf\\u00e9.png"}`, ['café.png']],
  [`open("~/photos/cat.tiff")`, ['~/photos/cat.tiff']],
  [`open("/data/cat (1).jpg")`, ['/data/cat (1).jpg']],
  [`fetch("file:///data/cat.jpg")`, ['file:///data/cat.jpg']],
  [`glob("data/cat*/0?.png")`, ['data/cat*/0?.png']],
  [`glob("data/cat.*"), glob('cat.jp*g')`, ['data/cat.*', 'cat.jp*g']],
  [`glob("data/*.{jpg,png}")`, ['data/*.{jpg,png}']],
  [`open("../my photos/cat.jpg") # don't`, ['../my photos/cat.jpg']],
  [`# don't forget 'my cat.jpg'`, ['my cat.jpg']],
  ['const html = `<img src="img/cat.avif" alt="x">`;', ['img/cat.avif']],
  [`<img src="img/cat.svg?version=2" width=3>`, ['img/cat.svg']],
  [`<img src='img/cat.gif#top'>`, ['img/cat.gif']],
  [`url("../img/cat.png")`, ['../img/cat.png']],
  [`"source": ["img = open('a/b.png')\\n"]`, ['a/b.png']],
];

const bare: readonly Row[] = [
  ['# see data/cat.jpg, please', ['data/cat.jpg']],
  ['It is in data/cat.jpg.', ['data/cat.jpg']],
  ['data/cat.jpg:12:3 is broken', ['data/cat.jpg']],
  ['<img src=img/cat.png width=3>', ['img/cat.png']],
  ['python explain.py --image=data/cat.jpg -k 5', ['data/cat.jpg']],
  ['url(../img/cat.png)', ['../img/cat.png']],
  ['image:cat.png', ['cat.png']],
  ['C:\\photos\\cat.jpg', ['C:/photos/cat.jpg']],
  ['file:///data/cat.jpg', ['file:///data/cat.jpg']],
  ['~/cat.jpg ./cat.png', ['~/cat.jpg', './cat.png']],
];

const byLanguage: readonly Row[] = [
  ['data/my cat.jpg,tabby cat,0.3', ['data/my cat.jpg'], 'csv'],
  ['0\tdata/my cat.jpg\tcat', ['data/my cat.jpg'], 'csv'],
  ['1;"data/one, two.jpg";cat', ['data/one, two.jpg'], 'csv'],
  ['a.png,b.png', ['a.png', 'b.png'], 'csv'],
  ['image: data/my cat.jpg', ['data/my cat.jpg'], 'yaml'],
  ['- data/my cat.jpg  # the tabby', ['data/my cat.jpg'], 'yaml'],
  ['images: [one.png, my two.png]', ['one.png', 'my two.png'], 'yaml'],
  [`image: "data/my cat.jpg"`, ['data/my cat.jpg'], 'yaml'],
  ['image: &cat data/my cat.jpg', ['data/my cat.jpg'], 'yaml'],
  ['- !!str data/my cat.jpg', ['data/my cat.jpg'], 'yaml'],
  ['image: &cat !path "data/cat.jpg"', ['data/cat.jpg'], 'yaml'],
  ['images: [&a one.png, !path my two.png]', ['one.png', 'my two.png'], 'yaml'],
  [`image: 'data\\new.jpg'`, ['data/new.jpg'], 'yaml'],
  ['![A cat](data/my\\_cat\\(1\\).jpg)', ['data/my_cat(1).jpg']],
  ['![A cat](data\\cat.jpg)', ['data/cat.jpg']],
  [`open(r"data\\new.jpg"), open(Rb'data\\new.jpg')`, ['data/new.jpg', 'data/new.jpg'], 'python'],
  [`open("data\\\\new.jpg")`, ['data/new.jpg'], 'python'],
  [`open("C:\\photos\\cat.jpg")`, ['C:/photos/cat.jpg'], 'python'],
  [`open("caf\\u00e9/\\x61\\U00000062\\143.png")`, ['café/abc.png'], 'python'],
  [`open("data\\new.jpg")`, ['data/new.jpg'], 'other'],
  ['![A cat](data/cat.jpg)', ['data/cat.jpg']],
  ['![A cat](<data/my cat.jpg> "Tabby")', ['data/my cat.jpg']],
  ['![A cat](data/cat%20(1).jpg "Tabby") and [it](b.png)', ['data/cat%20(1).jpg', 'b.png']],
  ['[![badge](a.svg)](b.png)', ['a.svg', 'b.png']],
  ['[cat]: data/cat.jpg', ['data/cat.jpg']],
];

const none: readonly string[] = [
  '',
  'const svg = d3.select("svg");',
  'open("https://example.org/cat.jpg")',
  '![badge](https://example.org/badge.svg)',
  'See https://example.org/cat.jpg for more.',
  'open("s3://bucket/cat.jpg")',
  'src="data:image/png;base64,AAAA.png"',
  'open(f"{root}/cat.jpg")',
  'open(`${root}/cat.jpg`)',
  'name.endswith(".png")',
  'open("cat.jpg.txt")',
  'open("cat.png/notes.txt")',
  'open("catjpg")',
  'import java.util.*',
  '"include": ["src/**/*.{ts,tsx}"]',
  `"${'a'.repeat(20_000)}.png"`,
];

/** Put together in the line; `ROOT` is `data` and `NAME` is nothing that is known. */
const joined: readonly Row[] = [
  [`os.path.join(ROOT, "a", "b.jpg")`, ['data/a/b.jpg']],
  [`os.path.join(NAME, "a", "b.jpg")`, ['a/b.jpg']],
  [`os.path.join(os.path.dirname(os.path.abspath(__file__)), 'a', 'b.jpg')`, ['a/b.jpg']],
  [`os.path.join("a/", "/b/c.jpg")`, ['/b/c.jpg']],
  [`os.path.join("~", "b.jpg")`, ['~/b.jpg']],
  [`os.path.join(os.path.expanduser("~/photos"), "b.jpg")`, ['~/photos/b.jpg']],
  [`const file = path.join(__dirname, '..', 'a', 'b.jpg');`, ['../a/b.jpg']],
  [`fs.readFileSync(path.resolve(import.meta.dirname, './b.jpg'))`, ['./b.jpg']],
  [`path.join(os.homedir(), 'b.jpg')`, ['~/b.jpg']],
  [`vscode.Uri.joinPath(root, 'a', 'b.jpg')`, ['a/b.jpg']],
  [`filepath.Join("a", "b.jpg")`, ['a/b.jpg']],
  [`Path.Combine("a", "b.jpg")`, ['a/b.jpg']],
  [`Image.open(Path("data") / "x.png")`, ['data/x.png']],
  [`Path("data", "x.png")`, ['data/x.png']],
  [`ROOT / "a" / "x.png"`, ['data/a/x.png']],
  [`(ROOT / "a") / "x.png"`, ['data/a/x.png']],
  [`Path(__file__).parent.parent / "a" / "x.png"`, ['a/x.png']],
  [`Path.home() / "a" / "x.png"`, ['~/a/x.png']],
  [`pathlib.Path("a").joinpath("b", "c.png")`, ['a/b/c.png']],
  [`self.root.joinpath("b", "c.png")`, ['b/c.png']],
  [`list(Path("data").glob("*.png"))`, ['data/*.png']],
  [`str(Path("a") / "b.png")`, ['a/b.png']],
  [`Path("a/b.png").with_suffix(".txt")`, ['a/b.png']],
  [`"data/" + "x.png"`, ['data/x.png']],
  [`'data\\\\' + 'x.png'`, ['data/x.png']],
  [`open(f"data/x.png"), open(rf"data\\x.png")`, ['data/x.png', 'data/x.png']],
  [`open(f"{ROOT}/x.png")`, ['data/x.png']],
  ['open(`${ROOT}/x.png`)', ['data/x.png']],
  [`open(f"{'data'}/{{x}}.png")`, ['data/{x}.png']],
  [
    `a = [Path("a") / "b.png", "c.png", os.path.join("d", "e.png")]`,
    ['a/b.png', 'c.png', 'd/e.png'],
  ],
  [`open("a.png" if NAME else "b.png")`, ['a.png', 'b.png']],
  [`("cat", "a/b.png"), ("dog", "c.png")`, ['a/b.png', 'c.png']],
  [`image = open("a.png") / 255 # "b.png"`, ['a.png', 'b.png']],
  [`"a.png" / "b.png"`, ['a.png', 'b.png']],
  [`print("a.png" + "\n")`, ['a.png']],
  [`"/".join(["a", "b.png"])`, ['b.png']],
  [`<img src="a/b.png"/> "c.png"`, ['a/b.png', 'c.png']],
];

/** A part after a known one is not known, so nothing can be said. */
const joinedByTheProgram: readonly string[] = [
  `os.path.join("data", NAME, "x.png")`,
  `os.path.join(ROOT, NAME, "x.png")`,
  `Path("data") / NAME / "x.png"`,
  `Path("a/b.txt").parent / "x.png"`,
  `"data/" + NAME + "/x.png"`,
  `Path("data") / f"{NAME}.png"`,
  `open(f"{NAME}/x.png")`,
  `open(f"{ROOT:>9}/x.png")`,
  'open(`${ROOT}/${NAME}.png`)',
  `"https://example.org/" + "x.png"`,
  `paths[0] + ".png"`,
];
const constantOf = (name: string): string | undefined => (name === 'ROOT' ? 'data' : undefined);

const rows = [...quoted, ...bare, ...byLanguage].map(([line, paths, syntax = 'other']) => ({
  line,
  paths,
  syntax,
}));

describe('paths of pictures in a line', () => {
  it.each(rows)('$syntax: $line', ({ line, paths, syntax }) => {
    expect(pathsIn(line, syntax).map(({ path }) => path)).toEqual(paths);
  });

  it.each(none)('none in %s', (line) => {
    for (const syntax of ['other', 'csv', 'yaml'] as const)
      expect(pathsIn(line, syntax)).toEqual([]);
  });

  it.each(rows)('where they stand: $line', ({ line, syntax }) => {
    for (const { path, start, end } of pathsIn(line, syntax)) {
      const text = line.slice(start, end);
      expect(text).toMatch(/^[^"'`\s].*\.[\w*{},]+([?#].*)?$/);
      expect(text.length).toBeGreaterThanOrEqual(path.length);
    }
  });
});

describe('escapes in strings', () => {
  it.each<readonly [line: string, syntax: LineSyntax]>([
    [`open("data\\new.jpg")`, 'python'],
    [`open('\\new.jpg')`, 'python'],
    [`open(f"data\\tabby.jpg")`, 'python'],
    [`os.path.join("data", "\\new.jpg")`, 'python'],
    [`fopen("data\\new.jpg")`, 'c'],
    [`image: "data\\new.jpg"`, 'yaml'],
  ])('are read as the language reads them: %s', (line, syntax) => {
    const paths = pathsIn(line, syntax).map(({ path }) => path);
    expect(paths.filter((path) => /new|tabby/.test(path))).toEqual([]);
  });
});

describe('paths that a line puts together', () => {
  it.each(joined.map(([line, paths]) => ({ line, paths })))('$line', ({ line, paths }) => {
    expect(pathsIn(line, 'other', constantOf).map(({ path }) => path)).toEqual(paths);
  });

  it.each(joinedByTheProgram)('none in %s', (line) => {
    expect(pathsIn(line, 'other', constantOf)).toEqual([]);
  });

  it('stand where their last part does', () => {
    const line = `os.path.join(ROOT, "a", r'b.jpg'), "c.jpg"`;
    const found = pathsIn(line, 'other', constantOf);
    expect(found.map(({ start, end }) => line.slice(start, end))).toEqual(['b.jpg', 'c.jpg']);
    const code = CodeLines.of(line, 'other');
    expect(imagePathAt(code, 0, line.indexOf('b.jpg'), constantOf)?.path).toBe('data/a/b.jpg');
    expect(imagePathAt(code, 0, line.indexOf('"a"') + 1, constantOf)).toBeUndefined();
  });
});

/** A text as formatters divide it; the paths in it, and where each is found. */
type Text = readonly [
  what: string,
  lines: readonly string[],
  places: readonly (readonly [path: string, place: string])[],
  syntax?: LineSyntax,
];

const overLines: readonly Text[] = [
  [
    'os.path.join',
    ['image = os.path.join(', '    root,', '    "train",', '    "cat.jpg",', ')'],
    [['train/cat.jpg', 'cat.jpg']],
    'python',
  ],
  [
    'path.join',
    ['const image = path.join(', '  __dirname,', "  '..',", "  'cat.jpg',", ');'],
    [['../cat.jpg', 'cat.jpg']],
  ],
  [
    'calls in calls',
    ['Image.open(', '    os.path.join(', '        "a",', '        "b.png",', '    )', ')'],
    [['a/b.png', 'b.png']],
    'python',
  ],
  [
    'what an inner call joins',
    ['Path(', '    os.path.join(', '        "a",', '        "b",', '    ),', '    "c.png",', ')'],
    [['a/b/c.png', 'c.png']],
    'python',
  ],
  [
    'division in brackets',
    ['image = (', '    Path("data")', '    / "train"', '    / "cat.jpg"', ')'],
    [['data/train/cat.jpg', 'cat.jpg']],
    'python',
  ],
  [
    'what follows the brackets',
    ['image = (', '    Path("data")', ') / "cat.jpg"'],
    [['data/cat.jpg', 'cat.jpg']],
    'python',
  ],
  [
    'a chain of calls',
    ['Path("data")', '  .joinpath("train")', '  .joinpath("cat.jpg")'],
    [['data/train/cat.jpg', 'cat.jpg']],
  ],
  [
    'a call that closes and another that opens',
    ['Path(', '  "data",', ').joinpath(', '  "cat.jpg",', ')'],
    [['data/cat.jpg', 'cat.jpg']],
  ],
  [
    'operators at the ends of lines',
    ['const image =', '  root +', "  'data/' +", "  'cat.jpg';"],
    [['data/cat.jpg', 'cat.jpg']],
  ],
  [
    'a line that ends with a backslash',
    ['image = Path("data") \\', '    / "cat.jpg"'],
    [['data/cat.jpg', 'cat.jpg']],
    'python',
  ],
  [
    'strings side by side',
    ['image = (', '    "data/"', '    f"train/"', '    "cat.jpg"', ')'],
    [['data/train/cat.jpg', 'cat.jpg']],
    'python',
  ],
  [
    'strings side by side in a line',
    ['open("data/" "cat.jpg")'],
    [['data/cat.jpg', 'cat.jpg']],
    'c',
  ],
  [
    'strings side by side in a list',
    ['images = [', '    "data/"', '    "cat.jpg",', '    "dog.jpg",', ']'],
    [
      ['data/cat.jpg', 'cat.jpg'],
      ['dog.jpg', 'dog.jpg'],
    ],
    'python',
  ],
  [
    'strings side by side elsewhere',
    ['cp "a.png" "b.png"', '"c.png"', '"d.png"'],
    ['a', 'b', 'c', 'd'].map((name) => [`${name}.png`, `${name}.png`] as const),
    'shell',
  ],
  [
    'comments between the parts',
    [
      'os.path.join(',
      '    root,  # the root (of all',
      '    "train",  # don\'t',
      '    # "test",',
      '    "cat.jpg",',
      ')',
    ],
    [['train/cat.jpg', 'cat.jpg']],
    'python',
  ],
  [
    'comments of other languages',
    ['path.join(', "  'a', // the 'first' (", "  /* 'b', */ 'c.jpg',", ')'],
    [['a/c.jpg', 'c.jpg']],
  ],
  [
    'a path in a comment of its own',
    ['a = (  # os.path.join("a", "b.jpg")', '    Path("c")', ')'],
    [['a/b.jpg', 'b.jpg']],
    'python',
  ],
  [
    'a part that only the program knows',
    ['os.path.join(', '    "data",', '    split,', '    "cat.jpg",', ')'],
    [],
    'python',
  ],
  [
    'arguments that are paths of their own',
    ['show(', '    "a.png",', '    os.path.join("b", "c.png"),', '    "d.png",', ')'],
    [
      ['a.png', 'a.png'],
      ['b/c.png', 'c.png'],
      ['d.png', 'd.png'],
    ],
    'python',
  ],
  [
    'a list in a call',
    [
      'load([',
      '    "a.png",',
      '    os.path.join(',
      '        "b",',
      '        "c.png",',
      '    ),',
      '])',
    ],
    [
      ['a.png', 'a.png'],
      ['b/c.png', 'c.png'],
    ],
    'python',
  ],
  [
    'a function as an argument',
    [
      "it('reads', () => {",
      '  read(',
      '    path.join(',
      "      'a',",
      "      'b.png',",
      '    ),',
      '  );',
      '});',
    ],
    [['a/b.png', 'b.png']],
  ],
  [
    'a bracket that nobody closes',
    ['(an aside', 'path.join("a", "b.png")', '"c.png"'],
    [
      ['a/b.png', 'b.png'],
      ['c.png', 'c.png'],
    ],
  ],
  [
    'constants over several lines',
    [
      'ROOT = os.path.join(',
      '    "data",',
      '    "train",',
      ')',
      'BELOW = (',
      '    Path(ROOT)',
      '    / "cats"',
      ')',
      'image = BELOW / "cat.jpg"',
    ],
    [['data/train/cats/cat.jpg', 'cat.jpg']],
    'python',
  ],
  [
    'a constant on the line below',
    ['const root =', "  './data';", 'const image = `${root}/cat.jpg`;'],
    [['./data/cat.jpg', '${root}/cat.jpg']],
  ],
  [
    'the names of arguments',
    ['root = "data"', 'load(', '    root="elsewhere",', ')', 'open(f"{root}/cat.jpg")'],
    [['data/cat.jpg', '{root}/cat.jpg']],
    'python',
  ],
  [
    'a text in three quotes below a constant',
    ['ROOT = "data"', '"""Where the "pictures" are."""', 'open(f"{ROOT}/cat.jpg")'],
    [['data/cat.jpg', '{ROOT}/cat.jpg']],
    'python',
  ],
];

describe('paths that several lines put together', () => {
  it.each(
    overLines.map(([what, lines, places, syntax = 'other']) => ({ what, lines, places, syntax })),
  )('$what', ({ lines, places, syntax }) => {
    expect(placesIn(lines.join('\n'), syntax)).toEqual(places);
  });

  it('are followed through lines as people write them', () => {
    const call = (parts: number): string =>
      ['join(', ...Array.from({ length: parts }, () => '  "a",'), '  "b.png",', ')'].join('\n');
    expect(placesIn(call(40), 'python')).toEqual([[`${'a/'.repeat(40)}b.png`, 'b.png']]);
    expect(placesIn(call(400), 'python')).toEqual([['b.png', 'b.png']]);
  });

  it.each([
    ['a list', '[', '    "images/cat.png",'],
    ['a tuple', '(', '    "images/cat.png",'],
    ['a call', 'load(', '    join("images", "cat.png"),'],
    ['brackets that stay open', '', 'load("images/cat.png", ('],
    ['an endless sum', '', '    + "images/cat.png" +'],
  ])('read few lines of %s of 20,000 lines', (_, first, line) => {
    const lines = [first, ...Array.from({ length: 20_000 }, () => line)];
    let reads = 0;
    const textAt = (at: number): string => {
      reads += 1;
      return lines[at] ?? '';
    };
    const code = new CodeLines(lines.length, textAt, 'python');
    expect(imagePathsIn(code, 10_000).map(({ path }) => path)).toEqual(['images/cat.png']);
    expect(reads).toBeLessThan(200);
  });

  it('read each of 20,000 lines a few times, however many are asked for', () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `    "images/${at}.png",`);
    let reads = 0;
    const code = new CodeLines(
      lines.length,
      (at) => {
        reads += 1;
        return lines[at] ?? '';
      },
      'python',
    );
    for (let at = 0; at < lines.length; at += 1) imagePathsIn(code, at);
    expect(reads).toBeLessThan(4 * lines.length);
  });

  it.each<readonly [languageId: string, path: string, syntax: LineSyntax]>([
    ['python', '/a.py', 'python'],
    ['shellscript', '/a.sh', 'shell'],
    ['cpp', '/a.cc', 'c'],
    ['plaintext', '/a.tsv', 'csv'],
    ['csv (semicolon)', '/a', 'csv'],
    ['yaml', '/a.yml', 'yaml'],
    ['typescript', '/a.ts', 'other'],
  ])('%s (%s) is read as %s', (languageId, path, syntax) => {
    expect(syntaxOfLanguage(languageId, path)).toBe(syntax);
  });
});

describe('what a name stands for', () => {
  const python = `
    ROOT = "data/val"
    root: Path = Path("data") / "train"  # the pictures
    BELOW = os.path.join(ROOT, 'cats')
    HOME = Path.home()
    twice = "a"
    twice = "b"
    grows = "a"
    grows += "b"
    LOOP = LOOP + "a"
    BESIDE = Path(__file__).parent / "data"
    given = parse().root
    width = 224
    equal == "a"
    f = lambda twice: "a"
  `;
  it.each<readonly [name: string, value: string | undefined]>([
    ['ROOT', 'data/val'],
    ['root', 'data/train'],
    ['BELOW', 'data/val/cats'],
    ['HOME', '~'],
    ['twice', undefined],
    ['grows', undefined],
    ['LOOP', undefined],
    ['BESIDE', 'data'],
    ['given', undefined],
    ['width', undefined],
    ['equal', undefined],
    ['elsewhere', undefined],
  ])('%s: %s', (name, value) => {
    expect(constantsOf([CodeLines.of(python, 'python')])(name)).toBe(value);
  });

  it('in TypeScript', () => {
    const text = "export const root: string = './data'; // here\nlet $at = `${root}/val`;\n";
    const constantOf = constantsOf([CodeLines.of(text, 'other')]);
    expect(constantOf('root')).toBe('./data');
    expect(constantOf('$at')).toBe('./data/val');
  });
});

describe('the path at a column', () => {
  const line = `pair = ["one.png", "two.png"]`;

  it.each([
    [8, undefined],
    [9, 'one.png'],
    [12, 'one.png'],
    [16, 'one.png'],
    [17, undefined],
    [20, 'two.png'],
    [29, undefined],
  ])('%i: %s', (column, path) => {
    expect(imagePathAt(CodeLines.of(line, 'other'), 0, column)?.path).toBe(path);
  });

  it('takes no longer on a line made to be slow', () => {
    const nasty = `${`'\\`.repeat(2000)}${'"`'.repeat(1000)}](${'('.repeat(1000)} .png`;
    const started = processorMilliseconds();
    pathsIn(nasty, 'yaml');
    pathsIn(`${'('.repeat(3000)}${'join("a", '.repeat(300)}${'/ "b"'.repeat(300)}.png`, 'other');
    pathsIn(`'C:${'\\a'.repeat(4000)}.png`, 'other');
    pathsIn(`${'"a" + '.repeat(1500)}".png"`, 'other');
    pathsIn(`${'/* */'.repeat(1900)}.png`, 'other');
    pathsIn(`${'"""'.repeat(3000)}.png`, 'python');
    expect(processorMilliseconds() - started).toBeLessThan(1000);
  });
});

describe('whether a text is read for paths at all', () => {
  it.each([
    'import torch\nfrom timm import *\nstart, target = 1 * 2, 3\n',
    'loss.backward(x.shape[0])\n# the starter of a tartan\n',
    '',
  ])('not %j', (text) => {
    expect(mayNamePictures(text)).toBe(false);
  });

  it.each([
    'root / f"{name}.{ending}"\nending = "JPG"',
    'glob("data/cat.*")',
    'glob("data/cat.jp*g")',
    '_Download data/train.tar_',
    'Dataset("train-{0000..0012}.tar")',
  ])('%j', (text) => {
    expect(mayNamePictures(text)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { constantsOf } from '../../src/extension/code/constant-paths';
import { imagePathAt, imagePathsIn, type LineSyntax } from '../../src/extension/code/image-path-at';

/** A line of a language, and the paths in it. */
type Row = readonly [line: string, paths: readonly string[], syntax?: LineSyntax];

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
    expect(imagePathsIn(line, syntax).map(({ path }) => path)).toEqual(paths);
  });

  it.each(none)('none in %s', (line) => {
    for (const syntax of ['other', 'csv', 'yaml'] as const) {
      expect(imagePathsIn(line, syntax)).toEqual([]);
    }
  });

  it.each(rows)('where they stand: $line', ({ line, syntax }) => {
    for (const { path, start, end } of imagePathsIn(line, syntax)) {
      const text = line.slice(start, end);
      expect(text).toMatch(/^[^"'`\s].*\.[\w*{},]+([?#].*)?$/);
      expect(text.length).toBeGreaterThanOrEqual(path.length);
    }
  });
});

describe('paths that a line puts together', () => {
  it.each(joined.map(([line, paths]) => ({ line, paths })))('$line', ({ line, paths }) => {
    expect(imagePathsIn(line, 'other', constantOf).map(({ path }) => path)).toEqual(paths);
  });

  it.each(joinedByTheProgram)('none in %s', (line) => {
    expect(imagePathsIn(line, 'other', constantOf)).toEqual([]);
  });

  it('stand where their last part does', () => {
    const line = `os.path.join(ROOT, "a", r'b.jpg'), "c.jpg"`;
    const found = imagePathsIn(line, 'other', constantOf);
    expect(found.map(({ start, end }) => line.slice(start, end))).toEqual(['b.jpg', 'c.jpg']);
    expect(imagePathAt(line, line.indexOf('b.jpg'), 'other', constantOf)?.path).toBe(
      'data/a/b.jpg',
    );
    expect(imagePathAt(line, line.indexOf('"a"') + 1, 'other', constantOf)).toBeUndefined();
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
    expect(constantsOf(python)(name)).toBe(value);
  });

  it('in TypeScript', () => {
    const text = "export const root: string = './data'; // here\nlet $at = `${root}/val`;\n";
    expect(constantsOf(text)('root')).toBe('./data');
    expect(constantsOf(text)('$at')).toBe('./data/val');
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
    expect(imagePathAt(line, column, 'other')?.path).toBe(path);
  });

  it('takes no longer on a line made to be slow', () => {
    const nasty = `${`'\\`.repeat(2000)}${'"`'.repeat(1000)}](${'('.repeat(1000)} .png`;
    const started = performance.now();
    imagePathsIn(nasty, 'yaml');
    imagePathsIn(
      `${'('.repeat(3000)}${'join("a", '.repeat(300)}${'/ "b"'.repeat(300)}.png`,
      'other',
    );
    expect(performance.now() - started).toBeLessThan(500);
  });
});

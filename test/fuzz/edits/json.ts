/** Faults of JSON: other values, keys and depths in their places. */
import { below, pick, type Edit, type Random } from '../input';

type Container = Record<string | number, unknown>;
type Place = readonly [container: Container, key: string];

/** JSON texts, since some of them are no value (a number too large, a key twice). */
const oddValues = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-1',
    '1.5',
    '1e308',
    '1e999',
    '9007199254740993',
    '2147483648',
  ],
  ...[
    '""',
    '"x"',
    '"1"',
    '"\\u0000"',
    '"__proto__"',
    '"../../x"',
    '"/dev/zero"',
    '[]',
    '{}',
    '[[]]',
  ],
  ...[
    '[null]',
    '{"__proto__": {"a": 1}}',
    '{"constructor": 1, "length": -1}',
    '"NaN"',
    '"\\ud800"',
  ],
  ...[
    '[0, 0]',
    '[-1, 1]',
    '[100000, 100000]',
    '[1e9, 1e9]',
    '{"0": "a"}',
    '{"read": 1}',
    '[1, "1"]',
  ],
];
const deep = '[]{}';

/** The places of all values, the outermost left out; as many as are quickly found. */
function placesOf(outermost: unknown): Place[] {
  const places: Place[] = [];
  const left = [outermost];
  for (let value = left.pop(); left.length < 10_000; value = left.pop()) {
    if (typeof value === 'object' && value !== null) {
      const container = value as Container;
      const own = Object.keys(container).map((key) => [container, key] as const);
      places.push(...own);
      left.push(...own.map(([, key]) => container[key]));
    }
    if (left.length === 0) break;
  }
  return places;
}

const mark = '\u0001here\u0001';

/** @param change of one place; a text that it returns stands there as it is */
function jsonEdit(change: (place: Place, random: Random) => string | undefined): Edit {
  return (bytes, random) => {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8'));
    } catch {
      return bytes;
    }
    const places = placesOf(value);
    if (places.length === 0) return Buffer.from(pick(random, oddValues));
    const place = pick(random, places);
    const instead = change(place, random);
    if (instead !== undefined) place[0][place[1]] = mark;
    return Buffer.from(written(value).replace(JSON.stringify(mark), () => instead ?? ''));
  };
}

/** Too deep to be written is written as nothing. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

function put([container, key]: Place, value: unknown): undefined {
  // A key as `__proto__` is a key like any other in JSON.
  Object.defineProperty(container, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

export const jsonEdits: readonly Edit[] = [
  jsonEdit((_, random) => pick(random, oddValues)),
  jsonEdit((_, random) => pick(random, oddValues)),
  jsonEdit(([container, key], random) => {
    const value = container[key];
    const factor = pick(random, [-1, 0, 0.5, 1e3, 1e6, 1e12]);
    return typeof value === 'number' ? JSON.stringify(value * factor) : `[${written(value)}]`;
  }),
  jsonEdit(([container, key]) => {
    if (Array.isArray(container)) container.splice(Number(key), 1);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- that is the fault
    else delete container[key];
    return undefined;
  }),
  jsonEdit(([container, key], random) => {
    if (Array.isArray(container)) {
      container.push(container[key]);
    } else {
      put(
        [container, pick(random, ['', '0', '__proto__', `${key} `, key.toUpperCase(), 'x'])],
        container[key],
      );
    }
    return undefined;
  }),
  jsonEdit(([container], random) => {
    const keys = Object.keys(container);
    const [one, other] = [pick(random, keys), pick(random, keys)];
    [container[one], container[other]] = [container[other], container[one]];
    return undefined;
  }),
  jsonEdit((_, random) => {
    const depth = 10 ** (1 + below(random, 5));
    const [open, close] = random() < 0.5 ? [deep[0], deep[1]] : ['{"x":', deep[3]];
    return `${open?.repeat(depth)}${open === '[' ? '' : '0'}${close?.repeat(depth)}`;
  }),
  jsonEdit((_, random) => JSON.stringify('x'.repeat(10 ** (1 + below(random, 6))))),
  jsonEdit((_, random) =>
    JSON.stringify(Array(10 ** (1 + below(random, 5))).fill(below(random, 3))),
  ),
];

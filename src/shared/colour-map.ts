/**
 * Colour maps as tables of 256 RGB colours, perceptually even ones first.
 *
 * Anchors: every fifth colour of the tables of viridis, inferno, magma, plasma (Smith and van der
 * Walt 2015, CC0), cividis (Nuñez et al. 2018) and turbo (Mikhailov 2019) as matplotlib publishes
 * them; between anchors the colour is interpolated linearly in sRGB, which stays within one 8-bit
 * level of the published tables (plasma two, cividis four, near their kinks at the dark end).
 */
import type { ColourMapName } from './colour-map-names';

type Triple = readonly [number, number, number];

const anchors = {
  viridis:
    '44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a' +
    '3a538b38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d' +
    '20928c1f978b1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac864' +
    '65cb5e70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725',
  inferno:
    '00000402020c0504170a072210092d160b391e0c45260c512f0a5b380962400a67490b6a510e6c' +
    '59106e61136e69166e71196e781c6d801f6c88226a902568982766a02a63a82e5fb0315bb73557' +
    'bf3952c63d4dcc4248d34743d94d3ddf5337e45a31e9612bed6925f1711ff47918f78212f98b0b' +
    'fa9407fb9d07fca60cfcb014fbba1ffac42af8cd37f6d746f4e156f2ea69f2f27df5f992fcffa4',
  magma:
    '00000402020b0504160907200e0b2b140e361a104221114e29115a311165390f6e420f754a1079' +
    '52137c5a167e6219806a1c81721f81792282812581892881912b81992d80a1307eaa337db2357b' +
    'ba3878c23b75ca3e72d2426fd9466be04c67e75263ec5860f1605df4695cf7725cf97b5dfb8560' +
    'fc8e64fd9869fea16efeaa74feb47bfebd82fec68afecf92fed89afde2a3fdebacfcf4b6fcfdbf',
  plasma:
    '0d08871b068d2605912f059638049a41049d4903a05102a35901a56100a76900a87100a87801a8' +
    '8004a88707a68e0ca49511a19c179ea21d9aa82296ae2892b42e8dba3388bf3984c43e7fc9447a' +
    'cd4a76d24f71d6556dda5b69de6164e26660e66c5ce97257ed7953f07f4ff3854bf58c46f79342' +
    'f99a3efba139fca835fdaf31feb72dfebe2afdc627fcce25fbd724f8df25f6e826f3f027f0f921',
  cividis:
    '00224e002656002a5f002d68003070083370163770203a6f273e6e2e416d34456c3a486c3f4c6c' +
    '444f6c49536c4e566c535a6d575d6d5c616e60646f656870696b716d6f727272747676767a7a78' +
    '7e7d788381798885788d8878928c789690779b9476a09875a59c74aaa073afa471b5a86fbaac6d' +
    'bfb06bc4b468c9b965cfbd62d4c15fdac65bdfca57e5cf52ead34cf0d846f6dd3ffce236fee838',
  turbo:
    '30123b36215f3b2f803f3e9c424bb54559cb4666dd4773eb4680f6458cfd4099ff38a5fb2fb2f4' +
    '27bee91fc9dd1ad4d018ddc21ae4b622ebaa2ff19b3ff68a52fa7a65fd6979fe598bff4b9cfe40' +
    'a9fb39b7f735c3f134d0ea34dbe236e5d938eecf3af5c53afaba39fdae35fea130fe932afc8423' +
    'f9751df46617ef5811e84b0ce14109d83706ce2d04c32503b71d02a916019b0f018b09027a0403',
} satisfies Partial<Record<ColourMapName, string>>;

const colours = 256;

/** `[256, 3]` sRGB table, row-major, of each colour map. */
export const colourMaps: Readonly<Record<ColourMapName, Uint8Array>> = {
  viridis: fromAnchors(anchors.viridis),
  inferno: fromAnchors(anchors.inferno),
  magma: fromAnchors(anchors.magma),
  plasma: fromAnchors(anchors.plasma),
  cividis: fromAnchors(anchors.cividis),
  turbo: fromAnchors(anchors.turbo),
  jet: jet(),
  'blue-red': diverging({ low: 255, high: 27 }),
  'purple-green': diverging({ low: 315, high: 150 }),
};

/** Whether a setting or a kept state names a colour map that exists. */
export function isColourMapName(name: string): name is ColourMapName {
  return Object.hasOwn(colourMaps, name);
}

function table(colourAt: (index: number) => Triple): Uint8Array {
  const result = new Uint8Array(colours * 3);
  for (let index = 0; index < colours; index++) result.set(colourAt(index), index * 3);
  return result;
}

/** Equally spaced `rrggbb` anchors, joined linearly. */
function fromAnchors(hex: string): Uint8Array {
  const last = hex.length / 6 - 1;
  const channel = (anchor: number, offset: number): number =>
    Number.parseInt(hex.slice(anchor * 6 + offset * 2, anchor * 6 + offset * 2 + 2), 16);
  return table((index) => {
    const position = (index / (colours - 1)) * last;
    const from = Math.min(Math.floor(position), last - 1);
    const share = position - from;
    const mix = (offset: number): number =>
      Math.round(channel(from, offset) * (1 - share) + channel(from + 1, offset) * share);
    return [mix(0), mix(1), mix(2)];
  });
}

/**
 * Jet as OpenCV's `COLORMAP_JET` tabulates it: trapezes that rise and fall by 4 a level, up to 255.
 * One entry of OpenCV's table is a level below its flank (blue at 159); it is kept, for parity.
 */
function jet(): Uint8Array {
  const trapeze = (rising: number, falling: number): number =>
    clamp(Math.min(rising, falling), 0, 255);
  return table((index) => [
    trapeze(4 * index - 382, 1148 - 4 * index),
    trapeze(4 * index - 128, 892 - 4 * index),
    index === 159 ? 1 : trapeze(4 * index + 128, 638 - 4 * index),
  ]);
}

/**
 * Two hues that leave white at the same pace: lightness falls linearly and chroma rises in Oklab
 * (Ottosson 2020, "A perceptual color space for image processing"), alike on both sides, so that
 * equal evidence for and against looks equally strong.
 */
function diverging(hues: { readonly low: number; readonly high: number }): Uint8Array {
  return table((index) => {
    const signed = (2 * index) / (colours - 1) - 1;
    const strength = Math.abs(signed);
    const hue = ((signed < 0 ? hues.low : hues.high) * Math.PI) / 180;
    const chroma = 0.16 * Math.sin((strength * Math.PI) / 2);
    return fromOklab([0.97 - 0.5 * strength, chroma * Math.cos(hue), chroma * Math.sin(hue)]);
  });
}

/** 8-bit sRGB of an Oklab colour; what lies outside the gamut is clipped. */
function fromOklab([lightness, a, b]: Triple): Triple {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    encode(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    encode(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

/** The sRGB transfer curve, to 8 bits. */
function encode(linear: number): number {
  const light = clamp(linear, 0, 1);
  const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(value * 255);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

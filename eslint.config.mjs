import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import rooms from './src/rooms.json' with { type: 'json' };

/** A room of src imports what src/rooms.json says, and nothing else; a test looks closer. */
const importDirections = Object.entries(rooms).map(([room, { imports, packages }]) => {
  const allowed = [room, ...imports].join('|');
  const anyRoom = Object.keys(rooms).join('|');
  const message = `src/${room} imports ${[...imports, ...packages].join(', ') || 'nothing'} (src/rooms.json).`;
  return {
    files: [`src/${room}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: `^(\\.\\./)+(?!(${allowed})(/|$))(${anyRoom})/`, message },
            { regex: `^(?!\\.|(${packages.join('|')})(/|:|$))`, message },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  {
    ignores: ['dist/', 'out/', '.cache/', 'test-results/', 'src/engine/onnx/onnx_pb.ts', 'media/'],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // One dialect in all rooms.
      curly: ['error', 'multi-or-nest', 'consistent'],
      'no-restricted-syntax': [
        'error',
        { selector: 'PrivateIdentifier', message: 'Private members are marked `private`.' },
      ],
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'variable', format: ['camelCase', 'PascalCase'] },
        // Files of others name their fields as they like.
        { selector: 'variable', modifiers: ['destructured'], format: null },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  ...importDirections,
  {
    files: ['src/**'],
    ignores: ['src/engine/files/regular-file.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:fs/promises', importNames: ['open', 'readFile'] },
            { name: 'node:fs', importNames: ['openSync', 'readFileSync', 'createReadStream'] },
          ].map((restricted) => ({
            ...restricted,
            message: 'A pipe or a device hangs: src/engine/files/regular-file.ts reads files.',
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'fetch', 'Buffer', 'URL', 'setTimeout', 'clearTimeout'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
);

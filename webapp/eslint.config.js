import js from '@eslint/js'
import query from '@tanstack/eslint-plugin-query'
import prettier from 'eslint-config-prettier'
import a11y from 'eslint-plugin-jsx-a11y'
import hooks from 'eslint-plugin-react-hooks'
import refresh from 'eslint-plugin-react-refresh'
import globals from 'globals'
import { readdirSync } from 'node:fs'
import ts from 'typescript-eslint'

const features = readdirSync(new URL('./src/features', import.meta.url))

/** A feature may import shared folders and itself, never another feature: what two need moves to `components` or `lib`. */
const walls = features.map((name) => ({
  files: [`src/features/${name}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: `^@/features/(?!${name}(/|$))`, message: 'Features do not import each other.' },
          { regex: '^@/(routes|app)(/|$)', message: 'Features do not know where they are shown.' },
          { regex: '^(\\.\\./){2,}', message: 'Import from other folders by @/….' },
        ],
      },
    ],
  },
}))

export default ts.config(
  { ignores: ['dist', 'coverage', 'src/api'] },
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [
      ...ts.configs.strictTypeChecked,
      ...ts.configs.stylisticTypeChecked,
      a11y.flatConfigs.strict,
      hooks.configs.flat.recommended,
      refresh.configs.vite,
      ...query.configs['flat/recommended'],
    ],
    languageOptions: { globals: globals.browser, parserOptions: { projectService: true } },
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 15],
      eqeqeq: 'error',
      'no-console': 'error',
      // Methods in types of properties are there for their looser comparison; no function of ours reads `this`.
      '@typescript-eslint/unbound-method': 'off',
      // It takes assertions away that the compiler needs: of keys of texts, of the table's own types.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'react-refresh/only-export-components': ['error', { allowConstantExport: true }],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(\\.\\./){2,}', message: 'Import from other folders by @/….' },
            { regex: '^recharts$', message: 'Charts are drawn by @/components/charts.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/components/{ui,data-table,layout,form,charts}/**/*.{ts,tsx}', 'src/lib/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^@/(features|routes|app)(/|$)', message: 'Shared code knows no feature.' }] },
      ],
    },
  },
  ...walls,
  {
    files: ['src/**/*.test.{ts,tsx}', 'src/test/**'],
    rules: {
      'max-lines': ['error', { max: 500 }],
      'react-refresh/only-export-components': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['*.{js,ts}', 'scripts/**/*.mjs'],
    languageOptions: { globals: globals.node },
    rules: { 'max-lines': ['error', { max: 250 }] },
  },
  {
    files: ['*.config.ts', 'e2e/**/*.ts'],
    extends: [...ts.configs.strictTypeChecked],
    languageOptions: { globals: globals.node, parserOptions: { projectService: true } },
    rules: { '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }] },
  },
  { files: ['public/*.js'], languageOptions: { globals: globals.browser } },
  prettier,
)

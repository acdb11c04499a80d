import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const path = (to: string) => fileURLToPath(new URL(to, import.meta.url))
const api = process.env.LUMENPAY_PUBLIC_URL ?? 'http://127.0.0.1:8000'

/** Sonner puts a <style> into the page, which our content security policy forbids: its style file is imported instead. */
function sonnerWithoutInlineStyle(): Plugin {
  const call = /^__insertCSS\(".*"\);?$/m
  return {
    name: 'sonner-without-inline-style',
    transform(code, id) {
      if (!/\/sonner\/dist\/index\.mjs/.test(id)) return null
      if (!call.test(code)) this.error('sonner inserts its style in another way now')
      return { code: code.replace(call, ''), map: null }
    },
  }
}

export default defineConfig({
  plugins: [react(), tailwind(), sonnerWithoutInlineStyle()],
  resolve: {
    alias: {
      '@': path('./src'),
      'react-style-singleton': path('./src/lib/style-singleton.ts'),
    },
  },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // The first file lists every other one: a name that nobody looks for would be bytes of each first visit.
        chunkFileNames: ({ isDynamicEntry, name }) =>
          isDynamicEntry || ['react', 'i18n', 'data', 'frame'].includes(name)
            ? 'assets/[name]-[hash:7].js'
            : 'assets/[hash:7].js',
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|@remix-run\/router)\//,
            },
            { name: 'i18n', test: /node_modules\/(i18next|react-i18next)\// },
            { name: 'data', test: /node_modules\/(axios|@tanstack\/(query-core|react-query))\// },
            // What the first page needs, in one file: fifty little ones compress badly and name one another.
            { name: 'frame', tags: ['$initial'] },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': {
        target: api,
        changeOrigin: true,
        // The API takes unsafe requests only from its own origin.
        configure: (proxy) =>
          proxy.on('proxyReq', (request) => request.setHeader('origin', new URL(api).origin)),
      },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./src/test/setup.ts'],
    css: false,
    testTimeout: 30_000,
    restoreMocks: true,
    coverage: { provider: 'v8', include: ['src/**'], exclude: ['src/api/**', 'src/test/**'] },
  },
})

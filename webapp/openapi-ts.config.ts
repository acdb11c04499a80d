import { defineConfig } from '@hey-api/openapi-ts'

// Text as the generator writes it: neither prettier nor eslint may touch what the check compares.
export default defineConfig({
  input: './openapi.json',
  output: { path: process.env.API_OUTPUT ?? './src/api', postProcess: [] },
  plugins: [
    { name: '@hey-api/client-axios', throwOnError: true, runtimeConfigPath: '@/lib/api-client' },
    { name: '@hey-api/typescript', enums: false },
    { name: '@hey-api/sdk' },
    { name: '@tanstack/react-query', mutationOptions: false, infiniteQueryOptions: false },
    { name: 'zod', requests: true, responses: false },
  ],
})

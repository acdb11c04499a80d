import e2e from './vitest.e2e.config'

/** Takes the pictures of `docs/screens`: no test, but it needs the stage and the browser of the tests. */
export default {
  ...e2e,
  test: {
    ...e2e.test,
    include: ['e2e/screens.ts'],
    globalSetup: ['./e2e/fresh-stage.ts'],
    hookTimeout: 300_000,
  },
}

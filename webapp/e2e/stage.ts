/** The installation that the browser tests look at: `tests/e2e/stage.py`, started once for all of them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

export interface Stage {
  portal: string
  tenantId: string
  email: string
  password: string
  telegram: string
  yookassa: string
  stripe: string
  mail: string
  oidc: string
  /** What `lumenpay …` has to know to reach the stage's database. */
  environment: Record<string, string>
}

declare module 'vitest' {
  interface ProvidedContext {
    stage: Stage
  }
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

export default function start(project: TestProject): Promise<() => Promise<void>> {
  return startIn('.lumenpay/e2e', project)
}

/** Starts a stage that keeps its state in a folder, below the root; what an earlier one left there is still there. */
export async function startIn(folder: string, project: TestProject): Promise<() => Promise<void>> {
  const child = spawn('.venv/bin/python', ['-m', 'tests.e2e.stage', '--json', '--folder', folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  project.provide('stage', await readStage(child))
  return async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGINT')
    await ended
  }
}

async function readStage(child: ChildProcess): Promise<Stage> {
  if (!child.stdout) throw new Error('no output')
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return JSON.parse(line) as Stage
  }
  throw new Error('the stage did not start; its logs are in .lumenpay/e2e/log')
}

/** Runs a module of the tests on the stage's database, and returns what it prints. */
export async function play({ environment }: Stage, module: string, ...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('.venv/bin/python', ['-m', module, ...words], {
    cwd: root,
    env: { ...process.env, ...environment },
  })
  return stdout
}

/** Runs `lumenpay …` beside the stage, as whoever operates it would. */
export async function operate({ environment }: Stage, ...words: string[]): Promise<void> {
  await promisify(execFile)('.venv/bin/lumenpay', words, {
    cwd: root,
    env: { ...process.env, ...environment },
  })
}

/** A stage for pictures: nobody was there before. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { root, startIn } from './stage'

const FOLDER = '.lumenpay/screens'

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  await rm(join(root, FOLDER), { recursive: true, force: true })
  return startIn(FOLDER, project)
}

// Fails when src/api is not what openapi.json makes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const fresh = mkdtempSync(join(root, 'node_modules/.cache-api-'))
const files = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
try {
    execFileSync('npm', ['run', '--silent', 'api'], {
        cwd: root,
        env: { ...process.env, API_OUTPUT: fresh },
        stdio: 'pipe',
    })
    const committed = join(root, 'src/api')
    const names = new Set([...files(fresh), ...files(committed)])
    const read = (folder, name) => {
        try {
            return readFileSync(join(folder, name), 'utf8')
        } catch {
            return undefined
        }
    }
    const stale = [...names].filter((name) => read(fresh, name) !== read(committed, name))
    if (stale.length) {
        console.error(
            `src/api is not what openapi.json makes; run \`make openapi\`:\n  ${stale.join('\n  ')}`,
        )
        process.exitCode = 1
    }
} finally {
    rmSync(fresh, { recursive: true, force: true })
}

// Writes FILE.gz beside each text file of dist, so that no server compresses the same bytes again.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
for (const name of readdirSync(dist, { recursive: true })) {
    const file = join(dist, name)
    if (!/\.(html|js|css|svg|json|webmanifest)$/.test(name) || statSync(file).size < 1024) continue
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
}

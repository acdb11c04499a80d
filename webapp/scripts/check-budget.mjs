// Fails when what the first page needs before it can be used is over the budget.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LIMIT = 180 * 1024
const dist = new URL('../dist/', import.meta.url)
const html = readFileSync(new URL('index.html', dist), 'utf8')
const files = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1])
const sizes = files.map((file) => ({
    file,
    size: gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length,
}))
const total = sizes.reduce((sum, { size }) => sum + size, 0)
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`
for (const { file, size } of sizes.sort((a, b) => b.size - a.size))
    console.log(`${kib(size).padStart(10)}  ${file}`)
console.log(`${kib(total).padStart(10)}  at first, gzipped; the limit is ${kib(LIMIT)}`)
if (total > LIMIT) process.exit(1)

// Fails when what the first page needs before it can be used is over the budget, or what any page needs beyond that.
import { readFileSync, readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LIMIT = 180 * 1024
const PAGE_LIMIT = 110 * 1024
const dist = new URL('../dist/', import.meta.url)
const sizes = new Map()
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`

function read(file) {
    return readFileSync(new URL(file, dist))
}

function sizeOf(file) {
    if (!sizes.has(file)) sizes.set(file, gzipSync(read(file), { level: 9 }).length)
    return sizes.get(file)
}

/** What a file cannot begin without: itself, and what it imports, and so on. */
function neededBy(file, found = new Set()) {
    if (found.has(file)) return found
    found.add(file)
    const imports = read(file)
        .toString()
        .matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)
    for (const [, name] of imports) neededBy(`assets/${name}`, found)
    return found
}

const html = read('index.html').toString()
const first = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1])
const sum = (files) => files.reduce((total, file) => total + sizeOf(file), 0)
for (const file of first.sort((a, b) => sizeOf(b) - sizeOf(a)))
    console.log(`${kib(sizeOf(file)).padStart(10)}  ${file}`)
console.log(`${kib(sum(first)).padStart(10)}  at first, gzipped; the limit is ${kib(LIMIT)}`)

const pages = readdirSync(new URL('assets/', dist))
    .filter((name) => /-page-[^/]+\.js$/.test(name))
    .map((name) => ({
        name,
        size: sum([...neededBy(`assets/${name}`)].filter((file) => !first.includes(file))),
    }))
    .sort((a, b) => b.size - a.size)
for (const { name, size } of pages.slice(0, 5))
    console.log(`${kib(size).padStart(10)}  ${name} and what it imports`)
console.log(
    `${String(pages.length).padStart(10)}  pages; the limit of each is ${kib(PAGE_LIMIT)} beyond what is there at first`,
)
if (sum(first) > LIMIT || pages.length === 0 || pages[0].size > PAGE_LIMIT) process.exit(1)

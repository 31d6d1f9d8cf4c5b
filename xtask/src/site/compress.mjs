// Writes FILE.br and FILE.gz beside every file below the given folder that is text or wasm and shrinks by it.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SHRINKS = new Set([".css", ".html", ".ico", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"]);
const WORTH_BYTES = 512;

const walk = (path) => (statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => walk(join(path, name))) : [path]);

for (const file of walk(process.argv[1])) {
  if (!SHRINKS.has(extname(file))) continue;
  const plain = readFileSync(file);
  if (plain.length < WORTH_BYTES) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  for (const [ending, packed] of [[".br", brotliCompressSync(plain, { params })], [".gz", gzipSync(plain, { level: 9 })]]) {
    if (packed.length < plain.length) writeFileSync(file + ending, packed);
  }
}

// Prints the size of each file given, or of several joined by "+": as it is, under gzip and under brotli, and the SHA-256 of
// all its bytes, with tabs between.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

// The strongest brotli takes a minute for 30 MB, and gzip's two last levels little less.
const LARGE = 8 * 2 ** 20;

for (const argument of process.argv.slice(2)) {
  const files = argument.split("+").map((path) => readFileSync(path));
  const total = (size) => files.reduce((sum, file) => sum + size(file), 0);
  const gzip = (file) => gzipSync(file, { level: file.length > LARGE ? 6 : 9 }).length;
  const brotli = (file) =>
    brotliCompressSync(file, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: file.length > LARGE ? 5 : 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: file.length,
      },
    }).length;
  const hash = createHash("sha256");
  files.forEach((file) => hash.update(file));
  console.log([total((file) => file.length), total(gzip), total(brotli), hash.digest("hex")].join("\t"));
}

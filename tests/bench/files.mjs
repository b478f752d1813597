// Says something about files.
//
//     node files.mjs sizes FILE...   their size together: as they are, each under gzip, and each under brotli, with tabs between
//     node files.mjs hash FILE       its SHA-256

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

// The strongest brotli takes a minute for 30 MB, and gzip's last levels little less.
const LARGE = 8 * 2 ** 20;

function gzip(file) {
  return gzipSync(file, { level: file.length > LARGE ? 6 : 9 });
}

function brotli(file) {
  const quality = file.length > LARGE ? 5 : 11;
  return brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: file.length } });
}

const [what, ...paths] = process.argv.slice(2);
const files = paths.map((path) => readFileSync(path));
if (what === "hash") {
  console.log(createHash("sha256").update(files[0]).digest("hex"));
} else {
  const total = (packed) => files.reduce((sum, file) => sum + packed(file).length, 0);
  console.log([total((file) => file), total(gzip), total(brotli)].join("\t"));
}

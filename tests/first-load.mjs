// What a first visit transfers, each file as a host that compresses with brotli sends it, in bytes. Prints it; with
// `--write` also keeps it in first-load.json, which a test holds the page to: `node tests/first-load.mjs --write`
// after `cargo xtask test`; OVERTONE_CHROMIUM names the browser where Playwright has none of its own.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { dist, openStage } from "./e2e/harness.mjs";

/** Where the kept sizes are. */
export const keptIn = fileURLToPath(new URL("first-load.json", import.meta.url));

/** The sizes of all that a first visit asks for, by the file's name without its hash. */
export async function firstLoad() {
  const stage = await openStage();
  const { page, context, requests, close } = await stage.openPage({ serviceWorkers: "block" });
  await page.locator("footer").waitFor();
  await page.waitForLoadState("networkidle");
  // The browser asks for these by itself, but not here.
  const silent = await page.locator('link[rel="icon"], link[rel="manifest"]').evaluateAll((links) => links.map((link) => link.href));
  const addresses = new Set([...requests, ...silent].filter((address) => address.startsWith(stage.origin)).map((address) => address.split(/[?#]/)[0]));
  await close();
  await context.close();
  await stage.close();
  const sizes = {};
  for (const address of addresses) {
    const name = new URL(address).pathname.slice(1) || "index.html";
    const bytes = await readFile(`${dist}/${name}`);
    const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    // Trunk writes no zeros before a hash.
    sizes[name.replace(/-[0-9a-f]{12,16}/, "")] = Math.min(packed.length, bytes.length);
  }
  const files = Object.fromEntries(Object.entries(sizes).sort(([one], [other]) => one.localeCompare(other)));
  return { files, total: Object.values(sizes).reduce((sum, size) => sum + size, 0) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = await firstLoad();
  console.log(sizes);
  if (process.argv.includes("--write")) await writeFile(keptIn, `${JSON.stringify(sizes, null, 2)}\n`);
}

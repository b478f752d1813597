// Writes service-worker.js into the page that Trunk is building, with the names of the page's files and a hash of all
// of them. Trunk runs it after the rest (see Trunk.toml).
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const page = process.env.TRUNK_STAGING_DIR;
const source = await readFile(new URL("service-worker.js", import.meta.url), "utf8");

// What only the system asks for, when the page is installed, is not kept.
const notKept = ["service-worker.js", "icon.png"];
const files = (await readdir(page)).filter((file) => !notKept.includes(file)).sort();
const hash = createHash("sha256").update(source);
for (const file of files) hash.update(file).update(await readFile(join(page, file)));
const build = hash.digest("hex").slice(0, 16);

// The page is asked for by its folder.
const names = files.map((file) => (file === "index.html" ? "./" : file));
const head = `const BUILD = ${JSON.stringify(build)};\nconst FILES = ${JSON.stringify(names)};\n`;
await writeFile(join(page, "service-worker.js"), head + source);

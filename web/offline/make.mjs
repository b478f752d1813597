// The last step of Trunk's build (see Trunk.toml): gives the files that Trunk leaves without one a hash in their name,
// and writes service-worker.js with the names of the page's files, a hash of each, and a hash of all of them.
import { createHash } from "node:crypto";
import { readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const page = process.env.TRUNK_STAGING_DIR;
const hash = (...contents) => {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex").slice(0, 16);
};
/** A file's hash as browsers compare it. */
const integrity = (content) => `sha256-${createHash("sha256").update(content).digest("base64")}`;

// The page's script, and what it asks for later, by the names in the script's element.
const index = join(page, "index.html");
let html = await readFile(index, "utf8");
for (const file of ["boot.js", "overtone-files.js", "overtone-files_bg.wasm", "eight-genres.forest", "fifteen-genres.forest", "eight-genres.titles"]) {
  const [name] = file.split(/_bg|\./);
  const hashed = `${name}-${hash(await readFile(join(page, file)))}${file.slice(name.length)}`;
  if (!html.includes(file)) throw new Error(`Nothing in index.html names ${file}.`);
  html = html.replaceAll(file, hashed);
  await rename(join(page, file), join(page, hashed));
}
// The model is wanted at once, like the wasm.
const [eight] = html.match(/[^=" ]*eight-genres-[^=" >]*\.forest/);
html = html.replace("</head>", `<link as=fetch crossorigin href=${eight} rel=preload></head>`);
await writeFile(index, html);

const source = await readFile(new URL("service-worker.js", import.meta.url), "utf8");
// What only the system asks for, when the page is installed, is not kept.
const notKept = ["service-worker.js", "icon.png"];
const files = (await readdir(page)).filter((file) => !notKept.includes(file)).sort();
const contents = await Promise.all(files.map((file) => readFile(join(page, file))));
const build = hash(source, ...files.flatMap((file, place) => [file, contents[place]]));

// What few visitors want is kept once it has been wanted. The page is asked for by its folder.
const isLater = (file) => file.startsWith("fifteen-genres") || file.endsWith(".titles");
const asked = (file) => (file === "index.html" ? "./" : file);
const kept = files.map((file, place) => [asked(file), integrity(contents[place])]).filter(([file]) => !isLater(file));
const list = (name, value) => `const ${name} = ${JSON.stringify(value)};\n`;
const head = list("BUILD", build) + list("FILES", kept) + list("LATER", files.filter(isLater));
await writeFile(join(page, "service-worker.js"), head + source);

// The npm package as somebody has it who has installed it: in a folder of its own, from the packed file.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The path of a file of the repository. */
export const repository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The packed package: the one that `cargo xtask test` has made, or else the one that `cargo xtask package` makes. */
async function packed() {
  if (process.env.OVERTONE_PACKAGE) return process.env.OVERTONE_PACKAGE;
  const folder = repository("target/npm");
  const files = await readdir(folder).catch(() => []);
  const file = files.find((name) => /^overtone-.*\.tgz$/.test(name));
  if (!file) throw new Error(`There is no package in ${folder}. Build it with \`cargo xtask package\`.`);
  return join(folder, file);
}

/**
 * Installs the package. Gives its user's folder, the imported package, `node(code)`, which runs a module there and gives what it
 * prints, and `remove`.
 */
export async function install() {
  const folder = await mkdtemp(join(tmpdir(), "overtone-npm-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", await packed()], { cwd: folder });
  await writeFile(join(folder, "imported.js"), 'export * from "overtone";\n');
  return {
    folder,
    overtone: await import(pathToFileURL(join(folder, "imported.js")).href),
    async node(code) {
      await writeFile(join(folder, "code.js"), code);
      const { stdout, stderr } = await run(process.execPath, ["code.js"], { cwd: folder });
      assert.equal(stderr, "");
      return stdout;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** The example in the package's README that is written in a language. */
export async function example(language) {
  const text = await readFile(repository("crates/js/npm/README.md"), "utf8");
  const found = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(text);
  assert.ok(found, `the README has no example in ${language}`);
  return found[1];
}

/** What a program would take for an answer or for the sentence of an error. */
export const told = (answer) => (answer instanceof Error ? answer.message : answer);

/** So many made-up tracks, with all that a model knows of, with features missing, and some with too few. */
export function madeUp(features, count) {
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return Array.from({ length: count }, (_, row) => {
    const missing = row % 4 === 0 ? random() * 0.8 : 0;
    const known = features.filter(() => random() >= missing);
    return Object.fromEntries(
      known.map(({ name, min, max }) => {
        const value = min + random() * (max - min);
        // Short decimals, as tables have them, and all the digits of single precision.
        return [name, row % 2 === 0 ? Number(value.toFixed(max > 1 ? 0 : 3)) : Math.fround(value)];
      }),
    );
  });
}

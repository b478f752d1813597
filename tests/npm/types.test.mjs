// The declarations of the npm package: TypeScript understands them, and they tell the truth.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { install, madeUp } from "./installed.mjs";

const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const user = await install();
after(user.remove);

test("a program in TypeScript compiles, strictly and without the types of a browser, and finds what is declared", async () => {
  await copyFile(new URL("usage.mts", import.meta.url), join(user.folder, "usage.mts"));
  const options = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--module", "nodenext"];
  const library = ["--target", "es2022", "--lib", "es2022"];
  // What the compiler complains of, it prints.
  const compile = promisify(execFile)(process.execPath, [compiler, ...options, ...library, "usage.mts"], { cwd: user.folder });
  await compile.catch(({ stdout }) => assert.fail(stdout));

  const { declared, model, ofChange, ofModel } = await import(pathToFileURL(join(user.folder, "usage.mjs")).href);
  for (const [names, there] of declared) assert.deepEqual(Object.keys(there).sort(), Object.keys(names).sort());
  for (const name of Object.keys(ofModel)) assert.ok(name in model, name);
  const changes = madeUp(model.features, 50).filter((track) => Object.keys(track).length > 9).flatMap((track) => model.genres.map((genre) => model.smallestChange(track, genre)));
  const change = changes.find((change) => change !== null);
  assert.deepEqual(Object.keys(change).sort(), Object.keys(ofChange).sort());
});

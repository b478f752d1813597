// The page stays small: what a first visit transfers is kept in the repository.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { firstLoad, keptIn } from "../first-load.mjs";

test("a first visit transfers within 5 % of what is kept in first-load.json, with few requests", async () => {
  const kept = JSON.parse(await readFile(keptIn, "utf8"));
  const now = await firstLoad();
  const change = now.total / kept.total - 1;
  const advice = "If this is meant, run `node tests/first-load.mjs --write`.";
  assert.ok(Math.abs(change) <= 0.05, `${now.total} bytes instead of ${kept.total}. ${advice}`);
  assert.ok(Object.keys(now.files).length <= 9, `${Object.keys(now.files)}`);
});

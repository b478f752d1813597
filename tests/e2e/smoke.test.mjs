// Whether there is a page at all: it starts, complains of nothing and asks nobody.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openStage } from "./harness.mjs";
import { playlist } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());

test("the page starts, with no error and with no request to anybody else", async () => {
  const { page, problems, requests, close } = await stage.openPage();
  await page.locator("h1").first().waitFor();
  assert.match(await page.title(), /Overtone/);
  assert.ok(requests.some((address) => address.endsWith(".wasm")), "the page runs no WebAssembly");
  await page.waitForLoadState("networkidle");
  assert.deepEqual(problems, []);
  await close();
});

test("the page starts under any path", async () => {
  const elsewhere = await openStage({ base: "/music/overtone/" });
  try {
    const { page, problems } = await elsewhere.openPage();
    // The worker has to find its way too.
    await page.getByTestId("file").setInputFiles(playlist);
    await page.locator('.playlist[data-state="done"]').waitFor();
    assert.deepEqual(problems, []);
  } finally {
    await elsewhere.close();
  }
});

test("a page that goes wrong is noticed", async () => {
  const { page, problems, close } = await stage.openPage();
  await page.locator("h1").first().waitFor();
  await page.evaluate(async () => {
    console.error("a complaint");
    await fetch("nowhere.txt").catch(() => {});
    await fetch("http://127.0.0.1:9/").catch(() => {});
    setTimeout(() => {
      throw new Error("a mistake");
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  for (const expected of ["console: a complaint", "404: ", "error: a mistake"]) {
    assert.ok(problems.some((problem) => problem.startsWith(expected)), `${expected} is not in ${problems}`);
  }
  // Refused by the page's policy before it leaves the browser, or else seen when it leaves.
  assert.ok(problems.some((problem) => problem.includes("127.0.0.1:9")), `${problems}`);
  await close();
});

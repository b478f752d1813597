// The npm package in a page, without a bundler.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { openStage } from "../e2e/harness.mjs";
import { example, install, madeUp, told } from "./installed.mjs";

const user = await install();
after(user.remove);
await writeFile(join(user.folder, "index.html"), await example("html"));

// A browser asks for it by itself.
await writeFile(join(user.folder, "favicon.ico"), "");
await writeFile(join(user.folder, "empty.html"), "<!doctype html><title>Empty</title>");
const stage = await openStage({ folder: user.folder });
after(() => stage.close());
/** Under the policy that the README asks for. */
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const strictStage = await openStage({ folder: user.folder, headers: { "content-security-policy": policy } });
after(() => strictStage.close());

test("the README's page names a genre", async () => {
  const { page, problems } = await stage.openPage();
  await page.locator("#genre:not(:empty)").waitFor();
  const { genres } = await user.overtone.eightGenres();
  assert.ok(genres.includes(await page.locator("#genre").textContent()));
  assert.deepEqual(problems, []);
});

test("a page answers as Node does, to the bit, under the policy that the README asks for", async () => {
  const { page, problems } = await strictStage.openPage({ path: "empty.html" });
  for (const name of ["eightGenres", "fifteenGenres"]) {
    const model = await user.overtone[name]();
    const tracks = madeUp(model.features, 500);
    const answers = await page.evaluate(
      async ({ name, tracks }) => {
        const overtone = await import("/node_modules/overtone/index.js");
        const answers = (await overtone[name]()).classifyAll(tracks);
        return answers.map((answer) => (answer instanceof Error ? answer.message : answer));
      },
      { name, tracks },
    );
    assert.deepEqual(answers, model.classifyAll(tracks).map(told));
  }
  assert.deepEqual(problems, []);
});

test("files that do not come are named, and can be asked for again", async () => {
  const { page, context } = await stage.openPage({ path: "empty.html" });
  const ask = () =>
    page.evaluate(async () => {
      const { fifteenGenres } = await import("/node_modules/overtone/index.js");
      return fifteenGenres().then(
        (model) => model.genres.length,
        (error) => error.message,
      );
    });
  for (const file of ["overtone_bg.wasm", "fifteen-genres.forest"]) {
    for (const [answer, sentence] of [
      [(route) => route.fulfill({ status: 404 }), "cannot be fetched: 404"],
      [(route) => route.abort(), "cannot be fetched: Failed to fetch"],
      // Many hosts, and servers for development, give their page for whatever they do not have.
      [(route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }), "\\(text/html\\) cannot be used as (WebAssembly|a model): "],
    ]) {
      await context.route(`**/${file}`, answer);
      assert.match(await ask(), new RegExp(`^${stage.origin}/.*${file} ${sentence}`));
      await context.unroute(`**/${file}`, answer);
    }
  }
  assert.equal(await ask(), 15);
});

test("the WebAssembly can be given as a page has it, and what is not there is named", async () => {
  const told = async (wasm) => {
    const { page, close } = await stage.openPage({ path: "empty.html" });
    const answer = await page.evaluate(`(async () => {
      const { init, eightGenres } = await import("/node_modules/overtone/index.js");
      return init(${wasm}).then(async () => (await eightGenres()).genres.length, (error) => error.message);
    })()`);
    await close();
    return answer;
  };
  const there = "/node_modules/overtone/overtone_bg.wasm";
  const missing = "/nowhere.wasm";
  for (const give of [
    (path) => `"${path}"`,
    (path) => `new URL("${path}", location)`,
    (path) => `new Request("${path}")`,
    (path) => `fetch("${path}")`,
  ]) {
    assert.equal(await told(give(there)), 8);
    assert.match(await told(give(missing)), /nowhere\.wasm cannot be fetched: 404/);
    assert.match(await told(give("/empty.html")), /empty\.html \(text\/html.*\) cannot be used as WebAssembly: /);
  }
});

// Nobody is shut out: WCAG 2.2 AA as far as axe-core can tell, in light and dark, wide and narrow.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openStage } from "./harness.mjs";

const stage = await openStage();
after(() => stage.close());

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const file = (name) => fileURLToPath(new URL(`../files/${name}`, import.meta.url));

async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => window.axe.run({ runOnly: rules }), rules);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 320]) {
    test(`${colorScheme}, ${width} pixels wide`, async () => {
      const { page, close } = await stage.openPage({ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
      const states = {
        start: () => page.locator("h1").waitFor(),
        "a file with problems": async () => {
          await page.getByTestId("file").setInputFiles(file("bad/short-row.csv"));
          await page.locator('.playlist[data-state="done"]').waitFor();
          await page.getByText("problems in single rows").click();
        },
        "a track with unknown features": () => page.getByTestId("tracks").getByRole("button").nth(1).click(),
        "a file that cannot be read": async () => {
          await page.getByTestId("file").setInputFiles(file("bad/picture.png"));
          await page.locator('.playlist[data-state="failed"]').waitFor();
        },
      };
      for (const [state, enter] of Object.entries(states)) {
        await enter();
        assert.deepEqual(await violations(page), [], state);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(beyond <= 0, `${state}: the page is ${beyond} pixels wider than the window`);
      }
      await close();
    });
  }
}

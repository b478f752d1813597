// The explanation: numbers that add up, and ways to other genres that lead there.
import assert from "node:assert/strict";
import { after } from "node:test";
import { openStage } from "./harness.mjs";
import { bars, explained, headline, plain, sliders, visitsOn } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());
const visit = visitsOn(stage);

/** A shown number of points, with a sign or without. */
const points = (text) => Number(text.replace("−", "-").replace("+", ""));

/** The explanation as it is shown: all amounts, and what they make. */
async function explanation(page) {
  const amounts = await page.getByTestId("contributions").locator("tbody .number").allTextContents();
  return { amounts: amounts.map(points), total: plain(await page.getByTestId("explained-total").textContent()) };
}

visit("for every genre the amounts add up to the number shown", async (page) => {
  const genres = await page.getByTestId("explained").locator("option").allTextContents();
  assert.equal(genres.length, 8);
  for (const start of ["Start over", "Lullaby", "Rave, 4 a.m."]) {
    await page.getByRole("button", { name: start }).click();
    for (const genre of genres) {
      await page.getByTestId("explained").selectOption({ label: genre });
      await page.getByTestId("contributions").getByRole("rowheader", { name: genre, exact: true }).waitFor();
      await explained(page);
      const { amounts, total } = await explanation(page);
      // The chance of any track, and eleven features.
      assert.equal(amounts.length, 12);
      const sum = amounts.reduce((sum, amount) => sum + amount);
      const shown = { "< 1 %": [0, 1], "> 99 %": [99, 100] }[total] ?? [points(total.replace(" %", ""))];
      assert.ok(shown.includes(sum), `${genre}: ${amounts} make ${sum}, shown is ${total}`);
      const bar = await page.locator(".bar").filter({ hasText: genre }).locator(".bar-value").textContent();
      assert.equal(total, plain(bar));
    }
  }
});

visit("the explanation keeps up with a slider that moves too little to change the answer", async (page) => {
  const box = page.getByRole("textbox", { name: "Tempo as a number" });
  const seen = [];
  for (const tempo of ["116.001", "116.002"]) {
    await box.fill(tempo);
    await box.press("Enter");
    await explained(page);
    seen.push(await bars(page));
  }
  assert.deepEqual(seen[1], seen[0]);
});

visit("a click on a bar has that genre explained, and the answer is explained again after the next track", async (page) => {
  await page.locator(".bar").filter({ hasText: "Latin" }).getByRole("button").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Why Latin?" }).waitFor();
  assert.equal(await page.locator(".bar").filter({ hasText: "Latin" }).getByRole("button").getAttribute("aria-pressed"), "true");
  await page.getByRole("button", { name: "Lullaby" }).click();
  const best = (await headline(page)).split(",")[0];
  await page.getByRole("heading", { name: `Why ${best}?` }).waitFor();
});

visit("each way leads to its genre by moving one slider, and can be taken back", async (page) => {
  const before = await sliders(page);
  await page.getByTestId("ways").getByRole("listitem").first().waitFor();
  const ways = await page.getByTestId("ways").getByRole("listitem").allTextContents();
  assert.ok(ways.length >= 2, `${ways}`);
  for (const way of ways) {
    const genre = way.split(":")[0];
    const button = page.getByTestId("ways").getByRole("button", { name: `Do it: ${genre},` });
    await button.waitFor();
    await button.focus();
    await page.keyboard.press("Enter");
    assert.match(await headline(page), new RegExp(`^${genre}, `), way);
    const after = await sliders(page);
    const moved = Object.keys(after).filter((name) => after[name] !== before[name]);
    assert.equal(moved.length, 1, way);
    // Other ways come in place of this one, and the keyboard does not stay on one of them.
    assert.equal(await page.evaluate(() => document.activeElement.id), moved[0]);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByTestId("ways").getByText(way.slice(0, way.indexOf("Do it"))).waitFor();
  }
});

visit("without an answer nothing is explained", async (page) => {
  for (const name of ["Danceability", "Energy", "Valence", "Tempo", "Loudness"]) {
    const box = page.getByRole("textbox", { name: `${name} as a number` });
    await box.fill("");
    await box.press("Enter");
  }
  await page.getByTestId("contributions").waitFor({ state: "detached" });
  await page.getByTestId("ways").getByRole("listitem").first().waitFor({ state: "detached" });
});

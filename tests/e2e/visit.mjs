// A test that is a visit to the page, and what a visitor does there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** The path of a made-up file of tracks. */
export const file = (name) => fileURLToPath(new URL(`../files/${name}`, import.meta.url));

/** A playlist as exportify.net writes it. */
export const playlist = file("exportify-net/playlist.csv");

/**
 * Gives `visit(name, steps, options)`, which makes a test of a visit on a stage. It has to end without any complaint
 * but those that `options.complaints` matches, in order. `options.visit` is what `openPage` takes; `usual` is what it takes
 * for each visit.
 */
export function visitsOn(stage, usual = {}) {
  return (name, steps, { skip = false, visit = {}, complaints = [] } = {}) =>
    test(name, { skip }, async () => {
      const { page, context, problems, close } = await stage.openPage({ viewport: { width: 1440, height: 900 }, ...usual, ...visit });
      // The last part of the page that is made.
      await page.locator("footer").waitFor();
      await steps(page, context);
      assert.equal(problems.length, complaints.length, problems.join("\n"));
      problems.forEach((problem, index) => assert.match(problem, complaints[index]));
      await close();
    });
}

/** A text with plain spaces: between a number and its sign the page has one at which no line breaks. */
export const plain = (text) => text.replaceAll("\u00a0", " ");

/** The large answer, such as "Jazz, 78 %". */
export const headline = async (page) => plain(await page.getByTestId("headline").textContent());

/** The bars from the first to the last: genre, shown percent, and length as a share. */
export const bars = async (page) =>
  page.locator(".bar").evaluateAll((rows) =>
    rows.map((row) => ({
      genre: row.dataset.genre,
      percent: row.querySelector(".bar-value").textContent.replaceAll("\u00a0", " "),
      share: Number(/scaleX\((.*)\)/.exec(row.querySelector(".bar-fill").style.transform)[1]),
    })),
  );

/** Where all sliders stand, by name. */
export const sliders = async (page) =>
  page.locator('input[type="range"]').evaluateAll((all) => Object.fromEntries(all.map((one) => [one.name, one.value])));

/** Gives the page files, and waits until they have been read. */
export async function give(page, ...files) {
  await page.getByTestId("file").setInputFiles(files);
  await settled(page);
}

/** Waits until the files have been read. */
export const settled = (page) => page.locator('.playlist[data-state="done"], .playlist[data-state="failed"]').waitFor();

/** The page's worker. It comes when somebody is about to come with a file. */
export async function workerOf(page) {
  await page.locator(".drop-zone").hover();
  return page.workers()[0] ?? (await page.waitForEvent("worker"));
}

/** Waits until the explanation is of what the sliders show: it may be a moment behind them. */
export const explained = (page) => page.locator('[data-testid="why"][aria-busy="false"]').waitFor();

// Nobody is shut out: WCAG 2.2 AA as far as axe-core can tell, in every state, light and dark, wide, narrow, with large
// text, and in the system's own colours.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { openStage } from "./harness.mjs";
import { explained, file, visitsOn } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());
const visit = visitsOn(stage);

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => window.axe.run({ runOnly: rules }), rules);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** What a visitor can come to see, one after the other. */
const states = {
  start: async (page) => {
    await page.locator("footer").waitFor();
    await page.getByTestId("contributions").waitFor();
    await page.getByTestId("ways").getByRole("listitem").first().waitFor();
  },
  "sliders moved": async (page) => {
    await page.getByRole("button", { name: "Lullaby" }).click();
    await page.getByRole("slider", { name: "Energy" }).fill("0.9");
  },
  "a genre explained that is not the answer": async (page) => {
    const last = page.locator(".bar").last();
    const name = await last.locator(".bar-name").textContent();
    await last.getByRole("button").click();
    await page.getByRole("heading", { name: `Why ${name}?` }).waitFor();
    await explained(page);
  },
  "a wrong entry": async (page) => {
    const tempo = page.getByRole("textbox", { name: "Tempo as a number" });
    await tempo.fill("1000");
    await tempo.press("Enter");
    await page.getByText("Tempo lies between").waitFor();
  },
  "a file with problems": async (page) => {
    await page.getByTestId("file").setInputFiles(file("bad/short-row.csv"));
    await page.locator('.playlist[data-state="done"]').waitFor();
    await page.getByText("problems in individual rows").click();
  },
  "a track with unknown features": async (page) => {
    await page.getByTestId("tracks").getByRole("button").nth(1).focus();
    await page.keyboard.press("Enter");
  },
  "a file that cannot be read": async (page) => {
    await page.getByTestId("file").setInputFiles(file("bad/picture.png"));
    await page.locator('.playlist[data-state="failed"]').waitFor();
  },
  "a link that is damaged": async (page) => {
    await page.evaluate(() => {
      location.hash = "#v=1&tempo=fast";
    });
    await page.getByTestId("address-notice").waitFor();
  },
  "a newer page offered": async (page) => {
    await page.evaluate(() => dispatchEvent(new Event("overtone:newer")));
    await page.getByRole("button", { name: "Load it" }).waitFor();
  },
  "popularity counts": async (page) => {
    await page.getByRole("slider", { name: "Popularity" }).fill("70");
    await page.getByText("Popularity counts now").waitFor();
  },
  "a track with many digits": async (page) => {
    await page.evaluate(() => (location.hash = "#v=1&loudness=-17.234&tempo=128.004"));
    await page.waitForFunction(() => document.querySelector("#loudness-number").value === "-17.234");
    await explained(page);
  },
  "the fifteen genres": async (page) => {
    await page.getByRole("radio", { name: "15 close ones" }).check();
    await page.locator('.bar[data-genre="techno"]').waitFor();
    await page.getByTestId("ways").getByRole("listitem").first().waitFor();
  },
  German: async (page) => {
    await page.getByTestId("language").selectOption("de");
    await page.getByRole("heading", { name: "Der Titel" }).waitFor();
  },
  "wasm has stopped": async (page) => {
    await page.evaluate(() => dispatchEvent(new ErrorEvent("error", { error: new WebAssembly.RuntimeError("unreachable") })));
    await page.locator("#trouble").waitFor();
  },
};

async function allStates(page) {
  for (const [state, enter] of Object.entries(states)) {
    await enter(page);
    // On a phone the answer stays at the top while the page scrolls under it; what it covers then is not too small.
    await page.evaluate(() => scrollTo(0, 0));
    assert.deepEqual(await violations(page), [], state);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(beyond <= 0, `${state}: the page is ${beyond} pixels wider than the window`);
  }
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 820, 320]) {
    test(`${colorScheme}, ${width} pixels wide`, async () => {
      const { page, problems, close } = await stage.openPage({ colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
      await allStates(page);
      assert.deepEqual(problems, []);
      await close();
    });
  }
}

for (const [name, options] of Object.entries({
  "the system's own colours": { forcedColors: "active" },
  "high contrast": { contrast: "more" },
})) {
  test(name, async () => {
    const { page, problems, close } = await stage.openPage({ viewport: { width: 1100, height: 900 }, reducedMotion: "reduce", ...options });
    await allStates(page);
    assert.deepEqual(problems, []);
    await close();
  });
}

for (const width of [1440, 390]) {
  test(`text of twice the size, ${width} pixels wide`, async () => {
    const { page, problems, close } = await stage.openPage({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
    // As a visitor's own setting of the browser's font size does.
    const client = await page.context().newCDPSession(page);
    await client.send("Page.enable");
    await client.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
    await page.reload();
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "32px");
    await allStates(page);
    assert.deepEqual(problems, []);
    await close();
  });
}

visit("the first stop of the keyboard leads past everything to the sliders", async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the sliders");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "sliders-title");
});

visit("the whole page can be reached by keyboard, from the top to the bottom, and the focus is seen", async (page) => {
  await page.getByTestId("ways").getByRole("listitem").first().waitFor();
  // Radio buttons of a group are one stop; arrows lead on among them.
  const wanted = await page.locator("a[href], button:enabled, select, input:not([type='radio']), input:checked, summary").and(page.locator(":visible")).count();
  const reached = new Set();
  for (let press = 0; press < wanted + 20; press++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      const box = focused.getBoundingClientRect();
      const style = getComputedStyle(focused);
      // A hidden file input shows its focus on the button around it.
      const shown = focused.type === "file" ? getComputedStyle(focused.closest(".button")) : style;
      window.stops ??= new Map();
      if (!window.stops.has(focused)) window.stops.set(focused, window.stops.size);
      const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return {
        stop: window.stops.get(focused),
        what: focused.outerHTML.slice(0, 80),
        seen: shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 2,
        covered: focused.type !== "file" && middle !== null && !focused.contains(middle) && !middle.contains(focused),
      };
    });
    if (!stop) break;
    assert.ok(stop.seen, `no outline on ${stop.what}`);
    assert.ok(!stop.covered, `something covers ${stop.what}`);
    reached.add(stop.stop);
  }
  assert.ok(reached.size >= wanted, `${reached.size} of ${wanted} were reached`);
});

for (const [genres, height] of [[8, 657], [15, 800], [15, 657], [15, 600]]) {
  visit(`the focus is in sight all the way through the answer of ${genres} genres in a window ${height} pixels high`, async (page) => {
    if (genres === 15) await page.getByRole("radio", { name: "15 close ones" }).check();
    await page.locator(".bar").nth(genres - 1).waitFor();
    await page.evaluate(() => scrollTo(0, 800));
    await page.locator(".bar button").first().focus();
    const scrolled = await page.evaluate(() => scrollY);
    for (let stop = 1; stop < genres + 3; stop++) {
      await page.keyboard.press("Tab");
      const { what, top, bottom } = await page.evaluate(() => {
        const { top, bottom } = document.activeElement.getBoundingClientRect();
        return { what: document.activeElement.textContent, top, bottom };
      });
      assert.ok(top >= 0 && bottom <= height, `${what} has the focus at ${top} to ${bottom}`);
    }
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Save picture");
    assert.equal(await page.evaluate(() => scrollY), scrolled);
  }, { visit: { viewport: { width: 1366, height }, reducedMotion: "reduce" } });
}

visit("each row of the explanation has as many cells as its head", async (page) => {
  const table = page.getByTestId("contributions");
  await table.waitFor();
  const cells = await table.locator("tr").evaluateAll((rows) =>
    rows.map((row) => {
      const told = [...row.cells].filter((cell) => cell.ariaHidden !== "true");
      return told.reduce((sum, cell) => sum + cell.colSpan, 0);
    }),
  );
  assert.deepEqual([...new Set(cells)], [4]);
});

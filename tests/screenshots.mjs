// Makes the pictures in docs/images of the page in dist/, or of them the ones that are named: `node tests/screenshots.mjs`
// after `cargo xtask test`; OVERTONE_CHROMIUM names the browser where Playwright has none of its own.
import { fileURLToPath } from "node:url";
import { openStage } from "./e2e/harness.mjs";
import { give, playlist } from "./e2e/visit.mjs";

const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 } };

/** Loads a track of the playlist into the sliders, and shows the page from the top. */
async function loadTrack(page) {
  await give(page, playlist);
  await page.getByRole("button", { name: "Blue Lamp" }).click();
  await page.evaluate(() => scrollTo(0, 0));
}

/** Opens what was understood of a table's columns. */
async function openMapping(page) {
  await give(page, playlist);
  const mapping = page.locator("details.mapping");
  await mapping.locator("summary").click();
  await mapping.evaluate((part) => part.scrollIntoView());
}

/** Asks the fifteen close genres. */
async function chooseFifteen(page) {
  await page.getByRole("radio", { name: "15 close ones" }).check();
  await page.locator('.bar[data-genre="techno"]').waitFor();
}

const show = (selector) => (page) => page.locator(selector).evaluate((part) => part.scrollIntoView());

const pictures = {
  start: { ...wide },
  wide: { ...wide, steps: [loadTrack] },
  dark: { ...wide, colorScheme: "dark", steps: [loadTrack] },
  phone: { ...phone, steps: [loadTrack] },
  "phone-start": { ...phone, colorScheme: "dark" },
  sliders: { ...wide, steps: [(page) => page.getByRole("button", { name: "Rave, 4 a.m." }).click(), (page) => page.getByRole("slider", { name: "Energy" }).fill("0.35")] },
  explanation: { ...wide, steps: [loadTrack, show(".why")] },
  playlist: { ...wide, steps: [loadTrack, show(".playlist")] },
  map: { ...wide, colorScheme: "dark", steps: [loadTrack, show(".map")] },
  mapping: { ...wide, steps: [openMapping] },
  "mapping-phone": { ...phone, steps: [openMapping] },
  "mapping-dark": { ...wide, colorScheme: "dark", steps: [openMapping] },
  fifteen: { ...wide, steps: [chooseFifteen] },
  "fifteen-phone": { ...phone, colorScheme: "dark", steps: [chooseFifteen] },
  german: { ...wide, locale: "de-DE", steps: [(page) => page.getByRole("button", { name: "Lagerfeuer" }).click()] },
};

const wanted = process.argv.slice(2);
const stage = await openStage();
for (const [name, { steps = [], ...visit }] of Object.entries(pictures)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { page, close } = await stage.openPage({ colorScheme: "light", reducedMotion: "reduce", ...visit });
  await page.locator("footer").waitFor();
  for (const step of steps) await step(page);
  // The explanation follows a moment behind.
  await page.getByTestId("ways").getByRole("listitem").first().waitFor();
  await page.waitForTimeout(500);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url)) });
  await close();
}
await stage.close();

// English and German: found, chosen, remembered.
import assert from "node:assert/strict";
import { after } from "node:test";
import { openStage } from "./harness.mjs";
import { bars, file, give, headline, playlist, sliders, visitsOn } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());
const visit = visitsOn(stage);

visit("a German browser gets German, with its numbers", async (page) => {
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  assert.equal(await page.title(), "Overtone: Welches Genre ist das?");
  await page.getByRole("slider", { name: "Tanzbarkeit" }).waitFor();
  assert.equal(await page.getByRole("slider", { name: "Energie" }).getAttribute("aria-valuetext"), "0,58");
  assert.equal(await page.getByRole("slider", { name: "Dauer" }).getAttribute("aria-valuetext"), "3 Minuten 33 Sekunden");
  await page.getByRole("button", { name: "Wiegenlied" }).click();
  await page.getByRole("heading", { name: /^Warum / }).waitFor();
}, { visit: { locale: "de-CH" } });

visit("a browser of a language that the page does not speak gets English", async (page) => {
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
}, { visit: { locale: "ja-JP" } });

visit("a change of language keeps the track, the file and the answer, and is remembered", async (page) => {
  await give(page, playlist);
  await page.getByRole("button", { name: "Ampère" }).click();
  const before = [await sliders(page), await bars(page)];
  await page.getByTestId("language").selectOption("de");
  await page.getByRole("heading", { name: "Der Titel" }).waitFor();
  assert.deepEqual([await sliders(page), await bars(page)], before);
  assert.equal(await page.getByTestId("tracks").locator("tr:not(.space)").count(), 12);
  assert.match(await headline(page), /^(Rock, |Nichts davon)/);
  // The address follows once the sliders rest.
  await page.waitForFunction(() => location.hash.includes("name="));
  await page.waitForLoadState("networkidle");
  await page.reload();
  await page.getByRole("heading", { name: "Der Titel" }).waitFor();
  // Still alive: what the old language's page did is gone.
  await page.getByRole("slider", { name: "Energie" }).fill("0.1");
  assert.equal(await page.locator("#answer-title").textContent(), "Ampère, Static Orchard (verändert)");
});

visit("names that the page gives are in the language that is spoken now", async (page) => {
  await page.getByRole("group", { name: "Start from" }).getByRole("button", { name: "Classical" }).click();
  const title = page.locator("#answer-title");
  assert.equal(await title.textContent(), "A typical classical track");
  const files = [playlist, file("chosic/2024.csv")];
  await give(page, ...files);
  await page.getByTestId("status").getByText(/^2 files: /).waitFor();
  await page.getByTestId("language").selectOption("de");
  await title.getByText("Typisch Klassik").waitFor();
  await page.getByTestId("status").getByText(/^2 Dateien: /).waitFor();
  await page.getByTestId("mapping").first().locator("summary").click();
  assert.equal(await page.locator("tr[data-column='Track Name'] .sureness").first().textContent(), "sicher");
  assert.equal(await page.locator("tr[data-column='Track Name'] option:checked").first().textContent(), "Titel");
});

visit("what is wrong with a file is said in the visitor's language", async (page) => {
  await give(page, file("bad/text-in-number.csv"));
  await page.getByTestId("problems").click();
  const said = page.getByTestId("problems").getByRole("listitem");
  assert.deepEqual(await said.allInnerTexts(), ["Zeile 4, Spalte „Energy“: „loud“ ist keine Zahl und gilt als fehlend"]);
  await page.getByTestId("language").selectOption("en");
  // What was opened stays open.
  await said.getByText("line 4").waitFor();
  assert.deepEqual(await said.allInnerTexts(), ["line 4, column “Energy”: “loud” is not a number; it counts as missing"]);
  await page.getByTestId("language").selectOption("de");
  await give(page, file("bad/picture.png"));
  await page.getByTestId("status").getByText("picture.png kann nicht gelesen werden. Das ist ein Bild (PNG), keine Tabelle von Titeln.").waitFor();
}, { visit: { locale: "de-DE" } });

visit("the colours follow the system until they are chosen, and are remembered", async (page) => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body.parentElement).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.getByLabel("Colours").selectOption("light");
  assert.equal(await ground(), light);
  await page.reload();
  await page.locator("footer").waitFor();
  assert.equal(await ground(), light);
  assert.equal(await page.getByLabel("Colours").inputValue(), "light");
}, { visit: { colorScheme: "light" } });

visit("nothing about tracks is kept, and no cookie is set", async (page, context) => {
  await give(page, playlist);
  await page.getByRole("button", { name: "Blue Lamp" }).click();
  await page.getByTestId("language").selectOption("de");
  const stored = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).length,
  }));
  assert.deepEqual(stored, { local: { "overtone-language": "de" }, session: {}, databases: 0 });
  assert.deepEqual(await context.cookies(), []);
});

// The sliders: starting points, going back, what they show about a genre.
import assert from "node:assert/strict";
import { after } from "node:test";
import { openStage } from "./harness.mjs";
import { bars, headline, sliders, visitsOn } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());
const visit = visitsOn(stage);

const genres = ["Classical", "Country", "Electronic", "Hip-hop", "Jazz", "Latin", "Pop", "Rock"];

visit("a typical track of each genre sounds like that genre", async (page) => {
  for (const genre of genres) {
    await page.locator(".presets").getByRole("button", { name: genre, exact: true }).click();
    assert.match(await headline(page), new RegExp(`^${genre}, `));
    assert.equal(await page.locator("#answer-title").textContent(), `A typical ${genre.toLowerCase()} track`);
  }
});

visit("made-up tracks and chance move all sliders, and every step can be taken back, by keyboard too", async (page) => {
  const first = await sliders(page);
  await page.getByRole("button", { name: "Lullaby" }).focus();
  await page.keyboard.press("Enter");
  const lullaby = await sliders(page);
  assert.equal(lullaby.loudness, "-21");
  await page.getByRole("button", { name: "Surprise me" }).click();
  const chance = await sliders(page);
  assert.notDeepEqual(chance, lullaby);
  await page.getByRole("button", { name: "Surprise me" }).click();
  assert.notDeepEqual(await sliders(page), chance);

  await page.getByRole("button", { name: "Undo" }).click();
  assert.deepEqual(await sliders(page), chance);
  await page.keyboard.press("Control+z");
  assert.deepEqual(await sliders(page), lullaby);
  await page.keyboard.press("Control+z");
  assert.deepEqual(await sliders(page), first);
  assert.ok(await page.getByRole("button", { name: "Undo" }).isDisabled());
});

visit("one drag of a slider is one step back", async (page) => {
  const energy = page.getByRole("slider", { name: "Energy" });
  const before = await energy.inputValue();
  await energy.focus();
  for (let press = 0; press < 5; press++) await page.keyboard.press("ArrowRight");
  assert.equal(await energy.inputValue(), "0.63");
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await energy.inputValue(), before);
  assert.ok(await page.getByRole("button", { name: "Undo" }).isDisabled());
});

visit("a text box keeps its own undo", async (page) => {
  const energy = page.getByRole("slider", { name: "Energy" });
  await energy.fill("0.63");
  await page.getByRole("textbox", { name: "Tempo as a number" }).fill("90");
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await energy.inputValue(), "0.63");
  assert.ok(await page.getByRole("button", { name: "Undo" }).isEnabled());
});

visit("the same starting point twice is one step back", async (page) => {
  const first = await sliders(page);
  const undo = page.getByRole("button", { name: "Undo" });
  await page.getByRole("button", { name: "Start over" }).click();
  assert.ok(await undo.isDisabled());
  await page.getByRole("button", { name: "Lullaby" }).dblclick();
  assert.notDeepEqual(await sliders(page), first);
  await undo.click();
  assert.deepEqual(await sliders(page), first);
  assert.ok(await undo.isDisabled());
});

visit("a step back explains the genre again that was explained before, of the same model", async (page) => {
  const presets = page.locator(".presets");
  const why = (genre) => page.getByRole("heading", { name: `Why ${genre}?` }).waitFor();
  await page.locator(".bar").filter({ hasText: "Rock" }).getByRole("button").click();
  await why("Rock");
  await presets.getByRole("button", { name: "Jazz", exact: true }).click();
  await why("Jazz");
  await page.getByRole("button", { name: "Undo" }).click();
  await why("Rock");
  // A slider that moves has nothing else explained, nor has its step back.
  await page.getByRole("slider", { name: "Energy" }).fill("0.6");
  await page.locator(".bar").filter({ hasText: "Latin" }).getByRole("button").click();
  await page.getByRole("button", { name: "Undo" }).click();
  await why("Latin");
});

visit("a button that goes off hands the keyboard on", async (page) => {
  const focused = () => page.evaluate(() => document.activeElement.id);
  await page.getByRole("slider", { name: "Tempo" }).fill("180");
  await page.getByRole("button", { name: "Reset Tempo" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "tempo");
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.focus();
  await page.keyboard.press("Enter");
  assert.ok(await undo.evaluate((undo) => undo === document.activeElement));
  await page.keyboard.press("Enter");
  assert.ok(await undo.isDisabled());
  assert.equal(await focused(), "sliders-title");
});

visit("one slider goes back by a button and by a double click, to where the track was loaded", async (page) => {
  await page.getByRole("button", { name: "Campfire" }).click();
  const tempo = page.getByRole("slider", { name: "Tempo" });
  const reset = page.getByRole("button", { name: "Reset Tempo" });
  assert.equal(await reset.count(), 0);
  const title = () => page.locator("#answer-title").textContent();
  await tempo.fill("180");
  assert.equal(await title(), "Campfire (changed)");
  await reset.focus();
  await page.keyboard.press("Enter");
  assert.equal(await tempo.inputValue(), "104");
  await tempo.fill("180");
  await tempo.dblclick({ position: { x: 40, y: 12 } });
  assert.equal(await tempo.inputValue(), "104");
  // All of it is as it was loaded, so it has its name again.
  assert.equal(await title(), "Campfire");
});

visit("what is no number goes when another track comes, and is in no link", async (page) => {
  const [box, complaint] = [page.locator("#tempo-number"), page.locator("#tempo-error")];
  await page.getByRole("slider", { name: "Energy" }).fill("0.2");
  for (const other of ["Start over", "Undo"]) {
    await box.fill("999");
    await box.press("Tab");
    await complaint.getByText("Tempo lies between 20 and 300.").waitFor();
    // Neither of them moves this slider.
    await page.getByRole("button", { name: other }).click();
    await page.waitForFunction(() => document.querySelector("#tempo-error").textContent === "");
    assert.equal(await box.inputValue(), "116");
  }
});

visit("a number is taken as people write it, or refused, and never read in part", async (page) => {
  const enter = async (id, text) => {
    await page.locator(`#${id}-number`).fill(text);
    await page.locator(`#${id}-number`).press("Tab");
  };
  const box = (id) => page.locator(`#${id}-number`).inputValue();
  const complaint = (id) => page.locator(`#${id}-error`).textContent();
  await enter("duration_ms", "4:05");
  assert.equal(await page.locator("#duration_ms").inputValue(), "245");
  assert.equal(await box("duration_ms"), "245");
  await enter("loudness", "−7,2 dB");
  assert.equal(await page.locator("#loudness").inputValue(), "-7.2");
  for (const text of ["--", "12e", "fast"]) {
    await enter("tempo", text);
    assert.equal(await complaint("tempo"), "That is not a number.", text);
    assert.equal(await page.locator("#tempo").inputValue(), "116");
  }
  // An empty box means that it is not known, whatever was said before.
  await enter("tempo", "");
  assert.equal(await complaint("tempo"), "");
  assert.equal(await page.locator("#tempo").getAttribute("aria-valuetext"), "unknown");
  await page.getByRole("combobox", { name: "Language" }).selectOption("Deutsch");
  await page.getByText("Der Titel", { exact: true }).waitFor();
  assert.equal(await box("loudness"), "-7,2");
});

visit("without an answer nothing is said as if there were one", async (page) => {
  for (const name of ["Danceability", "Energy", "Valence", "Tempo", "Loudness"]) {
    const box = page.getByRole("textbox", { name: `${name} as a number` });
    await box.fill("");
    await box.press("Enter");
  }
  await page.locator(".bars.unanswered").waitFor();
  assert.equal(await page.locator("#answer-title").textContent(), "This track");
  assert.deepEqual([...new Set(await page.locator(".bar-value").allTextContents())].map((text) => text.trim()), ["–"]);
  for (const part of [page.locator(".why"), page.locator(".curve-legend")]) assert.ok(await part.isHidden());
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator(".why").waitFor();
});

visit("a track by chance sounds like one of the genres", async (page) => {
  for (let press = 0; press < 15; press += 1) {
    await page.getByRole("button", { name: "Surprise me" }).click();
    assert.notEqual(await page.getByTestId("headline").textContent(), "None of these");
  }
});

visit("a long name takes two lines, and can be read in full", async (page) => {
  await page.evaluate(() => (location.hash = `#v=1&energy=0.4&name=${encodeURIComponent("Long name ".repeat(20).trim())}`));
  const title = page.locator("#answer-title");
  await title.getByText("Long name").waitFor();
  assert.ok((await title.boundingBox()).height < 60);
  assert.equal(await title.getAttribute("title"), await title.textContent());
});

visit("keys change a number in its box", async (page) => {
  const box = page.locator("#tempo-number");
  await box.focus();
  for (const [key, then] of [["ArrowUp", "117"], ["PageUp", "127"], ["ArrowDown", "126"], ["PageDown", "116"]]) {
    await page.keyboard.press(key);
    await page.waitForFunction((then) => document.querySelector("#tempo-number").value === then, then);
    assert.equal(await page.locator("#tempo").inputValue(), then);
  }
});

visit("the smallest values are shown as they are", async (page) => {
  await page.evaluate(() => (location.hash = "#v=1&instrumentalness=4e-7"));
  await page.waitForFunction(() => document.querySelector("#instrumentalness-number").value === "0.0000004");
  assert.equal(await page.locator("#instrumentalness").getAttribute("aria-valuetext"), "0.0000004");
});

visit("a jump within the page leaves the sliders in the address", async (page) => {
  await page.getByRole("button", { name: "Lullaby" }).click();
  await page.waitForURL(/name=Lullaby$/);
  await page.getByRole("link", { name: "drop your playlist" }).click();
  await page.waitForURL(/name=Lullaby$/);
});

visit("arrows go in steps, page keys in leaps, Home and End to the ends", async (page) => {
  const valence = page.getByRole("slider", { name: "Valence" });
  await valence.focus();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await valence.inputValue(), "0.49");
  await page.keyboard.press("PageUp");
  assert.equal(await valence.inputValue(), "0.59");
  await page.keyboard.press("End");
  assert.equal(await valence.inputValue(), "1");
  assert.equal(await valence.getAttribute("aria-valuetext"), "1");
});

visit("the band and the hill behind a slider are those of the genre that is explained", async (page) => {
  const band = page.locator(".slider").filter({ hasText: "Speechiness" }).locator(".band");
  const hill = page.locator(".slider").filter({ hasText: "Speechiness" }).locator(".curve path");
  const place = async () => [await band.getAttribute("style"), await hill.getAttribute("d")];
  const speechiness = page.getByRole("slider", { name: "Speechiness" });
  const description = () => speechiness.evaluate((slider) => document.getElementById(slider.getAttribute("aria-describedby")).textContent);
  // The band follows a moment behind the hill.
  const described = (genre) =>
    page.waitForFunction((genre) => {
      const hint = document.getElementById(document.getElementById("speechiness").getAttribute("aria-describedby"));
      return hint.textContent.includes(`${genre} usually lies between`);
    }, genre);
  const [best] = (await headline(page)).split(",");
  await described(best);
  const before = await place();
  assert.match(await description(), new RegExp(`${best} usually lies between 0\\.\\d+ and 0\\.\\d+\\.`));
  await page.getByRole("button", { name: /^Hip-hop/ }).last().click();
  await page.locator(".sliders.genre-hiphop").waitFor();
  await page.getByRole("heading", { name: "Why Hip-hop?" }).waitFor();
  await page.waitForFunction((before) => document.querySelectorAll(".curve path")[7].getAttribute("d") !== before, before[1]);
  await page.waitForFunction((before) => document.querySelectorAll(".band")[7].getAttribute("style") !== before, before[0]);
  const after = await place();
  assert.notEqual(after[0], before[0]);
  assert.match(await description(), /Hip-hop usually lies between/);
});

visit("the bars stay in order while a slider moves, and glide", async (page) => {
  for (const value of ["0", "0.2", "0.5", "0.8", "1"]) {
    await page.getByRole("slider", { name: "Acousticness" }).fill(value);
    const shares = (await bars(page)).map(({ share }) => share);
    assert.deepEqual(shares, shares.toSorted((a, b) => b - a));
  }
});

visit("the answer is told in words, with the genres that it could be", async (page) => {
  const sureness = page.getByTestId("sureness");
  await page.locator(".presets").getByRole("button", { name: "Jazz", exact: true }).click();
  assert.match(await sureness.textContent(), /^(Hardly any doubt|Probably)\./);
  await page.getByRole("button", { name: "Start over" }).click();
  assert.match(await sureness.textContent(), /Nine times out of ten it would be [^,]+(, [^,]+)* or [^,]+\.$/);
});

visit("a typed nought is refused where nothing can be nought, and is not taken for unknown", async (page) => {
  for (const [id, sentence] of [["tempo", "Tempo lies between"], ["duration_ms", "Duration lies between"]]) {
    const before = await page.locator(`#${id}`).inputValue();
    await page.locator(`#${id}-number`).fill("0");
    await page.locator(`#${id}-number`).press("Enter");
    await page.locator(`#${id}-error`).getByText(sentence).waitFor();
    assert.equal(await page.locator(`#${id}`).inputValue(), before);
  }
});

visit("keys go on from a number that is still being typed", async (page) => {
  const box = page.locator("#tempo-number");
  await box.fill("150");
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() => document.querySelector("#tempo-number").value === "151");
  assert.equal(await page.locator("#tempo").inputValue(), "151");
  // From what is no number they lead nowhere.
  await box.fill("15x");
  await page.keyboard.press("ArrowUp");
  await page.locator("#tempo-error").getByText("That is not a number.").waitFor();
  assert.equal(await box.inputValue(), "15x");
  assert.equal(await page.locator("#tempo").inputValue(), "151");
});

visit("what a feature means is no column of single words", async (page) => {
  for (const width of [1440, 1280, 1024]) {
    await page.setViewportSize({ width, height: 900 });
    const lines = await page.locator(".slider-hint").evaluateAll((hints) =>
      hints.map((hint) => hint.getBoundingClientRect().height / parseFloat(getComputedStyle(hint).lineHeight)),
    );
    assert.ok(Math.max(...lines) < 3.5, `${lines} lines at ${width}`);
  }
});

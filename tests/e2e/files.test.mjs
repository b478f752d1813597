// Files as people have them, dropped on the page: every format, and all that can be done with the rows.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { command, openStage } from "./harness.mjs";
import { file, give, settled, visitsOn, workerOf } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());
const visit = visitsOn(stage, {
  viewport: { width: 1440, height: 1000 },
  reducedMotion: "reduce",
  permissions: ["clipboard-read", "clipboard-write"],
});

const folder = fileURLToPath(new URL("../files/", import.meta.url));
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const status = (page) => page.getByTestId("status").textContent();
const rows = (page) => page.getByTestId("tracks").locator("tr:not(.space)");
const titles = (page) => rows(page).locator(".row-button").allInnerTexts();
const shown = (page, words) => page.getByTestId("shown").filter({ hasText: words }).waitFor();

/** Waits until five rows stand in the order of their confidence, upwards (1) or downwards (-1): the heading tells the order at
 *  once, and the rows come from the worker. */
const sortedByConfidence = (page, direction) =>
  page.waitForFunction((direction) => {
    const cells = [...document.querySelectorAll('[data-testid="tracks"] td.number')];
    const shown = cells.map((cell) => parseInt(cell.textContent, 10));
    return shown.length === 5 && shown.every((confidence, place) => place === 0 || direction * (confidence - shown[place - 1]) >= 0);
  }, direction);

/** Lets the worker read only so many pieces of files. The rest follows once what this gives is called. */
async function hold(page, pieces) {
  const worker = await workerOf(page);
  await worker.evaluate((pieces) => {
    const read = FileReader.prototype.readAsArrayBuffer;
    const held = [];
    FileReader.prototype.readAsArrayBuffer = function (blob) {
      if (blob.size === 0 || pieces-- > 0) read.call(this, blob);
      else held.push(() => read.call(this, blob));
    };
    self.readOn = () => {
      FileReader.prototype.readAsArrayBuffer = read;
      for (const readOn of held) readOn();
    };
  }, pieces);
  return () => worker.evaluate(() => self.readOn());
}

const expectations = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".expected.json")).sort();

visit("every format that people have is read, or refused with the reason", async (page) => {
  assert.ok(expectations.length > 80, `${expectations.length} formats`);
  for (const name of expectations) {
    const expected = JSON.parse(await readFile(file(name), "utf8"));
    await give(page, file(name.replace(".expected.json", "")));
    // A table of an archive that has others is told beside them.
    const isBeside = expected.refused && expected.rows?.length > 0 && name.includes(".zip");
    const told = isBeside ? await page.getByTestId("notes").innerText() : await status(page);
    if (expected.refused) {
      assert.equal(await page.locator(".playlist").getAttribute("data-state"), isBeside ? "done" : "failed", name);
      for (const words of [expected.refused, ...(expected.refused_with ?? [])]) assert.ok(told.includes(words), `${name}: ${told}`);
      continue;
    }
    assert.equal(await page.locator(".playlist").getAttribute("data-state"), "done", `${name}: ${told}`);
    // A line that is empty, or has the column names once more, is no track.
    const tracks = expected.rows.filter(({ problems }) => !/the row is empty|the line is not a track/.test(problems));
    assert.deepEqual(await titles(page), tracks.map(({ track, line }) => track || `Line ${line}`), name);
    await shown(page, new RegExp(`^All ${tracks.length} tracks?$`));
    const missing = await page.getByTestId("missing").allInnerTexts();
    for (const feature of expected.missing ?? []) {
      const called = feature === "duration_ms" ? "duration" : feature;
      assert.ok(missing.join().includes(called), `${name}: ${missing}`);
    }
  }
});

visit("the browser decodes every encoding as the command line does", async (page) => {
  for (const name of [
    "kaggle/spotify-2023.csv",
    "spreadsheet/semicolons-decimal-commas.csv",
    "spreadsheet/unicode-text-little-endian.txt",
    "spreadsheet/unicode-text-big-endian.txt",
    "spreadsheet/unicode-text-without-mark.txt",
    "exportify-app/japanese.csv",
  ]) {
    await give(page, file(name));
    const { bytes } = await download(page);
    const expected = execFileSync(command, ["classify", file(name)], { stdio: ["ignore", "pipe", "ignore"] });
    assert.ok(bytes.equals(expected), name);
  }
});

async function download(page) {
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download with genres" }).click(),
  ]);
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

visit("what was understood is shown, can be changed, and is remembered", async (page) => {
  const path = file("spreadsheet/loudness-from-0-to-1.csv");
  await give(page, path);
  const panel = page.getByTestId("mapping");
  // There is something to ask, so the panel is open by itself.
  await panel.getByText("8 of 9 audio features understood").waitFor();
  await page.getByTestId("missing").getByText("No column for loudness.").waitFor();
  const loudness = panel.locator('tr[data-column="Loudness"]');
  await loudness.getByText("its numbers are not decibels").waitFor();
  assert.equal(await loudness.getByRole("combobox", { name: "What “Loudness” is read as" }).inputValue(), "-");

  const energy = () => panel.locator('tr[data-column="Energy"]');
  assert.equal(await energy().getByRole("combobox", { name: "Unit of “Energy”" }).inputValue(), "ratio");
  assert.equal(await energy().locator(".sureness").innerText(), "certain");
  await energy().getByRole("combobox", { name: "Unit of “Energy”" }).selectOption("percent");
  await settled(page);
  await energy().getByText("0.06 → 0.0006").waitFor();
  await rows(page).first().click();
  assert.equal(await page.getByRole("textbox", { name: "Energy as a number" }).inputValue(), "0.001");

  // Another visit to a file with the same column names.
  await page.reload();
  await page.locator("footer").waitFor();
  await give(page, path);
  await energy().getByText("0.06 → 0.0006").waitFor();
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert.match(kept, /energy:percent/);
  assert.doesNotMatch(kept, /Nocturne/);
  await panel.getByRole("button", { name: "Forget what I chose" }).click();
  await settled(page);
  assert.equal(await energy().getByRole("combobox", { name: "Unit of “Energy”" }).inputValue(), "ratio");

  // A file that needs no question asks none.
  await give(page, file("chosic/2026.csv"));
  assert.equal(await panel.getAttribute("open"), null);
  await panel.locator("summary").click();
  await panel.getByText("75 → 0.75").or(panel.getByText("21 → 0.21")).first().waitFor();
});

visit("rows are sorted by any column, searched, and filtered", async (page) => {
  await give(page, file("kaggle/genres-v2.csv"));
  const all = await titles(page);
  const heading = (name) => page.getByRole("columnheader", { name });
  await heading("Track").getByRole("button").click();
  await page.locator('th[aria-sort="ascending"]').waitFor();
  await rows(page).first().getByText("Ampère").waitFor();
  assert.deepEqual(await titles(page), all.toSorted((a, b) => a.localeCompare(b)));
  await heading("Track").getByRole("button").click();
  await page.locator('th[aria-sort="descending"]').waitFor();
  await rows(page).first().getByText("Warehouse").waitFor();
  await heading("Track").getByRole("button").click();
  await rows(page).first().getByText("Nocturne").waitFor();

  await page.getByRole("searchbox").fill("AMPÈ");
  await shown(page, "1 of 5 tracks");
  assert.deepEqual(await titles(page), ["Ampère"]);
  await page.getByRole("button", { name: "Show all" }).click();
  await shown(page, "All 5 tracks");
  assert.equal(await page.getByRole("searchbox").inputValue(), "");

  const bar = page.getByTestId("summary").getByRole("button").first();
  await bar.click();
  assert.equal(await bar.getAttribute("aria-pressed"), "true");
  await shown(page, "of 5 tracks");
  const genres = new Set(await rows(page).locator(".genre").allInnerTexts());
  assert.deepEqual([...genres], [await bar.locator(".summary-name").innerText()]);
  await bar.click();
  await shown(page, "All 5 tracks");

  await page.getByRole("button", { name: "Least certain first" }).click();
  const confidences = async () => (await rows(page).locator("td.number").allInnerTexts()).map((text) => parseInt(text, 10));
  await page.locator('th.number[aria-sort="ascending"]').waitFor();
  await sortedByConfidence(page, 1);
  await page.getByRole("combobox", { name: "How sure" }).selectOption("80 % and more");
  await page.getByTestId("shown").filter({ hasText: /^[1-4] of 5 tracks/ }).waitFor();
  const left = await confidences();
  assert.ok(left.length > 0 && left.length < 5, `${left}`);
  assert.ok(left.every((confidence) => confidence >= 80), `${left}`);
});

visit("the file's own genres are compared, matched and filtered by", async (page) => {
  await give(page, file("kaggle/genres-v2.csv"));
  const agreement = page.getByTestId("agreement");
  await agreement.getByText(/The answers agree with the file's own genres on \d+\s% of 5 tracks/).click();
  // One genre's label is changed: its track no longer counts.
  const labels = page.getByTestId("labels");
  assert.equal(await labels.getByRole("combobox", { name: "techno" }).inputValue(), "2");
  await labels.getByRole("combobox", { name: "techno" }).selectOption("none of these");
  await agreement.getByText("of 4 tracks").waitFor();
  const cell = agreement.locator(".matrix button").first();
  const [, tracks] = /^(\d+) track/.exec(await cell.getAttribute("aria-label"));
  await cell.click();
  await shown(page, `${tracks} of 5 tracks`);
  assert.equal(await cell.getAttribute("aria-pressed"), "true");
  await page.getByRole("button", { name: "Maybe mislabelled" }).click();
  await page.getByRole("button", { name: "Show all" }).click();
  await shown(page, "All 5 tracks");
  assert.deepEqual(await rows(page).first().locator("td.label").innerText(), "Classical");
});

visit("words of titles count when the visitor wants it, on the page and in what is saved", async (page, context) => {
  const asked = [];
  context.on("request", (request) => asked.push(request.url()));
  const features = "0.5,0.5,-9,0.05,0.5,0.1,0.1,0.5,110";
  const table = `Track Name,Danceability,Energy,Loudness,Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo
"Sonata No. 3 in B minor, Op. 58: II. Scherzo",${features}
,${features}
`;
  const folder = await mkdtemp(join(tmpdir(), "overtone-"));
  const path = join(folder, "two.csv");
  await writeFile(path, table);
  await give(page, path);
  const answers = () => rows(page).locator("td:nth-child(3), td:nth-child(4)").allInnerTexts();
  const sound = await answers();
  assert.deepEqual(sound.slice(0, 2), sound.slice(2));
  const part = page.getByTestId("title-words");
  const box = part.getByRole("checkbox", { name: "Let the words of titles count too" });
  assert.equal(await box.isChecked(), false);
  assert.ok(!asked.some((address) => address.includes(".titles")));

  await box.focus();
  await page.keyboard.press("Space");
  await part.getByText(/Titles count\. On other people's collections that made \d\d of 100 answers right in place of \d\d\./).waitFor();
  await settled(page);
  await rows(page).first().filter({ hasText: "Classical" }).waitFor();
  // The files were read once more, and the keyboard is where it was.
  assert.ok(await box.evaluate((box) => box === document.activeElement));
  assert.deepEqual((await answers()).slice(2), sound.slice(2));
  const { bytes } = await download(page);
  const expected = execFileSync(command, ["classify", "--use-titles", path], { stdio: ["ignore", "pipe", "ignore"] });
  assert.equal(bytes.toString(), expected.toString());

  await box.uncheck();
  await settled(page);
  await page.waitForFunction((before) => [...document.querySelectorAll('[data-testid="tracks"] tr:not(.space)')][0]?.innerText.includes(before), sound[0]);
  assert.deepEqual(await answers(), sound);

  // The close genres know nothing of titles.
  await page.getByRole("radio", { name: "15 close ones" }).check();
  await page.locator('.bar[data-genre="techno"]').waitFor();
  await settled(page);
  await part.waitFor({ state: "detached" });
  await rm(folder, { recursive: true });
});

visit("a track that sounds like none of the genres is marked", async (page) => {
  const table = `Track Name,Danceability,Energy,Loudness,Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo
Two Men at a Microphone,0.56,0.7,-11,0.95,0.82,0,0.8,0.4,90
Waltz for Nobody,0.3,0.2,-18,0.04,0.95,0.8,0.1,0.3,100
`;
  const folder = await mkdtemp(join(tmpdir(), "overtone-"));
  await writeFile(join(folder, "two.csv"), table);
  await give(page, join(folder, "two.csv"));
  const marked = rows(page).filter({ hasText: "sounds like none of the genres; this is the nearest" });
  assert.deepEqual(await marked.locator(".row-button").allInnerTexts(), ["Two Men at a Microphone"]);
  // What the mark means can also be read, and leads to these tracks.
  await page.getByRole("button", { name: "Like none of the genres (1)" }).press("Space");
  await page.getByTestId("shown").getByText("1 of 2").waitFor();
  assert.deepEqual(await rows(page).locator(".row-button").allInnerTexts(), ["Two Men at a Microphone"]);
  await rm(folder, { recursive: true });
});

visit("the row on the sliders stays marked while they show it", async (page) => {
  await give(page, file("exportify-net/playlist.csv"));
  const row = page.getByRole("button", { name: "Ampère" });
  await row.click();
  const marked = page.locator("tr.selected");
  await marked.waitFor();
  const energy = page.getByRole("slider", { name: "Energy" });
  await energy.fill("0.1");
  await page.waitForFunction(() => !document.querySelector("tr.selected"));
  await page.getByRole("button", { name: "Undo" }).click();
  await marked.filter({ hasText: "Ampère" }).waitFor();
  await energy.fill("0.1");
  await page.getByRole("button", { name: "Reset Energy" }).click();
  await marked.filter({ hasText: "Ampère" }).waitFor();
  const other = page.getByTestId("tracks").getByRole("button").first();
  await other.click();
  await marked.filter({ hasText: await other.innerText() }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await marked.filter({ hasText: "Ampère" }).waitFor();
  await page.getByTestId("language").selectOption("de");
  await page.getByRole("heading", { name: "Deine Playlist" }).waitFor();
  await marked.filter({ hasText: "Ampère" }).waitFor();
  // A track of these files is none of others.
  await give(page, file("exportify-net/playlist.csv"));
  await rows(page).first().waitFor();
  assert.equal(await marked.count(), 0);
});

visit("a row has not the values on the sliders any more once its columns are read otherwise", async (page) => {
  await give(page, file("exportify-net/playlist.csv"));
  await page.getByRole("button", { name: "Ampère" }).click();
  await page.locator("tr.selected").waitFor();
  const panel = page.getByTestId("mapping");
  await panel.locator("summary").click();
  await panel.getByRole("combobox", { name: "Unit of “Energy”" }).selectOption("percent");
  await settled(page);
  await rows(page).first().waitFor();
  assert.equal(await page.locator("tr.selected").count(), 0);
});

visit("text that is dropped is no file, and goes where text goes", async (page) => {
  await give(page, file("exportify-net/playlist.csv"));
  await page.getByRole("button", { name: "Ampère" }).click();
  await page.locator("tr.selected").waitFor();
  const before = await status(page);
  const isTaken = (place) =>
    page.locator(place).evaluate((place) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData("text/plain", "Ampère");
      return !place.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    });
  // A link that falls beside would have the browser leave the page.
  assert.ok(await isTaken("body"));
  assert.ok(!(await isTaken('input[type="search"]')));
  assert.equal(await status(page), before);
  assert.equal(await page.locator("tr.selected").count(), 1);
});

visit("a filter stays as it is shown when the language changes", async (page) => {
  await give(page, file("kaggle/genres-v2.csv"));
  await page.getByRole("combobox", { name: "How sure" }).selectOption("80 % and more");
  await shown(page, "of 5 tracks");
  const left = await titles(page);
  await page.getByTestId("language").selectOption("de");
  await page.getByRole("heading", { name: "Deine Playlist" }).waitFor();
  const select = page.locator(".filters select");
  assert.match(await select.evaluate((select) => select.selectedOptions[0].textContent), /^80\s%/);
  assert.deepEqual(await titles(page), left);
});

visit("without a clipboard, what was to be copied is saved", async (page) => {
  // As over plain http.
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await give(page, file("exportify-net/2026.csv"));
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Copy those shown" }).click();
  await saved;
  await page.getByTestId("outcome").getByText("the text was saved as a file").waitFor();
  assert.ok(await page.getByRole("button", { name: "Download with genres" }).isEnabled());
});

visit("whoever drops a file before the room for files is there is told that it comes", async (page, context) => {
  let letThrough;
  const slow = new Promise((resolve) => (letThrough = resolve));
  await context.route(/overtone-files-[^/]*\.wasm/, async (route) => {
    await slow;
    await route.continue();
  });
  await page.locator(".drop-zone").hover();
  await page.getByTestId("file").setInputFiles(file("exportify-net/playlist.csv"));
  await page.getByTestId("room").getByText("Loading the file reader").waitFor();
  letThrough();
  await settled(page);
  assert.match(await status(page), /12 tracks/);
  assert.equal((await page.getByTestId("room").textContent()).trim(), "");
}, { visit: { serviceWorkers: "block" } });

visit("what a genre of the file means is chosen by keyboard, and the focus stays", async (page) => {
  await give(page, file("kaggle/genres-v2.csv"));
  await page.getByTestId("agreement").locator("summary").click();
  const choice = page.getByTestId("labels").getByRole("combobox").first();
  await choice.focus();
  for (const press of ["ArrowDown", "ArrowDown"]) {
    const before = await choice.inputValue();
    await page.keyboard.press(press);
    await page.waitForFunction((before) => document.activeElement.value !== before, before);
  }
  assert.equal(await choice.evaluate((choice) => choice === document.activeElement), true);
});

for (const width of [1440, 390]) {
  visit(`large text leaves the titles readable, ${width} pixels wide`, async (page) => {
    const client = await page.context().newCDPSession(page);
    await client.send("Page.enable");
    await client.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
    await page.reload();
    await give(page, file("exportify-net/playlist.csv"));
    const title = page.getByRole("button", { name: "Ampère" });
    const room = await title.evaluate((title) => title.closest("td").getBoundingClientRect().width);
    assert.ok(room > 100, `${room} pixels for a title`);
  }, { visit: { viewport: { width, height: 844 } } });
}

visit("several files and an archive are read together", async (page) => {
  await give(page, file("exportify-net/export-all.zip"), file("chosic/2026.csv"), file("soundiiz/playlist.csv"));
  assert.match(await status(page), /^2 of 3 files: 15 tracks/);
  await page.getByTestId("notes").getByText("notes.md in export-all.zip is not a table and was skipped.").waitFor();
  await page.getByTestId("notes").getByText(/^playlist\.csv cannot be read\. There is no column of audio features/).waitFor();
  assert.deepEqual(new Set(await rows(page).locator("td.file").allInnerTexts()), new Set(["first.csv", "second.csv", "2026.csv"]));
  // Two tables with the same columns go into one file, one with others into another.
  const downloads = [];
  page.on("download", (saved) => downloads.push(saved.suggestedFilename()));
  await page.getByRole("button", { name: "Download with genres" }).click();
  while (downloads.length < 2) await page.waitForTimeout(50);
  assert.deepEqual(downloads.sort(), ["2026-genres.csv", "first-genres.csv"]);
});

visit("more files than a browser takes at a time are all saved", async (page) => {
  const names = Array.from({ length: 12 }, (_, number) => `list${number}`);
  const table = (name) => `danceability,energy,valence,tempo,acousticness,${name}\n0.5,0.6,0.4,120,0.2,a\n`;
  await give(page, ...names.map((name) => ({ name: `${name}.csv`, mimeType: "text/csv", buffer: Buffer.from(table(name)) })));
  const downloads = [];
  page.on("download", (saved) => downloads.push(saved.suggestedFilename()));
  await page.getByRole("button", { name: "Download with genres" }).click();
  while (downloads.length < names.length) await page.waitForTimeout(50);
  assert.deepEqual(downloads.sort(), names.map((name) => `${name}-genres.csv`).sort());
});

visit("rows are saved for Excel and as JSON, and copied", async (page) => {
  await give(page, file("exportify-net/2026.csv"));
  await page.getByRole("combobox", { name: "File" }).selectOption("CSV for Excel");
  assert.ok((await download(page)).bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])));
  await page.getByRole("combobox", { name: "File" }).selectOption("JSON");
  await page.getByRole("combobox", { name: "Tracks" }).selectOption("those shown, in file order");
  await page.getByRole("searchbox").fill("nullpunkt");
  await shown(page, "1 of 5 tracks");
  const { name, bytes } = await download(page);
  assert.equal(name, "2026-genres.json");
  const [track, ...others] = JSON.parse(bytes.toString());
  assert.equal(others.length, 0);
  assert.equal(track.columns["Track Name"], "Warehouse, 4 a.m.");
  assert.equal(track.probabilities[track.predicted_genre], track.confidence);

  await page.getByRole("button", { name: "Copy those shown" }).click();
  await page.getByTestId("outcome").getByText("1 line copied.").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^Warehouse, 4 a\.m\.\tNullpunkt\telectronic\t\d+ %\n$/);
  // Links are those of tracks that are shown.
  await page.getByRole("combobox", { name: "Copy Spotify links of" }).selectOption("Classical");
  await page.getByRole("button", { name: "Copy Spotify links of" }).click();
  await page.getByTestId("outcome").getByText("There is nothing to copy.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByRole("combobox", { name: "Copy Spotify links of" }).selectOption("Electronic");
  await page.getByRole("button", { name: "Copy Spotify links of" }).click();
  await page.getByTestId("outcome").getByText(/copied/).waitFor();
  const links = (await page.evaluate(() => navigator.clipboard.readText())).trim().split("\n");
  assert.ok(links.includes("spotify:track:ZTYS355nRaLPGSjgCdC2BH"), links.join());
});

visit("in German, what is saved for Excel has semicolons and decimal commas; no formula runs, saved or copied", async (page) => {
  const table = "Track Name,Danceability,Energy,Loudness,Acousticness,Valence,Tempo\n=1+1,0.2,0.05,-28.5,0.98,0.1,80\n";
  await give(page, { name: "one.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await page.getByTestId("language").selectOption("de");
  await page.getByRole("combobox", { name: "Datei" }).selectOption("CSV für Excel");
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Mit Genres herunterladen" }).click(),
  ]);
  const [names, row] = (await readFile(await saved.path(), "utf8")).split("\n");
  assert.match(names, /^\ufeffTrack Name;Danceability;.*;p_rock$/);
  assert.match(row, /^'=1\+1;0,2;0,05;-28,5;0,98;0,1;80;classical;0,\d+;[\d,;e-]+$/);
  await page.getByRole("button", { name: "Die gezeigten kopieren" }).click();
  await page.getByTestId("outcome").getByText("1 Zeile kopiert.").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^'=1\+1\t/);
});

visit("a large file is saved whole, and one that the browser has no room for is told", async (page) => {
  await withTracks(8_000, async (path) => {
    await give(page, path);
    const { bytes } = await download(page);
    const expected = execFileSync(command, ["classify", path], { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1e8 });
    assert.ok(bytes.equals(expected));
    // It is given to the browser in several parts.
    await (await workerOf(page)).evaluate(() => {
      const Taken = self.Blob;
      let parts = 0;
      self.Blob = function (...what) {
        if (what[0]?.[0] instanceof Uint8Array && ++parts === 2) throw new RangeError("Array buffer allocation failed");
        return new Taken(...what);
      };
    });
    const downloads = [];
    page.on("download", (saved) => downloads.push(saved.suggestedFilename()));
    await page.getByRole("button", { name: "Download with genres" }).click();
    await page.getByTestId("outcome").getByText("The browser has no memory left for the file.").waitFor();
    assert.deepEqual(downloads, []);
  });
});

visit("a file that is given twice is read once, shown and saved, and it is told", async (page) => {
  const playlist = file("exportify-net/playlist.csv");
  await give(page, playlist, playlist, file("exportify-net/2026.csv"));
  assert.match(await status(page), /: 17 tracks/);
  await page.getByTestId("notes").getByText("playlist.csv was given more than once, and is read once.").waitFor();
  await page.getByRole("combobox", { name: "File" }).selectOption("JSON");
  assert.equal(JSON.parse((await download(page)).bytes.toString()).length, 17);
});

visit("a column without values is not understood, whoever has chosen it", async (page) => {
  const table = "Track Name,Danceability,Energy,Loudness,Acousticness,Valence,Empty\nSong,0.2,0.05,-28,0.98,0.1,\n";
  await give(page, { name: "one.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  const panel = page.getByTestId("mapping");
  await panel.getByText("5 of 9 audio features understood").click();
  await panel.locator('tr[data-column="Empty"] select').first().selectOption("Tempo");
  await settled(page);
  await page.waitForFunction(() => document.activeElement.matches(".mapping select"));
  await panel.getByText("5 of 9 audio features understood").waitFor();
});

for (const width of [320, 390, 720, 850]) {
  visit(`no column of the table is cut, ${width} pixels wide`, async (page) => {
    for (const language of ["English", "Deutsch"]) {
      await page.locator("header select").first().selectOption(language);
      await give(page, file("exportify-net/playlist.csv"));
      await rows(page).first().waitFor();
      const cut = await page.locator(".table-window").evaluate((window) => {
        const parts = [window, ...window.querySelectorAll(".tracks th .sort, td.genre-cell, td.number")];
        const isCut = (part) => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1;
        return parts.filter(isCut).map((part) => `${part.className} ${part.textContent.slice(0, 30)}`);
      });
      assert.deepEqual(cut, [], language);
      await page.locator(".download").waitFor();
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(beyond <= 0, `${language}: the page is ${beyond} pixels wider than the window`);
    }
  }, { visit: { viewport: { width, height: 900 } } });
}

visit("what is shown is copied in the order that is shown", async (page) => {
  await give(page, file("exportify-net/2026.csv"));
  const confidence = page.getByRole("columnheader", { name: "Confidence" }).getByRole("button");
  await confidence.click();
  await confidence.click();
  await page.locator('th.number[aria-sort="descending"]').waitFor();
  await sortedByConfidence(page, -1);
  const seen = await titles(page);
  await page.getByRole("button", { name: "Copy those shown" }).click();
  await page.getByTestId("outcome").getByText("5 lines copied.").waitFor();
  const copied = (await page.evaluate(() => navigator.clipboard.readText())).trimEnd().split("\n");
  assert.deepEqual(copied.map((line) => line.split("\t")[0]), seen);
  const percents = copied.map((line) => Number.parseInt(line.split("\t")[3], 10));
  const sorted = [...percents].sort((one, other) => one - other);
  assert.ok([sorted.join(), sorted.reverse().join()].includes(percents.join()), percents.join());
});

visit("columns under names that nobody knows can be told by hand, and no choice shuts anybody out", async (page) => {
  const names = ["Name", "bouncy", "power", "noisy", "talky", "wood"];
  const roles = { bouncy: "Danceability", power: "Energy", noisy: "Loudness", talky: "Speechiness", wood: "Acousticness" };
  await withTracks(0, async (path) => {
    await writeFile(path, [names.join(), "Song,0.5,0.6,-7.5,0.05,0.3", "Other,0.25,0.9,-4,0.1,0.01"].join("\n"));
    await give(page, path);
    assert.match(await status(page), /cannot be read\. There is no column of audio features/);
    await page.getByTestId("missing").getByText("If you know what the columns hold, say so here").waitFor();
    const panel = page.getByTestId("mapping");
    for (const [name, role] of Object.entries(roles)) {
      await panel.locator(`tr[data-column="${name}"] select`).first().selectOption(role);
      await settled(page);
    }
    assert.match(await status(page), /2 tracks, each with a genre/);

    // Too few are left: the way back is still there, also after a reload.
    await panel.locator('tr[data-column="wood"] select').first().selectOption("not read");
    await settled(page);
    assert.match(await status(page), /There are only 4 columns of audio features/);
    await page.reload();
    await page.locator("footer").waitFor();
    await give(page, path);
    assert.match(await status(page), /There are only 4 columns of audio features/);
    await panel.getByRole("button", { name: "Forget what I chose" }).click();
    await settled(page);
    assert.match(await status(page), /There is no column of audio features/);
    await panel.locator("summary").waitFor();
  });
});

visit("one file that cannot be read keeps nobody from saving the others", async (page) => {
  const playlist = file("exportify-net/playlist.csv");
  await give(page, file("bent/letter.docx"), playlist);
  assert.match(await status(page), /^1 of 2 files: 12 tracks/);
  const { name, bytes } = await download(page);
  assert.equal(name, "playlist-genres.csv");
  const expected = execFileSync(command, ["classify", playlist], { stdio: ["ignore", "pipe", "ignore"] });
  assert.ok(bytes.equals(expected));

  // Nor does one that was gone before it was read.
  await withTracks(5, async (path) => {
    const readOn = await hold(page, 0);
    await page.getByTestId("file").setInputFiles([path, playlist]);
    await rm(path);
    await readOn();
    await page.getByTestId("notes").getByText(/^many\.csv cannot be read\. The file cannot be read any more/).waitFor();
    await settled(page);
    assert.match(await status(page), /^1 of 2 files: 12 tracks/);
    assert.ok((await download(page)).bytes.equals(expected));
  });

  // Nor does one that was refused, and is then taken away.
  await withTracks(5, async (path) => {
    await writeFile(path, "Title,Year\nSong,1999\n");
    await give(page, path, playlist);
    await page.getByTestId("notes").getByText(/^many\.csv cannot be read\. There is no column of audio features/).waitFor();
    await rm(path);
    assert.ok((await download(page)).bytes.equals(expected));
  });
});

visit("tracks with more genres of the file's own than are compared are told", async (page) => {
  const names = "Track Name,Genre,Danceability,Energy,Loudness,Speechiness,Acousticness,Valence,Tempo";
  const row = (_, number) => `Song,genre ${number},0.2,0.05,-28,0.04,0.98,0.1,80`;
  const buffer = Buffer.from([names, ...Array.from({ length: 60_003 }, row), ""].join("\n"));
  await page.getByTestId("file").setInputFiles({ name: "genres.csv", mimeType: "text/csv", buffer });
  await settled(page);
  await page.getByTestId("notes").getByText(/^3 tracks are left out where the file's own genres are compared/).waitFor();
});

/** A zip archive of texts, each with its name. */
function zip(texts) {
  const crc = (bytes) => {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
  };
  const numbers = (...sized) =>
    Buffer.concat(sized.map(([size, number]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(number, 0, size);
      return bytes;
    }));
  const [local, central] = [[], []];
  let offset = 0;
  for (const [name, text] of texts) {
    const [title, bytes] = [Buffer.from(name), Buffer.from(text)];
    const about = numbers([2, 20], [2, 0], [2, 0], [4, 0], [4, crc(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0]);
    const entry = Buffer.concat([numbers([4, 0x04034b50]), about, title, bytes]);
    local.push(entry);
    central.push(numbers([4, 0x02014b50], [2, 20]), about, numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), title);
    offset += entry.length;
  }
  const size = Buffer.concat(central).length;
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, texts.length], [2, texts.length], [4, size], [4, offset], [2, 0]);
  return Buffer.concat([...local, ...central, end]);
}

visit("of an archive, a table that cannot be read is named, and the others are there as always", async (page) => {
  const playlist = await readFile(file("exportify-net/playlist.csv"), "utf8");
  const others = Array.from({ length: 30 }, (_, number) => [`${number}.md`, "A note."]);
  const buffer = zip([["good.csv", playlist], ...others, ["bad.csv", "Title,Artist\nSolo,Nobody\n"]]);
  await page.getByTestId("file").setInputFiles({ name: "all.zip", mimeType: "application/zip", buffer });
  await settled(page);
  assert.equal(await status(page), "all.zip: 12 tracks, each with a genre. Click one to see it on the sliders.");
  const notes = page.getByTestId("notes").locator("p");
  await notes.filter({ hasText: /^bad\.csv cannot be read\. There is no column of audio features/ }).waitFor();
  // Not each of the other things.
  assert.equal(await notes.filter({ hasText: "was skipped" }).count(), 20);
  assert.equal(await notes.last().innerText(), "and 10 more");
  await page.locator(".map").scrollIntoViewIfNeeded();
  await page.locator(".map-track").nth(11).waitFor();
  await page.getByRole("combobox", { name: "File" }).selectOption("JSON");
  assert.equal((await download(page)).name, "all-genres.json");
});

visit("what was read of a table that breaks off is told with its tracks, and stands on the map", async (page) => {
  const broken = file("bent/another-table-below.csv");
  await give(page, broken);
  assert.match(await status(page), /^another-table-below\.csv: 5 tracks were read, then no more\. On line 8, another table begins/);
  await page.locator(".map").scrollIntoViewIfNeeded();
  await page.locator(".map-track").nth(4).waitFor();
  await give(page, broken, file("exportify-net/playlist.csv"));
  assert.match(await status(page), /^2 files: 17 tracks/);
  await page.getByTestId("notes").getByText(/^another-table-below\.csv: 5 tracks were read, then no more\. On line 8, another table begins/).waitFor();
  // Nothing could be read of any.
  await give(page, file("bad/empty.csv"), file("bad/picture.png"));
  assert.equal(await status(page), "No track could be read; what is wrong is named below.");
  await page.getByTestId("language").selectOption("de");
  await page.getByTestId("status").getByText("Es konnte kein Titel gelesen werden; was nicht stimmt, steht darunter.", { exact: true }).waitFor();
});

visit("an empty line is no track, on the page and in what is copied", async (page) => {
  await give(page, file("kaggle/music-genre.csv"));
  assert.match(await status(page), /^music-genre\.csv: 5 tracks, each with a genre/);
  await shown(page, "All 5 tracks");
  await page.getByText("1 problem in one row").click();
  await page.getByText("line 7: the row is empty").waitFor();
  assert.equal(await page.getByTestId("summary").getByText("No answer").count(), 0);
  await page.getByRole("button", { name: "Copy those shown" }).click();
  await page.getByTestId("outcome").getByText("5 lines copied.").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(copied.split("\n").slice(0, 5).every((line) => line.trim() !== ""), copied);
  // In the whole table it stays where it is.
  const { bytes } = await download(page);
  // The command says by its exit code that there was a problem.
  assert.equal(bytes.toString(), spawnSync(command, ["classify", file("kaggle/music-genre.csv")]).stdout.toString());
});

visit("of tables of which no track is wanted nothing is saved, and where none is, it is told", async (page) => {
  await withTracks(5, async (path) => {
    await give(page, file("exportify-net/playlist.csv"), path);
    const downloads = [];
    page.on("download", (saved) => downloads.push(saved.suggestedFilename()));
    await page.getByRole("combobox", { name: "Tracks" }).selectOption("those shown, in file order");
    await page.getByRole("searchbox").fill("Song 3");
    await shown(page, "1 of 17 tracks");
    const { bytes } = await download(page);
    assert.equal(bytes.toString().trim().split("\n").length, 2);
    await page.evaluate(() => navigator.clipboard.writeText("something else"));
    await page.getByRole("searchbox").fill("nothing is called so");
    await shown(page, "0 of 17 tracks");
    await page.getByRole("button", { name: "Copy those shown" }).click();
    await page.getByTestId("outcome").getByText("There is nothing to copy.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "something else");
    await page.getByRole("button", { name: "Download with genres" }).click();
    await page.getByTestId("outcome").getByText("Nothing was saved or copied. No track is shown.").waitFor();
    assert.deepEqual(downloads, ["many-genres.csv"]);
  });
});

visit("of reading that was stopped, what was read is saved, and nothing of the files behind it", async (page) => {
  await withTracks(20_000, async (path) => {
    const readOn = await hold(page, 1);
    await page.getByTestId("file").setInputFiles([path, file("exportify-net/playlist.csv")]);
    await rows(page).first().waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await settled(page);
    await readOn();
    const downloads = [];
    page.on("download", (saved) => downloads.push(saved.suggestedFilename()));
    const { bytes } = await download(page);
    // By now all is told that was read.
    const tracks = Number(/stopped after ([\d,]+) tracks/.exec(await status(page))[1].replaceAll(",", ""));
    assert.equal(bytes.toString().trim().split("\n").length, tracks + 1);
    await page.getByRole("button", { name: "Copy those shown" }).click();
    await page.getByTestId("outcome").getByText(/copied/).waitFor();
    assert.deepEqual(downloads, ["many-genres.csv"]);
  });
});

visit("a worker that dies while a file is made is not told as a file that cannot be read", async (page) => {
  await give(page, file("exportify-net/playlist.csv"));
  await (await workerOf(page)).evaluate(() => {
    FileReader.prototype.readAsArrayBuffer = () => {
      setTimeout(() => {
        throw new Error("unreachable executed");
      });
    };
  });
  await page.getByRole("button", { name: "Download with genres" }).click();
  await page.locator('.playlist[data-state="failed"]').waitFor();
  assert.match(await status(page), /^Saving or copying stopped the part of the page that reads files \(.*unreachable executed\)/);
  await page.getByTestId("language").selectOption("de");
  await page.getByTestId("status").getByText(/^Beim Speichern oder Kopieren ist der Teil der Seite gescheitert/).waitFor();
  await page.getByTestId("language").selectOption("en");
  await give(page, file("exportify-net/playlist.csv"));
  assert.match(await status(page), /12 tracks, each with a genre/);
});

visit("whoever saves by keyboard keeps the focus", async (page) => {
  await give(page, file("exportify-net/playlist.csv"));
  const readOn = await hold(page, 0);
  const button = page.getByRole("button", { name: "Download with genres" });
  await button.focus();
  const saved = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  await page.locator('.download .button[aria-disabled="true"]').waitFor();
  // Once more while it is made does nothing.
  await page.keyboard.press("Enter");
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  assert.ok(await button.evaluate((button) => button === document.activeElement));
  await readOn();
  await saved;
  await page.locator('.download .button[aria-disabled="false"]').waitFor();
  assert.ok(await button.evaluate((button) => button === document.activeElement));
});

visit("a single track is told as one, whether it has a genre or not", async (page) => {
  const names = "Track Name,Danceability,Energy,Loudness,Speechiness,Acousticness,Valence,Tempo\n";
  const tell = async (...tracks) => {
    await page.getByTestId("file").setInputFiles({ name: "few.csv", mimeType: "text/csv", buffer: Buffer.from(names + tracks.join("")) });
    await settled(page);
    return status(page);
  };
  const [good, bad] = ["Adagio,0.2,0.05,-28,0.04,0.98,0.1,80\n", "Nothing,,,,,,,\n"];
  assert.equal(await tell(good), "few.csv: 1 track, with a genre. Click it to see it on the sliders.");
  assert.equal(await tell(good, bad), "few.csv: 1 of 2 tracks has a genre.");
  assert.equal(await tell(good, good, bad), "few.csv: 2 of 3 tracks have a genre.");
  const few = "Nothing,0.2,0.05,,,,,\n";
  assert.equal(await tell(few), "few.csv: 1 track, without a genre.");
  await page.getByTestId("language").selectOption("de");
  await page.getByTestId("status").getByText("few.csv: 1 Titel, ohne Genre.", { exact: true }).waitFor();
  assert.equal(await tell(good), "few.csv: 1 Titel, mit einem Genre. Ein Klick bringt ihn auf die Regler.");
  assert.equal(await tell(good, few), "few.csv: 1 von 2 Titeln hat ein Genre.");
});

visit("a folder that is dropped is told as one; files beside it are read", async (page, context) => {
  const client = await context.newCDPSession(page);
  const drop = async (...files) => {
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await client.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
    }
  };
  const told = page.getByText("That is a folder; drop the files in it.");
  await drop(folder);
  await told.waitFor();
  assert.equal(await page.locator(".playlist").getAttribute("data-state"), "waiting");
  await drop(folder, file("exportify-net/playlist.csv"));
  await settled(page);
  assert.match(await status(page), /^playlist\.csv: 12 tracks/);
  assert.equal(await told.count(), 1);
  await drop(file("exportify-net/2026.csv"));
  await page.getByTestId("status").getByText(/^2026\.csv: 5 tracks/).waitFor();
  assert.equal(await told.count(), 0);
});

visit(
  "cells that were copied in a spreadsheet can be pasted; in a field, pasting is what it always is",
  async (page) => {
    const paste = async (text, place = page.locator("body")) => {
      await page.evaluate((text) => navigator.clipboard.writeText(text), text);
      await place.press("Control+V");
    };
    await page.locator("body").click({ position: { x: 5, y: 5 } });
    await paste("a title");
    await paste("0.7\n0.8\n", page.locator("#energy-number"));
    assert.equal(await page.locator(".playlist").getAttribute("data-state"), "waiting");
    await page.locator("#energy-number").blur();
    await paste("name\tdanceability\tenergy\tacousticness\tvalence\ttempo\nOne\t0,31\t0,12\t0,95\t0,2\t96,5\nTwo\t0,8\t0,9\t0,01\t0,7\t128,1\n");
    await settled(page);
    assert.match(await status(page), /^pasted table\.csv: 2 tracks/);
    assert.deepEqual(await titles(page), ["One", "Two"]);
    assert.ok(await page.locator(".playlist").evaluate((section) => section.getBoundingClientRect().top < innerHeight));
    await paste("milk\neggs\n");
    await page.getByTestId("status").getByText(/pasted table\.csv/).waitFor();
    await page.locator('.playlist[data-state="failed"]').waitFor();
  },
  { visit: { permissions: ["clipboard-read", "clipboard-write"] } },
);

visit("what the visitor has said and looks for stays when titles begin to count", async (page) => {
  await give(page, file("kaggle/genres-v2.csv"));
  const agreement = page.getByTestId("agreement");
  await agreement.locator("summary").click();
  await page.getByTestId("labels").getByRole("combobox", { name: "techno" }).selectOption("none of these");
  await agreement.getByText("of 4 tracks").waitFor();
  await page.getByRole("searchbox").fill("AMPÈ");
  await shown(page, "1 of 5 tracks");
  const part = page.getByTestId("title-words");
  await part.getByRole("checkbox").check();
  await part.getByText(/Titles count\./).waitFor();
  await settled(page);
  await shown(page, "1 of 5 tracks");
  assert.deepEqual(await titles(page), ["Ampère"]);
  assert.equal(await page.getByRole("searchbox").inputValue(), "AMPÈ");
  await agreement.getByText("of 4 tracks").waitFor();
  // They were said of these files, not of others.
  await give(page, file("kaggle/genres-v2.csv"));
  await agreement.getByText("of 5 tracks").waitFor();
});

visit("what the visitor has said about genres of the file is there again after other genres were asked", async (page) => {
  await give(page, file("kaggle/genres-v2.csv"));
  const agreement = page.getByTestId("agreement");
  await agreement.locator("summary").click();
  await page.getByTestId("labels").getByRole("combobox", { name: "techno" }).selectOption("none of these");
  await agreement.getByText("of 4 tracks").waitFor();
  await page.getByRole("radio", { name: "15 close ones" }).check();
  await page.locator('.bar[data-genre="techno"]').waitFor();
  await settled(page);
  await page.getByRole("radio", { name: "8 broad genres" }).check();
  await page.locator('.bar[data-genre="jazz"]').waitFor();
  await settled(page);
  await agreement.getByText("of 4 tracks").waitFor();
});

visit("columns can be changed where the browser keeps nothing", async (page) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
  });
  await page.reload();
  await page.locator("footer").waitFor();
  await give(page, file("spreadsheet/loudness-from-0-to-1.csv"));
  const energy = page.getByRole("combobox", { name: "Unit of “Energy”" });
  await energy.selectOption("percent");
  await settled(page);
  await page.getByText("0.06 → 0.0006").waitFor();
  await page.getByRole("button", { name: "Forget what I chose" }).click();
  await settled(page);
  await page.getByText("0.06 → 0.0006").waitFor({ state: "detached" });
  assert.equal(await energy.inputValue(), "ratio");
});

visit("the focus stays in the panel of the table whose columns are changed", async (page) => {
  await give(page, file("exportify-net/playlist.csv"), file("spreadsheet/loudness-from-0-to-1.csv"));
  // Of two files, the one that lacks something is named.
  await page.getByTestId("missing").getByText(/^loudness-from-0-to-1\.csv: No column for loudness\./).waitFor();
  const panels = page.getByTestId("mapping");
  for (const panel of await panels.all()) {
    if ((await panel.getAttribute("open")) === null) await panel.locator("summary").click();
  }
  const panel = panels.filter({ hasText: "loudness-from-0-to-1.csv" });
  const energy = panel.getByRole("combobox", { name: "Unit of “Energy”" });
  await panels.filter({ hasText: "playlist.csv: " }).getByRole("combobox", { name: "Unit of “Energy”" }).selectOption("percent");
  await settled(page);
  await page.getByText("0.06 → 0.0006").first().waitFor();
  await energy.selectOption("percent");
  await settled(page);
  await panel.getByText("0.06 → 0.0006").waitFor();
  await page.waitForFunction(() => document.activeElement.matches(".mapping select"));
  assert.ok(await energy.evaluate((select) => select === document.activeElement));
  await panel.getByRole("button", { name: "Forget what I chose" }).press("Enter");
  await settled(page);
  await panel.getByText("0.06 → 0.0006").waitFor({ state: "detached" });
  assert.ok(await panel.locator("summary").evaluate((summary) => summary === document.activeElement));
});

/** A table of tracks that nobody has made. */
function manyTracks(tracks) {
  const lines = ["Track Name,Artist,Danceability,Energy,Loudness,Speechiness,Acousticness,Valence,Tempo"];
  for (let number = 0; number < tracks; number++) {
    const part = (prime) => ((number * prime) % 1000) / 1000;
    lines.push(`Song ${number},Nobody,${part(7)},${part(11)},-${part(13) * 30},${part(17)},${part(19)},${part(23)},${60 + part(29) * 100}`);
  }
  return `${lines.join("\n")}\n`;
}

async function withTracks(tracks, steps) {
  const place = await mkdtemp(join(tmpdir(), "overtone-"));
  try {
    const path = join(place, "many.csv");
    await writeFile(path, manyTracks(tracks));
    await steps(path);
  } finally {
    await rm(place, { recursive: true });
  }
}

visit("a table taller than browsers can draw scrolls to every row, with the keyboard too", async (page) => {
  await withTracks(200_000, async (path) => {
    await give(page, path);
    assert.match(await status(page), /^many\.csv: 200,000 tracks/);
    await page.getByRole("button", { name: "Song 0", exact: true }).focus();
    const focused = async (name) => {
      await page.waitForFunction((name) => document.activeElement.textContent === name, name);
      const row = await page.getByRole("button", { name, exact: true }).boundingBox();
      const window = await page.locator(".table-window").boundingBox();
      assert.ok(row.y >= window.y && row.y + row.height <= window.y + window.height, `${name} is out of sight`);
    };
    await page.keyboard.press("ArrowDown");
    await focused("Song 1");
    await page.keyboard.press("End");
    await focused("Song 199999");
    await page.keyboard.press("ArrowUp");
    await focused("Song 199998");
    await page.keyboard.press("Home");
    await focused("Song 0");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#answer-title").textContent(), "Song 0, Nobody");
    // The focus stays with its row while that is out of sight.
    const scroll = (top) => page.locator(".table-window").evaluate((window, top) => window.scrollTo(0, top), top);
    await scroll(4_000_000);
    await page.waitForFunction(() => document.activeElement.classList.contains("table-window"));
    await scroll(0);
    await page.waitForFunction(() => document.activeElement.textContent === "Song 0");
    assert.ok((await rows(page).count()) < 60);
  });
});

for (const [what, change] of [["vanishes", (path) => rm(path)], ["changes", (path) => writeFile(path, "something else")]]) {
  visit(`of a file that ${what} while it is read, what was read stays, and the next one is read`, async (page) => {
    const place = await mkdtemp(join(tmpdir(), "overtone-"));
    const path = join(place, "many.csv");
    await writeFile(path, manyTracks(40_000));
    const readOn = await hold(page, 1);
    await page.getByTestId("file").setInputFiles(path);
    await rows(page).first().waitFor();
    await change(path);
    await readOn();
    await settled(page);
    const told = await status(page);
    const [, tracks] = /^many\.csv: ([\d,]+) tracks were read, then no more\. The file cannot be read any more; was it moved or changed\?/.exec(told) ?? [told];
    assert.ok(tracks && Number(tracks.replaceAll(",", "")) < 40_000, told);
    assert.equal((await titles(page))[0], "Song 0");
    // They can be searched, but not be saved with the columns of a file that is gone.
    await page.getByRole("searchbox").fill("Song 7");
    await rows(page).first().filter({ hasText: "Song 7" }).waitFor();
    await page.getByRole("button", { name: "Download with genres" }).click();
    await page.getByText(/Nothing was saved or copied\. The file cannot be read any more/).waitFor();
    await give(page, file("exportify-net/playlist.csv"));
    assert.match(await status(page), /12 tracks/);
    await rm(place, { recursive: true });
  });
}

visit("a filter that is set while a file is read holds for all of its tracks", async (page) => {
  await withTracks(100_000, async (path) => {
    const number = (text) => Number(/[\d,]+/.exec(text)[0].replaceAll(",", ""));
    const readOn = await hold(page, 4);
    await page.getByTestId("file").setInputFiles(path);
    await rows(page).first().waitFor();
    const bars = page.getByTestId("summary").getByRole("button");
    // The order changes while more is read.
    const bar = bars.filter({ hasText: await bars.first().locator(".summary-name").innerText() });
    // Several times, as rows wait for their answers at most moments, but not at all.
    for (let time = 0; time < 3; time++) await bar.click({ delay: 50 });
    assert.equal(await page.locator(".playlist").getAttribute("data-state"), "reading");
    await readOn();
    await settled(page);
    const all = number(await bar.locator(".summary-value").innerText());
    await page.getByTestId("shown").filter({ hasText: "of 100,000 tracks" }).waitFor();
    assert.equal(number(await page.getByTestId("shown").innerText()), all);
  });
});

visit("an order that is set while a file is read holds for its last tracks too", async (page) => {
  await withTracks(60_000, async (path) => {
    const readOn = await hold(page, 1);
    await page.getByTestId("file").setInputFiles(path);
    await rows(page).first().waitFor();
    await page.getByRole("columnheader", { name: "Track" }).getByRole("button").click();
    await page.locator('th[aria-sort="ascending"]').waitFor();
    await readOn();
    await settled(page);
    await shown(page, "All 60,000 tracks");
    await rows(page).first().locator(".row-button").focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.activeElement.closest("tr")?.dataset.place === "59999");
    assert.equal((await titles(page)).at(-1), "Song 9999");
  });
});

visit("reading can be stopped; what was read stays", async (page) => {
  await withTracks(100_000, async (path) => {
    const readOn = await hold(page, 1);
    await page.getByTestId("file").setInputFiles(path);
    await rows(page).first().waitFor();
    await page.getByRole("button", { name: "Stop" }).focus();
    await page.keyboard.press("Enter");
    await settled(page);
    // The button is gone, and the focus is where it is told what came of it.
    await page.waitForFunction(() => document.activeElement?.dataset.testid === "status");
    assert.match(await status(page), /^many\.csv: stopped after [\d,]+ tracks?\./);
    await readOn();
    await rows(page).first().click();
    await give(page, file("exportify-net/2026.csv"));
    assert.match(await status(page), /^2026\.csv: 5 tracks/);
  });
});

for (const [width, colorScheme] of [[1440, "light"], [320, "dark"]]) {
  visit(`nobody is shut out of what a file shows: ${colorScheme}, ${width} pixels wide`, async (page) => {
    await give(page, file("kaggle/genres-v2.csv"), file("organize-your-music/top-2010s.csv"));
    for (const panel of await page.getByTestId("mapping").all()) {
      if ((await panel.getAttribute("open")) === null) await panel.locator("summary").click();
    }
    await page.getByTestId("agreement").locator("summary").click();
    await page.getByTestId("labels").waitFor();
    await page.evaluate(axe);
    const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await page.evaluate((rules) => window.axe.run({ runOnly: rules }), rules);
    assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)), []);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(beyond <= 0, `the page is ${beyond} pixels wider than the window`);
  }, { visit: { viewport: { width, height: 900 }, colorScheme } });
}

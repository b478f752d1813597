// Showing a track to others: links and pictures.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after } from "node:test";
import { openStage } from "./harness.mjs";
import { bars, give, headline, playlist, sliders, visitsOn } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());
const visit = visitsOn(stage);

visit("the address is plain until something moves; then it holds everything, to the bit", async (page) => {
  assert.equal(new URL(page.url()).hash, "");
  await give(page, playlist);
  await page.getByRole("button", { name: "Blue Lamp" }).click();
  await page.locator(".bar").filter({ hasText: "Rock" }).getByRole("button").click();
  await page.waitForURL(/#v=1&danceability=.*&name=Blue%20Lamp%2C%20Marta%20Olin%20Trio&genre=rock$/);
  const shown = [await headline(page), await bars(page), await sliders(page)];
  const other = await stage.openPage({ path: new URL(page.url()).hash });
  await other.page.locator("footer").waitFor();
  assert.deepEqual([await headline(other.page), await bars(other.page), await sliders(other.page)], shown);
  assert.equal(await other.page.locator("#answer-title").textContent(), "Blue Lamp, Marta Olin Trio");
  await other.page.getByRole("heading", { name: "Why Rock?" }).waitFor();
  assert.ok(await other.page.getByTestId("address-notice").isHidden());
  assert.deepEqual(other.problems, []);
  await other.close();
});

visit("the address follows a genre that is picked, and a slider that leaves the answer as it is", async (page) => {
  await page.locator(".bar").filter({ hasText: "Rock" }).getByRole("button").click();
  await page.waitForURL(/#v=1&.*&genre=rock$/);
  const tempo = page.getByRole("textbox", { name: "Tempo as a number" });
  const answers = [];
  for (const value of ["116.001", "116.002"]) {
    await tempo.fill(value);
    await tempo.press("Enter");
    await page.waitForURL(new RegExp(`&tempo=${value}&`));
    answers.push(await bars(page));
  }
  assert.deepEqual(answers[1], answers[0]);
});

visit("a link to another track in the same window shows that one", async (page) => {
  await page.evaluate(() => {
    location.hash = "#v=1&energy=0.11&tempo=";
  });
  await page.waitForFunction(() => document.querySelector("#energy").value === "0.11");
  assert.equal(await page.getByRole("slider", { name: "Tempo" }).getAttribute("aria-valuetext"), "unknown");
});

visit("what a link says wrongly is named, and the rest counts", async (page) => {
  const notice = page.getByTestId("address-notice");
  await notice.waitFor();
  const text = await notice.textContent();
  for (const part of ["Tempo cannot be “fast”", "Energy cannot be “7”", "“colour” means nothing here", "another version", "“polka” means nothing"]) {
    assert.ok(text.includes(part), `${part} is not in ${text}`);
  }
  assert.equal(await page.getByRole("slider", { name: "Loudness" }).inputValue(), "-20");
  assert.equal(await page.getByRole("slider", { name: "Tempo" }).inputValue(), "116");
  await page.getByRole("button", { name: "All right" }).click();
  assert.ok(await notice.isHidden());
}, { visit: { path: "#v=2&tempo=fast&energy=7&loudness=-20&colour=blue&genre=polka" } });

visit("no link can break the page", async (page) => {
  const broken = ["#=", "#%", "#v=1&name=%E0%A4%A", "#name=<img src=x onerror=alert(1)>", `#name=${"x".repeat(5000)}`, "#energy=1e999&energy=-0", "#&&&=&"];
  for (const [place, hash] of broken.entries()) {
    // The page takes one after the other, and so has taken the broken one when it shows the good one.
    const energy = `0.${11 + place}`;
    await page.evaluate((hashes) => hashes.forEach((hash) => (location.hash = hash)), [hash, `#v=1&energy=${energy}`]);
    await page.waitForFunction((energy) => document.querySelector("#energy").value === energy, energy);
    assert.equal((await bars(page)).length, 8, hash);
  }
  assert.equal(await page.locator("img").count(), 0);
});

visit("the link is copied, and it is said so", async (page, context) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Lullaby" }).click();
  await page.getByRole("button", { name: "Copy link" }).focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("shared").getByText("The link is on your clipboard.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/#v=1&.*loudness=-21&.*name=Lullaby$/);
});

visit("a copy that is done when the page has another language harms nothing", async (page) => {
  // As where the browser asks the visitor first.
  await page.evaluate(() => {
    const writeText = () => new Promise((done) => (window.allow = done));
    Object.defineProperty(navigator, "clipboard", { value: { writeText } });
  });
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByTestId("language").selectOption("de");
  await page.getByRole("heading", { name: "Der Titel" }).waitFor();
  await page.evaluate(() => window.allow());
  await page.getByRole("button", { name: "Wiegenlied" }).click();
  await page.locator("#answer-title").getByText("Wiegenlied").waitFor();
  assert.equal(await page.locator("#trouble").count(), 0);
});

visit("where the page must not copy, the link is shown to be copied by hand", async (page) => {
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.getByRole("button", { name: "Lullaby" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  assert.match(await page.getByRole("textbox", { name: "Copy link" }).inputValue(), /#v=1&.*name=Lullaby$/);
  await page.getByRole("button", { name: "Copy picture" }).click();
  await page.getByTestId("shared").getByText("Save it instead.").waitFor();
});

visit("the link to be copied by hand goes with its track", async (page) => {
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  const link = page.getByRole("textbox", { name: "Copy link" });
  for (const change of [
    () => page.getByRole("button", { name: "Lullaby" }).click(),
    () => page.getByRole("slider", { name: "Energy" }).fill("0.3"),
    () => page.locator(".bar").last().getByRole("button").click(),
  ]) {
    await page.getByRole("button", { name: "Copy link" }).click();
    await link.waitFor();
    await change();
    await link.waitFor({ state: "hidden" });
  }
});

visit("the picture is saved as a PNG of 1200 by 630", async (page) => {
  await page.getByRole("button", { name: "Lullaby" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save picture" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "overtone.png");
  const bytes = await readFile(await download.path());
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [1200, 630]);
  assert.ok(bytes.length > 10_000, `${bytes.length} bytes are too few for a picture with something on it`);
});

visit("the picture is copied", async (page, context) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy picture" }).click();
  await page.getByTestId("shared").getByText("The picture is on your clipboard.").waitFor();
  const types = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => item.types));
  assert.deepEqual(types, ["image/png"]);
});

visit("the picture is copied where a page may write to the clipboard only while a click is handled", async (page, context) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => {
    let isHandled = false;
    addEventListener(
      "click",
      () => {
        isHandled = true;
        setTimeout(() => (isHandled = false));
      },
      true,
    );
    const write = Clipboard.prototype.write;
    Clipboard.prototype.write = function (items) {
      if (isHandled) return write.call(this, items);
      return Promise.reject(new DOMException("Not in a click.", "NotAllowedError"));
    };
  });
  await page.getByRole("button", { name: "Copy picture" }).click();
  await page.getByTestId("shared").getByText("The picture is on your clipboard.").waitFor();
});

visit("the picture names what the page names, where that is no genre too", async (page) => {
  await page.evaluate(() => {
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      if (blob.type === "image/svg+xml") blob.text().then((text) => (window.drawn = text));
      return make.call(URL, blob);
    };
  });
  const headline = page.getByTestId("headline");
  for (const [hash, named] of [
    ["#v=1&danceability=0.3&energy=0.2&loudness=-24&speechiness=0.92&acousticness=0.9&liveness=0.9&valence=0.3&tempo=85", /^\s*None of these\s*$/],
    ["#v=1&energy=0.9&loudness=-5", /[a-z], \d+\s%/],
    ["#v=1&model=fifteen&danceability=0.6&energy=0.7&loudness=-8&speechiness=0.25&acousticness=0.2&valence=0.4&tempo=140", /Rap and trap, \d+\s%/],
  ]) {
    await page.evaluate((hash) => (location.hash = hash), hash);
    await headline.filter({ hasText: named }).waitFor();
    const name = (await headline.textContent()).trim();
    await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save picture" }).click()]);
    assert.ok((await page.evaluate(() => window.drawn)).includes(`>${name}</text>`), name);
  }
});

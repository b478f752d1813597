// The page as a visitor meets it: sliders, files, tables, downloads.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { command, data, openStage, withoutData } from "./harness.mjs";
import { bars, explained, file, give, headline, plain, playlist, visitsOn, workerOf } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());

const visit = visitsOn(stage);

const status = (page) => page.getByTestId("status").textContent();

visit("eight probabilities are there at once, sorted, and make 1", async (page) => {
  const shown = await bars(page);
  assert.deepEqual(
    shown.map(({ genre }) => genre).sort(),
    ["classical", "country", "electronic", "hiphop", "jazz", "latin", "pop", "rock"],
  );
  const shares = shown.map(({ share }) => share);
  assert.deepEqual(shares, shares.toSorted((a, b) => b - a));
  // A style keeps six digits.
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share) - 1) < 1e-4);
  assert.ok((await headline(page)).toLowerCase().replace("-", "").startsWith(shown[0].genre));
});

visit("every feature has a slider and a number box with its unit, by name", async (page) => {
  const names = [
    "Danceability", "Energy", "Valence", "Tempo", "Loudness", "Acousticness",
    "Instrumentalness", "Speechiness", "Liveness", "Duration", "Popularity",
  ];
  for (const name of names) {
    await page.getByRole("slider", { name, exact: true }).waitFor();
    await page.getByRole("textbox", { name: `${name} as a number` }).waitFor();
  }
  assert.equal(await page.getByRole("slider").count(), names.length);
  assert.equal(await page.getByRole("slider", { name: "Tempo" }).getAttribute("aria-valuetext"), "116 beats per minute");
  assert.equal(await page.getByRole("slider", { name: "Loudness" }).getAttribute("aria-valuetext"), "minus 8 decibels");
  assert.equal(await page.getByRole("slider", { name: "Duration" }).getAttribute("aria-valuetext"), "3 minutes 33 seconds");
});

visit("moving sliders changes the probabilities, by keyboard too", async (page) => {
  const before = await bars(page);
  const energy = page.getByRole("slider", { name: "Energy" });
  await energy.focus();
  await page.keyboard.press("Home");
  for (const name of ["Danceability", "Valence"]) await page.getByRole("slider", { name }).fill("0.15");
  await page.getByRole("slider", { name: "Loudness" }).fill("-28");
  await page.getByRole("slider", { name: "Acousticness" }).fill("0.98");
  await page.getByRole("slider", { name: "Instrumentalness" }).fill("0.9");
  assert.notDeepEqual(await bars(page), before);
  assert.match(await headline(page), /^Classical, /);
  assert.equal(await page.getByRole("textbox", { name: "Energy as a number" }).inputValue(), "0");
  // A screen reader is told once the sliders rest.
  await page.getByRole("status").filter({ hasText: "Classical, " }).waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Start over" }).click();
  assert.deepEqual(await bars(page), before);
});

visit("numbers can be typed; impossible ones are refused and say why", async (page) => {
  const tempo = page.getByRole("textbox", { name: "Tempo as a number" });
  await tempo.fill("174.2");
  await tempo.press("Enter");
  assert.equal(await page.getByRole("slider", { name: "Tempo" }).inputValue(), "174");
  const before = await bars(page);
  await tempo.fill("1000");
  await tempo.press("Enter");
  await page.getByText("Tempo lies between 20 and 300.").waitFor();
  assert.equal(await tempo.getAttribute("aria-invalid"), "true");
  assert.deepEqual(await bars(page), before);
  // An empty box means unknown, which is not zero.
  await tempo.fill("");
  await tempo.press("Enter");
  assert.equal(await page.getByRole("slider", { name: "Tempo" }).getAttribute("aria-valuetext"), "unknown");
  assert.equal(await page.getByText("Tempo lies between").count(), 0);
  // What is no number changes nothing.
  await tempo.fill("120");
  await tempo.press("Enter");
  await tempo.focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("1e");
  await page.keyboard.press("Tab");
  await page.getByText("That is not a number.").waitFor();
  assert.equal(await page.getByRole("slider", { name: "Tempo" }).getAttribute("aria-valuetext"), "120 beats per minute");
});

visit("too few features give no answer, and say so", async (page) => {
  for (const name of ["Danceability", "Energy", "Valence", "Tempo", "Loudness"]) {
    const box = page.getByRole("textbox", { name: `${name} as a number` });
    await box.fill("");
    await box.press("Enter");
  }
  assert.equal(await headline(page), "No answer");
  await page.getByText("4 of 9 audio features known; an answer needs at least 5.").waitFor();
});

visit("a file fills the table, and a click loads a track into the sliders", async (page) => {
  await give(page, playlist);
  assert.equal(await status(page), "playlist.csv: 12 tracks, each with a genre. Click one to see it on the sliders.");
  const rows = page.getByTestId("tracks").locator("tr:not(.space)");
  assert.equal(await rows.count(), 12);
  assert.deepEqual(await rows.first().locator("td").allInnerTexts(), [
    "Nocturne for an Empty Hall", "Ilse Brandt", "Classical", (await rows.first().locator("td").last().innerText()),
  ]);
  assert.match(await rows.first().locator("td").last().innerText(), /^\d+\s%$/);
  // The file has a semicolon between these.
  assert.equal(await rows.nth(1).locator(".artist").innerText(), "Ilse Brandt, Otto Rehm");

  await rows.nth(4).click();
  assert.equal(await page.locator("#answer-title").textContent(), 'Back Porch "Blues", The Hollow Pines');
  assert.equal(await page.getByRole("textbox", { name: "Energy as a number" }).inputValue(), "0.62");
  assert.equal(await page.getByRole("textbox", { name: "Loudness as a number" }).inputValue(), "-6.9");
  assert.equal(await page.getByRole("textbox", { name: "Duration as a number" }).inputValue(), "214");
  // The sliders answer as the table does.
  const [genre, confidence] = (await rows.nth(4).locator("td").allInnerTexts()).slice(2);
  assert.equal(await headline(page), `${genre}, ${plain(confidence)}`);
  // Once a slider has moved, it is not that track any more.
  await page.getByRole("slider", { name: "Energy" }).fill("0.1");
  assert.equal(await page.locator("#answer-title").textContent(), 'Back Porch "Blues", The Hollow Pines (changed)');
  assert.equal(await page.locator("tr.selected").count(), 0);
});

visit("a table without tracks says so, and several files are not dropped silently", async (page) => {
  const transfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    for (const name of ["one.csv", "two.csv"]) transfer.items.add(new File([text], name));
    return transfer;
  }, (await readFile(playlist, "utf8")).split("\n")[0]);
  await page.dispatchEvent(".answer", "drop", { dataTransfer: transfer });
  await page.locator('.playlist[data-state="done"]').waitFor();
  assert.equal(await status(page), "2 files have column names, but no track below them.");
});

visit("a click shows the answer also where the table lies below it", async (page) => {
  await give(page, playlist);
  await page.getByRole("button", { name: "Ampère" }).click();
  assert.equal(await page.locator("#answer-title").textContent(), "Ampère, Static Orchard");
  const { y } = await page.getByTestId("headline").boundingBox();
  assert.ok(y >= 0 && y < 900, `the answer stands at ${y}`);
  // Another file does not change the sliders, nor what they show.
  await give(page, playlist);
  assert.equal(await page.locator("#answer-title").textContent(), "Ampère, Static Orchard");
}, { visit: { viewport: { width: 1100, height: 900 } } });

for (const [width, height] of [[1100, 900], [390, 844]]) {
  visit(`a click leaves the page where it is while the answer is in sight: ${width} by ${height} pixels`, async (page) => {
    await give(page, playlist);
    const track = page.getByRole("button", { name: "Ampère" });
    await track.hover();
    assert.ok((await page.evaluate(() => scrollY)) > 0);
    const before = await track.boundingBox();
    await track.click();
    assert.equal(await page.locator("#answer-title").textContent(), "Ampère, Static Orchard");
    // Above the table the explanation of this track may be longer or shorter.
    await explained(page);
    assert.ok(Math.abs((await track.boundingBox()).y - before.y) < 2, "the table has moved");
    const { y } = await page.getByTestId("headline").boundingBox();
    assert.ok(y >= 0 && y < height, `the answer stands at ${y}`);
  }, { visit: { viewport: { width, height } } });
}

for (const width of [1440, 820, 390]) {
  visit(`a click brings the answer into sight in a low window: ${width} pixels wide`, async (page) => {
    await give(page, playlist);
    await page.getByRole("button", { name: "Ampère" }).click();
    assert.equal(await page.locator("#answer-title").textContent(), "Ampère, Static Orchard");
    const { y } = await page.getByTestId("headline").boundingBox();
    assert.ok(y >= 0 && y < 500, `the answer stands at ${y}`);
  }, { visit: { viewport: { width, height: 500 } } });
}

visit("the keys go on from the row that was clicked, and else begin with the first one in sight", async (page) => {
  await give(page, playlist);
  const rows = page.getByTestId("tracks").locator("tr:not(.space)");
  const table = page.locator(".table-window");
  const focused = (name) => page.waitForFunction((name) => document.activeElement.textContent === name, name);
  // Nobody has been at a row yet.
  await table.focus();
  await table.evaluate((table) => {
    table.scrollTo(0, 88);
    return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  });
  await page.keyboard.press("ArrowDown");
  await focused(await rows.nth(2).getByRole("button").innerText());
  // Beside the title.
  await rows.nth(5).locator("td").last().click();
  await focused(await rows.nth(5).getByRole("button").innerText());
  for (const place of [6, 7, 8]) {
    await page.keyboard.press("ArrowDown");
    await focused(await rows.nth(place).getByRole("button").innerText());
  }
}, { visit: { viewport: { width: 1440, height: 600 } } });

visit("the table can be used with the keyboard alone", async (page) => {
  await give(page, playlist);
  await page.getByRole("button", { name: "Blue Lamp" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#answer-title").textContent(), "Blue Lamp, Marta Olin Trio");
  assert.equal(await page.getByRole("button", { name: "Blue Lamp" }).getAttribute("aria-pressed"), "true");
});

visit("a file can be dropped anywhere on the page", async (page) => {
  const transfer = await page.evaluateHandle(async (text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "dropped.csv"));
    return transfer;
  }, await readFile(playlist, "utf8"));
  await page.dispatchEvent(".answer", "dragenter", { dataTransfer: transfer });
  assert.match(await page.locator(".drop-zone").getAttribute("class"), /over/);
  await page.dispatchEvent(".answer", "drop", { dataTransfer: transfer });
  await page.locator('.playlist[data-state="done"]').waitFor();
  assert.match(await status(page), /^dropped\.csv: 12 tracks/);
  assert.doesNotMatch(await page.locator(".drop-zone").getAttribute("class"), /over/);
});

/** Drops a file, downloads it with genres, and gives what was saved. */
async function downloadLabelled(page, path) {
  await give(page, path);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download with genres" }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

const classify = (path) => execFileSync(command, ["classify", path], { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });

visit("the downloaded file is, bit for bit, what the command line writes", async (page) => {
  const { name, bytes } = await downloadLabelled(page, playlist);
  assert.equal(name, "playlist-genres.csv");
  assert.ok(bytes.equals(classify(playlist)));
});

/** Tracks that nobody has made, with features all over their ranges, some of them missing. */
function madeUpTable(tracks) {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const lines = ["Track Name,Artist,Danceability,Energy,Loudness,Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo,Duration (ms)"];
  for (let number = 0; number < tracks; number++) {
    const ratios = Array.from({ length: 9 }, () => (random() < 0.05 ? "" : (random() ** 2).toPrecision(4)));
    const [dance, energy, speech, acoustic, instrumental, live, valence] = ratios;
    const loudness = (-40 * random()).toFixed(3);
    lines.push([`"Song, ${number}"`, "Nobody", dance, energy, loudness, speech, acoustic, instrumental, live, valence,
      (60 + 140 * random()).toFixed(3), Math.round(60000 + 400000 * random())].join(","));
  }
  return `${lines.join("\n")}\n`;
}

visit("a long file: only rows in sight are in the document, and all are labelled as on the command line", async (page) => {
  const folder = await mkdtemp(join(tmpdir(), "overtone-"));
  try {
    const path = join(folder, "long.csv");
    await writeFile(path, madeUpTable(20_000));
    const { bytes } = await downloadLabelled(page, path);
    assert.match(await status(page), /^long\.csv: 20,000 tracks|of 20,000 tracks/);
    const rows = page.getByTestId("tracks").locator("tr:not(.space)");
    assert.ok((await rows.count()) < 60, `${await rows.count()} rows are in the document`);
    await page.locator(".table-window").evaluate((window) => window.scrollTo(0, window.scrollHeight));
    await page.getByRole("button", { name: "Song, 19999" }).click();
    assert.equal(await page.locator("#answer-title").textContent(), "Song, 19999, Nobody");
    assert.equal(await page.locator("table.tracks").getAttribute("aria-rowcount"), "20001");
    assert.ok(bytes.equals(classify(path)));
  } finally {
    await rm(folder, { recursive: true });
  }
});

visit("the studied tracks get the same bits in the browser as on the command line", async (page) => {
  const path = `${data}/eight-genres.csv`;
  const { bytes } = await downloadLabelled(page, path);
  assert.ok(bytes.equals(classify(path)));
}, { skip: withoutData });

visit("a real export from Exportify gets a genre for every track", async (page) => {
  await give(page, `${data}/exports/exportify-net-2025-a.csv`);
  assert.match(await status(page), /^exportify-net-2025-a\.csv: 10 tracks, each with a genre/);
}, { skip: withoutData });

for (const [name, sentence] of [
  ["empty.csv", "empty.csv cannot be read. The file is empty."],
  ["picture.png", "picture.png cannot be read. This is a picture (PNG), not a table of tracks."],
  ["no-features.csv", "no-features.csv cannot be read. There is no column of audio features."],
]) {
  visit(`${name} is refused with the reason, and the page goes on`, async (page) => {
    await give(page, file(`bad/${name}`));
    assert.equal(await page.locator(".playlist").getAttribute("data-state"), "failed");
    assert.ok((await status(page)).startsWith(sentence), await status(page));
    await give(page, playlist);
    assert.match(await status(page), /12 tracks, each with a genre/);
  });
}

visit("text where a number belongs is named with line and column; the row keeps its place", async (page) => {
  await give(page, file("bad/text-in-number.csv"));
  assert.match(await status(page), /5 tracks, each with a genre/);
  await page.getByText("1 problem in one row").click();
  await page.getByText("line 4, column “Energy”: “loud” is not a number; it counts as missing").waitFor();
  await page.getByRole("button", { name: "Warehouse, 4 a.m." }).click();
  assert.equal(await page.getByRole("slider", { name: "Energy" }).getAttribute("aria-valuetext"), "unknown");
});

visit("a row that is too short is named; the others have a genre", async (page) => {
  await give(page, file("bad/short-row.csv"));
  assert.match(await status(page), /4 of 5 tracks have a genre/);
  await page.getByText("2 problems in individual rows").click();
  await page.getByText("line 3: the row is too short: 12 of 24 cells").waitFor();
  assert.equal(await page.getByTestId("tracks").locator("tr:not(.space)").count(), 5);
});

visit("when the worker dies, the page says so and reads the next file", async (page) => {
  const worker = await workerOf(page);
  // While a file is read, the worker stops as if its wasm had.
  await worker.evaluate(() => {
    FileReader.prototype.readAsArrayBuffer = () => {
      setTimeout(() => {
        throw new Error("unreachable executed");
      });
    };
  });
  await give(page, playlist);
  assert.match(await status(page), /^playlist\.csv cannot be read\. Reading this file stopped the part of the page/);
  await give(page, playlist);
  assert.match(await status(page), /12 tracks, each with a genre/);
});

visit("a request to another origin is refused, also in the worker that reads files", async (page) => {
  let heard = 0;
  const elsewhere = createServer((_, response) => {
    heard += 1;
    response.end();
  });
  await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  try {
    await give(page, playlist);
    const address = `http://127.0.0.1:${elsewhere.address().port}/`;
    for (const where of [page, await workerOf(page)]) {
      const refused = await where.evaluate(
        (address) => fetch(address, { mode: "no-cors" }).then(() => false, () => true),
        address,
      );
      assert.ok(refused);
    }
    assert.equal(heard, 0);
  } finally {
    elsewhere.close();
  }
}, { complaints: [/Content Security Policy/, /Content Security Policy/] });

/** A playlist with genres of its own, by a name. */
const labelled = (name) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from([
    "Track Name,Artist Name(s),Genres,Danceability,Energy,Loudness,Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo",
    "Harbour Lights over the Bay,The Quiet Company,rock,0.5,0.9,-5,0.05,0.01,0,0.3,0.5,140",
    "A Sonata for Two,Ilse Brandt,classical,0.3,0.1,-25,0.04,0.97,0.9,0.1,0.2,90",
    "Nobody Knows,Otto Rehm,jazz,0.6,0.3,-14,0.05,0.8,0.3,0.1,0.5,100",
  ].join("\n")),
});

visit("titles can be read beside the columns that several files with genres of their own add", async (page) => {
  await give(page, labelled("one.csv"), labelled("two.csv"));
  for (const width of [1440, 1280, 1160, 1024, 900, 820, 390]) {
    await page.setViewportSize({ width, height: 800 });
    const column = await page.locator(".tracks th.track").boundingBox();
    assert.ok(column.width >= 160, `${column.width} pixels for titles at ${width}`);
  }
});

for (const [width, height] of [[1280, 800], [390, 844]]) {
  visit(`what is said of files that were dropped anywhere comes into sight: ${width} by ${height} pixels`, async (page) => {
    const transfer = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["\u0000\u0001"], "picture.png"));
      return transfer;
    });
    const top = () => page.screenshot({ clip: { x: 0, y: 0, width, height: 4 } });
    const before = await top();
    await page.dispatchEvent("h1", "dragenter", { dataTransfer: transfer });
    assert.ok(!before.equals(await top()), "nothing shows at the top that files can be dropped there");
    await page.dispatchEvent("h1", "drop", { dataTransfer: transfer });
    await page.locator('.playlist[data-state="failed"]').waitFor();
    const { y, height: tall } = await page.getByTestId("status").boundingBox();
    assert.ok(y >= 0 && y + tall <= height, `it stands at ${y}`);
  }, { visit: { viewport: { width, height } } });
}

visit("the map tells which genres the track lies closest to, as the drawing has them", async (page) => {
  const map = page.getByTestId("map");
  await map.scrollIntoViewIfNeeded();
  await map.locator(".map-name").nth(7).waitFor();
  for (const preset of ["Lullaby", "Campfire", "Start over"]) {
    await page.getByRole("button", { name: preset }).click();
    const nearest = await map.evaluate((map) => {
      const [, x, y] = /translate\((.*)px, (.*)px\)/.exec(map.querySelector(".map-here").style.transform).map(Number);
      const names = [...map.querySelectorAll(".map-name")].map((name) => name.textContent);
      const spots = [...map.querySelectorAll(".map-genre")];
      const distances = spots.map((spot, genre) => [Math.hypot(spot.getAttribute("cx") - x, spot.getAttribute("cy") - y), names[genre]]);
      return distances.sort(([one], [other]) => one - other).slice(0, 2).map(([, name]) => name);
    });
    assert.equal(await map.getAttribute("aria-label"), `The track lies closest to ${nearest.join(" and ")}.`);
  }
});

visit("a touch beside a dot of the map reads the nearest one's name, and one on the ground none", async (page) => {
  await give(page, playlist);
  const map = page.getByTestId("map");
  await map.scrollIntoViewIfNeeded();
  const dots = map.locator(".map-track");
  await dots.nth(11).waitFor();
  const says = page.getByTestId("map-says");
  const invites = await says.textContent();
  // The dot that lies farthest from all others.
  const title = await dots.evaluateAll((dots) => {
    const at = (dot, axis) => Number(dot.getAttribute(axis));
    const distance = (one, other) => Math.hypot(at(one, "cx") - at(other, "cx"), at(one, "cy") - at(other, "cy"));
    const lonely = (dot) => Math.min(...dots.filter((other) => other !== dot).map((other) => distance(dot, other)));
    return dots.toSorted((one, other) => lonely(other) - lonely(one))[0].textContent;
  });
  const box = await dots.filter({ hasText: title }).boundingBox();
  await page.touchscreen.tap(box.x + box.width / 2 + 8, box.y + box.height / 2);
  await says.getByText(title, { exact: true }).waitFor();
  const edges = await map.boundingBox();
  await page.touchscreen.tap(edges.x + edges.width / 2, edges.y + 4);
  await says.getByText(invites, { exact: true }).waitFor();
}, { visit: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });

visit("on paper the answer, the map and the tracks are there, without what can be pressed", async (page) => {
  await give(page, { name: "long.csv", mimeType: "text/csv", buffer: Buffer.from(madeUpTable(300)) });
  await page.emulateMedia({ media: "print" });
  // As the browser says it before it prints; nobody has been near the map.
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.getByTestId("map").locator(".map-name").nth(7).waitFor();
  for (const name of ["Copy link", "Browse files", "Lullaby", "Do it", "Download with genres"]) {
    assert.equal(await page.getByRole("button", { name }).and(page.locator(":visible")).count(), 0, name);
  }
  assert.equal(await page.locator(".bar-fill").first().evaluate((bar) => getComputedStyle(bar).printColorAdjust), "exact");
  const { table, rows } = await page.evaluate(() => ({
    table: document.querySelector(".table-window").getBoundingClientRect().bottom,
    rows: [...document.querySelectorAll(".tracks tbody tr:not(.space)")].at(-1).getBoundingClientRect().bottom,
  }));
  assert.ok(rows <= table, "the last rows are cut off");
  await page.getByText("Only the tracks around those that were in sight are on paper.").waitFor();
  await page.emulateMedia({ media: "screen" });
  assert.ok(await page.getByText("Only the tracks around").isHidden());
});

for (const width of [390, 320]) {
  visit(`what a column is read as can be read on a phone ${width} pixels wide`, async (page) => {
    await give(page, labelled("one.csv"));
    const panel = page.getByTestId("mapping");
    await panel.locator("summary").click();
    for (const select of await panel.locator("select").all()) {
      const { width } = await select.boundingBox();
      assert.ok(width >= 90, `a choice of ${width} pixels`);
    }
    await page.getByTestId("agreement").locator("summary").click();
    const hint = await page.getByText("Choose a number to see its tracks").boundingBox();
    assert.ok(hint.x >= 0 && hint.x + hint.width <= width, "the hint is cut off");
  }, { visit: { viewport: { width, height: 844 } } });
}

visit("on a phone the whole table has place below the answer", async (page) => {
  await give(page, { name: "long.csv", mimeType: "text/csv", buffer: Buffer.from(madeUpTable(300)) });
  const answer = await page.locator(".answer").boundingBox();
  const table = await page.locator(".table-window").boundingBox();
  assert.ok(answer.height + table.height <= 740, `${answer.height} and ${table.height} pixels`);
}, { visit: { viewport: { width: 360, height: 740 } } });

visit("a row is marked again when the browser goes back to its track", async (page) => {
  await give(page, playlist);
  const marked = page.locator("tr.selected");
  await page.getByRole("button", { name: "Blue Lamp" }).click();
  await page.waitForURL(/name=Blue%20Lamp/);
  await page.evaluate(() => (location.hash = "#v=1&energy=0.2"));
  await marked.waitFor({ state: "detached" });
  await page.goBack();
  await marked.filter({ hasText: "Blue Lamp" }).waitFor();
  // Other files have other tracks under the same numbers.
  await page.goForward();
  await marked.waitFor({ state: "detached" });
  await give(page, playlist);
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("#answer-title").textContent.startsWith("Blue Lamp"));
  assert.equal(await marked.count(), 0);
});

visit("another language leaves open what was opened, and chosen what was chosen", async (page) => {
  await give(page, labelled("one.csv"));
  for (const panel of ["mapping", "agreement"]) await page.getByTestId(panel).locator("summary").click();
  const download = page.locator(".download");
  await download.getByLabel(/^File/).selectOption("JSON");
  await download.getByLabel("Tracks").selectOption({ index: 1 });
  await page.getByLabel("How sure").selectOption({ index: 2 });
  const chosen = () => page.locator(".download select, .filters select").evaluateAll((all) => all.map((one) => one.selectedIndex));
  const before = await chosen();
  await page.getByTestId("language").selectOption("de");
  await page.getByRole("button", { name: "Mit Genres herunterladen" }).waitFor();
  for (const panel of ["mapping", "agreement"]) assert.ok(await page.getByTestId(panel).getAttribute("open") !== null, panel);
  assert.ok(await page.locator(".columns select").first().isVisible());
  assert.ok(await page.locator(".matrix").isVisible());
  assert.deepEqual(await chosen(), before);
  // Other files begin with closed panels.
  await give(page, labelled("two.csv"));
  for (const panel of ["mapping", "agreement"]) assert.equal(await page.getByTestId(panel).getAttribute("open"), null, panel);
});

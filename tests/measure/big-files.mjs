// Measures big files on the page, and PapaParse alone on the same files in the same browser. Run by hand, as it takes its
// time, after `cargo xtask test` and `npm install --no-save papaparse` in tests/; OVERTONE_CHROMIUM names the browser where
// Playwright has none of its own:
//
//     node tests/measure/big-files.mjs 114000 1000000
//
// A file named in place of a number is taken as it is.
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createWriteStream, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStage } from "../e2e/harness.mjs";

/** The memory that a process has taken at most, in MiB; Linux tells. */
function mostMemory(id) {
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
}

/** The processor time that a process has taken, all of its threads together, in milliseconds. */
function processorTime(id) {
  const [user, system] = readFileSync(`/proc/${id}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13);
  return 10 * (Number(user) + Number(system));
}

async function renderers(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

async function rendererMemory(browser) {
  return Math.max(...(await renderers(browser)).map(mostMemory));
}

/** On a busy machine this says more than how long it took. */
async function rendererTime(browser) {
  return (await renderers(browser)).map(processorTime).reduce((sum, time) => sum + time, 0);
}

/** Made-up tracks with the columns of a well-known set. */
async function makeFile(path, tracks) {
  const out = createWriteStream(path);
  out.write(
    ",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,track_genre\n",
  );
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const genres = ["classical", "country", "electronic", "hip-hop", "jazz", "latin", "pop", "rock", "metal"];
  for (let number = 0; number < tracks; number++) {
    const id = Math.floor(random() * 1e15).toString(36).padEnd(22, "x").slice(0, 22);
    const ratio = () => (random() ** 2).toFixed(4);
    const line = [number, id, `Nobody ${number % 9973};Somebody`, `"Album, the ${number % 811}th"`, `A song that nobody sings ${number}`,
      Math.floor(random() * 100), Math.floor(120000 + random() * 200000), "False", ratio(), ratio(), number % 12,
      (-30 * random()).toFixed(3), number % 2, ratio(), ratio(), ratio(), ratio(), ratio(), (60 + 120 * random()).toFixed(3), 4,
      genres[number % genres.length]];
    if (!out.write(`${line.join(",")}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

/**
 * Whoever drops or chooses a file has the pointer on the page before, which the page takes for a sign to load what reads files.
 * Without it, that is loaded once the file is there.
 */
async function measurePage(path, { withPointer }) {
  const stage = await openStage();
  const { page } = await stage.openPage({ viewport: { width: 1440, height: 900 } });
  await page.locator("footer").waitFor();
  await page.waitForTimeout(1500);
  const before = await rendererMemory(stage.browser);
  await page.evaluate(() => {
    window.measured = { longest: 0, gap: 0 };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) measured.longest = Math.max(measured.longest, duration);
    }).observe({ type: "longtask" });
    document.querySelector('[data-testid="file"]').addEventListener("change", () => (measured.start = performance.now()), { capture: true });
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      if (measured.start) {
        measured.gap = Math.max(measured.gap, now - last);
        if (!measured.first && document.querySelector("[data-place]")) measured.first = now;
        const state = document.querySelector(".playlist").dataset.state;
        if (!measured.done && (state === "done" || state === "failed")) measured.done = now;
      }
      last = now;
      setTimeout(tick, 4);
    };
    tick();
  });
  if (withPointer) {
    await page.locator(".drop-zone").hover();
    await page.waitForTimeout(500);
  }
  const idle = await rendererTime(stage.browser);
  await page.getByTestId("file").setInputFiles(path);
  await page.waitForFunction(() => measured.done, null, { timeout: 600_000, polling: 100 });
  const busy = (await rendererTime(stage.browser)) - idle;
  const { start, first, done, longest, gap } = await page.evaluate(() => measured);
  const status = await page.getByTestId("status").textContent();
  const timed = async (action, done) => {
    const begun = performance.now();
    await action();
    await done();
    return Math.round(performance.now() - begun);
  };
  const firstRow = page.locator("[data-place='0']");
  const unsorted = await firstRow.innerText();
  const sort = await timed(
    () => page.getByRole("button", { name: "Least certain first" }).click(),
    () => page.waitForFunction((unsorted) => document.querySelector("[data-place='0']")?.innerText !== unsorted, unsorted),
  );
  const search = await timed(
    () => page.getByRole("searchbox").fill("sings 99"),
    () => page.getByTestId("shown").filter({ hasText: " of " }).waitFor({ timeout: 60_000 }),
  );
  const memory = await rendererMemory(stage.browser);
  await stage.close();
  const round = Math.round;
  return {
    status, "first rows (ms)": round(first - start), "all rows (ms)": round(done - start), "processor time (ms)": busy, "longest task (ms)": round(longest),
    "longest gap (ms)": round(gap), "sort (ms)": sort, "search (ms)": search,
    "memory at most (MiB)": round(memory), "of that before the file (MiB)": round(before),
  };
}

async function measurePapaParse(path, worker) {
  const script = await readFile(createRequire(import.meta.url).resolve("papaparse/papaparse.min.js"), "utf8");
  const server = createServer((request, response) => {
    const isScript = request.url.endsWith(".js");
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(isScript ? script : '<script src="papaparse.min.js"></script><input type="file">');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stage = await openStage();
  const page = await (await stage.browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate((worker) => {
    const input = document.querySelector("input");
    input.addEventListener("change", () => {
      const start = performance.now();
      let rows = 0;
      const count = { chunk: ({ data }) => (rows += data.length) };
      Papa.parse(input.files[0], { header: true, skipEmptyLines: true, worker, ...count, complete: () => {
        window.measured = { rows, time: performance.now() - start };
      } });
    });
  }, worker);
  const idle = await rendererTime(stage.browser);
  await page.locator("input").setInputFiles(path);
  await page.waitForFunction(() => window.measured, null, { timeout: 600_000, polling: 100 });
  const busy = (await rendererTime(stage.browser)) - idle;
  const { rows, time } = await page.evaluate(() => window.measured);
  const memory = await rendererMemory(stage.browser);
  await stage.close();
  server.close();
  return { rows, "all rows (ms)": Math.round(time), "processor time (ms)": busy, "memory at most (MiB)": Math.round(memory) };
}

const place = await mkdtemp(join(tmpdir(), "overtone-"));
try {
  for (const what of process.argv.slice(2)) {
    let path = what;
    if (/^\d+$/.test(what)) {
      path = join(place, `${what}.csv`);
      await makeFile(path, Number(what));
    }
    console.log(`\n${what}: ${((await stat(path)).size / 1e6).toFixed(1)} MB`);
    for (const withPointer of [true, false]) {
      console.log(`the page, ${withPointer ? "with" : "without"} a pointer that comes first`, await measurePage(path, { withPointer }));
    }
    for (const worker of [false, true]) {
      console.log(`PapaParse${worker ? " in a worker" : ""}`, await measurePapaParse(path, worker));
    }
  }
} finally {
  await rm(place, { recursive: true });
}

// The page without a network, with a newer page waiting, and when something in it is broken.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { dist, openStage, serveSite, startChromium } from "./harness.mjs";
import { give, headline, playlist, visitsOn } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());
const visit = visitsOn(stage);

/** Waits until the page is kept for the time without a network. */
const kept = async (page) => {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  // The page's worker may still be loading.
  await page.waitForLoadState("networkidle");
};

visit("after the first visit all works without a network, files too", async (page, context) => {
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await page.locator("footer").waitFor();
  await page.getByRole("button", { name: "Lullaby" }).click();
  assert.match(await headline(page), / %$/);
  await give(page, playlist);
  await page.getByRole("button", { name: "Blue Lamp" }).click();
  assert.match(await headline(page), /^Jazz, /);
});

test("it works without a network under any path, and leaves its neighbours alone", async () => {
  const elsewhere = await openStage({ base: "/music/overtone/" });
  try {
    const { page, context } = await elsewhere.openPage();
    await page.locator("footer").waitFor();
    await kept(page);
    await context.setOffline(true);
    await page.reload();
    await page.locator("footer").waitFor();
    await give(page, playlist);
    await assert.rejects(page.evaluate(() => fetch("/music/")));
  } finally {
    await elsewhere.close();
  }
});

/** A test of a page that is kept for the time without a network, and of which a newer build may come into `folder`. */
const keptTest = (name, steps) =>
  test(name, async () => {
    const folder = await mkdtemp(join(tmpdir(), "overtone-page-"));
    await cp(dist, folder, { recursive: true });
    const server = await serveSite({ folder });
    const browser = await startChromium();
    try {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(server.address);
      await page.locator("footer").waitFor();
      await kept(page);
      await steps({ page, context, folder, address: server.address });
    } finally {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true });
    }
  });

/** Puts a newer build, known by its number, in place of the one in `folder`: other content, and so other hashes in the names. */
async function renew(folder, number) {
  const [index, worker] = ["index.html", "service-worker.js"].map((name) => join(folder, name));
  const before = await readFile(index, "utf8");
  let [after, names] = [before.replace("<title>", `<meta name="newer" content="${number}"><title>`), await readFile(worker, "utf8")];
  for (const file of await readdir(folder)) {
    const renamed = file.replace(/-[0-9a-f]{12,16}/, `-${String(number).padStart(16, "0")}`);
    [after, names] = [after, names].map((text) => text.replaceAll(file, renamed));
    await rename(join(folder, file), join(folder, renamed));
  }
  const hash = (text) => createHash("sha256").update(text).digest("base64");
  names = names.replace(/BUILD = "[^"]*"/, `BUILD = "another ${number}"`).replace(hash(before), hash(after));
  await Promise.all([writeFile(index, after), writeFile(worker, names)]);
}

/** Has the browser look for a newer page, and waits until it keeps it or has given it up: "installed" or "redundant". */
const lookForNewer = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    const newer = registration.installing ?? registration.waiting;
    while (newer.state === "installing") await new Promise((changed) => newer.addEventListener("statechange", changed, { once: true }));
    return newer.state;
  });

keptTest("pages below it stay what they are", async ({ page, folder, address }) => {
  await mkdir(join(folder, "other"));
  await writeFile(join(folder, "other", "index.html"), "<title>Another page</title>");
  await page.goto(new URL("other/index.html", address).href);
  assert.equal(await page.title(), "Another page");
  await page.goto(new URL("index.html", address).href);
  await page.locator("footer").waitFor();
});

keptTest("a newer page is offered, and loaded when the visitor wants it", async ({ page, context, folder, address }) => {
  assert.equal(await page.getByTestId("update").textContent(), "");
  // What only some want is kept once it has been wanted.
  await page.getByRole("radio", { name: "15 close ones" }).check();
  await page.locator(".bar").nth(14).waitFor();
  const other = await context.newPage();
  await other.goto(address);
  await other.locator("footer").waitFor();

  await renew(folder, 1);
  await page.getByRole("button", { name: "Lullaby" }).click();
  await page.waitForURL(/name=Lullaby/);
  await page.reload();
  for (const one of [page, other]) await one.getByTestId("update").getByText("There is a newer Overtone.").waitFor();
  // Nothing has changed under the visitor's hands.
  assert.equal(await page.locator('meta[name="newer"]').count(), 0);
  await page.getByRole("button", { name: "Load it" }).focus();
  await page.keyboard.press("Enter");
  await page.locator('meta[name="newer"]').waitFor({ state: "attached" });
  assert.equal(await page.locator("#answer-title").textContent(), "Lullaby");
  // In the other tab the button loads it as well, though nothing waits any more.
  await other.getByRole("button", { name: "Load it" }).click();
  await other.locator('meta[name="newer"]').waitFor({ state: "attached" });
  await other.close();
  await context.setOffline(true);
  await page.reload();
  await page.locator(".bar").nth(14).waitFor();
});

keptTest("another tab goes on with its build, whose files the host has no more, and leaves no trace in the end", async ({ page, context, folder, address }) => {
  const other = await context.newPage();
  await other.goto(address);
  await other.locator("footer").waitFor();
  await other.getByRole("radio", { name: "15 close ones" }).check();
  await other.locator(".bar").nth(14).waitFor();
  const load = async (number) => {
    await renew(folder, number);
    assert.equal(await lookForNewer(page), "installed");
    await page.getByRole("button", { name: "Load it" }).click();
    await page.locator(`meta[name="newer"][content="${number}"]`).waitFor({ state: "attached" });
    await page.locator("footer").waitFor();
  };
  await load(1);
  await give(other, playlist);
  await other.getByRole("radio", { name: "8 broad genres" }).check();
  await other.locator('.playlist[data-state="done"]').getByRole("button", { name: "Blue Lamp" }).click();
  assert.match(await headline(other), /^Jazz, /);
  assert.equal(await other.locator('meta[name="newer"]').count(), 0);
  await other.close();
  await load(2);
  const kept = await page.evaluate(() => caches.keys());
  assert.equal(kept.length, 1, `${kept}`);
  assert.match(kept[0], /another 2$/);
});

keptTest("a host that still answers with parts of the build before breaks nothing", async ({ page, folder }) => {
  const index = join(folder, "index.html");
  const before = await readFile(index);
  await renew(folder, 1);
  const newer = await readFile(index);
  await writeFile(index, before);
  assert.equal(await lookForNewer(page), "redundant");
  await page.reload();
  await page.locator("footer").waitFor();
  assert.equal(await page.getByTestId("update").textContent(), "");
  await writeFile(index, newer);
  assert.equal(await lookForNewer(page), "installed");
  await page.getByRole("button", { name: "Load it" }).click();
  await page.locator('meta[name="newer"]').waitFor({ state: "attached" });
  await page.locator("footer").waitFor();
});

keptTest("a newer page is offered also where the browser finds it before the page has started", async ({ page, folder }) => {
  // Another build, which is not kept before it is told to go on.
  const worker = join(folder, "service-worker.js");
  const another = (await readFile(worker, "utf8")).replace(/BUILD = "[^"]*"/, 'BUILD = "another"');
  const held = `const told = new Promise((go) => addEventListener("message", ({ data }) => data === "go on" && go()));
addEventListener("install", (event) => event.waitUntil(told));
`;
  await writeFile(worker, held + another);
  // The page comes to ask for its service worker when the newer one is on its way already.
  await page.addInitScript(() => {
    const register = ServiceWorkerContainer.prototype.register;
    ServiceWorkerContainer.prototype.register = async function (...address) {
      const registration = await register.apply(this, address);
      await registration.update();
      const newer = registration.installing;
      await new Promise((go) => setTimeout(go));
      setTimeout(() => newer.postMessage("go on"));
      return registration;
    };
  });
  await page.reload();
  await page.getByTestId("update").getByText("There is a newer Overtone.").waitFor();
});

/** Opens the page in a context that `prepare` has had its hands on. */
async function openPrepared(prepare, options = {}) {
  const context = await stage.browser.newContext({ serviceWorkers: "block", ...options });
  const page = await context.newPage();
  await prepare(page);
  await page.goto(stage.address);
  return { page, close: () => context.close() };
}

test("without its wasm the page says so, in the visitor's language, and how to go on", async () => {
  for (const [locale, sentence, button] of [
    ["en-GB", /Overtone could not start/, "Reload the page"],
    ["de-AT", /Overtone konnte nicht starten/, "Seite neu laden"],
  ]) {
    let broken = true;
    const { page, close } = await openPrepared(
      (page) => page.route("**/*.wasm", (route) => (broken ? route.fulfill({ status: 404 }) : route.continue())),
      { locale },
    );
    await page.getByRole("alert").getByText(sentence).waitFor();
    broken = false;
    await page.getByRole("button", { name: button }).click();
    await page.getByTestId("headline").waitFor();
    await close();
  }
});

test("what says that the page cannot start speaks the first of the visitor's languages that it knows", async () => {
  const { page, close } = await openPrepared(async (page) => {
    await page.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "language", { value: "fr-CH" });
      Object.defineProperty(navigator, "languages", { value: ["fr-CH", "de-CH", "en"] });
    });
  });
  await page.getByRole("alert").getByText("Overtone konnte nicht starten").waitFor();
  assert.equal(await page.getByRole("alert").getAttribute("lang"), "de");
  await close();
});

test("where the script that starts it does not come, the page says so after a while", async () => {
  const { page, close } = await openPrepared((page) => page.route("**/boot-*.js", (route) => route.fulfill({ status: 404 })));
  const late = page.getByText("If this stays, reload the page.");
  await late.waitFor({ state: "hidden" });
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  await late.waitFor();
  await close();
});

test("without WebAssembly the page says so", async () => {
  const { page, close } = await openPrepared((page) => page.addInitScript(() => delete globalThis.WebAssembly));
  await page.getByRole("alert").getByText("It needs a browser with WebAssembly").waitFor();
  await close();
});

test("without JavaScript the page says what it needs", async () => {
  const { page, close } = await openPrepared(() => {}, { javaScriptEnabled: false });
  // Playwright's own search passes over <noscript>.
  assert.match(await page.locator("body").innerText(), /needs JavaScript and WebAssembly/);
  assert.match(await page.locator("noscript [lang=de]").innerText(), /braucht dafür JavaScript und WebAssembly/);
  await close();
});

test("when wasm stops, the page says so once; the sliders come back, or are left behind", async () => {
  const { page, close } = await openPrepared(() => {});
  await page.getByRole("button", { name: "Lullaby" }).click();
  await page.waitForURL(/name=Lullaby/);
  const stop = () =>
    page.evaluate(() => {
      for (let time = 0; time < 2; time++) setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); });
    });
  await stop();
  await page.getByRole("alert").getByText("Something in Overtone broke").waitFor();
  assert.equal(await page.locator("#trouble").count(), 1);
  await page.getByRole("button", { name: "Reload the page" }).click();
  await page.locator("#trouble").waitFor({ state: "detached" });
  await page.getByTestId("headline").waitFor();
  assert.equal(await page.locator("#answer-title").textContent(), "Lullaby");
  await stop();
  await page.getByRole("button", { name: "Start afresh" }).click();
  await page.locator("#trouble").waitFor({ state: "detached" });
  await page.getByTestId("headline").waitFor();
  assert.equal(await page.locator("#answer-title").textContent(), "This track sounds like");
  await close();
});

visit("the page can be installed: its manifest names what is there", async (page) => {
  const missing = await page.evaluate(async () => {
    const address = document.querySelector('link[rel="manifest"]').href;
    const manifest = await (await fetch(address)).json();
    const files = [manifest.start_url, ...manifest.icons.map((icon) => icon.src)];
    const answers = await Promise.all(files.map(async (file) => [file, (await fetch(new URL(file, address))).status]));
    return answers.filter(([, status]) => status !== 200);
  });
  assert.deepEqual(missing, []);
});

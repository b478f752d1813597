// What every browser test needs: the finished page on a small server, and a Chromium that looks at it and
// writes down whatever goes wrong.
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import sirv from "sirv";

/** The folder of the finished page. */
export const dist = process.env.OVERTONE_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));

/** The `overtone` command, for tests that compare the page with it. */
export const command = process.env.OVERTONE_CLI;

/** The folder with the studied tracks, where somebody has it. */
export const data = process.env.OVERTONE_DATA;

/** For `test(name, { skip: withoutData }, …)`: false, or the reason why a test that needs the tracks cannot run. */
export const withoutData = data ? false : "needs the studied tracks, and OVERTONE_DATA does not say where they are";

const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Serves the finished page on a free port, as a plain host of files would.
 * `base` is the path that it lies under, such as "/music/overtone/"; `headers` go with every answer; `folder` has
 * another page than the one that is tested.
 */
export async function serveSite({ base = "/", headers = {}, folder = dist } = {}) {
  if (!existsSync(`${folder}/index.html`)) {
    throw new Error(`There is no page in ${folder}. Build it with \`cargo xtask build\`.`);
  }
  const files = sirv(folder, {
    dev: true,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    },
  });
  const server = createServer((request, response) => {
    const missing = () => response.writeHead(404, { "content-type": "text/plain" }).end("not found");
    if (!request.url.startsWith(base)) return missing();
    request.url = request.url.slice(base.length - 1);
    return files(request, response, missing);
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    address: origin + base,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Starts Chromium: the one that `cargo xtask test` has found, or else the one that Playwright knows. */
export function startChromium() {
  return chromium.launch({ executablePath: process.env.OVERTONE_CHROMIUM, args: chromiumArguments });
}

/**
 * The page on a server and a Chromium to look at it with. Open one for a file of tests, and close it after them:
 *
 *     const stage = await openStage();
 *     after(() => stage.close());
 */
export async function openStage(site = {}) {
  const [server, browser] = await Promise.all([serveSite(site), startChromium()]);
  return {
    address: server.address,
    origin: server.origin,
    browser,
    /** A visit by somebody who was never here before. Its `path` is relative to the page, such as "#tempo=120". */
    openPage: (visit = {}) => openPage(browser, server, visit),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function openPage(browser, server, { viewport, colorScheme, reducedMotion, path = "", ...others }) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion, ...others });
  const page = await context.newPage();
  /** What a visitor should never get: errors, requests that fail, requests to anybody else. */
  const problems = [];
  /** Every address that was asked for. */
  const requests = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("crash", () => problems.push("the page crashed"));
  // Of the whole context, so that what workers ask for is seen as well.
  context.on("request", (request) => {
    const url = new URL(request.url());
    requests.push(url.href);
    if (url.origin !== server.origin && !["data:", "blob:"].includes(url.protocol)) {
      problems.push(`asked another origin: ${url.href}`);
    }
  });
  context.on("requestfailed", (request) => {
    // A browser fetches the icon last, and gives it up when the page is left before.
    if (request.url().endsWith(".svg") && request.failure()?.errorText === "net::ERR_ABORTED") return;
    problems.push(`failed request: ${request.url()} (${request.failure()?.errorText})`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(new URL(path, server.address).href);
  return { page, context, problems, requests, close: () => context.close() };
}

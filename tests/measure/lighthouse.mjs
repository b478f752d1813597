// Lighthouse's figures of the page in dist/ on its simulated phone, with the host's compression by brotli:
// `node tests/measure/lighthouse.mjs`, after `cargo xtask test`; OVERTONE_CHROMIUM names the browser where Lighthouse finds
// none. npx fetches Lighthouse, which is not among the tests' packages because it is larger than all of them. Fails below
// the bar of the page.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { dist } from "../e2e/harness.mjs";

const LIGHTHOUSE = "lighthouse@12.8.2";
const bar = { performance: 95, accessibility: 100, "best-practices": 100, seo: 100 };
const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm",
  ".forest": "application/octet-stream",
  ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
};

const packed = new Map();
const server = createServer(async (request, response) => {
  const name = new URL(request.url, "http://host").pathname.replace(/\/$/, "/index.html");
  try {
    const type = types[extname(name)];
    if (!packed.has(name)) packed.set(name, brotliCompressSync(await readFile(join(dist, name))));
    response.writeHead(200, { "content-type": type, "content-encoding": "br", "cache-control": "max-age=31536000" });
    response.end(packed.get(name));
  } catch {
    response.writeHead(404, { "content-type": "text/plain" }).end("not found");
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const folder = await mkdtemp(join(tmpdir(), "overtone-lighthouse-"));
try {
  const report = join(folder, "report.json");
  // Not execFileSync: the server has to go on answering.
  const lighthouse = spawn(
    "npx",
    ["--yes", LIGHTHOUSE, `http://127.0.0.1:${server.address().port}/`, "--output=json", `--output-path=${report}`, "--quiet",
      "--chrome-flags=--headless=new --no-sandbox --disable-gpu"],
    { stdio: "inherit", env: { ...process.env, CHROME_PATH: process.env.OVERTONE_CHROMIUM ?? "" } },
  );
  const code = await new Promise((resolve) => lighthouse.on("close", resolve));
  if (code !== 0) throw new Error(`Lighthouse ended with ${code}`);
  const { categories, audits, lighthouseVersion } = JSON.parse(await readFile(report, "utf8"));
  console.log(`Lighthouse ${lighthouseVersion}, mobile`);
  for (const [name, least] of Object.entries(bar)) {
    const score = Math.round(100 * categories[name].score);
    console.log(`  ${name}: ${score}${score < least ? `, below ${least}` : ""}`);
    if (score < least) {
      process.exitCode = 1;
      for (const { id } of categories[name].auditRefs) {
        if (audits[id].score !== null && audits[id].score < 0.9) console.log(`    ${id}: ${audits[id].title} ${audits[id].displayValue ?? ""}`);
      }
    }
  }
  for (const name of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"]) {
    console.log(`  ${audits[name].title}: ${audits[name].displayValue}`);
  }
} finally {
  await rm(folder, { recursive: true });
  server.close();
  server.closeAllConnections();
}

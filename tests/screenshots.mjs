// Makes the pictures in docs/images of the page in dist/: `node tests/screenshots.mjs`, after `cargo xtask build`.
import { fileURLToPath } from "node:url";
import { openStage } from "./e2e/harness.mjs";

const playlist = fileURLToPath(new URL("files/exportify-net/playlist.csv", import.meta.url));
const stage = await openStage();
for (const [name, visit] of [
  ["wide", { viewport: { width: 1440, height: 900 }, colorScheme: "light" }],
  ["dark", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }],
  ["phone", { viewport: { width: 390, height: 844 }, colorScheme: "light" }],
]) {
  const { page, close } = await stage.openPage({ ...visit, reducedMotion: "reduce" });
  await page.locator("h1").waitFor();
  await page.getByTestId("file").setInputFiles(playlist);
  await page.locator('.playlist[data-state="done"]').waitFor();
  await page.getByRole("button", { name: "Blue Lamp" }).click();
  await page.screenshot({ path: fileURLToPath(new URL(`../docs/images/${name}.png`, import.meta.url)) });
  await close();
}
await stage.close();

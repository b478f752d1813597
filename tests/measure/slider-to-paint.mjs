// How long a slider's move takes, with Chromium's CPU as it is and four times slower: `node tests/measure/slider-to-paint.mjs`,
// after `cargo xtask test`; OVERTONE_CHROMIUM names the browser where Playwright has none of its own. Prints milliseconds.
//
// First in the page's own thread: from the input event until the frame that it belongs to has been painted. Then as the browser
// times key presses (Event Timing, in steps of 8 ms): until the frame is on the screen, with the wait for the screen's next
// frame and with what other threads do to draw it, which without a graphics card is much. A page of one bare slider, to
// which nothing listens, shows how much of that is not the page's.
import { openStage } from "../e2e/harness.mjs";

const MOVES = 300;
const BARE = '<input type="range" id="energy" min="0" max="1" step="0.01">';

const quantile = (times, share) => times.toSorted((a, b) => a - b)[Math.floor(share * times.length)].toFixed(1);
const line = (name, times) => `  ${name}: median ${quantile(times, 0.5)}, p95 ${quantile(times, 0.95)}, most ${Math.max(...times).toFixed(1)}`;

/** How long each of some moves takes in the page's thread. */
const inThread = (page) =>
  page.evaluate(async (moves) => {
    const slider = document.getElementById("energy");
    const handled = [];
    const painted = [];
    for (let move = 0; move < moves; move++) {
      // As a hand does, a little at a time, one move a frame: browsers give the moves of a pointer just before it.
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const start = performance.now();
      slider.value = String(0.5 + 0.45 * Math.sin(move / 12));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      // What follows in microtasks belongs to it: that is where the page is drawn.
      await Promise.resolve();
      await new Promise((resolve) => queueMicrotask(resolve));
      handled.push(performance.now() - start);
      // Still in the frame's callback; a message comes once the frame has been painted.
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
      painted.push(performance.now() - start);
    }
    return { handled, painted };
  }, MOVES);

/** How long the browser says that each of some key presses took. */
async function byKeys(page) {
  await page.locator("#energy").focus();
  await page.evaluate(() => {
    window.presses = [];
    const take = (list) => presses.push(...list.getEntries().filter(({ name }) => name === "keydown").map(({ duration }) => duration));
    new PerformanceObserver(take).observe({ type: "event", durationThreshold: 16 });
  });
  for (let move = 0; move < MOVES; move++) {
    await page.keyboard.press(Math.sin(move / 12) > 0 ? "ArrowRight" : "ArrowLeft");
    // No two at the same place between two frames.
    await page.waitForTimeout(10 + ((move * 7) % 23));
  }
  await page.waitForTimeout(500);
  const told = await page.evaluate(() => presses);
  // Below 16 ms nothing is told.
  return [...told, ...Array(MOVES - told.length).fill(8)];
}

const stage = await openStage();
for (const slowdown of [1, 4]) {
  console.log(`CPU ${slowdown}x slower, ${MOVES} moves`);
  const { page, close } = await stage.openPage({ viewport: { width: 1440, height: 900 } });
  await page.getByTestId("ways").getByRole("listitem").first().waitFor();
  const client = await page.context().newCDPSession(page);
  await client.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const { handled, painted } = await inThread(page);
  console.log(line("work for a move (ms)", handled));
  console.log(line("from input to painted, in the page's thread (ms)", painted));
  console.log(line("from key to screen (ms)", await byKeys(page)));
  await page.goto("about:blank");
  await page.setContent(BARE);
  console.log(line("the same of a bare slider (ms)", await byKeys(page)));
  await close();
}
await stage.close();

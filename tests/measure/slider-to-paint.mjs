// How long it takes from a slider's input event to the next painted frame, with Chromium's CPU as it is and four times
// slower: `node tests/measure/slider-to-paint.mjs`, after `cargo xtask build`. Prints milliseconds.
import { openStage } from "../e2e/harness.mjs";

const MOVES = 300;

const stage = await openStage();
for (const slowdown of [1, 4]) {
  const { page, close } = await stage.openPage({ viewport: { width: 1440, height: 900 } });
  await page.getByTestId("ways").getByRole("listitem").first().waitFor();
  const client = await page.context().newCDPSession(page);
  await client.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const { toFrame, inHandlers } = await page.evaluate(async (moves) => {
    const slider = document.getElementById("energy");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const toFrame = [];
    const inHandlers = [];
    for (let move = 0; move < moves; move++) {
      // As a hand does, a little at a time, one move a frame.
      await frame();
      const start = performance.now();
      slider.value = String(0.5 + 0.45 * Math.sin(move / 12));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      // What follows in microtasks belongs to it: that is where the page is drawn.
      await Promise.resolve();
      await new Promise((resolve) => queueMicrotask(resolve));
      document.body.getBoundingClientRect();
      inHandlers.push(performance.now() - start);
      // A message comes after the frame that the next animation frame callback belongs to has been painted.
      await frame();
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
      toFrame.push(performance.now() - start);
    }
    return { toFrame, inHandlers };
  }, MOVES);
  const quantile = (times, share) => times.toSorted((a, b) => a - b)[Math.floor(share * times.length)].toFixed(1);
  const line = (name, times) => `${name}: median ${quantile(times, 0.5)}, p95 ${quantile(times, 0.95)}, most ${Math.max(...times).toFixed(1)}`;
  console.log(`CPU ${slowdown}x slower, ${MOVES} moves`);
  console.log(`  ${line("work for a move, with layout (ms)", inHandlers)}`);
  console.log(`  ${line("from input to painted (ms)", toFrame)}`);
  await close();
}
await stage.close();

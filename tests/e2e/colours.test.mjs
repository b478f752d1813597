// The genres' colours: seen against their ground, and told apart, also by colour-blind eyes.
import assert from "node:assert/strict";
import { after } from "node:test";
import { openStage } from "./harness.mjs";
import { visitsOn } from "./visit.mjs";

const stage = await openStage();
after(() => stage.close());
const visit = visitsOn(stage);

/** How colours look without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1), in linear RGB. */
const eyes = {
  "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  "no red cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  "no green cones": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  "no blue cones": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

const linear = (css) => css.match(/\d+/g).slice(0, 3).map((part) => {
  const value = part / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});
const luminance = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, factor, index) => sum + factor * vector[index], 0));
/** Ottosson's OKLab, in which distances are about as large as they look. */
function oklab(rgb) {
  const cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], rgb).map(Math.cbrt);
  return times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], cones);
}

for (const colorScheme of ["light", "dark"]) {
  visit(`the genres' colours in ${colorScheme}`, async (page) => {
    const card = linear(await page.locator(".answer").evaluate((card) => getComputedStyle(card).backgroundColor));
    const colours = await page.locator(".bar").evaluateAll((bars) =>
      bars.map((bar) => [bar.dataset.genre, getComputedStyle(bar.querySelector(".bar-fill")).backgroundColor]),
    );
    assert.equal(colours.length, 8);
    for (const [genre, colour] of colours) {
      assert.ok(contrast(linear(colour), card) >= 3, `${genre} on a card: ${contrast(linear(colour), card)}`);
    }
    for (const [name, matrix] of Object.entries(eyes)) {
      const seen = colours.map(([genre, colour]) => {
        const rgb = times(matrix, linear(colour)).map((part) => Math.min(1, Math.max(0, part)));
        return [genre, oklab(rgb)];
      });
      seen.forEach(([genre, one], index) => {
        for (const [other, another] of seen.slice(0, index)) {
          const apart = Math.hypot(...one.map((part, axis) => part - another[axis]));
          // Just noticed is 0.02.
          assert.ok(apart >= 0.09, `${genre} and ${other} with ${name}: ${apart.toFixed(3)}`);
        }
      });
    }
  }, { visit: { colorScheme } });
}

// Measures Overtone's forest in WebAssembly.
//
//     node overtone.mjs forest CODE MODEL FOLDER NAME ANSWERS   on one forest's rows; writes what it answers, as 64-bit numbers
//     node overtone.mjs page CODE MODEL                         what the page does with a model
//
// CODE is the engine's .wasm; for the page, with contributions. FOLDER is what make_forests.py has filled, NAME one of its
// forests. Each line printed is a name, a tab and a value.

import { readFileSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

import { compile } from "./loader.mjs";
import { load, measure, median, print, rowsOf, seconds, warmUp } from "./measure.mjs";

async function onRows(code, model, folder, name, answers) {
  const { predict, predictAll } = await load(async () => (await compile(code))(model));
  await measure(folder, name, { predict, predictAll, forest: "same" });
  const found = predictAll(rowsOf(folder, "throughput").values);
  writeFileSync(answers, new Uint8Array(found.buffer, found.byteOffset, found.byteLength));
}

async function inThePage(code, model) {
  const SINGLE_ROWS = 2000;
  const EXPLAINED_ROWS = 50;
  const [compiling, read] = await seconds(() => compile(code));
  print("compile_ms", compiling * 1e3);
  const start = performance.now();
  const [first, { engine, forest, features, predict }] = await seconds(() => read(model));
  print("load_clock_ms", performance.now() - start);
  print("load_ms", first * 1e3);
  print("load_again_ms", (await median(() => read(model))) * 1e3);

  const made = engine.make_up_rows(forest, SINGLE_ROWS);
  const values = new Float32Array(engine.memory.buffer, made, SINGLE_ROWS * features).slice();
  const rows = Array.from({ length: SINGLE_ROWS }, (_, row) => values.subarray(row * features, (row + 1) * features));
  const each = async (rows, work) => {
    await warmUp(() => rows.forEach(work));
    return (await median(() => rows.forEach(work))) / rows.length;
  };
  const beforeRows = performance.now();
  rows.forEach((row) => predict(row));
  print("first_rows_us", ((performance.now() - beforeRows) / SINGLE_ROWS) * 1e3);
  print("one_row_us", (await each(rows, (row) => predict(row))) * 1e6);
  const addresses = Array.from({ length: EXPLAINED_ROWS }, (_, row) => made + row * features * 4);
  print("contributions_to_one_ms", (await each(addresses, (row) => engine.contributions(forest, row, 0))) * 1e3);
  print("contributions_to_all_ms", (await each(addresses, (row) => engine.contributions(forest, row, -1))) * 1e3);
}

/** The forest at the beginning of a model that ships; what is known about the model stands behind it. */
function forestOf(model) {
  return model.subarray(0, new DataView(model.buffer, model.byteOffset).getUint32(6, true));
}

const [what, code, model, ...rest] = process.argv.slice(2);
const todo = { forest: onRows, page: inThePage };
await todo[what](readFileSync(code), forestOf(readFileSync(model)), ...rest);

// How the programs that run in Node are measured: CPU time of all of the process's threads, the median of three.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

// A run over all rows that would take longer is cut to as many rows as take so long.
const SECONDS = 10;
const TRIAL_ROWS = 2000;
// One row a call: at most so many rows, and no more than take so long.
const SINGLE_ROWS = 2000;
const SINGLE_SECONDS = 1;

/** Prints one figure: a name, a tab and a value. */
export function print(name, value) {
  console.log(`${name}\t${typeof value === "number" ? Number(value.toPrecision(7)) : value}`);
}

/** Prints the version of an installed package. */
export function printVersion(folder) {
  print("version", JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version);
}

/** The CPU seconds that some work takes, and what it gave. */
export async function seconds(work) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, result];
}

/** The CPU seconds that some work takes, the median of three. */
export async function median(work) {
  const times = [];
  for (let run = 0; run < 3; run++) times.push((await seconds(work))[0]);
  return times.sort((one, other) => one - other)[1];
}

/** Does some work over and over for a second: a JavaScript engine compiles what runs often a second time, on other threads. */
export async function warmUp(work) {
  const end = performance.now() + 1e3;
  while (performance.now() < end) await work();
}

/** Loads a model, and prints how long that took. */
export async function load(work) {
  const [taken, model] = await seconds(work);
  print("load_ms", taken * 1e3);
  return model;
}

/** The numbers in a file. */
export function numbers(Type, ...path) {
  const bytes = readFileSync(join(...path));
  return new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** The rows of a file that make_forests.py has written: one array, and each row's part of it. */
export function rowsOf(folder, name, features = 11) {
  const values = numbers(Float32Array, folder, `${name}.f32`);
  const count = values.length / features;
  return {
    values,
    count,
    features,
    row: (index) => values.subarray(index * features, (index + 1) * features),
    first: (count) => values.subarray(0, count * features),
  };
}

/** The place of the largest number; of equal ones, of the first. */
function largest(values) {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index] > values[best]) best = index;
  return best;
}

/**
 * Measures a model on one forest's rows. `predictAll` takes the values of rows, one row behind the other, and gives what
 * `answersOf` turns into an array of probabilities, row by row, outside of the time measured; `predict` takes one row. `prepare`
 * turns values into what `predictAll` takes, where a page would have them in that shape already. `forest` is "same" for
 * scikit-learn's forest and "own" for another; answers are held against scikit-learn's where they are `comparable`.
 */
export async function measure(
  folder,
  name,
  { predictAll, predict, prepare = (values) => values, answersOf = (all) => all, forest, comparable = forest === "same", classes = 8 },
) {
  const rows = rowsOf(folder, "throughput");
  const trial = prepare(rows.first(TRIAL_ROWS));
  await predictAll(trial);
  const [taken] = await seconds(() => predictAll(trial));
  const fits = Math.max(TRIAL_ROWS, Math.floor((SECONDS / taken) * TRIAL_ROWS));
  const count = fits * 1.5 > rows.count ? rows.count : fits;
  const prepared = prepare(rows.first(count));
  const answers = answersOf(await predictAll(prepared)).slice();
  print("rows_per_second", count / (await median(() => predictAll(prepared))));

  const singles = Array.from({ length: SINGLE_ROWS }, (_, index) => rows.row(index));
  const oneByOne = async (rows) => {
    for (const row of rows) {
      const answer = predict(row);
      if (answer instanceof Promise) await answer;
    }
  };
  const [first] = await seconds(() => oneByOne(singles.slice(0, 100)));
  const some = singles.slice(0, Math.max(100, Math.floor((SINGLE_SECONDS / first) * 100)));
  await warmUp(() => oneByOne(some));
  print("one_row_us", ((await median(() => oneByOne(some))) / some.length) * 1e6);

  const test = rowsOf(folder, "test");
  const truth = numbers(Uint8Array, folder, "test.u8");
  const tested = answersOf(await predictAll(prepare(test.values))).slice();
  const answer = (of, index) => largest(of.subarray(index * classes, (index + 1) * classes));
  print("accuracy", truth.reduce((right, label, index) => right + (answer(tested, index) === label), 0) / truth.length);
  print("forest", forest);
  if (comparable) {
    const theirs = numbers(Float32Array, folder, name, "answers.f32");
    let difference = 0;
    for (let index = 0; index < answers.length; index++) difference = Math.max(difference, Math.abs(answers[index] - theirs[index]));
    let changed = 0;
    for (let index = 0; index < count; index++) changed += answer(answers, index) !== answer(theirs, index);
    print("largest_difference", difference);
    print("changed_answers", changed / count);
  }
}

// Measures one JavaScript peer on one forest.
//
//     node peers.mjs PEER FOLDER NAME PACKAGES
//
// FOLDER is what make_forests.py and peers.py have filled, NAME one of its forests, PACKAGES the folder with the
// node_modules. Each line printed is a name, a tab and a value.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { load, measure, print, printVersion } from "./measure.mjs";

const [peer, folder, name, packages] = process.argv.slice(2);
const require = createRequire(join(packages, "package.json"));
const inPackages = (path) => join(packages, "node_modules", path);
const COLUMNS = "duration_ms popularity danceability energy loudness speechiness acousticness instrumentalness liveness valence tempo".split(" ");

const PEERS = {
  async "onnxruntime-web"() {
    const files = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];
    for (const file of files) print("loader", inPackages(`onnxruntime-web/dist/${file}`));
    const path = join(folder, name, "forest.onnx");
    print("model", path);
    const { ort, session } = await load(async () => {
      const ort = await import(pathToFileURL(inPackages(`onnxruntime-web/dist/${files[0]}`)));
      ort.env.wasm.numThreads = 1;
      return { ort, session: await ort.InferenceSession.create(readFileSync(path), { executionProviders: ["wasm"] }) };
    });
    const input = session.inputNames[0];
    const predictAll = async (values) => {
      const rows = new ort.Tensor("float32", values, [values.length / COLUMNS.length, COLUMNS.length]);
      return (await session.run({ [input]: rows }, ["probabilities"])).probabilities.data;
    };
    await measure(folder, name, { predictAll, predict: predictAll, forest: "same" });
  },

  async "ydf-inference"() {
    for (const file of ["ydf-inference/dist/inference.js", "ydf-inference/dist/inference.wasm", "jszip/dist/jszip.min.js"]) {
      print("loader", inPackages(file));
    }
    const path = join(folder, name, "ydf.zip");
    print("model", path);
    const model = await load(async () => {
      const ydf = await require("ydf-inference")();
      return ydf.loadModelFromZipBlob(readFileSync(path));
    });
    const prepare = (values) => {
      const count = values.length / COLUMNS.length;
      const column = (at) => Array.from({ length: count }, (_, row) => values[row * COLUMNS.length + at]);
      return Object.fromEntries(COLUMNS.map((name, at) => [name, column(at)]));
    };
    await measure(folder, name, {
      prepare,
      predictAll: (columns) => model.predict(columns),
      predict: (row) => model.predict(prepare(row)),
      answersOf: (all) => Float64Array.from(all.flat()),
      forest: "own",
    });
  },

  async "ml-random-forest"() {
    // What a page downloads: the package with all that it imports, in one file, made small.
    const bundle = join(folder, "ml-random-forest.js");
    await require("esbuild").build({
      stdin: { contents: 'export { RandomForestClassifier } from "ml-random-forest";', resolveDir: packages },
      bundle: true,
      minify: true,
      format: "esm",
      external: ["crypto"],
      outfile: bundle,
    });
    print("loader", bundle);
    const path = join(folder, name, "forest.json");
    print("model", path);
    const model = await load(async () => {
      const { RandomForestClassifier } = require("ml-random-forest");
      return RandomForestClassifier.load(JSON.parse(readFileSync(path, "utf8")));
    });
    const predictAll = (rows) => model.predict(rows);
    await measure(folder, name, {
      prepare: (values) => Array.from({ length: values.length / COLUMNS.length }, (_, row) => Array.from(values.subarray(row * COLUMNS.length, (row + 1) * COLUMNS.length))),
      predictAll,
      predict: (row) => model.predict([Array.from(row)]),
      // It answers with a class, not with probabilities.
      answersOf: (classes) => {
        const probabilities = new Float64Array(classes.length * 8);
        classes.forEach((of, row) => (probabilities[row * 8 + of] = 1));
        return probabilities;
      },
      forest: "same",
      comparable: false,
    });
  },
};

printVersion(inPackages(peer));
await PEERS[peer]();

// The npm package in Node.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { runInNewContext } from "node:vm";
import { example, install, madeUp, repository, told } from "./installed.mjs";

const user = await install();
after(user.remove);
const { eightGenres, fifteenGenres, readModel } = user.overtone;
const model = await eightGenres();
const fifteen = await fifteenGenres();
const tracks = madeUp(model.features, 400);
const answered = tracks.filter((track) => model.features.filter(({ name, isAudio }) => isAudio && name in track).length >= 5);
/** With everything, so that each feature can be changed. */
const whole = tracks.find((track) => Object.keys(track).length === model.features.length);

test("the README's example runs", async () => {
  const printed = (await user.node(await example("js"))).split("\n");
  assert.match(printed[0], new RegExp(`^(${model.genres.join("|")}) 0\\.\\d+$`));
  assert.match(printed.join("\n"), /\n1 of 9 audio features known; an answer needs at least 5\n/);
  // There is something to show for each question.
  assert.doesNotMatch(printed.join("\n"), /^(null|undefined|NaN)$/m);
});

test("the package has all its files, the crates' version and nothing else", async () => {
  const folder = join(user.folder, "node_modules/overtone");
  const cargo = await readFile(repository("Cargo.toml"), "utf8");
  const { version, files } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  assert.equal(version, /\[workspace\.package\][^[]*?\nversion = "(.*)"/.exec(cargo)[1]);
  const own = await readdir(repository("crates/js/npm"));
  const made = ["LICENSE-APACHE", "LICENSE-MIT", "fifteen-genres.forest", "overtone.js", "overtone_bg.wasm"];
  assert.deepEqual((await readdir(folder)).sort(), [...own, ...made].sort());
  assert.ok(Array.isArray(files));
});

test("an answer agrees with itself", () => {
  for (const asked of [model, fifteen]) {
    for (const track of answered) {
      const answer = asked.classify(track);
      const probabilities = Object.values(answer.probabilities);
      assert.deepEqual(Object.keys(answer.probabilities), asked.genres);
      assert.ok(Math.abs(probabilities.reduce((sum, one) => sum + one, 0) - 1) < 1e-9);
      assert.equal(answer.confidence, Math.max(...probabilities));
      assert.equal(answer.probabilities[answer.genre], answer.confidence);
      assert.equal(answer.likelyGenres[0], answer.genre);
    }
  }
});

test("close genres have families, broad ones have one each", () => {
  for (const [asked, count] of [
    [fifteen, 4],
    [model, 8],
  ]) {
    assert.deepEqual(Object.keys(asked.families), asked.genres);
    assert.equal(new Set(Object.values(asked.families)).size, count);
  }
});

test("likely genres are more where they have to hold more often, and unknown beyond what was measured", () => {
  const sizes = new Set();
  for (const track of answered) {
    const [few, usual, many] = [0.8, 0.9, 0.95].map((coverage) => model.classify(track, { coverage }).likelyGenres);
    assert.deepEqual(usual.slice(0, few.length), few);
    assert.deepEqual(many.slice(0, usual.length), usual);
    assert.deepEqual(model.classify(track).likelyGenres, usual);
    sizes.add(many.length - few.length);
  }
  assert.ok(sizes.size > 1);
  assert.equal(model.classify(whole, { coverage: 1 }).likelyGenres, null);
});

test("many tracks get what each gets, errors in their places", () => {
  const given = [...tracks, { dancability: 0.5 }, null, "a track", { ...whole, energy: 75 }];
  const alone = given.map((track) => {
    try {
      return model.classify(track);
    } catch (error) {
      return error;
    }
  });
  assert.ok(alone.some((answer) => answer instanceof Error) && alone.some((answer) => !(answer instanceof Error)));
  assert.deepEqual(model.classifyAll(given).map(told), alone.map(told));
  assert.deepEqual(model.classifyAll([]), []);
});

test("a hundred thousand tracks are answered", () => {
  const many = Array.from({ length: 100_000 }, (_, row) => answered[row % answered.length]);
  const answers = model.classifyAll(many);
  assert.equal(answers.length, many.length);
  const first = model.classifyAll(answered);
  for (const row of [0, 1023, 1024, 99_999]) assert.deepEqual(answers[row], first[row % answered.length]);
});

test("what cannot be understood is named, and the model goes on", () => {
  const before = model.classify(whole);
  const wrong = [
    [{ ...whole, dancability: 0.5 }, /“dancability”.*danceability/],
    [{ ...whole, energy: "0.5" }, /energy is a number, not a string/],
    [{ ...whole, energy: NaN }, /energy is NaN/],
    [{ ...whole, energy: 5n }, /energy is a number, not a bigint/],
    [{ ...whole, energy: true }, /energy is a number, not a boolean/],
    [{ ...whole, danceability: 75 }, /danceability lies between 0 and 1, but is 75/],
    [{ ...whole, loudness: -Infinity }, /loudness lies between -80 and 10 dB, but is -Infinity/],
    [{ ...whole, tempo: 1e300 }, /tempo lies between 20 and 300 BPM, but is 1e\+300/],
    [{}, /0 of 9 audio features known/],
    [[0.5, 0.5], /not an array/],
    ["danceability", /not a string/],
    [undefined, /not undefined/],
    [null, /not null/],
    [() => whole, /not a function/],
    [new Map(Object.entries(whole)), /0 of 9/],
  ];
  for (const [track, sentence] of wrong) {
    assert.throws(() => model.classify(track), (error) => error instanceof Error && sentence.test(error.message), `${sentence}`);
  }
  const wrongQuestions = [
    [() => model.classify(whole, { popularity: true }), /no option “popularity”.*usePopularity/],
    [() => model.classify(whole, { usePopularity: "yes" }), /usePopularity is true or false, not a string/],
    [() => model.classify(whole, { coverage: 90 }), /coverage is a number from 0 to 1/],
    [() => model.classify(whole, true), /options are an object/],
    [() => model.classifyAll({ 0: whole }), /from an array, not from an object/],
    [() => model.classifyAll(new Proxy({}, {})), /from an array, not from an object/],
    [() => model.classifyAll(), /from an array, not from undefined/],
    [() => model.contributions(whole, "polka"), /no genre “polka”.*jazz/],
    [() => model.contributions(whole, 3), /named by a string, not by a number/],
    [() => model.contributions(whole), /named by a string, not by undefined/],
    [() => model.curve(whole, "pitch", "jazz"), /no feature “pitch”/],
    [() => model.smallestChange(whole, "jazz", { fixed: ["pitch"] }), /no feature “pitch”/],
    [() => model.smallestChange(whole, "jazz", { fixed: "energy" }), /fixed is an array/],
    [() => model.smallestChange({ energy: 0.5 }, "jazz"), /1 of 9 audio features/],
  ];
  for (const [ask, sentence] of wrongQuestions) {
    assert.throws(ask, (error) => error instanceof Error && sentence.test(error.message), `${sentence}`);
  }
  assert.deepEqual(model.classify(whole), before);
});

test("whatever it is given, it answers or says what is wrong, and goes on", () => {
  const before = model.classify(whole);
  const kinds = [undefined, null, true, 0, -1, 0.5, NaN, Infinity, 1e308, 5n, "", "energy", "0.5", "\ud800", "é".repeat(1000), Symbol("energy"), [], [whole], {}, () => {}];
  kinds.push(new Date(), new Proxy({}, {}), Object.create(null), new Float32Array(11), new WeakMap(), { energy: {} }, { [Symbol("a")]: 1 });
  const outcomes = new Set();
  const attempt = (ask) => {
    try {
      ask();
      outcomes.add("answer");
    } catch (error) {
      // What stops WebAssembly itself is an error too.
      assert.equal(error.constructor, Error, error.stack);
      assert.ok(error.message.length > 10);
      outcomes.add("error");
    }
  };
  for (const kind of kinds) {
    attempt(() => model.classify(kind));
    attempt(() => model.classify(whole, kind));
    attempt(() => model.classifyAll(kind));
    attempt(() => model.classifyAll(kinds, kind));
    attempt(() => model.contributions(whole, kind));
    attempt(() => model.curve(whole, kind, "jazz"));
    attempt(() => model.curve(whole, "energy", kind));
    attempt(() => model.smallestChange(whole, kind));
    for (const { name } of model.features) attempt(() => model.classify({ ...whole, [name]: kind }));
    for (const name of ["usePopularity", "coverage", "fixed"]) {
      attempt(() => model.classify(whole, { [name]: kind }));
      attempt(() => model.smallestChange(whole, "jazz", { [name]: kind }));
    }
  }
  assert.equal(outcomes.size, 2);
  assert.deepEqual(model.classify(whole), before);
});

test("a track with code of its own cannot break the model", () => {
  const before = model.classify(whole);
  const thrown = new RangeError("not today");
  const failing = {
    get energy() {
      throw thrown;
    },
  };
  assert.throws(() => model.classify(failing), (error) => error === thrown);
  assert.equal(model.classifyAll([failing])[0], thrown);
  const asking = {
    ...whole,
    get energy() {
      model.classifyAll(answered);
      return whole.energy;
    },
  };
  assert.deepEqual(model.classify(asking), before);
});

test("code of a caller's that throws breaks nothing, however often", async () => {
  const fail = () => {
    throw new RangeError("not today");
  };
  const listWithCode = Object.defineProperty([whole], 0, { get: fail, enumerable: true });
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  const trap = (target, name) => new Proxy(target, { [name]: fail });
  const sent = new ArrayBuffer(8);
  structuredClone(sent, { transfer: [sent] });
  const asked = await readModel(await readFile(repository("crates/genre/models/eight-genres.forest")));
  const questions = [
    () => asked.classifyAll(listWithCode),
    () => asked.classifyAll(revoked),
    () => asked.classifyAll(trap([whole], "get")),
    () => asked.classifyAll(new Proxy([], { get: () => ({ valueOf: fail }) })),
    () => asked.classifyAll(trap({}, "getPrototypeOf")),
    () => asked.classify(revoked),
    () => asked.classify(trap({}, "ownKeys")),
    () => asked.classify({ ...whole, energy: revoked }),
    () => asked.classify(whole, revoked),
    () => asked.classify(whole, trap({}, "ownKeys")),
    () => asked.classify(whole, trap({ coverage: 0.5 }, "get")),
    () => asked.classify(whole, { usePopularity: revoked }),
    () => asked.smallestChange(whole, "jazz", { fixed: revoked }),
    () => asked.smallestChange(whole, "jazz", { fixed: listWithCode }),
    () => asked.contributions(whole, revoked),
    () => asked.curve(whole, revoked, "jazz"),
  ];
  // As many arguments have room in WebAssembly as half of this, if what is thrown leaves them there.
  const often = 2000;
  for (const ask of questions) for (let time = 0; time < often; time += 1) assert.throws(ask, Error);
  for (const bytes of [sent, revoked, trap({}, "get")]) {
    for (let time = 0; time < often; time += 1) await assert.rejects(readModel(bytes), Error);
  }
  assert.deepEqual(asked.classify(whole), model.classify(whole));
  asked.free();
});

test("a model that is freed says so, however often it is asked, and others go on", async () => {
  const freed = await eightGenres();
  freed.free();
  const questions = [
    () => freed.genres,
    () => freed.families,
    () => freed.features,
    () => freed.classify(whole),
    () => freed.classifyAll([whole]),
    () => freed.contributions(whole, "jazz"),
    () => freed.curve(whole, "energy", "jazz"),
    () => freed.smallestChange(whole, "jazz"),
  ];
  for (const ask of questions) for (let time = 0; time < 2000; time += 1) assert.throws(ask, /has been freed/);
  freed.free();
  freed[Symbol.dispose]?.();
  assert.equal(model.classifyAll([whole]).length, 1);
});

test("whatever a caller's code throws, it comes as an Error", () => {
  const throwing = (thrown) => ({
    get energy() {
      throw thrown;
    },
  });
  const unwritable = Object.create(null);
  for (const [thrown, sentence] of [
    ["boo", /^boo$/],
    [undefined, /^undefined$/],
    [Symbol("boo"), /boo/],
    [unwritable, /cannot be written/],
  ]) {
    const [answer] = model.classifyAll([throwing(thrown)]);
    assert.ok(answer instanceof Error);
    assert.match(answer.message, sentence);
    assert.equal(answer.cause, thrown);
    assert.throws(() => model.classify(throwing(thrown)), (error) => error instanceof Error && error.cause === thrown);
  }
});

test("what is missing is missing, however it is written", () => {
  const { tempo: _, ...without } = whole;
  const expected = model.classify(without);
  assert.notDeepEqual(expected.probabilities, model.classify(whole).probabilities);
  for (const tempo of [undefined, null, 0]) assert.deepEqual(model.classify({ ...without, tempo }), expected);
});

test("a property under a symbol is no option", () => {
  assert.deepEqual(model.classify(whole, { [Symbol("mine")]: 1, coverage: 0.8 }), model.classify(whole, { coverage: 0.8 }));
});

test("an object of Spotify's audio features is taken as it is", () => {
  const { popularity: _, ...features } = whole;
  const spotifys = {
    ...features,
    key: 5,
    mode: 1,
    type: "audio_features",
    id: "made-up",
    uri: "spotify:track:made-up",
    track_href: "https://example.org",
    analysis_url: "https://example.org",
    time_signature: 4,
  };
  assert.deepEqual(model.classify(spotifys), model.classify(features));
});

test("popularity counts only where it is asked for", () => {
  const { popularity: _, ...without } = whole;
  const expected = model.classify(without);
  const told = new Set();
  for (const popularity of [0, 50, 100]) {
    assert.deepEqual(model.classify({ ...whole, popularity }), expected);
    told.add(JSON.stringify(model.classify({ ...whole, popularity }, { usePopularity: true })));
  }
  assert.ok(told.size > 1);
});

test("a feature takes the values of its range, and no others", () => {
  for (const { name, min, max } of model.features) {
    for (const value of [min, max]) model.classify({ ...whole, [name]: value });
    for (const value of [min - 2, max * 1.01 + 2]) assert.throws(() => model.classify({ ...whole, [name]: value }), /lies between/, name);
  }
  assert.equal(model.features.filter(({ isAudio }) => isAudio).length, 9);
  const named = (name) => ({ eight: model.features.find((one) => one.name === name), fifteen: fifteen.features.find((one) => one.name === name) });
  assert.ok(named("popularity").eight.isUsed && !named("popularity").fifteen.isUsed);
  assert.equal(named("loudness").eight.unit, "dB");
});

test("contributions add up to the probability", () => {
  for (const genre of model.genres) {
    const { base, features } = model.contributions(whole, genre);
    const sum = Object.values(features).reduce((sum, share) => sum + share, base);
    assert.ok(Math.abs(sum - model.classify(whole).probabilities[genre]) < 1e-9);
    assert.deepEqual(Object.keys(features).sort(), model.features.map(({ name }) => name).sort());
  }
});

test("a curve says what an answer would", () => {
  for (const { name, min, max } of model.features) {
    const options = { usePopularity: true };
    const pieces = model.curve(whole, name, "rock", options);
    for (const { above, upTo, probability } of pieces) {
      const value = Math.min(upTo, max);
      if (value < min || value <= above || value === 0) continue;
      assert.equal(model.classify({ ...whole, [name]: value }, options).probabilities.rock, probability);
    }
  }
});

test("the smallest change does what it says, and leaves alone what is fixed", () => {
  let changes = 0;
  for (const track of answered.slice(0, 40)) {
    const { genre: already } = model.classify(track);
    for (const genre of model.genres) {
      const change = model.smallestChange(track, genre);
      if (change === null) continue;
      changes += 1;
      assert.notEqual(genre, already);
      assert.notEqual(change.feature, "popularity");
      const answer = model.classify({ ...track, [change.feature]: change.value });
      assert.equal(answer.genre, genre);
      assert.equal(answer.confidence, change.probability);
      const other = model.smallestChange(track, genre, { fixed: [change.feature] });
      assert.notEqual(other?.feature, change.feature);
    }
  }
  assert.ok(changes > 0);
});

test("a model is read from its bytes, and from nothing else", async () => {
  const bytes = await readFile(repository("crates/genre/models/fifteen-genres.forest"));
  const array = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  // What comes from elsewhere, such as a frame, is of another `Uint8Array` and `ArrayBuffer`.
  const elsewhere = runInNewContext("Uint8Array.from(bytes)", { bytes });
  assert.ok(!(elsewhere instanceof Uint8Array));
  for (const given of [bytes, new Uint8Array(bytes), array, elsewhere, elsewhere.buffer]) {
    assert.deepEqual((await readModel(given)).classifyAll(answered), fifteen.classifyAll(answered));
  }
  const damaged = new Uint8Array(bytes);
  damaged[bytes.length / 2] ^= 1;
  for (const given of [damaged, bytes.subarray(0, 1000), new Uint8Array()]) await assert.rejects(readModel(given), Error);
  for (const given of ["bytes", null, undefined, 5, [1, 2], {}, new Uint16Array(bytes), new DataView(array)]) await assert.rejects(readModel(given), /from a Uint8Array or an ArrayBuffer/);
});

test("a start that has failed can be tried again", async () => {
  const printed = await user.node(`
    import { eightGenres, init } from "overtone";
    await init(new Uint8Array([1, 2, 3])).catch((error) => console.log(error instanceof Error));
    console.log((await eightGenres()).genres.length);
  `);
  assert.equal(printed, "true\n8\n");
});

test("an address that nothing comes from is named", async () => {
  for (const address of ["http://127.0.0.1:1/overtone.wasm", "http://localhost:9/overtone.wasm", "file:///nowhere/overtone.wasm", "nowhere/overtone.wasm"]) {
    const printed = await user.node(`
      import { init } from "overtone";
      await init("${address}").catch((error) => console.log(error.message));
    `);
    assert.ok(printed.startsWith(`${address} cannot be fetched: `), printed);
    assert.doesNotMatch(printed, /fetch failed/);
  }
});

test("the WebAssembly can be given, and comes under its name", async () => {
  const printed = await user.node(`
    import { readFile } from "node:fs/promises";
    import { fileURLToPath } from "node:url";
    import { eightGenres, init } from "overtone";
    const file = fileURLToPath(import.meta.resolve("overtone/overtone.wasm"));
    await init(await WebAssembly.compile(await readFile(file)));
    console.log((await eightGenres()).genres.length);
  `);
  assert.equal(printed, "8\n");
});

// Overtone's forest in WebAssembly, for a page that wants nothing else.

/** Compiles the engine and gives a function that reads a packed forest. */
export async function compile(code) {
  const { instance } = await WebAssembly.instantiate(code);
  return (model) => read(instance.exports, model);
}

function read(engine, model) {
  // The memory may have grown, and then its old view is void.
  const view = (Type, address, length) => new Type(engine.memory.buffer, address, length);
  const bytes = engine.reserve(model.length);
  view(Uint8Array, bytes, model.length).set(model);
  const forest = engine.load(bytes, model.length);
  if (forest === 0) throw new Error("these bytes are not a forest");
  const features = engine.features(forest);
  const classes = engine.classes(forest);
  const row = engine.reserve(features * 4);
  const answer = engine.reserve(classes * 8);
  let room = { count: 0 };
  return {
    engine,
    forest,
    features,
    /** The probabilities for one row. */
    predict(values) {
      view(Float32Array, row, features).set(values);
      engine.predict_one(forest, row, answer);
      return view(Float64Array, answer, classes);
    },
    /** The probabilities for many rows, one row behind the other. */
    predictAll(values) {
      const count = values.length / features;
      if (count > room.count) {
        room = { count, rows: engine.reserve(values.byteLength), answers: engine.reserve(count * classes * 8) };
      }
      view(Float32Array, room.rows, values.length).set(values);
      if (!engine.predict_all(forest, room.rows, count, room.answers)) throw new Error("the rows have another length");
      return view(Float64Array, room.answers, count * classes);
    },
  };
}

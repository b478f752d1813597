// What the package is everywhere. The functions are declared in index.d.ts.
import { fetched, used } from "./fetched.js";
import { tellFreed } from "./freed.js";
import start, * as wasm from "./overtone.js";

tellFreed(wasm.Model);

/**
 * The package, from two functions that say where its files are: the WebAssembly in any way that `init` takes, the fifteen genres by
 * an address or as bytes.
 */
export function open(files) {
  let starting;

  function init(code) {
    starting ??= begin(code);
    return starting;
  }

  async function begin(code) {
    try {
      const file = await fetched((await code) ?? files.wasm());
      await used(file, "WebAssembly", () => start({ module_or_path: file }));
    } catch (error) {
      // So that it can be tried again.
      starting = undefined;
      throw error;
    }
  }

  return {
    init,
    async eightGenres() {
      await init();
      return wasm.eightGenres();
    },
    async fifteenGenres() {
      const [file] = await Promise.all([fetched(files.fifteen()), init()]);
      return used(file, "a model", async () => wasm.readModel(file instanceof Response ? await file.arrayBuffer() : file));
    },
    async readModel(bytes) {
      await init();
      return wasm.readModel(bytes);
    },
  };
}

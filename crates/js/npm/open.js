// What the package is everywhere. The functions are declared in index.d.ts.
import { tellFreed } from "./freed.js";
import start, * as wasm from "./overtone.js";

tellFreed(wasm.Model);

/** The package, from two functions that get its files: the WebAssembly as `init` takes it, the fifteen genres as bytes. */
export function open(files) {
  let starting;

  function init(code) {
    starting ??= begin(code);
    return starting;
  }

  async function begin(code) {
    try {
      await start({ module_or_path: (await code) ?? (await files.wasm()) });
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
      const [bytes] = await Promise.all([files.fifteen(), init()]);
      return wasm.readModel(bytes);
    },
    async readModel(bytes) {
      await init();
      return wasm.readModel(bytes);
    },
  };
}

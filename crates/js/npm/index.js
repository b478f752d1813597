// The package in a browser.
import { open } from "./open.js";

export const { init, eightGenres, fifteenGenres, readModel } = open({
  wasm: () => new URL("./overtone_bg.wasm", import.meta.url),
  fifteen: () => new URL("./fifteen-genres.forest", import.meta.url),
});

// The package in Node, where files are read, not fetched.
import { readFile } from "node:fs/promises";
import { open } from "./open.js";

export const { init, eightGenres, fifteenGenres, readModel } = open({
  wasm: () => readFile(new URL("./overtone_bg.wasm", import.meta.url)),
  fifteen: () => readFile(new URL("./fifteen-genres.forest", import.meta.url)),
});

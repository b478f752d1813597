// The package in a browser.
import { open } from "./open.js";

export const { init, eightGenres, fifteenGenres, readModel } = open({
  wasm: () => fetched(new URL("./overtone_bg.wasm", import.meta.url)),
  fifteen: async () => (await fetched(new URL("./fifteen-genres.forest", import.meta.url))).arrayBuffer(),
});

async function fetched(address) {
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new Error(`${address} cannot be fetched: ${error.message}`, { cause: error });
  }
  if (!response.ok) throw new Error(`${address} cannot be fetched: ${response.status} ${response.statusText}`.trim());
  return response;
}

// Starts the one wasm, in the page and in the worker alike. The names of the hashed files come from this script's
// element (page) or from its own address (worker). It is a file of its own because the content security policy
// allows no inline code.
const script = globalThis.document?.querySelector("script[data-js]");
const names = script ? script.dataset : Object.fromEntries(new URL(import.meta.url).searchParams);

try {
  const { default: start } = await import(new URL(names.js, import.meta.url));
  await start({ module_or_path: new URL(names.wasm, import.meta.url) });
} catch (error) {
  const notice = globalThis.document?.getElementById("starting");
  // In the worker, the page hears of it.
  if (!notice) throw error;
  notice.setAttribute("role", "alert");
  notice.textContent =
    "Overtone could not start. It needs a browser with WebAssembly, of 2022 or later. " +
    `Please reload the page, or try another browser. (${error.message})`;
  console.error(error);
}

// Starts the page's wasm, and its worker's. The names of the hashed files come from this script's element (page) or from
// its own address (worker). It is a file of its own because the content security policy allows no inline code. What it
// says when nothing else can speak, it says itself; where it does not come, the style sheet shows a sentence of index.html.
const page = globalThis.document;
const script = page?.querySelector("script[data-js]");
const names = script ? script.dataset : Object.fromEntries(new URL(import.meta.url).searchParams);

const says = {
  en: {
    missing: "Overtone could not start. It needs a browser with WebAssembly, of 2024 or later, and all of its files.",
    crashed: "Something in Overtone broke, and it cannot go on like this. Your sliders are kept in the address.",
    reload: "Reload the page",
    afresh: "Start afresh",
    otherwise: "If that does not help, try another browser. The same answers come from the command line, without a browser.",
  },
  de: {
    missing: "Overtone konnte nicht starten. Es braucht einen Browser mit WebAssembly, von 2024 oder später, und alle seine Dateien.",
    crashed: "In Overtone ist ein Fehler aufgetreten, und so geht es nicht weiter. Deine Regler stehen noch in der Adresse.",
    reload: "Seite neu laden",
    afresh: "Von vorn beginnen",
    otherwise: "Hilft das nicht, versuch einen anderen Browser. Dieselben Antworten gibt auch die Kommandozeile, ohne Browser.",
  },
};

/** What was remembered for this page, where the browser remembers anything. */
function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Tells of trouble at the top of the page, once, with a way on. */
function tell(trouble, error) {
  if (page.getElementById("trouble")) return;
  // As the page itself finds its language.
  const tags = [remembered("overtone-language"), ...navigator.languages];
  const lang = tags.find((tag) => /^(en|de)\b/i.test(tag))?.slice(0, 2).toLowerCase() ?? "en";
  const words = says[lang];
  const make = (tag, text) => Object.assign(page.createElement(tag), { textContent: text });
  const reload = Object.assign(make("button", words.reload), { className: "button", onclick: () => location.reload() });
  const afresh = Object.assign(make("button", words.afresh), {
    className: "button quiet",
    onclick: () => {
      history.replaceState(null, "", location.pathname);
      location.reload();
    },
  });
  const notice = make("div", "");
  Object.assign(notice, { id: "trouble", className: "notice starting", lang });
  notice.setAttribute("role", "alert");
  notice.append(make("p", `${words[trouble]} (${error?.message ?? error})`), reload, " ", afresh, make("p", words.otherwise));
  page.getElementById("starting")?.remove();
  page.body.prepend(notice);
}

/** Keeps the page for the time without a network, and tells when a newer one has been fetched. */
async function keepForOffline() {
  const serviceWorkers = navigator.serviceWorker;
  // Not on an insecure connection, nor in some private windows.
  if (!serviceWorkers) return;
  const registration = await serviceWorkers.register(new URL("service-worker.js", import.meta.url));
  const offer = () => {
    // The first one ever is no news.
    if (!registration.waiting || !serviceWorkers.controller) return;
    page.documentElement.toggleAttribute("data-newer", true);
    dispatchEvent(new Event("overtone:newer"));
  };
  addEventListener("overtone:load-newer", () => {
    serviceWorkers.addEventListener("controllerchange", () => location.reload());
    // Another tab may have loaded it already.
    if (registration.waiting) registration.waiting.postMessage("take over");
    else location.reload();
  });
  const watch = () => registration.installing?.addEventListener("statechange", offer);
  registration.addEventListener("updatefound", watch);
  // The browser may have found it before the page had started.
  watch();
  offer();
}

/** The bytes of a packed model. */
async function bytesOf(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}: ${address}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A file of this build: the page's names are relative to it, as this script is. */
const file = (name) => new URL(names[name], import.meta.url);

/** Starts a module of WebAssembly, and gives what it can do. Calls `meanwhile` while the wasm is on its way. */
async function load(js, wasm, meanwhile = () => {}, triesBefore = 0) {
  const address = file(js);
  // Browsers do not ask again for a script that they could not load once.
  if (triesBefore) address.search = `again=${triesBefore}`;
  const module = await import(address);
  meanwhile();
  await module.default({ module_or_path: file(wasm) });
  return module;
}

/**
 * Starts a worker of the same files, which reads the visitor's with the model at an address.
 *
 * A worker whose script has an address of its own on the site would not be held to the content security policy in the page's
 * head, and could reach any network. One that the page has made itself inherits the policy.
 */
function startWorker(model) {
  const address = new URL(import.meta.url);
  address.search = new URLSearchParams({ js: names.filesJs, wasm: names.filesWasm, model });
  const script = URL.createObjectURL(new Blob([`import ${JSON.stringify(address)};`], { type: "text/javascript" }));
  const worker = new Worker(script, { type: "module" });
  // Not before it has come up, as it asks for its script late.
  for (const type of ["message", "error"]) worker.addEventListener(type, () => URL.revokeObjectURL(script), { once: true });
  return worker;
}

/**
 * Has a worker before there is anybody to listen to it. Gives a function like `startWorker`, which hands it over to the
 * first who asks for one with this model, and then lets it say once more what it has said.
 */
function handOver(ahead, model) {
  const said = [];
  const keep = (event) => said.push(new event.constructor(event.type, { data: event.data, message: event.message }));
  ahead.onmessage = keep;
  ahead.onerror = keep;
  return (wanted) => {
    const worker = ahead;
    ahead = null;
    if (worker && wanted === model) {
      setTimeout(() => said.forEach((event) => worker.dispatchEvent(event)));
      return worker;
    }
    worker?.terminate();
    return startWorker(wanted);
  };
}

if (page) {
  page.documentElement.dataset.theme = remembered("overtone-theme") ?? "auto";
  // When wasm stops, nothing in it can say so.
  const notice = (error) => {
    if (error instanceof WebAssembly.RuntimeError) tell("crashed", error);
  };
  addEventListener("error", (event) => notice(event.error));
  addEventListener("unhandledrejection", (event) => notice(event.reason));
  let tries = 0;
  // The room for files is wanted by those who come with one.
  addEventListener("overtone:load-files", async () => {
    let ahead, give;
    try {
      // The room and its worker come up at once.
      const meanwhile = () => {
        ahead = startWorker(names.eight);
        give = handOver(ahead, names.eight);
      };
      const room = await load("filesJs", "filesWasm", meanwhile, tries++);
      room.start_room(give);
    } catch (error) {
      ahead?.terminate();
      dispatchEvent(new CustomEvent("overtone:files-missing", { detail: String(error?.message ?? error) }));
    }
  });
}

try {
  // Both are fetched at once.
  const [module, model] = await Promise.all([load("js", "wasm"), bytesOf(file(page ? "eight" : "model"))]);
  if (page) await module.start_page(model);
  else module.start_worker(model);
  if (page) keepForOffline().catch((error) => console.warn("Not kept for offline:", error));
} catch (error) {
  // In the worker, the page hears of it.
  if (!page) throw error;
  tell("missing", error);
  console.error(error);
}

// Starts the one wasm, in the page and in the worker alike. The names of the hashed files come from this script's
// element (page) or from its own address (worker). It is a file of its own because the content security policy
// allows no inline code. What it says when nothing else can speak, it says itself.
const page = globalThis.document;
const script = page?.querySelector("script[data-js]");
const names = script ? script.dataset : Object.fromEntries(new URL(import.meta.url).searchParams);

const says = {
  en: {
    missing: "Overtone could not start. It needs a browser with WebAssembly, of 2022 or later, and all of its files.",
    crashed: "Something in Overtone broke, and it cannot go on like this. Your sliders are kept in the address.",
    reload: "Reload the page",
    afresh: "Start afresh",
    otherwise: "If that does not help, try another browser. The same answers come from the command line, without a browser.",
  },
  de: {
    missing: "Overtone konnte nicht starten. Es braucht einen Browser mit WebAssembly, von 2022 oder später, und alle seine Dateien.",
    crashed: "In Overtone ist etwas zerbrochen, und so geht es nicht weiter. Deine Regler stehen noch in der Adresse.",
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
  const language = remembered("overtone-language") ?? navigator.language;
  const words = language.startsWith("de") ? says.de : says.en;
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
  Object.assign(notice, { id: "trouble", className: "notice starting" });
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
    registration.waiting?.postMessage("take over");
  });
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", offer);
  });
  offer();
}

if (page) {
  page.documentElement.dataset.theme = remembered("overtone-theme") ?? "auto";
  // When wasm stops, nothing in it can say so.
  const notice = (error) => {
    if (error instanceof WebAssembly.RuntimeError) tell("crashed", error);
  };
  addEventListener("error", (event) => notice(event.error));
  addEventListener("unhandledrejection", (event) => notice(event.reason));
}

try {
  const { default: start } = await import(new URL(names.js, import.meta.url));
  await start({ module_or_path: new URL(names.wasm, import.meta.url) });
  if (page) keepForOffline().catch((error) => console.warn("Not kept for offline:", error));
} catch (error) {
  // In the worker, the page hears of it.
  if (!page) throw error;
  tell("missing", error);
  console.error(error);
}

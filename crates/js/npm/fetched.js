// Files that may have to be fetched. What goes wrong with one names its address.

/** What was given, or the response from it where it is an address: a string, a `URL` or a `Request`. */
export async function fetched(given) {
  const source = await given;
  const isAddress = typeof source === "string" || source instanceof URL || source instanceof Request;
  const file = isAddress ? await responseFrom(source) : source;
  if (file instanceof Response && !file.ok) {
    throw new Error(`${addressOf(file)} cannot be fetched: ${file.status} ${file.statusText}`.trim());
  }
  return file;
}

async function responseFrom(address) {
  try {
    return await fetch(address);
  } catch (error) {
    // Node says only in the cause what happened, and of a refused connection only the code.
    const why = error.cause?.message || error.cause?.code || error.message;
    throw new Error(`${addressOf(address)} cannot be fetched: ${why}`, { cause: error });
  }
}

/** What `use` makes of a file that `fetched` has given. Many hosts give a page where there is no such file. */
export async function used(file, kind, use) {
  try {
    return await use(file);
  } catch (error) {
    if (!(file instanceof Response)) throw error;
    const type = file.headers.get("content-type") ?? "of no type";
    throw new Error(`${addressOf(file)} (${type}) cannot be used as ${kind}: ${error.message}`, { cause: error });
  }
}

/** The address of a request or of a response, which has none where a program has made it. */
function addressOf(source) {
  return source instanceof Response ? source.url || "the response" : source.url ?? source;
}

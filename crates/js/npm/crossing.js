// What goes in and out. A caller's value may have code of its own. What that throws must not run through WebAssembly, which would keep
// for good what it has borrowed, so such values are asked here, and nowhere else. It is also faster: to get at one property from
// WebAssembly takes as long as all of this.

/**
 * Puts the numbers of a track where `places` says that those of their names belong, which is nowhere for what does not count.
 * Gives nothing if all is well, an empty array if it is no track, or else an array of the name of the first property that cannot be
 * used and, where a feature has that name, of its value.
 */
export const takeNumbers = throwingErrors((track, places, values) => {
  if (typeof track !== "object" || track === null || Array.isArray(track)) return [];
  for (const name of Object.keys(track)) {
    const place = places.get(name);
    if (place === undefined) return [name];
    const value = track[name];
    if (place < 0 || value === undefined || value === null) continue;
    if (typeof value !== "number" || Number.isNaN(value)) return [name, value];
    values[place] = value;
  }
  // If the track's own code makes WebAssembly's memory grow, its old views lead nowhere.
  if (values.length === 0) throw new Error("a track that is being read asked for more than there was memory for; give a plain object");
  return undefined;
});

/** The names and values of an object's own properties, but for those under symbols; nothing for what is no object. */
export const takeProperties = throwingErrors((object) =>
  typeof object === "object" && object !== null && !Array.isArray(object) ? Object.entries(object) : undefined,
);

/** The elements of an array from a place on, as many as there are up to `count`; nothing for what is no array. */
export const takePart = throwingErrors((list, from, count) => {
  if (!Array.isArray(list)) return undefined;
  // A proxy of an array may give anything as its length.
  const to = Math.min(list.length >>> 0, from + count);
  const part = [];
  for (let place = from; place < to; place += 1) part.push(list[place]);
  return part;
});

/** The bytes of a `Uint8Array` or an `ArrayBuffer`, which may be another frame's; nothing for what is neither. */
export const takeBytes = throwingErrors((given) => {
  const kind = Object.prototype.toString.call(given);
  if (ArrayBuffer.isView(given) && kind === "[object Uint8Array]") return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  return kind === "[object ArrayBuffer]" ? new Uint8Array(given) : undefined;
});

/** Whether it is an array. A proxy that has been revoked cannot be asked, and is none. */
export function isArray(value) {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** The function, throwing an `Error` whatever is thrown within it, since a caller's code may throw anything. */
function throwingErrors(take) {
  return (first, second, third) => {
    try {
      return take(first, second, third);
    } catch (thrown) {
      throw asError(thrown);
    }
  };
}

function asError(thrown) {
  try {
    return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
  } catch {
    return new Error("what was given throws something that cannot be written", { cause: thrown });
  }
}

/** An answer, as index.d.ts declares it. */
export function answer(genres, best, confidence, numbers, likely, noneOfThese, isNoneOfThese) {
  const probabilities = {};
  for (let genre = 0; genre < genres.length; genre += 1) probabilities[genres[genre]] = numbers[genre];
  return {
    genre: genres[best],
    confidence,
    probabilities,
    likelyGenres: likely === undefined ? null : Array.from(likely, (genre) => genres[genre]),
    noneOfThese: noneOfThese ?? null,
    isNoneOfThese,
  };
}

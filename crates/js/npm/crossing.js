// What goes in and out for each track. To get at a property from WebAssembly takes as long as all of this.

/**
 * Puts the numbers of a track where `places` says that those of their names belong, which is nowhere for what does not count.
 * Gives nothing if all is well, `null` if it is no track, or the name of the first property that cannot be used.
 */
export function takeNumbers(track, places, values) {
  if (typeof track !== "object" || track === null || Array.isArray(track)) return null;
  for (const name of Object.keys(track)) {
    const place = places.get(name);
    if (place === undefined) return name;
    const value = track[name];
    if (place < 0 || value === undefined || value === null) continue;
    if (typeof value !== "number" || Number.isNaN(value)) return name;
    values[place] = value;
  }
  // A track may have code of its own. If that makes WebAssembly's memory grow, its old views lead nowhere.
  if (values.length === 0) throw new Error("a track that is being read asked for more than there was memory for; give a plain object");
  return undefined;
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

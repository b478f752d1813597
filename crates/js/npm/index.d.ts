/**
 * What genre a track is, from its Spotify audio features.
 *
 *     const model = await eightGenres();
 *     model.classify({ danceability: 0.2, energy: 0.05, loudness: -28, acousticness: 0.98, valence: 0.1 }).genre;
 */

/** A feature's name, as in Spotify's Web API. */
export type FeatureName =
  | "danceability"
  | "energy"
  | "loudness"
  | "speechiness"
  | "acousticness"
  | "instrumentalness"
  | "liveness"
  | "valence"
  | "tempo"
  | "duration_ms"
  | "popularity";

/**
 * The features of one track, under the names and in the units of Spotify's Web API. An answer needs five of the nine audio
 * features: all but `duration_ms` and `popularity`. Leave out what is not known, or give `undefined` or `null`; 0 is
 * a value, but for tempo and length, where it marks a missing one.
 *
 * A property that is no feature is an error, but for what Spotify's audio features object has beside them (`id`, `key` and so on).
 */
export interface Track {
  /** How suitable for dancing, 0 to 1. */
  danceability?: number | null | undefined;
  /** Intensity and activity, 0 to 1. */
  energy?: number | null | undefined;
  /** Loudness over the whole track in dBFS, about -60 to 0, a few above. */
  loudness?: number | null | undefined;
  /** Presence of spoken words, 0 to 1. */
  speechiness?: number | null | undefined;
  /** Confidence that the track is acoustic, 0 to 1. */
  acousticness?: number | null | undefined;
  /** Likelihood that there are no vocals, 0 to 1. */
  instrumentalness?: number | null | undefined;
  /** Likelihood of an audience, 0 to 1. */
  liveness?: number | null | undefined;
  /** Musical positiveness, 0 to 1. */
  valence?: number | null | undefined;
  /** Tempo in beats per minute, 20 to 300; 0 stands for unknown. */
  tempo?: number | null | undefined;
  /** Length in milliseconds; 0 and -1 stand for unknown. */
  duration_ms?: number | null | undefined;
  /** Popularity on the day of the export, 0 to 100. Ignored unless `usePopularity` is true. */
  popularity?: number | null | undefined;
}

/** The genres of `eightGenres`. */
export type EightGenre = "classical" | "country" | "electronic" | "hiphop" | "jazz" | "latin" | "pop" | "rock";

/** The genres of `fifteenGenres`. */
export type FifteenGenre =
  | "Dark Trap"
  | "Emo"
  | "Hiphop"
  | "Pop"
  | "Rap"
  | "RnB"
  | "Trap Metal"
  | "Underground Rap"
  | "dnb"
  | "hardstyle"
  | "psytrance"
  | "techhouse"
  | "techno"
  | "trance"
  | "trap";

/** What a model says about one track. */
export interface Answer<Genre extends string = string> {
  /** The most probable genre. */
  genre: Genre;
  /** Its probability, 0 to 1. */
  confidence: number;
  /** The probability of each genre, 0 to 1; together 1. */
  probabilities: Record<Genre, number>;
  /**
   * The genres among which the right one is as often as `coverage` asks, the most probable first; `null` where the model was
   * not measured for it. The models that come with the package were, up to 0.95.
   */
  likelyGenres: Genre[] | null;
  /** How much the track sounds like none of the genres, 0 to 1; `null` where the model cannot tell. */
  noneOfThese: number | null;
  /** Whether that is so much that none of the genres should be named. */
  isNoneOfThese: boolean;
}

/** What to mind in a question about a track. */
export interface QuestionOptions {
  /** Whether `popularity` counts: false if left out, as on Overtone's page, since it misleads on other people's collections. */
  usePopularity?: boolean;
}

/** What to mind in an answer. */
export interface AnswerOptions extends QuestionOptions {
  /** How often the right genre has to be among `likelyGenres`, 0 to 1; 0.9 if left out. */
  coverage?: number;
}

/** What to mind when looking for a change. */
export interface ChangeOptions extends QuestionOptions {
  /** The features that must not change. Popularity does not either where it is ignored. */
  fixed?: readonly FeatureName[];
}

/** A feature, and what the model makes of it. */
export interface Feature {
  name: FeatureName;
  /** `"dB"`, `"BPM"`, `"ms"`, or empty for what has no unit. */
  unit: string;
  /** The lowest value that can be meant. */
  min: number;
  /** The highest value that can be meant. */
  max: number;
  /** Whether it is one of the nine audio features, of which an answer needs five. */
  isAudio: boolean;
  /** Whether it can change this model's answers. */
  isUsed: boolean;
}

/** How the probability of one genre comes about. `base` and the features' shares add up to it. */
export interface Contributions {
  /** The genre's probability for a track of which nothing is known, 0 to 1. */
  base: number;
  /** What each feature adds to that, -1 to 1: exact Shapley values. A missing feature adds something too. */
  features: Partial<Record<FeatureName, number>>;
}

/** A range of a feature's values with one probability. */
export interface Piece {
  /** The values are greater than this, or `-Infinity`. */
  above: number;
  /** The values are at most this, or `Infinity`. */
  upTo: number;
  /** The genre's probability, 0 to 1. */
  probability: number;
}

/** A new value of one feature that makes a genre the most probable. */
export interface Change {
  feature: FeatureName;
  /** Of the values that would do, the nearest to the old one. */
  value: number;
  /** The genre's probability then, 0 to 1. */
  probability: number;
}

/** A model, ready to answer. Its methods throw an `Error` that says what is wrong with what they were given. */
export interface Model<Genre extends string = string> {
  /** The genres' names, in the model's order. */
  readonly genres: Genre[];
  /**
   * For each genre the name of its family. Close genres are one, of which the features hardly tell which it is: where none is
   * probable enough, add up the probabilities of a family. Of the eight genres each has a family to itself.
   */
  readonly families: Record<Genre, string>;
  /** Every feature that a track may have. */
  readonly features: Feature[];
  /** What genre a track is. */
  classify(track: Track, options?: AnswerOptions): Answer<Genre>;
  /**
   * What genre each of many tracks is: to the bit what `classify` says, in less time. A track that `classify` would throw an
   * `Error` for gets that `Error` in its place, and the others go on.
   */
  classifyAll(tracks: readonly Track[], options?: AnswerOptions): (Answer<Genre> | Error)[];
  /** What each feature adds to the probability of a genre. */
  contributions(track: Track, genre: Genre, options?: QuestionOptions): Contributions;
  /** The probability of a genre for every value of one feature, from the lowest to the highest, all else as it is. */
  curve(track: Track, feature: FeatureName, genre: Genre, options?: QuestionOptions): Piece[];
  /** The smallest change of one feature that makes a genre the most probable; `null` if it is that already, or none does. */
  smallestChange(track: Track, genre: Genre, options?: ChangeOptions): Change | null;
  /**
   * Gives the model's memory back at once. The garbage collector does it otherwise. After it, whatever the model is asked for throws
   * an `Error`; to free it again does nothing.
   */
  free(): void;
}

/** The model of classical, country, electronic, hiphop, jazz, latin, pop and rock. */
export function eightGenres(): Promise<Model<EightGenre>>;

/**
 * The model of fifteen close genres, of rap, trap, emo, pop and dance music. Its file is read whenever it is asked for. Where the package
 * would not find that, give `readModel` its bytes, with `overtone/fifteen-genres.forest` as your bundler or host gives it.
 */
export function fifteenGenres(): Promise<Model<FifteenGenre>>;

/** A model of your own, as `overtone train` writes it. */
export function readModel(bytes: Uint8Array | ArrayBuffer): Promise<Model>;

/**
 * The package's WebAssembly: in a page its address (a string, a `URL` or a `Request`) or the `Response`; everywhere its bytes or a
 * `WebAssembly.Module`. An `object`, since not every program knows all of these types.
 */
export type WasmSource = string | object;

/**
 * Starts the package's WebAssembly. The other functions do that by themselves; call it before them where the package would not find
 * its file, with `overtone/overtone.wasm` as your bundler or host gives it. Only the first call counts, unless it fails.
 */
export function init(wasm?: WasmSource | Promise<WasmSource>): Promise<void>;

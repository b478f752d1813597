// All that index.d.ts declares, as a program in TypeScript uses it. types.test.mjs has the compiler check it, and runs it.
import { eightGenres, fifteenGenres, init, readModel } from "overtone";
import type {
  Answer,
  Change,
  Contributions,
  EightGenre,
  Feature,
  FeatureName,
  FifteenGenre,
  Model,
  Piece,
  Track,
} from "overtone";

await init();
const model: Model<EightGenre> = await eightGenres();
const fifteen: Model<FifteenGenre> = await fifteenGenres();
// A model of one's own has genres of its own.
const own = async (bytes: Uint8Array): Promise<Model> => readModel(bytes);

const track: Track = { danceability: 0.2, energy: 0.05, loudness: -28, acousticness: 0.98, valence: 0.1, tempo: null, liveness: undefined };
const answer: Answer<EightGenre> = model.classify(track, { usePopularity: true, coverage: 0.8 });
const jazz: number = answer.probabilities.jazz;
const likeliest: EightGenre | undefined = answer.likelyGenres?.[0];
const family: string = fifteen.families["Dark Trap"];
const genres: string[] = model.classifyAll([track]).map((one) => (one instanceof Error ? one.message : one.genre));
const contributions: Contributions = model.contributions(track, answer.genre);
const share: number = contributions.features.energy ?? 0;
const pieces: Piece[] = model.curve(track, "energy", "jazz", { usePopularity: false });
const change: Change | null = model.smallestChange(track, "jazz", { fixed: ["energy"] });

// A bundler gives these files' addresses.
type Address = (typeof import("overtone/overtone.wasm"))["default"] & (typeof import("overtone/fifteen-genres.forest"))["default"];
const address: Address = "overtone.wasm";

// An object that has more, as Spotify's has.
const spotifys = { ...track, id: "made-up", key: 5 };
model.classify(spotifys);

// @ts-expect-error: a typing mistake.
const mistaken: Track = { dancability: 0.5 };
// @ts-expect-error: text is no number.
const text: Track = { energy: "0.5" };
// @ts-expect-error: an answer may be an error.
model.classifyAll([track])[0].genre;
// @ts-expect-error: there is no such option.
model.classify.bind(model, track, { popularity: true });
// @ts-expect-error: the model has no such genre.
answer.probabilities.polka;
// @ts-expect-error: nor can it be asked about.
model.contributions.bind(model, track, "polka");
// @ts-expect-error: a model is read from bytes.
readModel.bind(null, "bytes");

/** What is declared of an object, by name: the compiler minds that none is missing and none too many. */
type Declared<T> = Record<keyof T, true>;
const ofAnswer: Declared<Answer> = { genre: true, confidence: true, probabilities: true, likelyGenres: true, noneOfThese: true, isNoneOfThese: true };
const ofFeature: Declared<Feature> = { name: true, unit: true, min: true, max: true, isAudio: true, isUsed: true };
const ofContributions: Declared<Contributions> = { base: true, features: true };
const ofPiece: Declared<Piece> = { above: true, upTo: true, probability: true };
const ofChange: Declared<Change> = { feature: true, value: true, probability: true };
const ofModel: Declared<Model> = {
  genres: true,
  families: true,
  features: true,
  classify: true,
  classifyAll: true,
  contributions: true,
  curve: true,
  smallestChange: true,
  free: true,
};
const names: Record<FeatureName, true> & Declared<Track> = {
  danceability: true,
  energy: true,
  loudness: true,
  speechiness: true,
  acousticness: true,
  instrumentalness: true,
  liveness: true,
  valence: true,
  tempo: true,
  duration_ms: true,
  popularity: true,
};

const ofEight: Record<EightGenre, true> = { classical: true, country: true, electronic: true, hiphop: true, jazz: true, latin: true, pop: true, rock: true };
const ofFifteen: Record<FifteenGenre, true> = {
  "Dark Trap": true,
  Emo: true,
  Hiphop: true,
  Pop: true,
  Rap: true,
  RnB: true,
  "Trap Metal": true,
  "Underground Rap": true,
  dnb: true,
  hardstyle: true,
  psytrance: true,
  techhouse: true,
  techno: true,
  trance: true,
  trap: true,
};

/** Pairs of what is declared and what is there. */
export const declared: [object, object][] = [
  [ofAnswer, answer],
  [ofFeature, model.features[0]!],
  [ofContributions, contributions],
  [ofPiece, pieces[0]!],
  [names, contributions.features],
  [ofEight, answer.probabilities],
  [ofFifteen, fifteen.classify(track).probabilities],
];
export { address, change, family, genres, jazz, likeliest, model, ofChange, ofModel, own, share, track };

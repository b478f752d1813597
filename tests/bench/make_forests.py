"""Makes up rows, grows scikit-learn's forests on them, and writes both down for the other programs of the benchmark.

    python make_forests.py FOLDER [TRACKS]

The rows look like tracks: eleven columns with the spread and the rounding of Spotify's audio features, eight classes. With
TRACKS, a table with the columns `track_id`, `genre` and those of COLUMNS, they are real tracks. They are binned before training,
with cuts from the training part only; the thresholds that scikit-learn finds on the bins are then put back as cuts, so that every
program takes the rows as they are. FOLDER receives, little-endian and without a header unless told:

    throughput.f32, test.f32     rows, eleven values each
    test.u8                      the classes of the latter
    train.f32, train.u8          the same for training
    NAME/forest.pickle           scikit-learn's forest, for each of FORESTS
    NAME/forest.dump             the same forest in the open, as `dump` describes it
    NAME/answers.f32             what it answers for throughput.f32: eight probabilities a row
    NAME/forest.json             the same forest as ml-random-forest reads it
"""

import collections
import csv
import json
import pathlib
import pickle
import struct
import sys

import numpy
from scipy import stats
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier

# Name, trees, depth. The first is the forest of the study that Overtone started from.
FORESTS = (("500x20", 500, 20), ("200x10", 200, 10), ("100x8", 100, 8))
CLASS_SHARES = (0.10, 0.11, 0.14, 0.12, 0.12, 0.11, 0.15, 0.15)
TRAIN, TEST, THROUGHPUT = 6_000, 2_000, 100_000
MAXIMUM_CUTS = 254
SEED = 20

# What each column looks like: its distribution, and the number of digits behind the point.
COLUMNS = {
    "duration_ms": (stats.lognorm(0.35, scale=215_000), 0),
    "popularity": (stats.beta(2.2, 2.0, scale=100), 0),
    "danceability": (stats.beta(4.0, 3.0), 3),
    "energy": (stats.beta(2.2, 1.5), 3),
    "loudness": (stats.gamma(2.2, loc=-1, scale=3.5), 3),
    "speechiness": (stats.beta(1.0, 9.0), 4),
    "acousticness": (stats.beta(0.5, 0.9), 6),
    "instrumentalness": (stats.beta(0.15, 0.6), 6),
    "liveness": (stats.beta(1.4, 5.5), 4),
    "valence": (stats.beta(1.7, 1.9), 3),
    "tempo": (stats.norm(121, 29), 3),
}


def real_rows(path):
    """Rows to train, to test and to measure speed with, and the classes of the first two; of a table's tracks those that have all
    values and stand under one genre. Speed is measured on the test rows, over and over."""
    genres = collections.defaultdict(set)
    tracks = {}
    with open(path, newline="", encoding="utf-8") as file:
        for track in csv.DictReader(file):
            genres[track["track_id"]].add(track["genre"])
            tracks[track["track_id"]] = track
    kept = [
        track for name, track in tracks.items() if len(genres[name]) == 1 and all(track[column] for column in COLUMNS)
    ]
    kept = [kept[index] for index in numpy.random.default_rng(SEED).permutation(len(kept))]
    names = sorted({track["genre"] for track in kept})
    rows = numpy.array([[float(track[column]) for column in COLUMNS] for track in kept], numpy.float32)
    classes = numpy.array([names.index(track["genre"]) for track in kept], numpy.uint8)
    train = len(rows) * 3 // 4
    throughput = numpy.resize(rows[train:], (THROUGHPUT, rows.shape[1]))
    return (rows[:train], rows[train:], throughput), (classes[:train], classes[train:])


def made_up_rows():
    """Rows to train, to test and to measure speed with, and the classes of the first two."""
    rows, classes = make_classification(
        n_samples=TRAIN + TEST + THROUGHPUT,
        n_features=len(COLUMNS),
        n_informative=len(COLUMNS),
        n_redundant=0,
        n_classes=len(CLASS_SHARES),
        n_clusters_per_class=2,
        class_sep=1.15,
        flip_y=0.02,
        weights=list(CLASS_SHARES),
        random_state=SEED,
    )
    shaped = numpy.empty(rows.shape, numpy.float32)
    for column, (distribution, digits) in enumerate(COLUMNS.values()):
        ranks = stats.rankdata(rows[:, column]) / (len(rows) + 1)
        shaped[:, column] = numpy.round(distribution.ppf(ranks), digits)
    # Loud tracks are near 0, quiet ones far below.
    shaped[:, list(COLUMNS).index("loudness")] *= -1
    borders = [TRAIN, TRAIN + TEST]
    return numpy.split(shaped, borders), numpy.split(classes.astype(numpy.uint8), borders)[:2]


def find_cuts(values):
    """At most MAXIMUM_CUTS borders that split the values into bins of like size; each between two values that occur."""
    ordered = numpy.unique(values)
    borders = ordered[:-1] + (ordered[1:] - ordered[:-1]) / numpy.float32(2)
    if len(borders) > MAXIMUM_CUTS:
        quantiles = numpy.quantile(values, numpy.linspace(0, 1, MAXIMUM_CUTS + 2)[1:-1])
        borders = borders[numpy.minimum(numpy.searchsorted(borders, quantiles), len(borders) - 1)]
    return numpy.unique(borders.astype(numpy.float32))


def to_bins(rows, cuts):
    """The number of cuts below each value."""
    return numpy.stack([numpy.searchsorted(of, rows[:, column]) for column, of in enumerate(cuts)], 1).astype(numpy.float32)


def grow(trees, depth, rows, classes, cuts):
    """A forest that has learned from bins but takes the rows as they are."""
    forest = RandomForestClassifier(n_estimators=trees, max_depth=depth, random_state=SEED, n_jobs=1)
    bins = to_bins(rows, cuts)
    forest.fit(bins, classes)
    on_bins = forest.predict_proba(bins)
    for estimator in forest.estimators_:
        tree = estimator.tree_
        for column, of in enumerate(cuts):
            splits = tree.feature == column
            # At most bin k: at most cut k.
            tree.threshold[splits] = of[tree.threshold[splits].astype(int)]
    assert numpy.array_equal(forest.predict_proba(rows), on_bins), "the cuts are not the thresholds' equals"
    return forest


def dump(forest, cuts, path):
    """Writes the forest in the open.

    u32 features, classes, trees
    for each feature    u32 count, then its cuts, f32
    for each tree       u32 count of nodes, then for all its nodes, in preorder:
        i32 feature (negative: a leaf), f32 threshold (at most goes left), i32 left, i32 right, f32 training rows,
        f32 probability of each class
    """
    with open(path, "wb") as file:
        file.write(struct.pack("<3I", len(cuts), forest.n_classes_, len(forest.estimators_)))
        for of in cuts:
            file.write(struct.pack("<I", len(of)) + of.astype("<f4").tobytes())
        for estimator in forest.estimators_:
            tree = estimator.tree_
            file.write(struct.pack("<I", tree.node_count))
            file.write(tree.feature.astype("<i4").tobytes())
            file.write(tree.threshold.astype("<f4").tobytes())
            file.write(tree.children_left.astype("<i4").tobytes())
            file.write(tree.children_right.astype("<i4").tobytes())
            file.write(tree.weighted_n_node_samples.astype("<f4").tobytes())
            file.write(tree.value[:, 0, :].astype("<f4").tobytes())


def dump_for_mljs(forest, path):
    """Writes the forest as ml-random-forest's `toJSON` would. Its trees vote, each with its leaf's likeliest class."""

    def node(tree, index):
        if tree.feature[index] < 0:
            return {"distribution": [[round(float(share), 4) for share in tree.value[index, 0]]]}
        # There, less goes left; here, at most the threshold.
        above = float(numpy.nextafter(tree.threshold[index], numpy.inf))
        return {
            "splitColumn": int(tree.feature[index]),
            "splitValue": above,
            "left": node(tree, tree.children_left[index]),
            "right": node(tree, tree.children_right[index]),
        }

    base = {
        "indexes": [list(range(forest.n_features_in_))] * len(forest.estimators_),
        "n": forest.n_features_in_,
        "replacement": False,
        "maxFeatures": 1.0,
        "nEstimators": len(forest.estimators_),
        "treeOptions": {},
        "isClassifier": True,
        "seed": SEED,
        "useSampleBagging": True,
    }
    with open(path, "w", encoding="ascii") as file:
        file.write('{"name":"RFClassifier","baseModel":' + json.dumps(base)[:-1] + ',"estimators":[')
        for number, estimator in enumerate(forest.estimators_):
            tree = {"name": "DTClassifier", "options": {"kind": "classifier"}, "root": node(estimator.tree_, 0)}
            file.write("," * (number > 0) + json.dumps(tree, separators=(",", ":")))
        file.write("]}}")


def main():
    folder = pathlib.Path(sys.argv[1])
    rows, classes = real_rows(sys.argv[2]) if len(sys.argv) > 2 else made_up_rows()
    for name, part in zip(("train", "test", "throughput"), rows):
        part.astype("<f4").tofile(folder / f"{name}.f32")
    for name, part in zip(("train", "test"), classes):
        part.tofile(folder / f"{name}.u8")
    (train, test, throughput), (train_classes, test_classes) = rows, classes
    cuts = [find_cuts(train[:, column]) for column in range(len(COLUMNS))]
    for name, trees, depth in FORESTS:
        place = folder / name
        place.mkdir(exist_ok=True)
        forest = grow(trees, depth, train, train_classes, cuts)
        (place / "forest.pickle").write_bytes(pickle.dumps(forest))
        dump(forest, cuts, place / "forest.dump")
        dump_for_mljs(forest, place / "forest.json")
        forest.predict_proba(throughput).astype("<f4").tofile(place / "answers.f32")
        nodes = sum(estimator.tree_.node_count for estimator in forest.estimators_)
        accuracy = forest.score(test, test_classes)
        print(f"{name}: {trees} trees, at most {depth} splits deep, {nodes:,} nodes, {accuracy:.3f} of the test rows right")


if __name__ == "__main__":
    main()

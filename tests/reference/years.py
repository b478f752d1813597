"""What the release year would add on collections that a model has not learned from.

    overtone split --data eight-genres.csv --pool pool --close-data genres_v2.csv --folder splits
    python tests/reference/years.py splits eight-genres.csv pool

Needs lightgbm, scikit-learn and pandas. LightGBM learns each row of the model card from the sound and the length, and once more
with the year. A year is found in the collections by the sound of the track; where none is known it is missing.
"""

import sys
from pathlib import Path

import numpy
import pandas
from lightgbm import LGBMClassifier
from sklearn.metrics import balanced_accuracy_score

SOUND = [
    "danceability", "energy", "loudness", "speechiness", "acousticness", "instrumentalness", "liveness", "valence", "tempo",
]
FEATURES = SOUND + ["duration_ms"]


def sounds(rows):
    """What a recording is known by."""
    numbers = numpy.nan_to_num(rows[SOUND].to_numpy(numpy.float32), nan=-1000)
    return [row.tobytes() for row in numpy.ascontiguousarray(numbers)]


def years_by_sound(paths):
    years = {}
    for path in paths:
        rows = pandas.read_csv(path, dtype={"release_date": str})
        released = pandas.to_numeric(rows["release_date"].str[:4], errors="coerce")
        years.update((sound, year) for sound, year in zip(sounds(rows), released) if year == year)
    return years


def main(folder, eight, pool):
    years = years_by_sound([eight, *sorted(Path(pool).glob("*.csv"))])
    print(f"{'row':<24}{'with a year':>12}{'without':>9}{'with':>7}")
    means = []
    for path in sorted(Path(folder).glob("*.train.csv")):
        row = path.name.removesuffix(".train.csv")
        if row == "fifteen":
            continue
        train, test = pandas.read_csv(path), pandas.read_csv(path.with_name(f"{row}.test.csv"))
        for rows in train, test:
            rows["year"] = [years.get(sound, numpy.nan) for sound in sounds(rows)]
        right = []
        for columns in FEATURES, FEATURES + ["year"]:
            model = LGBMClassifier(n_estimators=100, num_leaves=31, random_state=1, n_jobs=1, verbose=-1)
            model.fit(train[columns], train["genre"], sample_weight=train["weight"])
            right.append(balanced_accuracy_score(test["genre"], model.predict(test[columns])))
        known = test["year"].notna().mean()
        print(f"{row:<24}{known:>12.3f}{right[0]:>9.3f}{right[1]:>7.3f}", flush=True)
        if row != "twin by artist":
            means.append(right)
    print(f"{'collections, mean':<36}{numpy.mean(means, 0)[0]:>9.3f}{numpy.mean(means, 0)[1]:>7.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:4])

"""How other programs do on the rows that `overtone train --pool` is measured on.

    overtone split --data eight-genres.csv --pool pool --close-data genres_v2.csv --folder splits
    python tests/reference/pool.py splits references.csv
    overtone train --pool pool --data eight-genres.csv --model model.forest --card card.md --references references.csv

Needs lightgbm, catboost, scikit-learn and pandas. "seed recipe" is the study's forest, 500 trees of depth 20, learned from
the rows of the 2024 pull alone, as they are; LightGBM and CatBoost learn from the whole pool, with the weights that Overtone
begins with. All learn only from the features that they are then told. A missing value stays one for those that know what to do
with it; for the forest it is the median.
"""

import io
import os
import pickle
import sys
import tempfile
from pathlib import Path

import numpy
import pandas
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from sklearn.ensemble import RandomForestClassifier

SOUND = [
    "danceability", "energy", "loudness", "speechiness", "acousticness", "instrumentalness", "liveness", "valence", "tempo",
]
TOLD = {"sound": SOUND, "sound_and_length": SOUND + ["duration_ms"], "all": SOUND + ["duration_ms", "popularity"]}


def figures(probabilities, truth):
    answers = probabilities.argmax(1)
    right = answers == truth
    balanced = numpy.mean([right[truth == genre].mean() for genre in numpy.unique(truth)])
    said = probabilities[numpy.arange(len(truth)), truth].clip(1e-3)
    confidence = probabilities.max(1)
    bands = numpy.minimum((confidence * 15).astype(int), 14)
    error = sum(
        abs(right[bands == band].mean() - confidence[bands == band].mean()) * (bands == band).mean()
        for band in numpy.unique(bands)
    )
    return right.mean(), balanced, -numpy.log(said).mean(), error


def size(model):
    if isinstance(model, LGBMClassifier):
        return len(model.booster_.model_to_string().encode())
    if isinstance(model, CatBoostClassifier):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            model.save_model(path)
            return os.path.getsize(path)
    buffer = io.BytesIO()
    pickle.dump(model, buffer)
    return buffer.tell()


def models():
    yield "seed recipe", RandomForestClassifier(500, max_depth=20, random_state=1, n_jobs=1), True
    yield "LightGBM", LGBMClassifier(n_estimators=100, num_leaves=31, random_state=1, n_jobs=1, verbose=-1), False
    yield "CatBoost", CatBoostClassifier(
        iterations=200, depth=6, learning_rate=0.15, loss_function="MultiClass", thread_count=1, verbose=0, random_seed=1,
        allow_writing_files=False,
    ), False


def main(folder, output):
    lines = ["model,row,told,accuracy,balanced_accuracy,log_loss,calibration_error,bytes"]
    for path in sorted(Path(folder).glob("*.train.csv")):
        row = path.name.removesuffix(".train.csv")
        train, seed, test = (pandas.read_csv(path.with_name(f"{row}.{part}.csv")) for part in ["train", "seed", "test"])
        genres = sorted(train["genre"].unique())
        truth = test["genre"].map(genres.index).to_numpy()
        for told in TOLD if row == "twin by artist" else ["sound_and_length"]:
            columns = TOLD[told]
            for name, model, is_seed in models():
                rows = seed if is_seed else train
                if rows.empty:
                    continue
                middle = rows[columns].median()
                known = (lambda values: values.fillna(middle)) if is_seed else (lambda values: values)
                classes = rows["genre"].map(genres.index)
                weights = None if is_seed else rows["weight"]
                model.fit(known(rows[columns]), classes, sample_weight=weights)
                said = numpy.zeros((len(test), len(genres)))
                said[:, [int(genre) for genre in model.classes_]] = model.predict_proba(known(test[columns]))
                cells = [f"{figure:.4f}" for figure in figures(said, truth)]
                lines.append(",".join([name, row, told, *cells, str(size(model))]))
                print(lines[-1], flush=True)
    Path(output).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])

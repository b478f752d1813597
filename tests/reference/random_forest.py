"""What scikit-learn's random forest reaches on the same split, to hold Overtone's against.

    pip install scikit-learn
    overtone split --data tracks.csv --train train.csv --test test.csv
    python tests/reference/random_forest.py train.csv test.csv
"""

import csv
import sys

from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, balanced_accuracy_score


FEATURES = (
    "danceability energy loudness speechiness acousticness instrumentalness liveness valence tempo duration_ms popularity"
).split()


def read(path):
    """The features and the genre of each track."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [[float(row[feature]) for feature in FEATURES] for row in rows], [row["genre"] for row in rows]


def main():
    train_features, train_genres = read(sys.argv[1])
    test_features, test_genres = read(sys.argv[2])
    # The forest of the study that Overtone started from.
    forest = RandomForestClassifier(n_estimators=500, max_depth=20, random_state=0, n_jobs=-1)
    forest.fit(train_features, train_genres)
    answers = forest.predict(test_features)
    print(f"accuracy {accuracy_score(test_genres, answers):.3f}")
    print(f"balanced accuracy {balanced_accuracy_score(test_genres, answers):.3f}")


if __name__ == "__main__":
    main()

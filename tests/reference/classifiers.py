"""What scikit-learn's classifiers reach on the very parts that `overtone study` has used.

    pip install scikit-learn
    overtone study --data-dir DIR
    python tests/reference/classifiers.py FOLDER
    overtone study --data-dir DIR

FOLDER is the one that `overtone study` names when it begins. The figures go to FOLDER/scikit-learn.json, and the second
run of the study, which finds everything else done, puts them into the report.
"""

import csv
import json
import sys
from pathlib import Path

import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

# How often what depends on chance is learned anew; the figure is the mean.
REPEATS = 5


def classifiers(seed):
    """The study's classifiers under their names in its report, with its settings."""
    forest = {"n_estimators": 500, "max_depth": 20, "random_state": seed, "n_jobs": -1}
    boosted = {
        # XGBoost's defaults.
        "max_iter": 100,
        "learning_rate": 0.3,
        "max_depth": 6,
        "max_leaf_nodes": None,
        "min_samples_leaf": 1,
        "l2_regularization": 1.0,
        "early_stopping": False,
        "random_state": seed,
    }
    return {
        "k-nearest neighbours": make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=10)),
        "Logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        "Gaussian naive Bayes": make_pipeline(StandardScaler(), GaussianNB()),
        "Decision tree": DecisionTreeClassifier(random_state=seed),
        "Support vector machine": make_pipeline(StandardScaler(), SVC()),
        "Random forest": RandomForestClassifier(**forest),
        "Gradient-boosted trees": HistGradientBoostingClassifier(**boosted),
    }


DEPEND_ON_CHANCE = {"Decision tree", "Random forest"}


def read(path):
    """The features and the genre of each track."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return [[float(value) for value in row[:-1]] for row in rows], [row[-1] for row in rows]


def main():
    folder = Path(sys.argv[1])
    divisions = []
    for division in ["random", "by-artist"]:
        train, validation, test = (read(folder / f"{division}-{part}.csv") for part in ["train", "validation", "test"])
        figures = []
        for name in classifiers(0):
            seeds = range(REPEATS if name in DEPEND_ON_CHANCE else 1)
            fitted = [classifiers(seed)[name].fit(*train) for seed in seeds]
            on_validation, on_test = (
                [classifier.score(*part) for classifier in fitted] for part in (validation, test)
            )
            figure = {
                "name": name,
                "validation": sum(on_validation) / len(fitted),
                "test": sum(on_test) / len(fitted),
                "test_range": [min(on_test), max(on_test)],
            }
            figures.append(figure)
            print(
                f"{division:10} {name:24} validation {figure['validation']:.3f}  test {figure['test']:.3f}", flush=True
            )
        divisions.append({"division": division, "classifiers": figures})
    result = {"version": sklearn.__version__, "divisions": divisions}
    (folder / "scikit-learn.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

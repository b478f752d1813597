"""Measures one Python peer on one forest: CPU time of one thread, the median of three.

    python peers.py PEER FOLDER NAME

FOLDER is what make_forests.py has filled, NAME one of its forests. Each line printed is a name, a tab and a value. What a
peer needs is imported by its own function, so that one that is missing does not keep the others from running.
"""

import os

# Before numpy is imported: its libraries look once.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import pathlib
import pickle
import shutil
import statistics
import sys
import time
from importlib import metadata

import numpy

from make_forests import COLUMNS, FORESTS, SEED

# A run over all rows that would take longer is cut to as many rows as take so long.
SECONDS = 10
# One row a call: at most so many rows, and no more than take so long.
SINGLE_ROWS = 2_000
SINGLE_SECONDS = 1


def seconds(work):
    """The CPU time of some work, and what it gave."""
    start = time.process_time()
    result = work()
    return max(time.process_time() - start, 1e-9), result


class Setting:
    """One forest's folder and the rows."""

    def __init__(self, folder, name):
        self.folder = pathlib.Path(folder)
        self.place = self.folder / name
        self.trees, self.depth = next((trees, depth) for known, trees, depth in FORESTS if known == name)
        self.train = self.rows("train")
        self.test = self.rows("test")
        self.throughput = self.rows("throughput")

    def rows(self, name):
        return numpy.fromfile(self.folder / f"{name}.f32", "<f4").reshape(-1, len(COLUMNS))

    def classes(self, name):
        return numpy.fromfile(self.folder / f"{name}.u8", numpy.uint8)

    def load(self, work):
        """Loads a model and says how long it took."""
        taken, model = seconds(work)
        print(f"load_ms\t{taken * 1e3:.3f}")
        return model

    def measure(self, predict, same_forest):
        """Measures `predict`, which takes rows and gives probabilities. With `same_forest` the answers are held against
        scikit-learn's, of which it is the very forest."""
        rows = self.throughput
        predict(rows[:1000])
        taken, _ = seconds(lambda: predict(rows[:2000]))
        if taken / 2000 * len(rows) > 1.5 * SECONDS:
            rows = rows[: max(2000, int(SECONDS / taken * 2000))]
        runs = [seconds(lambda: predict(rows)) for _ in range(3)]
        answers = runs[0][1]
        print(f"rows_per_second\t{len(rows) / statistics.median(taken for taken, _ in runs):.0f}")
        print(f"forest\t{'same' if same_forest else 'own'}")
        singles = [rows[index : index + 1].copy() for index in range(SINGLE_ROWS)]
        taken, _ = seconds(lambda: [predict(row) for row in singles[:20]])
        singles = singles[: max(20, int(SINGLE_SECONDS / taken * 20))]
        taken = statistics.median(seconds(lambda: [predict(row) for row in singles])[0] for _ in range(3))
        print(f"one_row_us\t{taken / len(singles) * 1e6:.3f}")
        right = predict(self.test).argmax(1) == self.classes("test")
        print(f"accuracy\t{right.mean():.4f}")
        if same_forest:
            theirs = numpy.fromfile(self.place / "answers.f32", "<f4").reshape(-1, answers.shape[1])[: len(rows)]
            print(f"largest_difference\t{abs(answers - theirs).max():.6f}")
            print(f"changed_answers\t{(answers.argmax(1) != theirs.argmax(1)).mean():.6f}")


def scikit_learn(setting):
    path = setting.place / "forest.pickle"
    print(f"model\t{path}")
    forest = setting.load(lambda: pickle.loads(path.read_bytes()))
    setting.measure(forest.predict_proba, same_forest=True)


def onnxruntime(setting):
    import onnxruntime
    from skl2onnx import to_onnx

    path = setting.place / "forest.onnx"
    forest = pickle.loads((setting.place / "forest.pickle").read_bytes())
    onnx = to_onnx(forest, setting.train[:1], options={"zipmap": False})
    path.write_bytes(onnx.SerializeToString())
    del forest, onnx
    print(f"model\t{path}")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = setting.load(lambda: onnxruntime.InferenceSession(path.read_bytes(), options, ["CPUExecutionProvider"]))
    name = session.get_inputs()[0].name
    setting.measure(lambda rows: session.run(["probabilities"], {name: rows})[0], same_forest=True)


def ydf(setting):
    import ydf

    ydf.verbose(0)

    def columns(rows):
        return dict(zip(COLUMNS, rows.T))

    learner = ydf.RandomForestLearner(
        label="class",
        num_trees=setting.trees,
        max_depth=setting.depth + 1,  # Counts nodes where scikit-learn counts splits.
        min_examples=1,
        compute_oob_performances=False,
        pure_serving_model=True,  # Without what only training needs.
        random_seed=SEED,
        num_threads=1,
    )
    model = learner.train({**columns(setting.train), "class": setting.classes("train")})
    folder = setting.place / "ydf"
    model.save(str(folder))
    print(f"model\t{shutil.make_archive(str(folder), 'zip', folder)}")
    model = setting.load(lambda: ydf.load_model(str(folder)))
    setting.measure(lambda rows: model.predict(columns(rows), num_threads=1), same_forest=False)


def catboost(setting):
    import catboost

    learner = catboost.CatBoostClassifier(
        iterations=setting.trees,
        depth=6,
        loss_function="MultiClass",
        random_seed=SEED,
        thread_count=1,
        verbose=False,
        allow_writing_files=False,
    )
    learner.fit(setting.train, setting.classes("train"))
    path = setting.place / "catboost.cbm"
    learner.save_model(str(path))
    print(f"model\t{path}")
    model = setting.load(lambda: catboost.CatBoostClassifier().load_model(str(path)))
    setting.measure(lambda rows: model.predict_proba(rows, thread_count=1), same_forest=False)


def lightgbm(setting):
    import lightgbm

    # Grows a tree for each class in each round.
    rounds = setting.trees // 8
    parameters = {
        "objective": "multiclass",
        "num_class": 8,
        "num_leaves": 31,
        "num_threads": 1,
        "seed": SEED,
        "verbose": -1,
    }
    data = lightgbm.Dataset(setting.train, setting.classes("train"))
    path = setting.place / "lightgbm.txt"
    lightgbm.train(parameters, data, rounds).save_model(path)
    print(f"trees\t{rounds * 8}")
    print(f"model\t{path}")
    model = setting.load(lambda: lightgbm.Booster(model_file=path))
    setting.measure(lambda rows: model.predict(rows, num_threads=1), same_forest=False)


PEERS = {peer.__name__: peer for peer in (scikit_learn, onnxruntime, ydf, catboost, lightgbm)}

if __name__ == "__main__":
    peer = sys.argv[1]
    print(f"version\t{metadata.version(peer.replace('_', '-'))}")
    PEERS[peer](Setting(*sys.argv[2:4]))

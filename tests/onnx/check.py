"""Whether exported models answer as the command does: in onnxruntime, and in the scripts of docs/catalogue.

    pip install -r tests/onnx/requirements.txt
    cargo build --package overtone-cli
    python tests/onnx/check.py target/debug/overtone

`cargo xtask test` runs it where a Python has these packages. The tracks are made up: with gaps, on and just beside the cuts
of the trees, with what Spotify writes for what it has not analysed, and with values in no unit that a feature has.
"""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import onnx
import pyarrow
import pyarrow.parquet

REPOSITORY = Path(__file__).resolve().parents[2]
CATALOGUE = REPOSITORY / "docs" / "catalogue"
FIFTEEN = REPOSITORY / "crates" / "genre" / "models" / "fifteen-genres.forest"

sys.path.insert(0, str(CATALOGUE))
sys.dont_write_bytecode = True

from overtone_onnx import Model  # noqa: E402

#: How far two probabilities may lie apart: what 32-bit floats leave out.
ROUNDING = 1e-6

#: The columns of the tracks, in the order of the model's input.
FEATURES = ["danceability", "energy", "loudness", "speechiness", "acousticness", "instrumentalness", "liveness", "valence"]
FEATURES += ["tempo", "duration_ms", "popularity"]

MADE_UP = 3_000
CUTS_OF_A_FEATURE = 60

#: Where made-up values lie; what is not named here lies between 0 and 1.
RANGES = {"loudness": (-60, 0), "tempo": (40, 220), "duration_ms": (30_000, 600_000), "popularity": (0, 100)}


def overtone(*arguments, may_have_problems=False):
    """What the command prints."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode > int(may_have_problems):
        sys.exit(f"overtone {arguments[0]} failed: {done.stderr}")
    return done.stdout


def made_up(numbers, rows, gaps):
    table = numpy.empty((rows, len(FEATURES)), dtype=numpy.float32)
    for column, name in enumerate(FEATURES):
        table[:, column] = numbers.uniform(*RANGES.get(name, (0, 1)), rows)
    table[numbers.random(table.shape) < gaps] = numpy.nan
    return table


def cuts(file, column):
    """The values that the trees of a file compare a feature with."""
    found = set()
    for node in onnx.load(file).graph.node:
        if node.op_type == "TreeEnsembleRegressor":
            said = {attribute.name: attribute for attribute in node.attribute}
            splits = zip(said["nodes_modes"].strings, said["nodes_featureids"].ints, said["nodes_values"].floats)
            found |= {value for mode, feature, value in splits if mode == b"BRANCH_LEQ" and feature == column}
    return sorted(found)


def tracks(file):
    """Rows for a model's file, a column for each feature."""
    numbers = numpy.random.default_rng(11)
    tables = [made_up(numbers, MADE_UP, gaps) for gaps in (0, 0.1, 0.4)]
    for column in range(len(FEATURES)):
        of_feature = cuts(file, column)
        chosen = of_feature[:: len(of_feature) // CUTS_OF_A_FEATURE + 1]
        cut = numpy.array(chosen, dtype=numpy.float32)
        beside = [numpy.nextafter(cut, numpy.float32(end)) for end in (-numpy.inf, numpy.inf)]
        for values in [cut, *beside]:
            rows = made_up(numbers, len(values), 0.1)
            rows[:, column] = values
            tables.append(rows)
    # What cannot be meant stands at the end, as the command judges the units of a table by its beginning.
    for wrong in (0, -1, 1.5, 75, -75, 1e9, numpy.inf, -numpy.inf):
        rows = made_up(numbers, 2 * len(FEATURES), 0)
        for column in range(len(FEATURES)):
            rows[2 * column : 2 * column + 2, column] = wrong
        tables.append(rows)
    silent = made_up(numbers, 4, 0)
    is_ratio = [name not in RANGES for name in FEATURES]
    silent[:, is_ratio] = 0
    silent[:3, FEATURES.index("tempo")] = 0
    silent[1, is_ratio.index(True)] = 0.3
    tables.append(silent)
    return numpy.concatenate(tables)


def write_csv(path, table):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FEATURES)
        # A 32-bit float's shortest decimal is read as the same number again.
        writer.writerows([["" if numpy.isnan(value) else str(value) for value in row] for row in table])


def compare(what, model, columns, expected):
    """Compares the model's columns with the lines that the command has written."""
    answered = changed = 0
    largest = 0.0
    for row, line in enumerate(expected):
        genre = columns["predicted_genre"][row]
        changed += genre != line["predicted_genre"]
        numbers = {f"p_{name}": value for name, value in (line["probabilities"] or {}).items()}
        if line["predicted_genre"] is None:
            numbers = dict.fromkeys((f"p_{name}" for name in model.genres), None)
        else:
            answered += 1
        numbers["confidence"] = line["confidence"]
        if "none_of_these" in columns:
            numbers["none_of_these"] = line["none_of_these"]
        for name, number in numbers.items():
            said = columns[name][row]
            said = None if said is None or numpy.isnan(said) else said
            if (said is None) != (number is None):
                sys.exit(f"{what}, row {row + 1}: {name} is {said} in place of {number}")
            if said is not None:
                largest = max(largest, abs(float(said) - number))
    print(
        f"{what}: {len(expected)} tracks, {answered} of them with an answer, {changed} other genres, "
        f"largest difference of a probability {largest:.1e}"
    )
    if changed or largest > ROUNDING or not 0 < answered < len(expected):
        sys.exit(f"{what}: that is not the same")


def from_parquet(path):
    table = pyarrow.parquet.read_table(path)
    return {name: column.to_pylist() for name, column in zip(table.schema.names, table.columns)}


def write_parquet(path, columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def must_succeed(script, done):
    if done.returncode != 0:
        sys.exit(f"{script} failed: {done.stderr}")
    print(done.stdout, end="")


def score(*arguments):
    """What score_parquet.py says when it has ended, and how it has."""
    return subprocess.run([sys.executable, CATALOGUE / "score_parquet.py", *arguments], capture_output=True, text=True)


def made_up_columns(rows, without=()):
    table = made_up(numpy.random.default_rng(rows), rows, 0)
    return {name: table[:, index].astype(numpy.float64) for index, name in enumerate(FEATURES) if name not in without}


def differing_files(folder):
    """Makes a folder of files that differ in their columns, and gives its rows as they have to come out."""
    first = made_up_columns(3, without=["energy", "duration_ms"])
    second = made_up_columns(2) | {"id": ["x", "y"], "extra": numpy.array([1, 2])}
    write_parquet(folder / "year=2020" / "a.parquet", first)
    write_parquet(folder / "year=2021" / "b.parquet", second)
    rows = [{name: values[row] for name, values in second.items()} | {"year": 2021, "known_features": 9} for row in range(2)]
    missing = dict.fromkeys(["energy", "duration_ms", "id", "extra"])
    rows += [{name: values[row] for name, values in first.items()} | missing | {"year": 2020, "known_features": 8} for row in range(3)]
    return rows


def check_rows(what, path, expected):
    """Whether a labelled table has these rows, in any order; no two have the same danceability."""
    found = pyarrow.parquet.read_table(path).to_pylist()
    found, expected = (sorted(rows, key=lambda row: row["danceability"]) for rows in (found, expected))
    found = [{name: row.get(name, "no column") for name in expected[0]} for row in found]
    if found != expected:
        sys.exit(f"{what}: a folder of files that differ became\n{found}\nin place of\n{expected}")


def check_folders(folder, file):
    """Whether score_parquet.py keeps what the files of a folder have, and leaves the folder as it was when it refuses."""
    rows = differing_files(folder / "differing")
    done = score(file, folder / "differing", folder / "differing.parquet")
    must_succeed("score_parquet.py", done)
    check_rows("score_parquet.py", folder / "differing.parquet", rows)

    # What pandas writes is whole numbers in one file, and decimals in the next where one is missing.
    rows = []
    for name, lengths, identity, tempo in [
        ("a", [200_000, 250_000, 300_000], 1, "90"),
        ("b", [200_000.5, None], "x", "fast"),
    ]:
        columns = made_up_columns(len(lengths)) | {"duration_ms": lengths}
        write_parquet(folder / "numbers" / f"{name}.parquet", columns)
        write_parquet(folder / "kinds" / f"{name}.parquet", columns | {"id": [identity] * len(lengths)})
        write_parquet(folder / "both" / "year=2020" / f"{name}.parquet", columns | {"year": [2020] * len(lengths)})
        write_parquet(folder / "wrong" / f"{name}.parquet", columns | {"tempo": [tempo] * len(lengths)})
        rows += [{"danceability": value, "duration_ms": length} for value, length in zip(columns["danceability"], lengths)]
    done = score(file, folder / "numbers", folder / "numbers.parquet")
    must_succeed("score_parquet.py", done)
    check_rows("score_parquet.py", folder / "numbers.parquet", rows)

    one = folder / "numbers" / "a.parquet"
    before = sorted(folder.rglob("*")), file.read_bytes(), one.read_bytes()
    for tracks, output, sentence in [
        ("numbers", "numbers/labelled.parquet", "lies in the folder of the tracks"),
        ("numbers/a.parquet", "numbers/a.parquet", "is to be read and written"),
        ("numbers", file.name, "is to be read and written"),
        ("numbers", "kinds", "kinds is not a file"),
        ("numbers", "none/out.parquet", "there is no folder"),
        ("numbers.parquet", "out.parquet", "has a column “predicted_genre” already"),
        ("none.parquet", "out.parquet", "none.parquet: there is no such file or folder"),
        ("kinds", "out.parquet", "b.parquet: a column is of another type than in the files before"),
        ("both", "out.parquet", "both: a column of the files has the name of their folders, and another type"),
        ("wrong", "out.parquet", "the column “tempo” cannot be read as numbers"),
    ]:
        done = score(file, folder / tracks, folder / output)
        if done.returncode != 1 or sentence not in done.stderr or "Traceback" in done.stderr:
            sys.exit(f"score_parquet.py should have said “{sentence}” of {tracks} to {output}: {done.stdout}{done.stderr}")
        if (sorted(folder.rglob("*")), file.read_bytes(), one.read_bytes()) != before:
            sys.exit(f"score_parquet.py has left something behind of {tracks} to {output}")


def check_scripts(folder, model, file, table, expected):
    """Whether the scripts of docs/catalogue say the same, and leave out no row."""
    # A column that is no feature comes back as it was, and orders Spark's rows.
    columns = {"row": pyarrow.array(range(len(table)), type=pyarrow.int64())}
    # The order of the others does not matter, and one has a name of its own.
    for index, name in reversed(list(enumerate(FEATURES))):
        columns["dance" if name == "danceability" else name] = pyarrow.array(table[:, index].astype(numpy.float64), from_pandas=True)
    source = folder / "tracks.parquet"
    pyarrow.parquet.write_table(pyarrow.table(columns), source)
    choice = "dance=danceability"
    done = score(file, source, folder / "labelled.parquet", choice)
    must_succeed("score_parquet.py", done)
    compare("score_parquet.py", model, from_parquet(folder / "labelled.parquet"), expected)
    check_folders(folder, file)

    submit = Path(sys.executable).parent / "spark-submit"
    if importlib.util.find_spec("pyspark") is None or not shutil.which("java"):
        print("SKIPPED: score_parquet_spark.py, as pyspark or Java is not here")
        return
    submit = [submit, "--master", "local[2]", "--py-files", CATALOGUE / "overtone_onnx.py", CATALOGUE / "score_parquet_spark.py"]

    def score_by_spark(*arguments):
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
        return subprocess.run([*submit, *arguments], capture_output=True, text=True, env=environment)

    spark = score_by_spark(file, source, folder / "labelled", choice)
    must_succeed("score_parquet_spark.py", spark)
    labelled = from_parquet(folder / "labelled")
    order = numpy.argsort(labelled["row"])
    labelled = {name: [column[row] for row in order] for name, column in labelled.items()}
    if labelled["row"] != list(range(len(table))):
        sys.exit("score_parquet_spark.py has lost rows")
    compare("score_parquet_spark.py", model, labelled, expected)

    rows = differing_files(folder / "differing")
    spark = score_by_spark(file, folder / "differing", folder / "differing-labelled")
    must_succeed("score_parquet_spark.py", spark)
    check_rows("score_parquet_spark.py", folder / "differing-labelled", rows)
    for tracks, output, sentence in [
        ("none", "out", "Path does not exist"),
        ("differing", "differing/labelled", "lies in the folder of the tracks"),
    ]:
        spark = score_by_spark(file, folder / tracks, folder / output)
        # spark-submit prints there what the script says on either.
        told = spark.stdout
        if spark.returncode == 0 or sentence not in told or "Traceback" in told or (folder / output).exists():
            sys.exit(f"score_parquet_spark.py should have said “{sentence}” of {tracks} to {output}: {told}{spark.stderr}")


def main(folder):
    trained = folder / "trained.forest"
    train(folder, trained)
    for what, options in [
        ("eight genres", []),
        ("eight genres with popularity", ["--use-popularity"]),
        ("fifteen genres", ["--model", FIFTEEN]),
        ("a forest of train --data", ["--model", trained]),
    ]:
        file = folder / "model.onnx"
        overtone("export", "--onnx", file, *options)
        onnx.checker.check_model(onnx.load(file), full_check=True)
        model = Model(file.read_bytes())
        table = tracks(file)
        write_csv(folder / "tracks.csv", table)
        lines = overtone("classify", folder / "tracks.csv", "--json", *options, may_have_problems=True)
        expected = [json.loads(line) for line in lines.splitlines()]
        if len(expected) != len(table):
            sys.exit(f"{what}: {len(expected)} answers to {len(table)} tracks")
        values = {name: table[:, index] for index, name in enumerate(FEATURES)}
        compare(what, model, model.answers(values), expected)
        if not options:
            scripts = folder / "scripts"
            scripts.mkdir()
            shutil.copy(file, scripts)
            check_scripts(scripts, model, scripts / file.name, table, expected)


def train(folder, model):
    """Trains a small model on made-up tracks of three genres."""
    table = made_up(numpy.random.default_rng(5), 900, 0)
    with open(folder / "labelled.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["artist", "track", "genre", *FEATURES])
        for number, row in enumerate(table):
            genre = "loud" if row[1] > 0.6 else "quiet, slow" if row[8] < 120 else "quiet, fast"
            writer.writerow([f"Artist {number // 3}", f"Track {number}", genre, *map(str, row)])
    overtone("train", "--data", folder / "labelled.csv", "--model", model, "--trees", 40)


if __name__ == "__main__":
    PROGRAM = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(temporary))

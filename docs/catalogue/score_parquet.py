"""Adds genres to a Parquet file, or a folder of them, on one machine.

    python score_parquet.py MODEL.onnx TRACKS.parquet LABELLED.parquet [COLUMN=FEATURE...]

All columns are kept, also those that only some files of a folder have, or that folders such as year=2020 name; those of the model
come behind them. LABELLED.parquet must not lie in the folder of the tracks. COLUMN=FEATURE, such as dance=danceability, names a
column that is not called as Spotify's Web API calls the feature.
"""

import os
import sys
from pathlib import Path

import pyarrow
import pyarrow.dataset
import pyarrow.parquet

from overtone_onnx import Model

#: How many rows are read, scored and written at a time.
ROWS = 100_000

TYPES = {str: pyarrow.string(), float: pyarrow.float32(), int: pyarrow.int32()}


def numbers(batch, column):
    """A column as numbers, with NaN for what is missing."""
    try:
        array = batch.column(column).cast(pyarrow.float32(), safe=False)
    except pyarrow.ArrowException as error:
        raise ValueError(f"the column “{column}” cannot be read as numbers: {error}") from error
    return array.to_numpy(zero_copy_only=False)


def labelled(model, found, batch):
    """A batch of rows with the model's columns behind its own."""
    answers = model.answers({feature: numbers(batch, column) for feature, column in found.items()})
    for name, kind in model.columns().items():
        # Where there is no answer, NaN becomes a missing value.
        array = pyarrow.array(answers[name], type=TYPES[kind], from_pandas=True)
        batch = batch.append_column(name, array)
    return batch


def dataset(tracks):
    """The tracks of a file or a folder, with each column that any of the files has."""
    # The folders that a single file lies in say nothing about it.
    partitioning = None if os.path.isfile(tracks) else "hive"
    try:
        table = pyarrow.dataset.dataset(tracks, partitioning=partitioning)
    except FileNotFoundError as error:
        raise ValueError(f"{tracks}: there is no such file or folder") from error
    except pyarrow.ArrowTypeError as error:
        raise ValueError(f"{tracks}: a column of the files has the name of their folders, and another type: {error}") from error
    # pyarrow goes by the first file, and passes over what others have besides.
    schema = table.schema
    for file in table.get_fragments():
        try:
            schema = pyarrow.unify_schemas([schema, file.physical_schema], promote_options="permissive")
        except pyarrow.ArrowException as error:
            raise ValueError(f"{file.path}: a column is of another type than in the files before: {error}") from error
    return pyarrow.dataset.dataset(tracks, schema=schema, partitioning=partitioning)


def place(output, inputs):
    """Where the output is to stand, unless that is among what is read, or cannot be a file."""
    path = Path(output).resolve()
    if path.exists() and not path.is_file():
        raise ValueError(f"{output} is not a file; choose another name for the output")
    if not path.parent.is_dir():
        raise ValueError(f"{output} cannot be written: there is no folder {path.parent}")
    if any(path.is_relative_to(Path(read).resolve()) for read in inputs):
        raise ValueError(f"{output} is to be read and written, or lies in the folder of the tracks; choose another place for it")
    return path


def main(model_file, tracks, output, *choices):
    model = Model(Path(model_file).read_bytes())
    table = dataset(tracks)
    path = place(output, [model_file, tracks, *table.files])
    found = model.find(table.schema.names, choices)
    missing = [feature for feature in model.features if feature not in found]
    if missing:
        print(f"{tracks}: there is no column for {', '.join(missing)}", file=sys.stderr)
    schema = table.schema
    for name, kind in model.columns().items():
        schema = schema.append(pyarrow.field(name, TYPES[kind]))
    # A file that is cut short must not look whole, and who reads the folder passes over a name with a dot before it.
    unfinished = path.with_name(f".{path.name}.part")
    rows = answered = 0
    try:
        with pyarrow.parquet.ParquetWriter(unfinished, schema) as writer:
            for batch in table.to_batches(batch_size=ROWS):
                batch = labelled(model, found, batch)
                writer.write_batch(batch)
                rows += batch.num_rows
                answered += batch.num_rows - batch.column("predicted_genre").null_count
        if rows == 0:
            raise ValueError(f"{tracks}: there are no rows")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    print(f"{output}: {answered:,} of {rows:,} tracks have a genre")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        sys.exit(str(error))

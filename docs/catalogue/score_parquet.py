"""Adds genres to a Parquet file, or a folder of them, on one machine.

    python score_parquet.py MODEL.onnx TRACKS.parquet LABELLED.parquet [COLUMN=FEATURE...]

All columns are kept; those of the model come behind them. COLUMN=FEATURE, such as dance=danceability, names a column that is not
called as Spotify's Web API calls the feature.
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


def main(model_file, tracks, output, *choices):
    model = Model(Path(model_file).read_bytes())
    table = pyarrow.dataset.dataset(tracks)
    found = model.find(table.schema.names, choices)
    missing = [feature for feature in model.features if feature not in found]
    if missing:
        print(f"{tracks}: there is no column for {', '.join(missing)}", file=sys.stderr)
    # A file that is cut short must not look whole.
    unfinished = f"{output}.part"
    writer = None
    rows = answered = 0
    for batch in table.to_batches(batch_size=ROWS):
        batch = labelled(model, found, batch)
        writer = writer or pyarrow.parquet.ParquetWriter(unfinished, batch.schema)
        writer.write_batch(batch)
        rows += batch.num_rows
        answered += batch.num_rows - batch.column("predicted_genre").null_count
    if writer is None:
        sys.exit(f"{tracks}: there are no rows")
    writer.close()
    os.replace(unfinished, output)
    print(f"{output}: {answered:,} of {rows:,} tracks have a genre")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])

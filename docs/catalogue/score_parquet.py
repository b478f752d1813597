"""Adds genres to a Parquet file, or a folder of them, on one machine.

    python score_parquet.py MODEL.onnx TRACKS.parquet LABELLED.parquet

All columns are kept; those of the model come behind them.
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


def labelled(model, batch):
    """A batch of rows with the model's columns behind its own."""
    names = [name for name in model.features if name in batch.schema.names]
    values = {
        # A missing value becomes NaN.
        name: batch.column(name).cast(pyarrow.float32(), safe=False).to_numpy(zero_copy_only=False)
        for name in names
    }
    answers = model.answers(values)
    for name, kind in model.columns().items():
        # And where there is no answer, NaN becomes a missing value.
        array = pyarrow.array(answers[name], type=TYPES[kind], from_pandas=True)
        batch = batch.append_column(name, array)
    return batch


def main(model_file, tracks, output):
    model = Model(Path(model_file).read_bytes())
    table = pyarrow.dataset.dataset(tracks)
    missing = model.missing(table.schema.names)
    if missing:
        print(f"{tracks}: there is no column for {', '.join(missing)}", file=sys.stderr)
    # A file that is cut short must not look whole.
    unfinished = f"{output}.part"
    writer = None
    rows = answered = 0
    for batch in table.to_batches(batch_size=ROWS):
        batch = labelled(model, batch)
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
    main(*sys.argv[1:])

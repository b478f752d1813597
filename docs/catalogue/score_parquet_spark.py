"""Adds genres to a table of Parquet files with Spark.

    spark-submit --py-files overtone_onnx.py score_parquet_spark.py MODEL.onnx TRACKS LABELLED \\
        [COLUMN=FEATURE...]

MODEL.onnx is a file of the driver's; TRACKS and LABELLED are what Spark reads and writes: folders, or addresses such as
s3a://bucket/tracks. LABELLED must not be there yet, nor lie in the folder of the tracks. All columns are kept, also those
that only some files have; those of the model come behind them. COLUMN=FEATURE, such as dance=danceability, names a column
that is not called as Spotify's Web API calls the feature.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, pandas_udf, struct

from overtone_onnx import Model

TYPES = {str: "string", float: "float", int: "int"}

#: A name that no column of a table has, for what the model says before it is taken apart.
ANSWER = "overtone_answer"


def scorer(spark, content, schema):
    """A function of Spark's that gives the model's columns for a column of features."""
    model = spark.sparkContext.broadcast(content)

    @pandas_udf(schema)
    def score(batches: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
        # Spark gives each of its tasks a processor.
        local = Model(model.value, threads=1)
        for batch in batches:
            yield pandas.DataFrame(local.answers(dict(batch.items())))

    return score


def main(model_file, tracks, output, *choices):
    if f"{output}/".startswith(f"{tracks.rstrip('/')}/"):
        raise ValueError(f"{output} lies in the folder of the tracks; choose another place for the output")
    content = Path(model_file).read_bytes()
    model = Model(content)
    spark = SparkSession.builder.appName("Genres of a catalogue").getOrCreate()
    # Spark goes by one of the files otherwise, and passes over what others have besides.
    table = spark.read.option("mergeSchema", True).parquet(tracks)
    found = model.find(table.columns, choices)
    missing = [feature for feature in model.features if feature not in found]
    if missing:
        print(f"{tracks}: there is no column for {', '.join(missing)}", file=sys.stderr)
    schema = ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in model.columns().items())
    score = scorer(spark, content, schema)
    values = [col(f"`{column}`").cast("float").alias(feature) for feature, column in found.items()]
    answer = score(struct(*values)).alias(ANSWER)
    table.select("*", answer).select("*", f"{ANSWER}.*").drop(ANSWER).write.parquet(output)

    labelled = spark.read.parquet(output)
    rows, answered = labelled.count(), labelled.filter("predicted_genre is not null").count()
    print(f"{output}: {answered:,} of {rows:,} tracks have a genre")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (OSError, ValueError, AnalysisException) as error:
        sys.exit(str(error))

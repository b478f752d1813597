"""An exported Overtone model in Python: the features of tracks in, genres out.

It needs numpy and onnxruntime, and no file beside it; docs/catalogue.md has more.
"""

import json

import numpy
import onnxruntime


class Model:
    """A model that `overtone export --onnx` has written."""

    def __init__(self, content, threads=0):
        """`content` is the file's bytes; `threads` is how many processors it may use, 0 for all."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
        self._outputs = [output.name for output in self._session.get_outputs()]
        said = self._session.get_modelmeta().custom_metadata_map
        features = json.loads(said["features"])
        #: The names of the features, as Spotify's Web API has them, in the order that the model takes them.
        self.features = [feature["name"] for feature in features]
        #: The names of the genres.
        self.genres = json.loads(said["genres"])
        self._audio_features = [feature["name"] for feature in features if feature["is_audio"]]
        self._minimum = int(said["minimum_audio_features"])

    def missing(self, columns):
        """The features that a table with these columns lacks: they count as missing in every row.

        Fails if so many are missing that no row could have an answer, or if the table has columns of the model's already.
        """
        for name in self.columns():
            if name in columns:
                raise ValueError(f"the table has a column “{name}” already; leave it out, or rename it")
        known = [name for name in self._audio_features if name in columns]
        if len(known) < self._minimum:
            wanted = ", ".join(self._audio_features)
            raise ValueError(
                f"the table has columns for {len(known)} of the nine audio features ({wanted}), and an answer needs at least "
                f"{self._minimum}; rename the columns that have them"
            )
        return [name for name in self.features if name not in columns]

    def columns(self):
        """The names of the columns that the model adds, each with the kind of its values: str, float or int."""
        names = {"predicted_genre": str, "confidence": float}
        names |= {f"p_{genre}": float for genre in self.genres}
        if "none_of_these" in self._outputs:
            names["none_of_these"] = float
        return names | {"known_features": int}

    def answers(self, values):
        """What the model says of some tracks: an array for each of its columns.

        `values` has an array for each feature by its name, in Spotify's units, with NaN for what is missing; a feature
        without an array is missing in all of them. Where there is no answer, the genre is None and the numbers are NaN.
        """
        rows = max((len(array) for array in values.values()), default=0)
        table = numpy.full((rows, len(self.features)), numpy.nan, dtype=numpy.float32)
        for index, name in enumerate(self.features):
            if name in values:
                table[:, index] = values[name]
        said = dict(zip(self._outputs, self._session.run(None, {"features": table})))
        genre = said.pop("predicted_genre")
        genre[genre == ""] = None
        for genre_name, column in zip(self.genres, said.pop("probabilities").T):
            said[f"p_{genre_name}"] = column
        said["predicted_genre"] = genre
        return {name: said[name] for name in self.columns()}

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
        # Threads that spin while they wait take the processors from others, and on a busy machine from each other.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )
        self._outputs = [output.name for output in self._session.get_outputs()]
        said = self._session.get_modelmeta().custom_metadata_map
        features = json.loads(said["features"])
        self._inputs = [feature["name"] for feature in features]
        self._audio_features = [feature["name"] for feature in features if feature["is_audio"]]
        self._minimum = int(said["minimum_audio_features"])
        is_ignored = {"popularity": said["popularity"] == "ignored"}
        #: The names of the features that count, as Spotify's Web API has them.
        self.features = [name for name in self._inputs if not is_ignored.get(name)]
        #: The names of the genres.
        self.genres = json.loads(said["genres"])

    def find(self, columns, choices=()):
        """Where a table has the features: the name of its column for each feature that it has.

        `choices`, such as "dance=danceability", name columns that are not called as the feature. Fails if so many features
        are missing that no row could have an answer, or if the table has a column of the model's already.
        """
        chosen = {}
        for choice in choices:
            column, _, feature = choice.rpartition("=")
            if feature not in self.features or column not in columns:
                raise ValueError(
                    f"“{choice}” is not a column of the table, `=` and a feature. The columns are {', '.join(columns)}; the features "
                    f"are {', '.join(self.features)}"
                )
            chosen[feature] = column
        for name in self.columns():
            if name in columns:
                raise ValueError(f"the table has a column “{name}” already; leave it out, or rename it")
        found = {name: chosen.get(name, name) for name in self.features}
        found = {name: column for name, column in found.items() if column in columns}
        known = [name for name in self._audio_features if name in found]
        if len(known) < self._minimum:
            raise ValueError(
                f"the table has columns for {len(known)} of the nine audio features ({', '.join(self._audio_features)}), and an "
                f"answer needs at least {self._minimum}. If others hold some, name them, such as dance=danceability"
            )
        return found

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
        table = numpy.full((rows, len(self._inputs)), numpy.nan, dtype=numpy.float32)
        for index, name in enumerate(self._inputs):
            if name in values:
                table[:, index] = values[name]
        said = dict(zip(self._outputs, self._session.run(None, {"features": table})))
        genre = said.pop("predicted_genre")
        genre[genre == ""] = None
        for genre_name, column in zip(self.genres, said.pop("probabilities").T):
            said[f"p_{genre_name}"] = column
        said["predicted_genre"] = genre
        return {name: said[name] for name in self.columns()}

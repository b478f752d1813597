"""How the shipped model does on other people's collections, with popularity and without.

    python tests/reference/foreign_collections.py OVERTONE HOME.csv FOREIGN.csv...

OVERTONE is the command; HOME.csv is what the model has learned from, whose artists are taken out of the others. Prints the
balanced accuracy over those of the model's genres that a collection has.
"""

import csv
import io
import subprocess
import sys
from collections import Counter

# What other collections call the model's genres, where they call them something else.
ALIASES = {
    "edm": "electronic",
    "edm_dance": "electronic",
    "hip hop": "hiphop",
    "hip-hop": "hiphop",
    "rap": "hiphop",
    "reggaeton": "latin",
    "salsa": "latin",
}


def first_artist(row):
    return row["artist"].split(",")[0].split(";")[0].strip().casefold()


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def balanced_accuracy(overtone, rows, options):
    table = io.StringIO()
    writer = csv.DictWriter(table, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    command = [overtone, "classify", "-", *options]
    labelled = subprocess.run(command, input=table.getvalue().encode(), capture_output=True, check=False).stdout
    tracks, right = Counter(), Counter()
    for row in csv.DictReader(io.StringIO(labelled.decode())):
        tracks[row["genre"]] += 1
        right[row["genre"]] += row["genre"] == row["predicted_genre"]
    return sum(right[genre] / tracks[genre] for genre in tracks) / len(tracks)


def main():
    overtone, home, *foreign = sys.argv[1:]
    home_rows = read(home)
    genres = {row["genre"] for row in home_rows}
    home_artists = {first_artist(row) for row in home_rows}
    print(f"{'collection':40}{'tracks':>8}{'without':>9}{'with popularity':>17}")
    for path in foreign:
        rows = []
        for row in read(path):
            genre = row["genre"].casefold()
            row["genre"] = ALIASES.get(genre, genre)
            if row["genre"] in genres and first_artist(row) not in home_artists:
                rows.append(row)
        if rows:
            without = balanced_accuracy(overtone, rows, [])
            used = balanced_accuracy(overtone, rows, ["--use-popularity"])
            print(f"{path:40}{len(rows):>8}{without:>9.3f}{used:>17.3f}")


if __name__ == "__main__":
    main()

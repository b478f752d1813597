//! Rows that are classified together: one by one they take several times as long.

use overtone_genre::{Classification, Features, Model, Popularity, Titles};

use crate::{Cells, Header, Problem, Role, Row};

/// How many rows wait at most. More would hardly be faster.
const MOST_ROWS: usize = 1024;

/// How many bytes of cells wait at most, and one row beyond: a row may have a million of them.
const MOST_BYTES: usize = 1 << 20;

/// Rows of one table that wait to be classified together.
#[derive(Debug, Default)]
pub struct RowBatch {
    /// The table's columns, once there is a row.
    header: Option<Header>,
    rows: Vec<Waiting>,
    bytes: usize,
}

/// What a [`Row`] has beside its columns.
#[derive(Debug)]
struct Waiting {
    line: u64,
    cells: Cells,
    features: Features,
    problems: Vec<Problem>,
}

impl RowBatch {
    /// Adds a row, which has to be of the same table as those before.
    pub fn push(&mut self, row: Row<'_>) {
        self.header.get_or_insert_with(|| row.header.clone());
        self.bytes += row.cells.size();
        self.rows.push(Waiting {
            line: row.line,
            cells: row.cells.clone(),
            features: row.features,
            problems: row.problems,
        });
    }

    /// Whether as many rows wait as should; before the next one they are to be classified and cleared.
    pub fn is_full(&self) -> bool {
        self.rows.len() >= MOST_ROWS || self.bytes >= MOST_BYTES
    }

    /// The rows in their order, each with what [`Row::classify`] says of it; with `titles`, what their words say is added.
    pub fn classified(
        &self,
        model: &Model,
        titles: Option<&Titles>,
        popularity: Popularity,
    ) -> impl Iterator<Item = (Row<'_>, Result<Classification, Problem>)> {
        let features = self.rows.iter().map(|row| row.features.with(popularity));
        let features: Vec<Features> = features.collect();
        let answers = model.classify_all(&features);
        let rows = self.header.iter().flat_map(|header| {
            self.rows.iter().map(move |row| Row {
                header,
                line: row.line,
                cells: &row.cells,
                features: row.features,
                problems: row.problems.clone(),
            })
        });
        rows.zip(answers).map(move |(row, answer)| {
            let mut answer = answer.map_err(|error| Problem::no_answer(row.line, error));
            if let (Some(titles), Ok(answer)) = (titles, &mut answer) {
                titles.add_to(answer, &row.text(Role::Track));
            }
            (row, answer)
        })
    }

    /// Makes place for other rows, of the same table or of another.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reader;

    #[test]
    fn a_batch_is_full_of_many_rows_or_of_long_ones() {
        let rows_until_full = |title: &str| {
            let mut reader = Reader::new();
            reader.push(b"Title,Danceability,Energy,Loudness,Valence,Tempo\n");
            reader.push(
                format!("{title},0.1,0.2,-3,0.4,120\n")
                    .repeat(2_000)
                    .as_bytes(),
            );
            reader.finish();
            let mut batch = RowBatch::default();
            let mut rows = 0;
            while !batch.is_full() {
                batch.push(reader.next_row().unwrap().unwrap());
                rows += 1;
            }
            rows
        };
        assert_eq!(rows_until_full("a"), 1024);
        assert_eq!(rows_until_full(&"a".repeat(10_000)), 105);
    }
}

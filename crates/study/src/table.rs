//! Tracks as numbers: the shape in which classifiers take them.

use std::collections::BTreeSet;

use overtone_genre::Feature;

use crate::dataset::LabelledTrack;

/// Rows of numbers with a class for each.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The values, row after row, a number for each column.
    pub values: Vec<f64>,
    /// The classes' names, sorted.
    pub classes: Vec<String>,
    /// The index of each row's class.
    pub labels: Vec<usize>,
}

impl Table {
    /// The features of tracks that cleaning has left, in the features' order. A missing value becomes 0.
    pub fn of(tracks: &[LabelledTrack], features: &[Feature]) -> Self {
        let classes: BTreeSet<&str> = tracks.iter().map(|track| track.genre.as_str()).collect();
        let classes: Vec<String> = classes.into_iter().map(str::to_owned).collect();
        let values = |track: &LabelledTrack| -> Vec<f64> {
            let value = |&feature| track.features.get(feature).map_or(0.0, f64::from);
            features.iter().map(value).collect()
        };
        let label = |track: &LabelledTrack| classes.binary_search(&track.genre).ok();
        Self {
            columns: features
                .iter()
                .map(|feature| feature.name().to_owned())
                .collect(),
            values: tracks.iter().flat_map(values).collect(),
            labels: tracks.iter().filter_map(label).collect(),
            classes,
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The values of a row.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.width()..(index + 1) * self.width()]
    }

    /// All rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        (0..self.len()).map(|index| self.row(index))
    }

    /// The values of a column.
    pub fn column(&self, column: usize) -> Vec<f64> {
        self.rows().map(|row| row[column]).collect()
    }

    /// The rows with these indices, in this order.
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            columns: self.columns.clone(),
            values: rows
                .iter()
                .flat_map(|&row| self.row(row))
                .copied()
                .collect(),
            classes: self.classes.clone(),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
        }
    }

    /// The columns with these indices, in this order.
    pub fn keep_columns(&self, columns: &[usize]) -> Self {
        Self {
            columns: columns
                .iter()
                .map(|&column| self.columns[column].clone())
                .collect(),
            values: self
                .rows()
                .flat_map(|row| columns.iter().map(|&column| row[column]))
                .collect(),
            classes: self.classes.clone(),
            labels: self.labels.clone(),
        }
    }

    /// The table without the columns of these names.
    pub fn without(&self, names: &[&str]) -> Self {
        let kept: Vec<usize> = (0..self.width())
            .filter(|&column| !names.contains(&self.columns[column].as_str()))
            .collect();
        self.keep_columns(&kept)
    }

    /// The table with the product of every two columns behind the columns.
    pub fn with_interactions(&self) -> Self {
        let pairs: Vec<(usize, usize)> = (0..self.width())
            .flat_map(|first| (first + 1..self.width()).map(move |second| (first, second)))
            .collect();
        let mut columns = self.columns.clone();
        columns.extend(
            pairs.iter().map(|&(first, second)| {
                format!("{} × {}", self.columns[first], self.columns[second])
            }),
        );
        let values = self
            .rows()
            .flat_map(|row| {
                let products = pairs
                    .iter()
                    .map(|&(first, second)| row[first] * row[second]);
                row.iter().copied().chain(products).collect::<Vec<_>>()
            })
            .collect();
        Self {
            columns,
            values,
            classes: self.classes.clone(),
            labels: self.labels.clone(),
        }
    }
}

/// Moves each column to mean 0 and standard deviation 1, as the rows it was made from have them.
#[derive(Clone, Debug)]
pub struct Standardisation {
    means: Vec<f64>,
    deviations: Vec<f64>,
}

impl Standardisation {
    /// From the rows of a table.
    pub fn of(table: &Table) -> Self {
        let (means, deviations) = (0..table.width())
            .map(|column| {
                let values = table.column(column);
                let mean = crate::statistics::mean(&values);
                let deviation = crate::statistics::standard_deviation(&values);
                (mean, if deviation > 0.0 { deviation } else { 1.0 })
            })
            .unzip();
        Self { means, deviations }
    }

    /// A table of the same columns, standardised.
    pub fn apply(&self, table: &Table) -> Table {
        let mut standardised = table.clone();
        for (index, value) in standardised.values.iter_mut().enumerate() {
            let column = index % table.width();
            *value = (*value - self.means[column]) / self.deviations[column];
        }
        standardised
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            columns: vec!["a".into(), "b".into(), "c".into()],
            values: vec![1.0, 2.0, 3.0, 3.0, 2.0, 5.0],
            classes: vec!["x".into(), "y".into()],
            labels: vec![0, 1],
        }
    }

    #[test]
    fn interactions_are_the_products_of_pairs() {
        let table = table().with_interactions();
        assert_eq!(table.columns[3..], ["a × b", "a × c", "b × c"]);
        assert_eq!(table.row(1), [3.0, 2.0, 5.0, 6.0, 15.0, 10.0]);
    }

    #[test]
    fn a_standardised_column_has_mean_0_and_deviation_1() {
        let standardised = Standardisation::of(&table()).apply(&table());
        assert_eq!(standardised.column(0), [-1.0, 1.0]);
        // A column with one value stays finite.
        assert_eq!(standardised.column(1), [0.0, 0.0]);
    }

    #[test]
    fn rows_and_columns_are_taken_by_index() {
        assert_eq!(table().select(&[1]).row(0), [3.0, 2.0, 5.0]);
        let kept = table().without(&["b"]);
        assert_eq!((kept.row(0), kept.width()), (&[1.0, 3.0][..], 2));
    }
}

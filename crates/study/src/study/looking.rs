//! What the features look like, and how far genres lie apart in them.

use crate::linkage::{Join, average_linkage, leaf_order};
use crate::statistics::{correlation, mean, quantile, standard_deviation};
use crate::table::{Standardisation, Table};

/// What there is to see in a table before anything is learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The classes' names.
    pub classes: Vec<String>,
    /// How each column is distributed in each class.
    pub distributions: Vec<Distribution>,
    /// Pearson's correlation of every two columns.
    pub correlations: Vec<Vec<f64>>,
    /// How far every two classes lie apart, in standard deviations within the two.
    pub distances: Vec<Vec<f64>>,
    /// Which classes group together by these distances.
    pub joins: Vec<Join>,
}

/// How a column is distributed.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// Where the bars begin and end.
    pub range: (f64, f64),
    /// For each class the share of its rows in each bar; rows beyond the range are in the first and the last.
    pub shares: Vec<Vec<f64>>,
    /// The median of each class.
    pub medians: Vec<f64>,
    /// The lower quartile, the median and the upper quartile of all rows.
    pub quartiles: [f64; 3],
    /// How many rows lie further than one and a half times the distance between the quartiles outside them (Tukey 1977).
    pub outliers: usize,
    /// The class with the largest share of such rows, and that share.
    pub most_outliers: (usize, f64),
}

/// The bars of a distribution.
const BARS: usize = 48;

impl Look {
    /// Looks at a table.
    pub fn at(table: &Table) -> Self {
        let columns: Vec<Vec<f64>> = (0..table.width())
            .map(|column| table.column(column))
            .collect();
        let distances = mahalanobis_distances(table);
        Self {
            columns: table.columns.clone(),
            classes: table.classes.clone(),
            distributions: columns
                .iter()
                .map(|values| Distribution::of(values, &table.labels, table.classes.len()))
                .collect(),
            correlations: columns
                .iter()
                .map(|a| columns.iter().map(|b| correlation(a, b)).collect())
                .collect(),
            joins: average_linkage(&distances),
            distances,
        }
    }

    /// The classes in the order of the tree that the joins make.
    pub fn tree_order(&self) -> Vec<usize> {
        leaf_order(self.classes.len(), &self.joins)
    }

    /// Every two classes with their distance, the nearest first.
    pub fn nearest_pairs(&self) -> Vec<(usize, usize, f64)> {
        let mut pairs: Vec<(usize, usize, f64)> = (0..self.classes.len())
            .flat_map(|a| (a + 1..self.classes.len()).map(move |b| (a, b)))
            .map(|(a, b)| (a, b, self.distances[a][b]))
            .collect();
        pairs.sort_by(|a, b| a.2.total_cmp(&b.2));
        pairs
    }

    /// Every two columns with their correlation, the strongest first.
    pub fn strongest_correlations(&self) -> Vec<(usize, usize, f64)> {
        let mut pairs: Vec<(usize, usize, f64)> = (0..self.columns.len())
            .flat_map(|a| (a + 1..self.columns.len()).map(move |b| (a, b)))
            .map(|(a, b)| (a, b, self.correlations[a][b]))
            .collect();
        pairs.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
        pairs
    }
}

impl Distribution {
    fn of(values: &[f64], labels: &[usize], classes: usize) -> Self {
        let sorted = sorted(values.to_vec());
        let range = (quantile(&sorted, 0.005), quantile(&sorted, 0.995));
        let quartiles = [0.25, 0.5, 0.75].map(|share| quantile(&sorted, share));
        let reach = 1.5 * (quartiles[2] - quartiles[0]);
        let is_outlier = |value: f64| value < quartiles[0] - reach || value > quartiles[2] + reach;
        let width = (range.1 - range.0).max(f64::MIN_POSITIVE);
        let mut shares = vec![vec![0.0; BARS]; classes];
        let mut outliers = vec![0.0; classes];
        let mut rows = vec![0.0; classes];
        for (&value, &label) in values.iter().zip(labels) {
            let bar = ((value - range.0) / width * BARS as f64).clamp(0.0, BARS as f64 - 1.0);
            shares[label][bar as usize] += 1.0;
            rows[label] += 1.0;
            if is_outlier(value) {
                outliers[label] += 1.0;
            }
        }
        for (shares, &rows) in shares.iter_mut().zip(&rows) {
            for share in shares {
                *share /= f64::max(rows, 1.0);
            }
        }
        let medians = (0..classes)
            .map(|class| {
                let own = values
                    .iter()
                    .zip(labels)
                    .filter(|(_, label)| **label == class);
                quantile(&self::sorted(own.map(|(value, _)| *value).collect()), 0.5)
            })
            .collect();
        let outlier_shares: Vec<f64> = outliers
            .iter()
            .zip(&rows)
            .map(|(outliers, &rows)| outliers / f64::max(rows, 1.0))
            .collect();
        let most = crate::statistics::largest(&outlier_shares);
        Self {
            range,
            shares,
            medians,
            quartiles,
            outliers: outliers.iter().sum::<f64>() as usize,
            most_outliers: (most, outlier_shares.get(most).copied().unwrap_or(0.0)),
        }
    }
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The Mahalanobis distance between the means of every two classes, by the mean of their two covariances: in standard
/// deviations within the two, with the features' correlations taken out. Other classes do not count: a feature in which
/// both are narrow tells them apart, however wide the others are.
pub fn mahalanobis_distances(table: &Table) -> Vec<Vec<f64>> {
    let standardised = Standardisation::of(table).apply(table);
    let classes: Vec<(Vec<f64>, Vec<Vec<f64>>)> = (0..table.classes.len())
        .map(|class| {
            let rows: Vec<usize> = (0..table.len())
                .filter(|&row| table.labels[row] == class)
                .collect();
            mean_and_covariance(&standardised.select(&rows))
        })
        .collect();
    let distance = |(means, covariance): &(Vec<f64>, Vec<Vec<f64>>),
                    other: &(Vec<f64>, Vec<Vec<f64>>)| {
        let difference: Vec<f64> = means.iter().zip(&other.0).map(|(a, b)| a - b).collect();
        let mut both = covariance.clone();
        for (row, (own, others)) in both.iter_mut().zip(&other.1).enumerate() {
            for (own, others) in own.iter_mut().zip(others) {
                *own = (*own + others) / 2.0;
            }
            // Columns that say the same would leave nothing to divide by.
            own[row] += 1e-9;
        }
        let weighted = solve(both, difference.clone());
        let square: f64 = difference.iter().zip(&weighted).map(|(a, b)| a * b).sum();
        square.max(0.0).sqrt()
    };
    let mut distances = vec![vec![0.0; classes.len()]; classes.len()];
    for a in 0..classes.len() {
        for b in a + 1..classes.len() {
            distances[a][b] = distance(&classes[a], &classes[b]);
            distances[b][a] = distances[a][b];
        }
    }
    distances
}

/// The mean of each column, and the covariance of every two.
fn mean_and_covariance(table: &Table) -> (Vec<f64>, Vec<Vec<f64>>) {
    let width = table.width();
    let means: Vec<f64> = (0..width)
        .map(|column| mean(&table.column(column)))
        .collect();
    let mut covariance = vec![vec![0.0; width]; width];
    for row in table.rows() {
        for a in 0..width {
            for b in 0..width {
                let product = (row[a] - means[a]) * (row[b] - means[b]);
                covariance[a][b] += product / table.len().max(1) as f64;
            }
        }
    }
    (means, covariance)
}

/// Solves a system of linear equations by elimination with row exchange.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for column in 0..size {
        let pivot = (column..size)
            .max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))
            .unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let pivot = matrix[column].clone();
        for row in column + 1..size {
            let factor = matrix[row][column] / pivot[column];
            for (value, above) in matrix[row].iter_mut().zip(&pivot) {
                *value -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    let mut solution = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size)
            .map(|other| matrix[row][other] * solution[other])
            .sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    solution
}

/// How far a class's rows lie from its mean in a column, in standard deviations of the class.
pub(super) fn deviation(values: &[f64], of_class: &[f64]) -> f64 {
    let spread = standard_deviation(of_class);
    if spread > 0.0 {
        (mean(values) - mean(of_class)) / spread
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved() {
        let matrix = vec![vec![0.0, 2.0], vec![4.0, 1.0]];
        let solution = solve(matrix, vec![6.0, 11.0]);
        assert!((solution[0] - 2.0).abs() < 1e-12 && (solution[1] - 3.0).abs() < 1e-12);
    }

    /// Two classes whose means differ by 6 in the first column, with a standard deviation of 2 within each class.
    fn two_classes() -> Table {
        let mut table = Table {
            columns: vec!["a".into(), "b".into()],
            values: Vec::new(),
            classes: vec!["x".into(), "y".into()],
            labels: Vec::new(),
        };
        for (class, centre) in [(0, 10.0), (1, 16.0)] {
            for (a, b) in [(-2.0, -1.0), (-2.0, 1.0), (2.0, -1.0), (2.0, 1.0)] {
                table.values.extend([centre + a, b]);
                table.labels.push(class);
            }
        }
        table
    }

    #[test]
    fn distances_are_in_deviations_within_a_class() {
        let distances = mahalanobis_distances(&two_classes());
        assert!((distances[0][1] - 3.0).abs() < 1e-6, "{distances:?}");
        assert_eq!(distances[0][0], 0.0);
        // Units do not matter.
        let mut scaled = two_classes();
        scaled
            .values
            .iter_mut()
            .step_by(2)
            .for_each(|value| *value *= 1000.0);
        assert!((mahalanobis_distances(&scaled)[0][1] - 3.0).abs() < 1e-6);
    }

    #[test]
    fn a_third_class_changes_no_distance_of_two() {
        let mut wide = two_classes();
        wide.classes.push("z".into());
        for a in [-1000.0, 1000.0] {
            wide.values.extend([a, a]);
            wide.labels.push(2);
        }
        let distances = mahalanobis_distances(&wide);
        assert!((distances[0][1] - 3.0).abs() < 1e-3, "{distances:?}");
    }

    #[test]
    fn a_far_value_is_an_outlier() {
        let mut values: Vec<f64> = (0..99).map(f64::from).collect();
        values.push(1000.0);
        let labels: Vec<usize> = (0..100).map(|row| usize::from(row >= 90)).collect();
        let distribution = Distribution::of(&values, &labels, 2);
        assert_eq!(distribution.outliers, 1);
        assert_eq!(distribution.most_outliers, (1, 0.1));
        for shares in &distribution.shares {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}

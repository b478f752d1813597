//! What the genres' forest is worth by its size.

use overtone_forest::Forest;

use crate::StudyError;
use crate::abroad::{Fold, Told, leave_one_out};
use crate::boost::Boosting;
use crate::figures::mean;
use crate::pool::Pool;
use crate::recipe::Recipe;
use crate::ship::{at_home, pack};

/// The sizes of packed forests, in bytes, up to which the largest is looked for.
const SIZES: [usize; 5] = [25_000, 50_000, 100_000, 150_000, 300_000];

/// So many rounds make more than the largest size.
const ROUNDS: usize = 540;

/// A forest of some size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizePoint {
    /// After how many rounds of boosting.
    pub rounds: usize,
    /// The bytes of the packed forest.
    pub bytes: usize,
    /// The balanced accuracy at home, told the sound and the length, 0 to 1.
    pub home: f64,
    /// The mean of that on each collection left out.
    pub abroad: f64,
}

/// Learns many more rounds than ship, and measures the largest forest of each of five sizes, and the shipped one. Takes four
/// times as long as [`ship`](crate::ship::ship).
///
/// # Errors
/// As [`ship`](crate::ship::ship).
pub fn size_curve(
    pool: &Pool,
    recipe: &Recipe,
    mut progress: impl FnMut(&str),
) -> Result<Vec<SizePoint>, StudyError> {
    let rounds = |boosting: Boosting, rounds: usize| Boosting { rounds, ..boosting };
    let longer = Recipe {
        boosting: rounds(recipe.boosting, ROUNDS),
        // Not measured here.
        outside: rounds(recipe.outside, 0),
        ..recipe.clone()
    };
    progress("learning larger forests");
    let learned = longer.learn(pool, |_| true, |_| {})?;
    let forest = pack(&learned, 1.0)?;
    let folds = leave_one_out(pool, &longer, |name| {
        progress(&format!("larger forests, leaving out {name}"));
    })?;
    let home = at_home(pool, &longer)?;
    let measured = Measured {
        forest: &forest,
        popularity: learned.popularity.len(),
        home: &home,
        folds: &folds,
    };
    let mut rounds: Vec<usize> = SIZES.map(|size| measured.rounds_within(size)).to_vec();
    rounds.push(recipe.boosting.rounds);
    rounds.sort_unstable();
    rounds.dedup();
    Ok(measured.after(pool, &rounds))
}

/// A forest of all collections, and how the same recipe does on what it has not learned from.
pub(crate) struct Measured<'a> {
    pub(crate) forest: &'a Forest,
    /// How many trees at its beginning say what popularity adds; they stay, whatever the rounds.
    pub(crate) popularity: usize,
    pub(crate) home: &'a Fold,
    pub(crate) folds: &'a [Fold],
}

impl Measured<'_> {
    /// What it is worth after each of some numbers of rounds.
    pub(crate) fn after(&self, pool: &Pool, rounds: &[usize]) -> Vec<SizePoint> {
        let rounds = rounds.iter().copied().filter(|&rounds| rounds > 0);
        let point = |rounds| {
            let right = |fold: &Fold| {
                let learned = &fold.learned;
                let answers = fold.test.ask(pool, learned, Told::SoundAndLength, rounds);
                answers.balanced_accuracy()
            };
            SizePoint {
                rounds,
                bytes: self.bytes(rounds),
                home: right(self.home),
                abroad: mean(self.folds.iter().map(right)),
            }
        };
        rounds.map(point).collect()
    }

    /// The most rounds whose forest takes at most so many bytes; 0 if one round takes more.
    fn rounds_within(&self, bytes: usize) -> usize {
        let trees = self.forest.trees().len().saturating_sub(self.popularity);
        let most = trees / self.forest.classes().len();
        let all: Vec<usize> = (1..=most).collect();
        all.partition_point(|&rounds| self.bytes(rounds) <= bytes)
    }

    fn bytes(&self, rounds: usize) -> usize {
        let trees = self.popularity + rounds * self.forest.classes().len();
        self.forest.first_trees(trees).write().len()
    }
}

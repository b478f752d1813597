//! How far a file's own genres and the answers agree.

/// For each pair of a file's genre and an answer, how many tracks have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    genres: usize,
    /// In rows by the file's genre, in columns by the answer.
    counts: Vec<u64>,
}

impl Agreement {
    /// Nothing counted yet, for a number of genres.
    pub fn new(genres: usize) -> Self {
        Self {
            genres,
            counts: vec![0; genres * genres],
        }
    }

    /// Counts tracks with the file's genre and the answer, each by the genre's index.
    pub fn add(&mut self, labelled: usize, answered: usize, tracks: u64) {
        let is_inside = labelled < self.genres && answered < self.genres;
        if let Some(count) = self
            .counts
            .get_mut(labelled * self.genres + answered)
            .filter(|_| is_inside)
        {
            *count += tracks;
        }
    }

    /// How many tracks have the file's genre and the answer.
    pub fn count(&self, labelled: usize, answered: usize) -> u64 {
        let index = (answered < self.genres).then_some(labelled * self.genres + answered);
        index
            .and_then(|index| self.counts.get(index))
            .copied()
            .unwrap_or(0)
    }

    /// How many tracks the file labels with a genre.
    pub fn labelled(&self, labelled: usize) -> u64 {
        (0..self.genres)
            .map(|answered| self.count(labelled, answered))
            .sum()
    }

    /// How many tracks were answered with a genre.
    pub fn answered(&self, answered: usize) -> u64 {
        (0..self.genres)
            .map(|labelled| self.count(labelled, answered))
            .sum()
    }

    /// How many tracks were counted.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The share of tracks whose answer is the file's genre, 0 to 1; `None` without tracks.
    pub fn accuracy(&self) -> Option<f64> {
        let right: u64 = (0..self.genres).map(|genre| self.count(genre, genre)).sum();
        ratio(right, self.total())
    }

    /// The share of a genre's tracks that were answered with it, 0 to 1; `None` without tracks.
    pub fn recall(&self, genre: usize) -> Option<f64> {
        ratio(self.count(genre, genre), self.labelled(genre))
    }

    /// The mean of the recalls of the genres that have tracks, 0 to 1.
    pub fn mean_recall(&self) -> Option<f64> {
        let recalls: Vec<f64> = (0..self.genres)
            .filter_map(|genre| self.recall(genre))
            .collect();
        (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_was_counted() {
        let mut agreement = Agreement::new(3);
        assert_eq!(agreement.accuracy(), None);
        agreement.add(0, 0, 3);
        agreement.add(0, 1, 1);
        agreement.add(1, 1, 1);
        agreement.add(1, 0, 1);
        agreement.add(9, 0, 5);
        agreement.add(0, 9, 5);
        assert_eq!(agreement.total(), 6);
        assert_eq!(agreement.accuracy(), Some(4.0 / 6.0));
        assert_eq!(agreement.recall(0), Some(0.75));
        assert_eq!(agreement.recall(2), None);
        assert_eq!(agreement.mean_recall(), Some(0.625));
        assert_eq!((agreement.labelled(0), agreement.answered(0)), (4, 4));
    }
}

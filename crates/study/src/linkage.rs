//! How things group by their distances.

/// Two groups that were joined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Join {
    /// The first group: a thing's index, or the number of things plus the index of the join that made the group.
    pub first: usize,
    /// The second group, likewise.
    pub second: usize,
    /// The mean distance between the things of both.
    pub distance: f64,
}

/// Joins the two nearest groups until one is left (average linkage, Sokal and Michener 1958). `distances` is square
/// and symmetric.
pub fn average_linkage(distances: &[Vec<f64>]) -> Vec<Join> {
    let mut groups: Vec<(usize, Vec<usize>)> = (0..distances.len())
        .map(|thing| (thing, vec![thing]))
        .collect();
    let between = |first: &[usize], second: &[usize]| {
        let sum: f64 = first
            .iter()
            .flat_map(|&a| second.iter().map(move |&b| distances[a][b]))
            .sum();
        sum / (first.len() * second.len()) as f64
    };
    let mut joins = Vec::new();
    while groups.len() > 1 {
        let mut nearest = (0, 1, f64::INFINITY);
        for first in 0..groups.len() {
            for second in first + 1..groups.len() {
                let distance = between(&groups[first].1, &groups[second].1);
                if distance < nearest.2 {
                    nearest = (first, second, distance);
                }
            }
        }
        let (first, second, distance) = nearest;
        let (second_name, second_things) = groups.remove(second);
        let (first_name, first_things) = &mut groups[first];
        joins.push(Join {
            first: *first_name,
            second: second_name,
            distance,
        });
        *first_name = distances.len() + joins.len() - 1;
        first_things.extend(second_things);
    }
    joins
}

/// The things in the order in which a dendrogram of the joins has them, so that no lines cross.
pub fn leaf_order(things: usize, joins: &[Join]) -> Vec<usize> {
    let mut order = Vec::new();
    // The last join holds everything; without one there is one thing, or none.
    let mut open: Vec<usize> = (things + joins.len()).checked_sub(1).into_iter().collect();
    while let Some(group) = open.pop() {
        match group.checked_sub(things) {
            Some(join) => open.extend([joins[join].second, joins[join].first]),
            None => order.push(group),
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_joined_first() {
        // Four points on a line: 0, 1, 5, 8.
        let points = [0.0_f64, 5.0, 1.0, 8.0];
        let distances: Vec<Vec<f64>> = points
            .iter()
            .map(|a| points.iter().map(|b| (a - b).abs()).collect())
            .collect();
        let joins = average_linkage(&distances);
        let join = |first, second, distance| Join {
            first,
            second,
            distance,
        };
        // The last: the mean of 5, 4, 8 and 7.
        assert_eq!(joins, [join(0, 2, 1.0), join(1, 3, 3.0), join(4, 5, 6.0)]);
        assert_eq!(leaf_order(4, &joins), [0, 2, 1, 3]);
    }

    #[test]
    fn one_thing_or_none_needs_no_join() {
        assert!(average_linkage(&[vec![0.0]]).is_empty());
        assert_eq!(leaf_order(1, &[]), [0]);
        assert!(leaf_order(0, &[]).is_empty());
    }
}

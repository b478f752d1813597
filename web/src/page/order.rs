//! Putting things in order. One function for all, because each kind of sorting takes a place of its own in the wasm.

/// The indices of some values, the largest value first, equal ones as they stand.
pub(crate) fn largest_first(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let is_smaller = |&other: &usize| values.get(other).is_some_and(|other| other < value);
        let place = order.iter().position(is_smaller);
        order.insert(place.unwrap_or(order.len()), index);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_keep_their_places() {
        assert_eq!(largest_first(&[0.2, 0.5, 0.2, 0.9]), [3, 1, 0, 2]);
        assert_eq!(largest_first(&[]), Vec::<usize>::new());
    }
}

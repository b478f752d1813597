//! The probability of a genre along a feature, as a drawing.

use overtone_genre::Piece;

use super::scale::Scale;

/// The lowest top that curves are drawn to, so that what hardly ever happens does not look like a mountain.
const LOWEST_TOP: f64 = 0.2;

/// The probability that is drawn at the top, the same for all features, so that their curves can be compared.
pub(crate) fn top(curves: &[Vec<Piece>]) -> f64 {
    let probabilities = curves.iter().flatten().map(|piece| piece.probability);
    probabilities.fold(LOWEST_TOP, f64::max)
}

/// The area under the curve, as an SVG path in a square of 100 by 100: probability 0 at the bottom, `top` at the top,
/// the slider's ends at the sides.
pub(crate) fn area(pieces: &[Piece], top: f64, scale: Scale) -> String {
    let mut path = String::new();
    let mut last = None;
    for piece in pieces {
        let (from, to) = (scale.percent(piece.above), scale.percent(piece.up_to));
        // Beyond the slider's ends, or thinner than what can be seen.
        if to - from < 0.05 {
            continue;
        }
        let height = 100.0 - 100.0 * piece.probability / top;
        if last.is_none() {
            path.push_str(&format!("M{from:.1} 100"));
        }
        // Less than half a percent up or down of the height is no step that one sees.
        if last.is_none_or(|last: f64| (last - height).abs() > 0.4) {
            if last.is_some() {
                path.push_str(&format!("H{from:.1}"));
            }
            path.push_str(&format!("V{height:.1}"));
            last = Some(height);
        }
    }
    if last.is_some() {
        path.push_str("H100V100Z");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::scale;
    use overtone_genre::Feature;

    #[test]
    fn a_step_is_drawn_where_it_is() {
        let pieces = [
            Piece {
                above: f32::NEG_INFINITY,
                up_to: 0.3,
                probability: 0.25,
            },
            Piece {
                above: 0.3,
                up_to: f32::INFINITY,
                probability: 0.75,
            },
        ];
        let path = area(&pieces, top(&[pieces.to_vec()]), scale::of(Feature::Energy));
        assert_eq!(path, "M0.0 100V66.7H30.0V0.0H100V100Z");
        assert_eq!(area(&[], 1.0, scale::of(Feature::Energy)), "");
    }
}

//! The picture of the answer: a string that sounds in eight harmonics at once, one for each genre.
//!
//! The first genre is the fundamental, the second has a node in the middle, and so on. How far each swings is the root
//! of its genre's probability, as a tone's power goes with the square of its amplitude.

use leptos::prelude::*;

use super::boxed;
use super::chosen::Chosen;
use super::texts;

/// The drawing's width; its height goes from -100 to 100.
const WIDTH: f64 = 1000.0;

/// The picture of the answer. It says nothing that the bars do not, so screen readers pass it by.
#[component]
pub(crate) fn Strings(chosen: Chosen) -> impl IntoView {
    let harmonics = (0..chosen.genre_count()).map(|genre| {
        let class = format!("string {}", texts::genre_class(&chosen.genre(genre)));
        view! {
            <path
                class=class
                d=standing_wave(genre + 1)
                style:transform=boxed::text(move || format!("scaleY({:.3})", chosen.probability(genre).sqrt()))
            />
        }
    });
    view! {
        <svg class="strings" viewBox="0 -100 1000 200" preserveAspectRatio="none" aria-hidden="true">
            {harmonics.collect_view()}
        </svg>
    }
}

/// The outline of a string that swings in a harmonic: as many lens-shaped loops as the harmonic has.
///
/// A loop is half a sine wave and its mirror image. A cubic with the sine's slope at its ends and the sine's height in
/// the middle is as good as one.
pub(crate) fn standing_wave(harmonic: usize) -> String {
    let width = WIDTH / harmonic as f64;
    let inset = 4.0 / 3.0 / std::f64::consts::PI * width;
    let mut path = String::new();
    for loop_number in 0..harmonic {
        let start = loop_number as f64 * width;
        let (first, second, end) = (start + inset, start + width - inset, start + width);
        path.push_str(&format!(
            "M{start:.0} 0C{first:.0}-133 {second:.0}-133 {end:.0} 0 {second:.0} 133 {first:.0} 133 {start:.0} 0Z"
        ));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmonic_has_as_many_loops() {
        for harmonic in 1..=8 {
            assert_eq!(standing_wave(harmonic).matches('M').count(), harmonic);
        }
        assert!(standing_wave(2).starts_with("M0 0C212-133 288-133 500 0 288 133 212 133 0 0Z"));
    }
}

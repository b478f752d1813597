//! Reading numbers. In the browser it is done by the browser, as the tables of Rust's own reader are ten kilobytes that
//! no packing makes smaller.

/// The number that a text is in digits, with a point and an exponent at most.
pub(crate) fn read(text: &str) -> Option<f32> {
    let is_digits = |letter: char| letter.is_ascii_digit() || "+-.eE".contains(letter);
    let text = text.trim();
    if text.is_empty() || !text.chars().all(is_digits) {
        return None;
    }
    number(text).filter(|number| number.is_finite())
}

#[cfg(target_arch = "wasm32")]
fn number(text: &str) -> Option<f32> {
    // Not a number where it is none. By way of 64 bits, which leaves what 32 bits have written as it was.
    Some(wasm_bindgen::JsValue::from_str(text).unchecked_into_f64() as f32)
}

#[cfg(not(target_arch = "wasm32"))]
fn number(text: &str) -> Option<f32> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_numbers() {
        assert_eq!(read(" 0.62 "), Some(0.62));
        assert_eq!(read("-1e-3"), Some(-0.001));
        for text in ["", "fast", "NaN", "inf", "0x10", "1e99", "1.2.3"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

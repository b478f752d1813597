//! The versions of the tools, each typed in one place: `Trunk.toml`.

use std::fs;

use anyhow::{Context, Result};

use crate::places;

/// The versions that the page is built with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Pins {
    /// Trunk's version, such as 0.21.14.
    pub(crate) trunk: String,
    /// The version of wasm-bindgen's command, such as 0.2.129. The crate has the same one.
    pub(crate) wasm_bindgen: String,
    /// Binaryen's version as `wasm-opt --version` prints it, such as 132.
    pub(crate) wasm_opt: String,
}

/// Reads the versions out of `Trunk.toml`.
pub(crate) fn read() -> Result<Pins> {
    let file = places::repository().join("Trunk.toml");
    let text =
        fs::read_to_string(&file).with_context(|| format!("{} cannot be read.", file.display()))?;
    from_trunk_toml(&text)
}

fn from_trunk_toml(text: &str) -> Result<Pins> {
    let pin = |key: &str| {
        value(text, key)
            .with_context(|| format!("Trunk.toml does not say which version: {key} is missing."))
    };
    Ok(Pins {
        trunk: pin("trunk-version")?.trim_start_matches('=').to_owned(),
        wasm_bindgen: pin("wasm_bindgen")?.to_owned(),
        wasm_opt: pin("wasm_opt")?.trim_start_matches("version_").to_owned(),
    })
}

/// The value of a line `key = "value"`. A whole TOML reader would cost every first run more than it is worth.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().trim_matches('"'))
    })
}

/// The version in what `--version` prints: its first word that begins with a digit.
pub(crate) fn version_in(text: &str) -> Option<&str> {
    text.split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
}

/// The first two numbers of a version: (1, 96) for 1.96.0.
pub(crate) fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split(['.', '-']).map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pins_are_read_from_trunk_toml() {
        let text = "trunk-version = \"=1.2.3\"\n# wasm_opt = \"no\"\n[tools]\nwasm_bindgen = \"0.4.5\"\nwasm_opt = \"version_67\"\n";
        let pins = from_trunk_toml(text).unwrap();
        assert_eq!(pins.trunk, "1.2.3");
        assert_eq!(pins.wasm_bindgen, "0.4.5");
        assert_eq!(pins.wasm_opt, "67");
        assert!(from_trunk_toml("wasm_bindgen = \"0.4.5\"").is_err());
    }

    #[test]
    fn the_command_and_the_crate_of_wasm_bindgen_are_of_one_version() {
        let lock = fs::read_to_string(places::repository().join("Cargo.lock")).unwrap();
        let mut lines = lock
            .lines()
            .skip_while(|line| *line != "name = \"wasm-bindgen\"");
        lines.next().unwrap();
        let locked = value(lines.next().unwrap(), "version").unwrap();
        assert_eq!(read().unwrap().wasm_bindgen, locked);
    }

    #[test]
    fn versions_are_found_in_what_the_tools_print() {
        for (printed, version) in [
            ("trunk 0.21.14", Some("0.21.14")),
            ("wasm-bindgen 0.2.129 (abcdef123)", Some("0.2.129")),
            ("wasm-opt version 132 (version_132)", Some("132")),
            ("rustc 1.96.0 (ac68faa20 2026-05-25)", Some("1.96.0")),
            ("no such command", None),
        ] {
            assert_eq!(version_in(printed), version);
        }
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(major_minor("1.96.0"), Some((1, 96)));
        assert_eq!(major_minor("1.90"), Some((1, 90)));
        assert!(major_minor("1.100.0") > major_minor("1.96.0"));
        assert_eq!(major_minor("20.2.0-rc1"), Some((20, 2)));
        assert_eq!(major_minor("new"), None);
    }
}

//! What somebody has chosen about a table's columns, in place of what was understood.

use std::fmt;

use crate::header::Role;
use crate::units::Unit;

/// What to do with one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is only carried along.
    Ignore,
    /// It is read as this.
    Read {
        /// What it holds.
        role: Role,
        /// What its numbers are in; decided by its values if `None`.
        unit: Option<Unit>,
    },
}

/// Choices about a table's columns, each with the column's index.
///
/// Those about places can be written as text and read again: `3=energy:percent,5=-`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    columns: Vec<(usize, Choice)>,
    /// Those about columns told by their names, until a table shows where they stand.
    named: Vec<(String, Choice)>,
}

impl Choices {
    /// What was chosen about a column.
    pub fn get(&self, column: usize) -> Option<Choice> {
        let found = self.columns.iter().find(|(index, _)| *index == column)?;
        Some(found.1)
    }

    /// Chooses about a column, or takes the choice back with `None`.
    pub fn set(&mut self, column: usize, choice: Option<Choice>) {
        self.columns.retain(|(index, _)| *index != column);
        self.columns.extend(choice.map(|choice| (column, choice)));
        self.columns.sort_by_key(|(index, _)| *index);
    }

    /// Chooses about the first column with a name, whatever its case, wherever it stands.
    pub fn set_named(&mut self, name: &str, choice: Choice) {
        self.named.push((name.trim().to_owned(), choice));
    }

    /// Whether nothing was chosen.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.named.is_empty()
    }

    /// The same choices, with names in place of which stands where in `names`; and the names that stand nowhere.
    pub(crate) fn placed(&self, names: &[String]) -> (Self, Vec<String>) {
        let mut placed = Self {
            columns: self.columns.clone(),
            named: Vec::new(),
        };
        let mut nowhere = Vec::new();
        for (name, choice) in &self.named {
            match names
                .iter()
                .position(|found| found.to_lowercase() == name.to_lowercase())
            {
                Some(index) => placed.set(index, Some(*choice)),
                None => nowhere.push(name.clone()),
            }
        }
        (placed, nowhere)
    }

    /// Reads what [`fmt::Display`] writes; what is not understood is left out.
    pub fn from_text(text: &str) -> Self {
        let mut choices = Self::default();
        for part in text.split(',') {
            if let Some((index, choice)) = part.split_once('=')
                && let (Ok(index), Some(choice)) = (index.trim().parse(), Choice::from_text(choice))
            {
                choices.set(index, Some(choice));
            }
        }
        choices
    }
}

impl fmt::Display for Choices {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (index, choice)) in self.columns.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(formatter, "{comma}{index}={choice}")?;
        }
        Ok(())
    }
}

impl Choice {
    /// Reads `energy`, `energy:percent`, or `-` for a column that is only carried along.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "-" {
            return Some(Self::Ignore);
        }
        let (role, unit) = match text.split_once(':') {
            Some((role, unit)) => (role, Some(unit)),
            None => (text, None),
        };
        let role = Role::from_name(role)?;
        let unit = match (unit, role) {
            (None, _) => None,
            (Some(unit), Role::Feature(feature)) => {
                let unit = Unit::from_name(unit)?;
                Some(*Unit::of(feature).iter().find(|of| **of == unit)?)
            }
            (Some(_), _) => return None,
        };
        Some(Self::Read { role, unit })
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ignore => formatter.write_str("-"),
            Self::Read { role, unit: None } => formatter.write_str(role.name()),
            Self::Read {
                role,
                unit: Some(unit),
            } => write!(formatter, "{}:{}", role.name(), unit.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use overtone_genre::Feature;

    use super::*;

    #[test]
    fn choices_read_back() {
        let mut choices = Choices::default();
        choices.set(5, Some(Choice::Ignore));
        let percent = Choice::Read {
            role: Role::Feature(Feature::Energy),
            unit: Some(Unit::Percent),
        };
        choices.set(3, Some(percent));
        choices.set(
            7,
            Some(Choice::Read {
                role: Role::Feature(Feature::Duration),
                unit: Some(Unit::ClockTime),
            }),
        );
        choices.set(8, Some(Choice::Ignore));
        choices.set(8, None);
        assert_eq!(
            choices.to_string(),
            "3=energy:percent,5=-,7=duration_ms:m:ss"
        );
        assert_eq!(Choices::from_text(&choices.to_string()), choices);
        assert_eq!(choices.get(3), Some(percent));
        assert_eq!(choices.get(8), None);
        for wrong in [
            "",
            "x",
            "1=",
            "a=energy",
            "1=energy:dB",
            "1=colour",
            "1=title:percent",
        ] {
            assert!(Choices::from_text(wrong).is_empty(), "{wrong}");
        }
    }
}

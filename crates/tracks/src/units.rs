//! Which unit a table's numbers are in. Decided by columns, and for the seven ratios by all of them together; never by
//! single values, as a 1 in a table of percentages means 1 %.

use std::fmt;

use overtone_genre::Feature;

use crate::cell;
use crate::number::{Comma, CommaVotes, MINUTES, SECONDS, has_percent_sign, number};

/// In what a column's numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// From 0 to 1.
    Ratio,
    /// From 0 to 100.
    Percent,
    /// Decibels, nearly always below 0.
    Decibels,
    /// Decibels whose minus sign was left out. Never guessed, only chosen.
    DecibelsWithoutMinus,
    /// Beats per minute.
    BeatsPerMinute,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes, with decimals.
    Minutes,
    /// A clock time: minutes and seconds (`3:05`), or hours, minutes and seconds (`1:02:45`).
    ClockTime,
    /// Minutes and seconds that a spreadsheet took for hours and minutes: `03:05:00`.
    ClockTimeAsHours,
    /// From 0 to 100, as Spotify gives popularity.
    OfHundred,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Unit; 11] = [
        Unit::Ratio,
        Unit::Percent,
        Unit::Decibels,
        Unit::DecibelsWithoutMinus,
        Unit::BeatsPerMinute,
        Unit::Milliseconds,
        Unit::Seconds,
        Unit::Minutes,
        Unit::ClockTime,
        Unit::ClockTimeAsHours,
        Unit::OfHundred,
    ];

    /// The units that a feature can be in, the usual one first.
    pub fn of(feature: Feature) -> &'static [Unit] {
        match feature {
            Feature::Loudness => &[Unit::Decibels, Unit::DecibelsWithoutMinus],
            Feature::Tempo => &[Unit::BeatsPerMinute],
            Feature::Duration => &[
                Unit::Milliseconds,
                Unit::Seconds,
                Unit::Minutes,
                Unit::ClockTime,
                Unit::ClockTimeAsHours,
            ],
            Feature::Popularity => &[Unit::OfHundred],
            _ => &[Unit::Ratio, Unit::Percent],
        }
    }

    /// A short name, as commands and stored choices use it.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Ratio => "ratio",
            Unit::Percent => "percent",
            Unit::Decibels => "dB",
            Unit::DecibelsWithoutMinus => "dB-without-minus",
            Unit::BeatsPerMinute => "BPM",
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
            Unit::Minutes => "min",
            Unit::ClockTime => "m:ss",
            Unit::ClockTimeAsHours => "mm:ss:00",
            Unit::OfHundred => "of-100",
        }
    }

    /// The unit with a [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|unit| unit.name().eq_ignore_ascii_case(name))
    }

    /// A number in this unit, in the feature's own.
    pub(crate) fn convert(self, number: f32) -> f32 {
        match self {
            Unit::Percent => number / 100.0,
            Unit::DecibelsWithoutMinus => -number,
            Unit::Seconds => number * 1_000.0,
            Unit::Minutes => number * 60_000.0,
            _ => number,
        }
    }
}

/// How sure it is that a column was read as it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It may be otherwise: look at it.
    Unsure,
    /// Nothing speaks against it.
    Likely,
    /// The name and the values agree.
    Certain,
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unsure => "unsure",
            Self::Likely => "likely",
            Self::Certain => "certain",
        })
    }
}

/// How a feature's column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Understanding {
    /// What its numbers are in.
    pub unit: Unit,
    /// What a comma in them is.
    pub comma: Comma,
    /// How sure that is.
    pub confidence: Confidence,
}

/// Why a column is not read, though its name is that of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Most of its cells are no numbers.
    NotNumbers,
    /// Most of its numbers cannot be the feature's, in no unit that is known.
    OutOfScale,
    /// Loudness whose numbers are all above 0: some scale of its own, not decibels.
    NotDecibels,
    /// Another column is read for it.
    Taken,
}

impl fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotNumbers => "most of its cells hold no number",
            Self::OutOfScale => "most of its numbers lie outside what the feature can have",
            Self::NotDecibels => "its numbers are not decibels, which lie below 0",
            Self::Taken => "another column is read for it",
        })
    }
}

/// A column that may hold a feature.
pub(crate) struct Candidate<'a> {
    pub(crate) feature: Feature,
    /// The unit that the name tells, or that somebody has chosen.
    pub(crate) told: Option<Unit>,
    /// Whether somebody has chosen the column: it is read then, whatever its values.
    pub(crate) chosen: bool,
    /// Whether its name could also ask whether the track is so at all, yes or no.
    pub(crate) also_yes_or_no: bool,
    /// Whether its name and its neighbours could also mean the time of a day.
    pub(crate) may_be_time_of_day: bool,
    /// Its first values that are not missing.
    pub(crate) values: Vec<&'a str>,
}

/// With how many values a column is judged; with fewer, its rows tell what is wrong.
const ENOUGH: usize = 3;

/// How each candidate is read, or why not; and how many of its values that makes sense of.
pub(crate) fn decide(candidates: &[Candidate<'_>]) -> Vec<(Result<Understanding, Unfit>, usize)> {
    let votes: Vec<CommaVotes> = candidates
        .iter()
        .map(|candidate| {
            let mut votes = CommaVotes::default();
            candidate.values.iter().for_each(|value| votes.count(value));
            votes
        })
        .collect();
    let mut all = CommaVotes::default();
    votes.iter().for_each(|votes| all.add(*votes));
    let commas: Vec<Comma> = candidates
        .iter()
        .zip(&votes)
        .map(|(candidate, votes)| comma(candidate, *votes, all))
        .collect();
    let percentages = percentages(candidates, &commas);
    candidates
        .iter()
        .zip(commas.iter().zip(percentages))
        .map(|(candidate, (&comma, percentage))| judge(candidate, comma, percentage))
        .collect()
}

/// What a comma is in a column: what its own numbers tell, else what the table's do. What still could be both is what
/// makes more of the numbers possible.
fn comma(candidate: &Candidate<'_>, own: CommaVotes, table: CommaVotes) -> Comma {
    if let Some(comma) = own.verdict() {
        return comma;
    }
    if own.either == 0 {
        return table.verdict().unwrap_or_default();
    }
    if let Some(comma) = table.verdict() {
        return comma;
    }
    let possible = |comma| {
        let units = Unit::of(candidate.feature).iter();
        units
            .map(|&unit| {
                fitting(
                    candidate,
                    Understanding {
                        unit,
                        comma,
                        confidence: Confidence::Likely,
                    },
                )
            })
            .max()
    };
    if possible(Comma::Decimal) > possible(Comma::Thousands) {
        Comma::Decimal
    } else {
        Comma::Thousands
    }
}

/// How many of a candidate's values can be read.
fn fitting(candidate: &Candidate<'_>, understanding: Understanding) -> usize {
    let read = |value: &&&str| {
        matches!(
            cell::value(candidate.feature, understanding, value),
            Ok(Some(_))
        )
    };
    candidate.values.iter().filter(read).count()
}

/// For each candidate whether it is in percent, and how sure that is; `None` for what is no ratio.
///
/// The columns vote, each by whether more of its numbers lie above 1 than between 0 and 1. Zeros and ones are in both
/// kinds of table and do not count. The majority decides for all, as tools write all ratios alike; a column of its own
/// kind is believed only if its name, its percent signs or numbers far above 1 say so, or if it has fractions below 1 only
/// where all percentages are whole. Names that tell percent are not believed if no number of theirs is above 1.
fn percentages(candidates: &[Candidate<'_>], commas: &[Comma]) -> Vec<Option<(bool, Confidence)>> {
    struct Ballot {
        marked: bool,
        above: usize,
        numbers: usize,
        /// How many of the numbers are whole.
        whole: usize,
        most: f32,
    }
    let names_are_wrong = names_are_wrong(candidates, commas);
    let ballots: Vec<Option<Ballot>> = candidates
        .iter()
        .zip(commas)
        .map(|(candidate, &comma)| {
            if !candidate.feature.is_ratio() {
                return None;
            }
            let signs = candidate
                .values
                .iter()
                .filter(|value| has_percent_sign(value))
                .count();
            let is_named = candidate.told == Some(Unit::Percent)
                && !(names_are_wrong && is_percent_by_name(candidate));
            let numbers = candidate
                .values
                .iter()
                .filter_map(|value| number(value, comma));
            let mut ballot = Ballot {
                marked: is_named || signs * 2 > candidate.values.len(),
                above: 0,
                numbers: 0,
                whole: 0,
                most: 0.0,
            };
            for number in numbers.filter(|&number| number > 0.0 && number != 1.0) {
                ballot.numbers += 1;
                ballot.above += usize::from(number > 1.0);
                ballot.whole += usize::from(number.fract() == 0.0);
                ballot.most = ballot.most.max(number);
            }
            Some(ballot)
        })
        .collect();
    let voters = || {
        ballots
            .iter()
            .flatten()
            .filter(|ballot| ballot.marked || ballot.numbers > 0)
    };
    let is_for = |ballot: &Ballot| ballot.marked || ballot.above * 2 > ballot.numbers;
    let votes_for = voters().filter(|ballot| is_for(ballot)).count();
    let table = votes_for * 2 > voters().count();
    let unanimous = votes_for == 0 || votes_for == voters().count();
    // No table of percentages ends at 10; it may be a scale of its own.
    let marks = voters().filter(|ballot| ballot.marked).count();
    let ends_early =
        marks == 0 && voters().count() > 1 && voters().all(|ballot| ballot.most <= 10.0);
    let percentages_are_whole = voters()
        .filter(|ballot| is_for(ballot))
        .all(|ballot| ballot.whole == ballot.numbers);
    ballots
        .iter()
        .zip(candidates)
        .map(|(ballot, candidate)| {
            let ballot = ballot.as_ref()?;
            if let Some(unit) = candidate.told {
                if names_are_wrong && is_percent_by_name(candidate) && !ballot.marked {
                    return Some((false, Confidence::Unsure));
                }
                return Some((unit == Unit::Percent, Confidence::Certain));
            }
            let stands_alone_as_ratio = table
                && percentages_are_whole
                && !ballot.marked
                && ballot.numbers >= ENOUGH
                && ballot.most < 1.0;
            if stands_alone_as_ratio {
                return Some((false, Confidence::Likely));
            }
            if table && ends_early {
                return Some((true, Confidence::Unsure));
            }
            let agrees = ballot.numbers == 0 || is_for(ballot) == table;
            let confidence = if ballot.marked || (unanimous && ballot.numbers >= ENOUGH) {
                Confidence::Certain
            } else if agrees {
                Confidence::Likely
            } else {
                Confidence::Unsure
            };
            let stands_alone = is_for(ballot) && (10.0..=100.0).contains(&ballot.most);
            Some((ballot.marked || table || stands_alone, confidence))
        })
        .collect()
}

/// Whether a ratio's column is in percent by its name alone.
fn is_percent_by_name(candidate: &Candidate<'_>) -> bool {
    candidate.told == Some(Unit::Percent) && !candidate.chosen && candidate.feature.is_ratio()
}

/// Whether names tell percent above numbers that are all at most 1. One column alone may have hundredths of percents.
fn names_are_wrong(candidates: &[Candidate<'_>], commas: &[Comma]) -> bool {
    let named: Vec<_> = candidates
        .iter()
        .zip(commas)
        .filter(|(candidate, _)| is_percent_by_name(candidate))
        .collect();
    let numbers: Vec<f32> = named
        .iter()
        .flat_map(|(candidate, comma)| {
            let values = candidate.values.iter();
            values.filter_map(|value| number(value, **comma))
        })
        .filter(|&number| number > 0.0)
        .collect();
    named.len() > 1
        && numbers.len() >= ENOUGH
        && numbers.iter().all(|&number| number <= 1.0)
        && numbers.iter().any(|&number| number < 1.0)
}

fn judge(
    candidate: &Candidate<'_>,
    comma: Comma,
    percentage: Option<(bool, Confidence)>,
) -> (Result<Understanding, Unfit>, usize) {
    let (unit, mut confidence) = match (candidate.feature, percentage) {
        (_, Some((true, confidence))) => (Unit::Percent, confidence),
        (_, Some((false, confidence))) => (Unit::Ratio, confidence),
        (Feature::Duration, _) => length_unit(candidate, comma),
        (feature, _) => {
            let usual = Unit::of(feature).first().copied().unwrap_or(Unit::Ratio);
            (candidate.told.unwrap_or(usual), Confidence::Certain)
        }
    };
    let values = candidate.values.len();
    let fitting = fitting(
        candidate,
        Understanding {
            unit,
            comma,
            confidence,
        },
    );
    let is_yes_or_no = candidate.also_yes_or_no
        && candidate
            .values
            .iter()
            .all(|value| matches!(*value, "0" | "1"))
        && candidate.values.contains(&"1");
    if values == 0 {
        confidence = confidence.min(Confidence::Likely);
    } else if fitting * 10 < values * 9 || is_yes_or_no {
        confidence = Confidence::Unsure;
    }
    let understanding = Understanding {
        unit,
        comma,
        confidence,
    };
    if candidate.chosen || values < ENOUGH {
        return (Ok(understanding), fitting);
    }
    let numbers = || {
        candidate
            .values
            .iter()
            .filter_map(|value| number(value, comma))
    };
    if candidate.feature == Feature::Loudness
        && numbers().all(|number| number >= 0.0)
        && numbers().any(|number| number > 0.0)
    {
        return (Err(Unfit::NotDecibels), 0);
    }
    if fitting * 2 >= values {
        return (Ok(understanding), fitting);
    }
    let is_clock = unit == Unit::ClockTime;
    if numbers().count() * 2 < values && !is_clock {
        (Err(Unfit::NotNumbers), 0)
    } else {
        (Err(Unfit::OutOfScale), 0)
    }
}

/// The unit of lengths: clock times show it; else the name tells it, if the values agree; else the middle value does.
fn length_unit(candidate: &Candidate<'_>, comma: Comma) -> (Unit, Confidence) {
    let values = candidate.values.len();
    if candidate.chosen
        && let Some(unit) = candidate.told
    {
        return (unit, Confidence::Certain);
    }
    let mut clock_times: Vec<(u32, u32, u32)> = candidate
        .values
        .iter()
        .filter_map(|value| cell::clock_parts(value))
        .collect();
    if clock_times.len() * 2 > values {
        // No playlist has whole minutes only; a spreadsheet has taken them for hours, and the seconds of a short track for
        // minutes.
        let hours_taken = clock_times.iter().all(|(_, _, seconds)| *seconds == 0)
            && clock_times
                .iter()
                .filter(|(hours, _, _)| *hours > 0)
                .count()
                * 2
                > clock_times.len();
        if hours_taken {
            return (Unit::ClockTimeAsHours, Confidence::Unsure);
        }
        // Where most are an hour or more, they may be times of a day.
        clock_times.sort_unstable();
        let are_long = clock_times
            .get(clock_times.len() / 2)
            .is_some_and(|(hours, minutes, _)| *hours > 0 || *minutes >= 60);
        let is_named = candidate.chosen || candidate.told.is_some();
        let confidence = if are_long || (candidate.may_be_time_of_day && !is_named) {
            Confidence::Unsure
        } else {
            Confidence::Certain
        };
        return (Unit::ClockTime, confidence);
    }
    let of_values = |reads: fn(&str) -> bool| {
        let reading = candidate.values.iter().filter(|value| reads(value)).count();
        reading * 2 > values
    };
    if of_values(|value| ends_with(value, &MINUTES) && number(value, Comma::Decimal).is_some()) {
        return (Unit::Minutes, Confidence::Certain);
    }
    if of_values(|value| ends_with(value, &SECONDS) && number(value, Comma::Decimal).is_some()) {
        return (Unit::Seconds, Confidence::Certain);
    }
    if of_values(|value| cell::spelled_parts(value).is_some()) {
        return (Unit::ClockTime, Confidence::Certain);
    }
    if let Some(unit) = candidate.told {
        let fits = fitting(
            candidate,
            Understanding {
                unit,
                comma,
                confidence: Confidence::Certain,
            },
        );
        if fits * 2 >= values {
            return (unit, Confidence::Certain);
        }
    }
    let mut numbers: Vec<f32> = candidate
        .values
        .iter()
        .filter_map(|value| number(value, comma))
        .filter(|number| *number > 0.0)
        .collect();
    numbers.sort_by(f32::total_cmp);
    match numbers.get(numbers.len() / 2) {
        None => (
            candidate.told.unwrap_or(Unit::Milliseconds),
            Confidence::Likely,
        ),
        Some(&middle) if middle > 10_000.0 => (Unit::Milliseconds, Confidence::Likely),
        Some(&middle) if middle > 3_600.0 => (Unit::Seconds, Confidence::Unsure),
        Some(&middle) if middle >= 30.0 => (Unit::Seconds, Confidence::Likely),
        Some(_)
            if candidate.values.len() >= ENOUGH
                && candidate
                    .values
                    .iter()
                    .all(|value| may_be_clock_time(value)) =>
        {
            (Unit::Minutes, Confidence::Unsure)
        }
        Some(_) => (Unit::Minutes, Confidence::Likely),
    }
}

/// Whether a number of minutes might have its seconds behind the point: `3.05` for `3:05`.
fn may_be_clock_time(value: &str) -> bool {
    let parts = value.split_once(['.', ',']);
    parts.is_some_and(|(_, seconds)| {
        seconds.len() == 2 && seconds.parse().is_ok_and(|seconds: u8| seconds < 60)
    })
}

/// Whether the letters that a value ends with are one of some units.
fn ends_with(value: &str, units: &[&str]) -> bool {
    let number = value.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let letters = value.get(number.len()..).unwrap_or_default();
    units.iter().any(|unit| letters.eq_ignore_ascii_case(unit))
}

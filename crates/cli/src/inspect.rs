//! `overtone inspect`

use std::path::{Path, PathBuf};

use overtone_tracks::{Column, Encoding, FileError, Header, Role, short_number};

use crate::Outcome;
use crate::input::{ColumnChoices, Input, Next, explained, name};
use crate::output::{complain, report, shortened};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Tables of tracks, or zip archives of them; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    columns: ColumnChoices,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut error = None;
    for path in &arguments.files {
        if let Err(next) = inspect(path, arguments)
            && let Some(before) = error.replace(next)
        {
            complain(format_args!("overtone: {before:#}"));
        }
    }
    error.map_or(Ok(Outcome::Done), Err)
}

fn inspect(path: &Path, arguments: &Arguments) -> anyhow::Result<()> {
    let mut input = Input::open(path, arguments.columns.choices())?;
    let mut refused = None;
    let mut shown = false;
    loop {
        let next = match input.next() {
            Ok(next) => next,
            Err(error) => {
                tell(refused.take());
                return Err(error);
            }
        };
        match next {
            Next::Begin => shown = false,
            Next::Row | Next::End if shown => {
                if input.table == name(path) {
                    // The only table: its other rows tell nothing more about its columns.
                    break;
                }
            }
            Next::Row | Next::End => {
                if let Some(header) = input.tables.header() {
                    show(&input.table, header);
                    shown = true;
                }
            }
            Next::Refused(error) => {
                // So that somebody can say what the columns are.
                if let (FileError::FeaturesMissing(_), Some(header)) =
                    (&error, input.tables.header())
                {
                    show(&input.table, header);
                }
                tell(refused.replace(explained(error).context(input.table.clone())));
            }
            Next::PassedOver(within) => report(format_args!(
                "{}/{within}: not a table, skipped\n",
                name(path)
            )),
            Next::Done => break,
        }
    }
    refused.map_or(Ok(()), Err)
}

/// Tells of a table that was refused, where another one is told of by whoever asked for the file.
fn tell(refused: Option<anyhow::Error>) {
    if let Some(error) = refused {
        complain(format_args!("overtone: {error:#}"));
    }
}

fn show(table: &str, header: &Header) {
    report(table);
    if let Some(tool) = header.tool {
        report(format_args!("  from {tool}"));
    }
    report(format_args!(
        "  {}{}, {} between cells",
        header.encoding,
        if header.byte_order_mark && header.encoding == Encoding::Utf8 {
            " with a byte order mark"
        } else {
            ""
        },
        match header.delimiter {
            b',' => "a comma".to_owned(),
            b';' => "a semicolon".to_owned(),
            b'\t' => "a tab".to_owned(),
            b'|' => "a bar".to_owned(),
            other => format!("“{}”", char::from(other).escape_default()),
        }
    ));
    let titles = ["column", "first values", "read as", "confidence"].map(String::from);
    let lines: Vec<[String; 4]> = std::iter::once(titles)
        .chain(header.columns.iter().map(line))
        .collect();
    let width = |part: usize| {
        let widths = lines
            .iter()
            .filter_map(|line| line.get(part))
            .map(|text| text.chars().count());
        widths.max().unwrap_or(0)
    };
    let (first, second, third) = (width(0), width(1), width(2));
    for [column, values, read_as, confidence] in &lines {
        report(
            format!("  {column:first$}  {values:second$}  {read_as:third$}  {confidence}")
                .trim_end(),
        );
    }
    let missing: Vec<&str> = header
        .missing_features()
        .map(|feature| feature.name())
        .collect();
    if !missing.is_empty() {
        report(format_args!("  missing: {}", missing.join(", ")));
    }
    for note in &header.notes {
        report(format_args!("  {note}"));
    }
    report("");
}

fn line(column: &Column) -> [String; 4] {
    /// Whole, as --column needs it; no more than a screen has room for.
    const LONGEST_NAME: usize = 200;
    const LONGEST: usize = 24;
    let short = |text: &str| shortened(text, LONGEST);
    let values: Vec<String> = column.values.iter().map(|value| short(value)).collect();
    let read_as = match (column.role, column.understanding) {
        (Some(Role::Feature(feature)), Some(understanding)) => {
            let read = |value: &String| Some((value.clone(), short_number(column.read(value)?)));
            let example = column
                .values
                .iter()
                .filter_map(read)
                .find(|(value, read)| value != read)
                .map(|(value, read)| format!(" ({} → {read})", short(&value)));
            format!(
                "{}, {}{}",
                feature.name(),
                understanding.unit.name(),
                example.unwrap_or_default()
            )
        }
        (Some(role), _) => role.name().to_owned(),
        (None, _) => match column.unfit {
            Some((role, why)) => format!("not as {}: {why}", role.name()),
            None => "-".to_owned(),
        },
    };
    let confidence = column.confidence().map(|confidence| confidence.to_string());
    [
        shortened(&column.name, LONGEST_NAME),
        values.join(" | "),
        read_as,
        confidence.unwrap_or_default(),
    ]
}

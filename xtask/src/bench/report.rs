//! The tables of what was measured, in Markdown that reads well in a terminal too.

use super::figures::Figures;
use super::program::{Leaves, SCIKIT_LEARN};

/// What came out for one forest.
pub(crate) struct ForestResult {
    /// The rows that it has learned from.
    pub(crate) rows: &'static str,
    /// How many trees it has.
    pub(crate) trees: u32,
    /// How many splits at most a path has.
    pub(crate) depth: u32,
    /// What packing it said, for [`Leaves::BOTH`].
    pub(crate) packed: Vec<Figures>,
    /// What came out for each program.
    pub(crate) programs: Vec<ProgramResult>,
    /// What packing options make of it, for [`Leaves::BOTH`].
    pub(crate) smaller: Vec<Figures>,
}

impl ForestResult {
    fn title(&self) -> String {
        let Self {
            rows, trees, depth, ..
        } = self;
        format!("{trees} trees of at most {depth} splits, {rows}")
    }

    fn measured(&self) -> impl Iterator<Item = (&ProgramResult, &Figures)> {
        self.programs
            .iter()
            .filter_map(|program| Some((program, program.measured.as_ref().ok()?)))
    }
}

/// What came out for one program on one forest.
pub(crate) struct ProgramResult {
    /// What people call it.
    pub(crate) name: String,
    /// Its figures, or why there are none.
    pub(crate) measured: Result<Figures, String>,
}

/// What came out for the model that ships.
pub(crate) struct PageResult {
    /// Where the engine ran.
    pub(crate) name: &'static str,
    /// Its figures.
    pub(crate) figures: Figures,
}

/// What all forests together say, and the model that ships.
pub(crate) fn of_all(forests: &[ForestResult], page: &[PageResult]) -> String {
    let mut text = String::new();
    let bits = bits(forests);
    if bits.has_rows() {
        text += "## The same bits everywhere\n\n";
        text += "SHA-256 of the answers to 100,000 rows, as 64-bit floating-point numbers.\n\n";
        text += &format!("{bits}\n");
    }
    text += "## The model that ships\n\n";
    text += &page_table(page);
    text
}

/// How all programs do with one forest.
pub(crate) fn of_forest(forest: &ForestResult) -> String {
    let mut text = format!("## {}\n\n", forest.title());
    for (leaves, packed) in Leaves::BOTH.iter().zip(&forest.packed) {
        text += &format!(
            "Packed by Overtone with {}: {} nodes, {} different leaves.\n",
            leaves.name(),
            grouped(packed.number("nodes")),
            grouped(packed.number("distributions")),
        );
    }
    text += "\n";
    text += &speeds(forest);
    text += "\n";
    text += &sizes_and_answers(forest);
    if !forest.smaller.is_empty() {
        text += "\nMade smaller by Overtone:\n\n";
        text += &smaller(forest);
    }
    let missing: Vec<String> = forest
        .programs
        .iter()
        .filter_map(|program| {
            let why = program.measured.as_ref().err()?;
            Some(format!("- Not measured: {}, as {why}\n", program.name))
        })
        .collect();
    if !missing.is_empty() {
        text += &format!("\n{}", missing.concat());
    }
    let ahead = ahead(forest);
    if !ahead.is_empty() {
        text += "\nHow many times as many rows a second:\n\n";
        text += &ahead;
    }
    text + "\n"
}

fn speeds(forest: &ForestResult) -> String {
    let mut table = Table::new(&[
        "",
        "version",
        "forest",
        "trees",
        "rows/s",
        "× scikit-learn",
        "one row, µs",
        "load, ms",
    ]);
    let of_scikit_learn = rows_per_second(forest, SCIKIT_LEARN);
    for (program, figures) in forest.measured() {
        let rows = figures.number("rows_per_second");
        let ratio = rows
            .zip(of_scikit_learn)
            .map(|(rows, theirs)| rows / theirs);
        table.add(vec![
            program.name.clone(),
            figures.text("version").unwrap_or("").to_owned(),
            figures.text("forest").unwrap_or("").to_owned(),
            grouped(figures.number("trees").or(Some(forest.trees.into()))),
            grouped(rows),
            times(ratio),
            short(figures.number("one_row_us")),
            short(figures.number("load_ms")),
        ]);
    }
    table.to_string()
}

fn sizes_and_answers(forest: &ForestResult) -> String {
    let mut table = Table::new(&[
        "",
        "model",
        "gzip",
        "brotli",
        "page loads besides",
        "gzip",
        "brotli",
        "right",
        "largest difference",
        "changed answers",
    ]);
    for (program, figures) in forest.measured() {
        let mut cells = vec![program.name.clone()];
        for name in [
            "model_raw",
            "model_gzip",
            "model_brotli",
            "loader_raw",
            "loader_gzip",
            "loader_brotli",
        ] {
            cells.push(bytes(figures.number(name)));
        }
        cells.push(percent(figures.number("accuracy")));
        let difference = figures.number("largest_difference");
        cells.push(five_digits(difference));
        cells.push(percent(figures.number("changed_answers")));
        table.add(cells);
    }
    table.to_string()
}

/// What packing options save, and what they cost.
fn smaller(forest: &ForestResult) -> String {
    let mut table = Table::new(&[
        "leaves",
        "packed with",
        "model",
        "right",
        "largest difference",
        "changed answers",
    ]);
    for (leaves, figures) in Leaves::BOTH.iter().zip(&forest.smaller) {
        let numbers = |name| figures.all(name).map(|number| number.parse().ok());
        let (sizes, right) = (numbers("bytes"), numbers("accuracy"));
        let (differences, changed) = (numbers("largest_difference"), numbers("changed_answers"));
        let costs = right.zip(differences).zip(changed);
        for ((option, size), ((right, difference), changed)) in
            figures.all("option").zip(sizes).zip(costs)
        {
            table.add(vec![
                leaves.name().to_owned(),
                option.to_owned(),
                bytes(size),
                percent(right),
                five_digits(difference),
                percent(changed),
            ]);
        }
    }
    table.to_string()
}

/// How far ahead each of Overtone's engines is of each other program.
fn ahead(forest: &ForestResult) -> String {
    let speeds = |ours: bool| {
        forest.programs.iter().filter_map(move |program| {
            let speed = rows_per_second(forest, &program.name)?;
            (is_ours(program) == ours).then_some((program.name.as_str(), speed))
        })
    };
    if speeds(true).next().is_none() {
        return String::new();
    }
    let mut heads = vec![""];
    heads.extend(speeds(false).map(|(name, _)| name));
    let mut table = Table::new(&heads);
    for (name, speed) in speeds(true) {
        let mut cells = vec![name.to_owned()];
        cells.extend(speeds(false).map(|(_, theirs)| times(Some(speed / theirs))));
        table.add(cells);
    }
    table.to_string()
}

fn is_ours(program: &ProgramResult) -> bool {
    program.name.contains("Overtone")
}

fn rows_per_second(forest: &ForestResult, name: &str) -> Option<f64> {
    let program = forest
        .programs
        .iter()
        .find(|program| program.name == name)?;
    program.measured.as_ref().ok()?.number("rows_per_second")
}

fn bits(forests: &[ForestResult]) -> Table {
    let mut table = Table::new(&[
        "forest",
        "leaves",
        "engines",
        "SHA-256 of the answers",
        "same",
    ]);
    for forest in forests {
        for leaves in Leaves::BOTH {
            let engines: Vec<_> = forest
                .programs
                .iter()
                .filter(|program| is_ours(program) && program.name.ends_with(leaves.name()))
                .filter_map(|program| Some((program, program.measured.as_ref().ok()?)))
                .collect();
            // The native engines answer all rows at once and one by one.
            let hashes: Vec<&str> = engines
                .iter()
                .flat_map(|(_, figures)| figures.all("hash"))
                .collect();
            // With one engine there is nothing to compare.
            let [first, others @ ..] = hashes.as_slice() else {
                continue;
            };
            if engines.len() < 2 {
                continue;
            }
            let names = engines.iter().filter_map(|(program, _)| {
                let name = program.name.split(", ").nth(1)?;
                Some(name.to_owned())
            });
            let same = others.iter().all(|other| other == first);
            table.add(vec![
                forest.title(),
                leaves.name().to_owned(),
                names.collect::<Vec<_>>().join(", "),
                first.chars().take(12).collect(),
                if same { "yes" } else { "NO" }.to_owned(),
            ]);
        }
    }
    table
}

fn page_table(page: &[PageResult]) -> String {
    let heads = [
        "",
        "compile module, ms",
        "load model, ms",
        "by the clock, ms",
        "load again, ms",
        "first rows, µs",
        "one row, µs",
        "contributions to one class, ms",
        "to all, ms",
    ];
    let mut table = Table::new(&heads);
    for result in page {
        let mut cells = vec![result.name.to_owned()];
        let names = [
            "compile_ms",
            "load_ms",
            "load_clock_ms",
            "load_again_ms",
            "first_rows_us",
            "one_row_us",
            "contributions_to_one_ms",
            "contributions_to_all_ms",
        ];
        cells.extend(names.map(|name| short(result.figures.number(name))));
        table.add(cells);
    }
    table.to_string()
}

/// A table with its columns made equally wide, the first to the left and the others to the right.
struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(heads: &[&str]) -> Self {
        let heads = heads.iter().map(|head| (*head).to_owned()).collect();
        Self { rows: vec![heads] }
    }

    fn has_rows(&self) -> bool {
        self.rows.len() > 1
    }

    fn add(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
                .max(3)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (index, row) in self.rows.iter().enumerate() {
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                if column == 0 {
                    write!(formatter, "| {cell:<width$} |")?;
                } else {
                    write!(formatter, " {cell:>width$} |")?;
                }
            }
            writeln!(formatter)?;
            if index == 0 {
                for (column, width) in widths.iter().enumerate() {
                    let line = "-".repeat(width - 1);
                    if column == 0 {
                        write!(formatter, "| :{line} |")?;
                    } else {
                        write!(formatter, " {line}: |")?;
                    }
                }
                writeln!(formatter)?;
            }
        }
        Ok(())
    }
}

fn five_digits(number: Option<f64>) -> String {
    number.map_or_else(none, |number| format!("{number:.5}"))
}

fn none() -> String {
    "–".to_owned()
}

/// A whole number with a comma between thousands.
fn grouped(number: Option<f64>) -> String {
    let Some(number) = number else { return none() };
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with three digits, or all those before the point.
fn short(number: Option<f64>) -> String {
    match number {
        None => none(),
        Some(number) if number < 9.995 => format!("{number:.2}"),
        Some(number) if number < 99.95 => format!("{number:.1}"),
        number => grouped(number),
    }
}

fn times(ratio: Option<f64>) -> String {
    match ratio {
        None => none(),
        Some(ratio) if ratio < 0.995 => format!("{ratio:.2}"),
        Some(ratio) if ratio < 9.95 => format!("{ratio:.1}"),
        ratio => grouped(ratio),
    }
}

fn bytes(size: Option<f64>) -> String {
    match size {
        None => none(),
        Some(size) if size < 1e6 => format!("{:.1} kB", size / 1e3),
        Some(size) => format!("{:.2} MB", size / 1e6),
    }
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(none, |share| format!("{:.2} %", share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(rows: f64, hashes: &[&str]) -> Result<Figures, String> {
        let mut figures = Figures::default();
        figures.push("rows_per_second", rows);
        for hash in hashes {
            figures.push("hash", hash);
        }
        Ok(figures)
    }

    fn forest(simd_hash: &str) -> ForestResult {
        let program = |name: &str, measured| ProgramResult {
            name: name.to_owned(),
            measured,
        };
        ForestResult {
            rows: "few rows",
            trees: 9,
            depth: 3,
            packed: Vec::new(),
            smaller: Vec::new(),
            programs: vec![
                program(SCIKIT_LEARN, figures(2000.0, &[])),
                program("Peer", Err("it is not there".to_owned())),
                program("Overtone, native, votes", figures(30_000.0, &["a", "a"])),
                program("Overtone, wasm, votes", figures(20_000.0, &["a"])),
                program(
                    "Overtone, wasm simd128, votes",
                    figures(25_000.0, &[simd_hash]),
                ),
            ],
        }
    }

    #[test]
    fn the_ratio_is_to_scikit_learn_and_what_is_missing_is_named() {
        let text = of_forest(&forest("a"));
        let line = |name: &str| {
            let line = text
                .lines()
                .find(|line| line.starts_with(&format!("| {name}")));
            line.unwrap()
                .split('|')
                .map(str::trim)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(line("Overtone, native")[4..7], ["9", "30,000", "15"]);
        assert_eq!(line("scikit-learn")[4..7], ["9", "2,000", "1.0"]);
        assert!(text.contains("Not measured: Peer, as it is not there"));
    }

    #[test]
    fn each_packing_option_has_a_row_for_its_leaves() {
        let made = |sizes: [u32; 2]| {
            let mut figures = Figures::default();
            for (option, size) in ["as it is", "both"].into_iter().zip(sizes) {
                figures.push("option", option);
                figures.push("bytes", size);
                figures.push("largest_difference", 0.0123);
                figures.push("changed_answers", 0.01);
                figures.push("accuracy", 0.75);
            }
            figures
        };
        let forest = ForestResult {
            smaller: vec![made([9_000, 7_000]), made([6_000, 4_000])],
            ..forest("a")
        };
        let table = smaller(&forest);
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(rows.len(), 4);
        let cells: Vec<&str> = rows[3].split('|').map(str::trim).collect();
        let expected = ["votes", "both", "4.0 kB", "75.00 %", "0.01230", "1.00 %"];
        assert_eq!(cells[1..7], expected);
    }

    #[test]
    fn other_bits_are_shouted() {
        let last = |simd_hash| {
            bits(&[forest(simd_hash)])
                .to_string()
                .lines()
                .last()
                .unwrap()
                .to_owned()
        };
        assert!(last("a").ends_with(" yes |"));
        assert!(last("b").ends_with(" NO |"));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(grouped(Some(1_366_482.0)), "1,366,482");
        assert_eq!(grouped(Some(12.0)), "12");
        assert_eq!(short(Some(2.34567)), "2.35");
        assert_eq!(short(Some(23.4567)), "23.5");
        assert_eq!(short(Some(23_456.7)), "23,457");
        assert_eq!(times(Some(0.456)), "0.46");
        assert_eq!(bytes(Some(1_548_059.0)), "1.55 MB");
        assert_eq!(bytes(Some(572.0)), "0.6 kB");
        assert_eq!(percent(None), "–");
    }

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["a", "b"]);
        table.add(vec!["×".to_owned(), "12345".to_owned()]);
        assert_eq!(
            table.to_string(),
            "| a   |     b |\n| :-- | ----: |\n| ×   | 12345 |\n"
        );
    }
}

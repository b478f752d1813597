//! Which unit a table's numbers are in. Decided by columns, never by single values.

use crate::Header;
use crate::cell;
use crate::reader::Records;

/// Whether the features that run from 0 to 1 stand as percentages, judged by the first bytes of the file.
///
/// Their columns vote: for percentages if more of a column's numbers lie above 1 than between 0 and 1. Zeros and ones
/// are in both kinds of table and do not count.
pub(crate) fn are_percentages(header: &Header, start: &[u8]) -> bool {
    let mut columns: Vec<(usize, u32, u32)> = header
        .features()
        .filter(|(_, feature)| feature.is_ratio())
        .map(|(index, _)| (index, 0, 0))
        .collect();
    let mut records = Records::new(header.delimiter);
    records.push(start);
    records.finish();
    let mut is_header = true;
    while matches!(records.next_record(), Ok(true)) {
        if std::mem::take(&mut is_header) {
            continue;
        }
        for (index, above, numbers) in &mut columns {
            let number = records.cells().get(*index).and_then(cell::number);
            if let Some(number) = number.filter(|&number| number > 0.0 && number != 1.0) {
                *numbers += 1;
                *above += u32::from(number > 1.0);
            }
        }
    }
    let voting = columns.iter().filter(|(_, _, numbers)| *numbers > 0);
    let (votes, votes_for) = voting.fold((0, 0), |(votes, votes_for), (_, above, numbers)| {
        (votes + 1, votes_for + u32::from(above * 2 > *numbers))
    });
    votes_for * 2 > votes
}

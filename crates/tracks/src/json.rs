//! Rows as JSON: an object on a line for each.

use std::collections::{HashMap, HashSet};

use overtone_genre::{Classification, Model};

use crate::labelled::{CONFIDENCE, PREDICTED_GENRE};
use crate::{Problem, Role, Row};

/// The name of how much the track sounds like none of the genres, 0 to 1.
const NONE_OF_THESE: &str = "none_of_these";

/// Writes a row as a JSON object to `output`, without a line end: the file and line where it stands, its title and
/// artist, the original columns, the genre, all probabilities and how much it sounds like none of the genres (`null` where
/// there is no classification), and what is wrong with it.
pub fn write_json(
    model: &Model,
    file: &str,
    row: &Row<'_>,
    classification: Result<&Classification, &Problem>,
    output: &mut Vec<u8>,
) {
    let mut object = Object::open(output);
    object.text("file", file);
    object.raw("line", &row.line.to_string());
    object.text("track", &row.text(Role::Track));
    object.text("artist", &row.text(Role::Artist));
    let mut columns = Object::open(object.value("columns"));
    let mut used: HashSet<String> = HashSet::with_capacity(row.cells.len());
    // How often each name that is there more than once has been met.
    let mut met: HashMap<String, usize> = HashMap::new();
    for (index, cell) in row.cells.iter().enumerate() {
        let name = row
            .header
            .columns
            .get(index)
            .map_or("", |column| column.name.as_str());
        let name = if name.is_empty() {
            format!("column {}", index + 1)
        } else {
            name.to_owned()
        };
        let mut unique = name.clone();
        if used.contains(&unique) {
            let times = met.entry(name.clone()).or_insert(1);
            while used.contains(&unique) {
                *times += 1;
                unique = format!("{name} ({times})");
            }
        }
        columns.text(&unique, &String::from_utf8_lossy(cell));
        used.insert(unique);
    }
    columns.close();
    match classification {
        Ok(found) => {
            object.text(
                PREDICTED_GENRE,
                model.genres().get(found.best).map_or("", String::as_str),
            );
            object.raw(CONFIDENCE, &found.confidence.to_string());
            let mut probabilities = Object::open(object.value("probabilities"));
            for (genre, probability) in model.genres().iter().zip(&found.probabilities) {
                probabilities.raw(genre, &probability.to_string());
            }
            probabilities.close();
            let outside = found.outside.map(|outside| outside.to_string());
            object.raw(NONE_OF_THESE, outside.as_deref().unwrap_or("null"));
        }
        Err(_) => {
            for name in [PREDICTED_GENRE, CONFIDENCE, "probabilities", NONE_OF_THESE] {
                object.raw(name, "null");
            }
        }
    }
    let no_answer = classification.err().filter(|_| !row.is_no_track());
    let place = object.value("problems");
    place.push(b'[');
    for (index, problem) in row.problems.iter().chain(no_answer).enumerate() {
        if index > 0 {
            place.push(b',');
        }
        write_text(&problem.to_string(), place);
    }
    place.push(b']');
    object.close();
}

/// A JSON object that is being written.
struct Object<'a> {
    output: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    fn open(output: &'a mut Vec<u8>) -> Self {
        output.push(b'{');
        Self {
            output,
            is_empty: true,
        }
    }

    /// The place for the value of a name.
    fn value(&mut self, name: &str) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.is_empty) {
            self.output.push(b',');
        }
        write_text(name, self.output);
        self.output.push(b':');
        self.output
    }

    fn text(&mut self, name: &str, text: &str) {
        write_text(text, self.value(name));
    }

    fn raw(&mut self, name: &str, value: &str) {
        self.value(name).extend_from_slice(value.as_bytes());
    }

    fn close(self) {
        self.output.push(b'}');
    }
}

/// Writes a string by the rules of RFC 8259.
fn write_text(text: &str, output: &mut Vec<u8>) {
    output.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => output.extend_from_slice(&[b'\\', byte]),
            b'\n' => output.extend_from_slice(b"\\n"),
            b'\r' => output.extend_from_slice(b"\\r"),
            b'\t' => output.extend_from_slice(b"\\t"),
            control if control < 0x20 => {
                output.extend_from_slice(format!("\\u{control:04x}").as_bytes())
            }
            byte => output.push(byte),
        }
    }
    output.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice() {
        let mut reader = crate::Reader::new();
        reader.push(
            b"a,a,a (2),energy,tempo,valence,liveness,danceability\n1,2,3,0.1,90,0.1,0.1,0.1\n",
        );
        reader.finish();
        let row = reader.next_row().unwrap().unwrap();
        let model = Model::eight_genres().unwrap();
        let found = row.classify(&model, overtone_genre::Popularity::Ignored);
        let mut output = Vec::new();
        write_json(&model, "file", &row, found.as_ref(), &mut output);
        let output = String::from_utf8(output).unwrap();
        assert!(output.contains(r#""columns":{"a":"1","a (2)":"2","a (2) (2)":"3","#));
    }

    #[test]
    fn texts_are_escaped() {
        let mut output = Vec::new();
        write_text("a \"b\" \\ \n\r\t\u{1} ü", &mut output);
        assert_eq!(output, "\"a \\\"b\\\" \\\\ \\n\\r\\t\\u0001 ü\"".as_bytes());
    }
}

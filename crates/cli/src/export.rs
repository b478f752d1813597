//! `overtone export`

use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Context;
use overtone_genre::{EIGHT_GENRES, Popularity};
use overtone_study::onnx;

use crate::Outcome;
use crate::input::name;
use crate::output::{OutputFile, STANDARD_OUTPUT, is_standard_output, report, unwritten};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Where the model goes as an ONNX file, for onnxruntime and other programs (`-` for standard output); docs/catalogue.md says how
    /// they use it
    #[arg(long, value_name = "OUT.onnx")]
    onnx: PathBuf,

    /// A model's file, such as `overtone train` writes, instead of the eight genres that ship
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,

    /// Lets popularity count where it is given, which the exported model ignores otherwise, as `overtone classify` does
    #[arg(long)]
    use_popularity: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let inputs: Vec<_> = arguments.model.iter().map(PathBuf::as_path).collect();
    let file = match &arguments.onnx {
        path if is_standard_output(path) => None,
        path => Some(OutputFile::create(path, &inputs)?),
    };
    let popularity = Popularity::used_if(arguments.use_popularity);
    let exported = match &arguments.model {
        None => onnx::export(EIGHT_GENRES, popularity)?,
        Some(path) => {
            let model = std::fs::read(path).with_context(|| name(path))?;
            onnx::export(&model, popularity).with_context(|| name(path))?
        }
    };
    let Some(mut file) = file else {
        // The report would stand behind the model.
        let mut screen = io::stdout().lock();
        let written = screen.write_all(&exported).and_then(|()| screen.flush());
        written.map_err(|error| unwritten(STANDARD_OUTPUT, &error))?;
        return Ok(Outcome::Done);
    };
    file.write_all(&exported)?;
    file.finish()?;
    report(format_args!(
        "{}: {} bytes",
        arguments.onnx.display(),
        exported.len()
    ));
    Ok(Outcome::Done)
}

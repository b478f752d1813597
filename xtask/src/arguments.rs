//! What the command line asks for.

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};

/// What `cargo xtask` prints when it is asked for help.
pub(crate) const HELP: &str = "\
cargo xtask serve [--port 8080]   build the page and serve it at http://127.0.0.1:8080
cargo xtask build                 build the page into dist/
cargo xtask package               build the npm package into target/npm/
cargo xtask test [--fast]         run every check that CI runs; --fast leaves out the browser, the npm
                                  package, exported models, the address sanitizer and Miri
cargo xtask bench [--write] [--only NAME]
                                  measure the forest beside other programs: half an hour;
                                  --write puts the tables into docs/benchmarks.md, --only measures
                                  those whose name contains NAME, and scikit-learn

Each one installs what it misses, for you only; what has to come from the system's packages is
installed if root runs this, and named otherwise. The first time takes minutes, after that it
takes seconds.

OVERTONE_CHROMIUM  the browser to test in, instead of one that is found
OVERTONE_DATA      the folder of studied tracks, if it is not ../shared/data beside the repository;
                   without one, the tests that need it are skipped
OVERTONE_PYTHON    the Python to ask exported models in, if it is not python3; without the packages
                   of tests/onnx/requirements.txt, that is skipped";

/// One command, with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Print what there is.
    Help,
    /// Build the page.
    Build,
    /// Build the npm package.
    Package,
    /// Build the page and serve it on this port.
    Serve {
        /// The port on this computer.
        port: u16,
    },
    /// Measure the forest beside other programs.
    Bench {
        /// Measure only those with this in their name.
        only: Option<String>,
        /// Whether to put the tables into the documentation.
        write: bool,
    },
    /// Run the checks.
    Test {
        /// Whether to leave out what needs the page and a browser.
        fast: bool,
    },
}

/// Reads the command line.
pub(crate) fn parse(mut parser: Parser) -> Result<Task> {
    let mut name: Option<String> = None;
    let mut port: Option<u16> = None;
    let mut fast = false;
    let mut only: Option<String> = None;
    let mut write = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(value) if name.is_none() => name = Some(value.string()?),
            Arg::Long("port") => port = Some(parser.value()?.parse()?),
            Arg::Long("fast") => fast = true,
            Arg::Long("only") => only = Some(parser.value()?.string()?),
            Arg::Long("write") => write = true,
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(other.unexpected().into()),
        }
    }
    match (name.as_deref(), port, fast, only, write) {
        (None | Some("help"), None, false, None, false) => Ok(Task::Help),
        (Some("build"), None, false, None, false) => Ok(Task::Build),
        (Some("package"), None, false, None, false) => Ok(Task::Package),
        (Some("serve"), port, false, None, false) => Ok(Task::Serve {
            port: port.unwrap_or(8080),
        }),
        (Some("test"), None, fast, None, false) => Ok(Task::Test { fast }),
        (Some("bench"), None, false, Some(_), true) => {
            bail!(
                "What is written into the documentation is measured in one run: --write goes without --only."
            )
        }
        (Some("bench"), None, false, only, write) => Ok(Task::Bench { only, write }),
        _ => bail!("There is no such command. These are the ones there are:\n\n{HELP}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Task> {
        parse(Parser::from_args(words))
    }

    #[test]
    fn the_readmes_commands_are_understood() {
        assert_eq!(parsed(&["serve"]).unwrap(), Task::Serve { port: 8080 });
        assert_eq!(parsed(&["test"]).unwrap(), Task::Test { fast: false });
        assert_eq!(
            parsed(&["test", "--fast"]).unwrap(),
            Task::Test { fast: true }
        );
        assert_eq!(parsed(&["build"]).unwrap(), Task::Build);
        assert_eq!(parsed(&["package"]).unwrap(), Task::Package);
        assert_eq!(parsed(&[]).unwrap(), Task::Help);
    }

    #[test]
    fn a_benchmark_is_of_everything_or_of_a_part() {
        let bench = |only: Option<&str>, write| Task::Bench {
            only: only.map(str::to_owned),
            write,
        };
        assert_eq!(parsed(&["bench"]).unwrap(), bench(None, false));
        assert_eq!(parsed(&["bench", "--write"]).unwrap(), bench(None, true));
        assert_eq!(
            parsed(&["bench", "--only", "wasm"]).unwrap(),
            bench(Some("wasm"), false)
        );
        assert!(parsed(&["bench", "--only", "wasm", "--write"]).is_err());
    }

    #[test]
    fn the_port_is_written_either_way() {
        for words in [&["serve", "--port", "9000"][..], &["serve", "--port=9000"]] {
            assert_eq!(parsed(words).unwrap(), Task::Serve { port: 9000 });
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in [
            &["swerve"][..],
            &["serve", "--port", "high"],
            &["serve", "--fast"],
            &["test", "--port", "1"],
            &["build", "now"],
            &["build", "--write"],
            &["package", "--fast"],
            &["bench", "--fast"],
        ] {
            assert!(parsed(words).is_err(), "{words:?} was accepted");
        }
    }
}

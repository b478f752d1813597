//! The project's own commands: `cargo xtask serve`, `cargo xtask test` and their kin.
//!
//! Each finds or installs the tools it needs, says what it does and how long that may take, and then
//! calls them. To add a command: a file for its job, a variant of [`arguments::Task`], a line below.

mod apt;
mod arguments;
mod bench;
mod browser;
mod miri;
mod node;
mod onnx;
mod package;
mod page;
mod pins;
mod places;
mod process;
mod sanitizer;
mod say;
mod serve;
mod test;
mod tools;
mod total;
mod wasm_target;
mod workshop;

use std::process::ExitCode;

use arguments::Task;

fn main() -> ExitCode {
    let done = arguments::parse(lexopt::Parser::from_env()).and_then(|task| match task {
        Task::Help => {
            say::line(arguments::HELP);
            Ok(ExitCode::SUCCESS)
        }
        Task::Build => page::build().map(|()| ExitCode::SUCCESS),
        Task::Package => package::build().map(|_| ExitCode::SUCCESS),
        Task::Serve { port } => serve::serve(port),
        Task::Bench { only, write } => {
            bench::bench(only.as_deref(), write).map(|()| ExitCode::SUCCESS)
        }
        Task::Test { fast } => test::test(fast),
    });
    done.unwrap_or_else(|error| {
        eprintln!("\n{error:#}");
        ExitCode::FAILURE
    })
}

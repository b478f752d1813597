//! Builds the page and serves it on this computer.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};

use crate::page::{self, BUILDING};
use crate::{places, say};

/// Serves the page until it is stopped.
pub(crate) fn serve(port: u16) -> Result<std::process::ExitCode> {
    let port = free_port(port)?;
    say::line(
        "Building and serving the page: from nothing some eight minutes, later some seconds.",
    );
    let workshop = page::prepare()?;
    let (stop, stopped) = channel();
    // Trunk has to end with this program, also when only this one is told to end.
    ctrlc::set_handler(move || {
        let _ = stop.send(());
    })?;
    let mut trunk = page::trunk(&workshop)?;
    trunk.args(["serve", "--release", "--port", &port.to_string()]);
    let start = SystemTime::now();
    let mut trunk = trunk.spawn().context("Trunk could not be started.")?;
    let outcome = say::step(BUILDING, || {
        wait_for_page(&mut trunk, &stopped, port, start)
    })
    .and_then(|ready| {
        if ready {
            say::line(format_args!(
                "\nOvertone is at http://127.0.0.1:{port} (Ctrl-C stops it)"
            ));
            wait_for_end(&mut trunk, &stopped)?;
        }
        say::line("Stopped.");
        Ok(std::process::ExitCode::SUCCESS)
    });
    // It may have ended by itself.
    let _ = trunk.kill();
    let _ = trunk.wait();
    outcome
}

/// The port, or for 0 any that is free. Fails if something else listens on it. Trunk would only say so after building for
/// minutes.
fn free_port(port: u16) -> Result<u16> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => Ok(listener.local_addr()?.port()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "Port {port} is taken by another program. Stop that one, or choose another port: \
             cargo xtask serve --port {}",
            if port == 8080 { 8081 } else { 8080 }
        ),
        Err(error) => Err(error).context(format!("Port {port} cannot be used.")),
    }
}

/// Waits until Trunk serves a page that is newer than `start`. False when it was stopped before.
fn wait_for_page(
    trunk: &mut Child,
    stopped: &Receiver<()>,
    port: u16,
    start: SystemTime,
) -> Result<bool> {
    while !is_stopped(stopped) {
        if let Some(status) = trunk.try_wait()? {
            bail!("Trunk ended ({status}). What it printed above says why.");
        }
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            // Trunk serves whatever is in dist/ even when the build has failed.
            let page = places::dist().join("index.html");
            let built = page.metadata().and_then(|file| file.modified());
            if built.is_ok_and(|built| built >= start) {
                return Ok(true);
            }
            bail!("The page could not be built. What is printed above says why.");
        }
    }
    Ok(false)
}

/// Waits until Trunk ends or the user stops it.
fn wait_for_end(trunk: &mut Child, stopped: &Receiver<()>) -> Result<()> {
    while !is_stopped(stopped) {
        if let Some(status) = trunk.try_wait()? {
            bail!("Trunk ended ({status}). What it printed above says why.");
        }
    }
    Ok(())
}

/// Waits a moment. True when the user wants to stop.
fn is_stopped(stopped: &Receiver<()>) -> bool {
    stopped.recv_timeout(Duration::from_millis(200)) != Err(RecvTimeoutError::Timeout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_told_in_a_sentence() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = free_port(port).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("Port {port} is taken")),
            "{error}"
        );
    }

    #[test]
    fn zero_asks_for_a_port_that_is_free() {
        assert_ne!(free_port(0).unwrap(), 0);
    }
}

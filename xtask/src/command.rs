//! Runs other programs, and says in one line what to do when one is missing.

use std::{
    ffi::OsStr,
    io,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::paths;

/// A program, run from the workspace's root.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(paths::root());
    command
}

/// The cargo that runs this chore.
pub(crate) fn cargo() -> Command {
    let mut cargo = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    like_by_hand(&mut cargo);
    cargo
}

/// Keeps from a program what cargo said to this chore about its package: build scripts that look at that (ring's does)
/// would have everything compiled anew for chores, and anew again for whoever calls cargo by hand.
pub(crate) fn like_by_hand(program: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let own = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "CARGO_CRATE_NAME"
        });
        if own {
            program.env_remove(name);
        }
    }
}

/// Runs to the end, with its output shown.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| missing(command, error))?;
    if !status.success() {
        bail!("`{}` ended with {status}", line(command));
    }
    Ok(())
}

/// Runs to the end, and shows its output only if it fails.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// What the program printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| missing(command, error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let printed = String::from_utf8_lossy(&output.stdout);
        bail!("`{}` ended with {}\n{}{}", line(command), output.status, printed, said);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` printed no text", line(command)))
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

pub(crate) fn missing(command: &Command, error: io::Error) -> anyhow::Error {
    let name = command.get_program().to_string_lossy();
    if error.kind() != io::ErrorKind::NotFound {
        return anyhow::Error::new(error).context(format!("`{name}` could not be started"));
    }
    let remedy = match name.as_ref() {
        "node" | "npm" => "install Node.js 20 or later with npm (nodejs.org, or your system's packages)",
        "rustup" => "install Rust by rustup (rustup.rs), or add the target wasm32-unknown-unknown yourself",
        _ => "install it, and try again",
    };
    anyhow::anyhow!("`{name}` is not on this machine: {remedy}")
}

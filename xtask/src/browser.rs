//! The browser that tests drive: one that the machine has, or else one installed here.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::json;

use crate::{
    command::{output, program, run_quietly},
    debian, paths,
    progress::step,
};

/// Variables that name a browser to use.
const VARIABLES: [&str; 2] = ["CHROMIUM", "PLAYWRIGHT_CHROMIUM"];
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Debian's packages of a browser and of what drives it.
const PACKAGES: [&str; 2] = ["chromium", "chromium-driver"];

/// Flags that make it quiet, and able to start as root in a container; the end-to-end suite reads the same.
const FLAGS: &str = include_str!("../../end2end/chromium.json");

#[derive(Deserialize)]
struct Flags {
    flags: Vec<String>,
}

/// Finds a Chromium, or installs one: Debian's where that can be done, else Playwright's own.
pub(crate) fn find(end2end: &Path) -> Result<PathBuf> {
    if let Some(named) = VARIABLES.iter().find_map(env::var_os) {
        return Ok(named.into());
    }
    if let Some(found) = NAMES.into_iter().find_map(debian::on_path) {
        return Ok(found);
    }
    if debian::may_install() {
        debian::install(&PACKAGES)?;
        if let Some(found) = debian::on_path(NAMES[0]) {
            return Ok(found);
        }
    }
    step("Playwright's Chromium", || {
        run_quietly(program("npx").current_dir(end2end).args(["playwright", "install", "chromium"]))
            .context("no browser could be installed: install Chromium, or name one in the variable CHROMIUM")
    })?;
    let script = "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))";
    let path = output(program("node").current_dir(end2end).args(["--eval", script]))?;
    Ok(path.trim().into())
}

/// Points wasm tests at ChromeDriver and this browser.
pub(crate) fn configure_wasm_tests(command: &mut Command, browser: &Path) -> Result<()> {
    let driver = match env::var_os("CHROMEDRIVER") {
        Some(named) => named.into(),
        None => match debian::on_path("chromedriver") {
            Some(found) => found,
            None if debian::may_install() => {
                debian::install(&PACKAGES)?;
                debian::on_path("chromedriver").context("Debian's chromium-driver brought no chromedriver")?
            }
            None => bail!(
                "ChromeDriver is not on this machine: install it, or name it in the variable CHROMEDRIVER"
            ),
        },
    };
    let capabilities = paths::work().join("webdriver.json");
    fs::create_dir_all(paths::work())?;
    let Flags { mut flags } = serde_json::from_str(FLAGS).context("end2end/chromium.json")?;
    flags.push("--headless".into());
    let options = json!({ "goog:chromeOptions": { "binary": browser, "args": flags } });
    fs::write(&capabilities, serde_json::to_vec_pretty(&options)?)?;
    command.env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    Ok(())
}

//! The files of the site, by their path in it.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result};

use super::ASSETS;
use crate::stamp::short_hash;

/// The files of the site, by their path in it (with `/` between folders).
#[derive(Default)]
pub(super) struct Tree(BTreeMap<String, Vec<u8>>);

impl Tree {
    /// Adds a file under this very path.
    pub(super) fn add(&mut self, path: impl Into<String>, content: Vec<u8>) {
        self.0.insert(path.into(), content);
    }

    /// Adds a file under a name made from its content: `assets/app.1a2b….js`. Returns its URL.
    pub(super) fn add_hashed(&mut self, stem: &str, extension: &str, content: Vec<u8>) -> String {
        let path = format!("{ASSETS}/{stem}.{}.{extension}", short_hash(&content));
        let url = format!("/{path}");
        self.add(path, content);
        url
    }

    /// Adds a folder as it is, but for the files named in `except`.
    pub(super) fn add_folder(&mut self, dir: &Path, except: &[&str]) -> Result<()> {
        self.add_below(dir, "", except)
    }

    fn add_below(&mut self, dir: &Path, prefix: &str, except: &[&str]) -> Result<()> {
        let entries = fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.add_below(&entry.path(), &format!("{path}/"), except)?;
            } else if !except.contains(&path.as_str()) {
                self.add(path, fs::read(entry.path())?);
            }
        }
        Ok(())
    }

    pub(super) fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }
}

//! Remembers what was made from what, so that nothing is done twice.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// A digest of everything that a result depends on.
#[derive(Default)]
pub(crate) struct Inputs(Sha256);

impl Inputs {
    /// Adds one input; its length is counted in, so that neighbours can't run together.
    pub(crate) fn add(mut self, input: impl AsRef<[u8]>) -> Self {
        let input = input.as_ref();
        self.0.update((input.len() as u64).to_le_bytes());
        self.0.update(input);
        self
    }

    /// Adds a file's content.
    pub(crate) fn add_file(self, path: &Path) -> Result<Self> {
        Ok(self.add(fs::read(path).with_context(|| format!("reading {}", path.display()))?))
    }

    /// The digest as hexadecimal text.
    pub(crate) fn digest(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Sixteen hexadecimal digits that name this content.
pub(crate) fn short_hash(content: &[u8]) -> String {
    let mut digest = Inputs::default().add(content).digest();
    digest.truncate(16);
    digest
}

/// Does `work` unless the stamp at `path` says that it was done with these very inputs.
pub(crate) fn once(path: &Path, inputs: Inputs, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let digest = inputs.digest();
    if fs::read_to_string(path).is_ok_and(|done| done == digest) {
        return Ok(());
    }
    work()?;
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    fs::write(path, digest).with_context(|| format!("writing {}", path.display()))
}

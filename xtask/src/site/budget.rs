//! The bytes of the site's first load, held against the budget.

use std::{fmt, fs};

use anyhow::{Context as _, Result, bail};

use super::{Assets, Mode};

/// The most that a first visit may load, brotli-compressed, in bytes.
const BUDGET: u64 = 250_000;

/// What a first visit loads, and the brotli-compressed bytes of each.
pub(crate) struct FirstLoad(Vec<(&'static str, u64)>);

impl FirstLoad {
    pub(super) fn of(mode: Mode, assets: &Assets) -> Result<Self> {
        let parts = [
            ("html", "/index.html"),
            ("css", &*assets.style),
            ("js", &*assets.script),
            ("wasm", &*assets.wasm),
        ];
        let size = |url: &str| -> Result<u64> {
            let suffix = if mode == Mode::Release { ".br" } else { "" };
            let file = mode.out().join(format!("{}{suffix}", url.trim_start_matches('/')));
            Ok(fs::metadata(&file).with_context(|| file.display().to_string())?.len())
        };
        parts.into_iter().map(|(name, url)| Ok((name, size(url)?))).collect::<Result<_>>().map(Self)
    }

    /// Each part by name, in bytes.
    pub(crate) fn parts(&self) -> &[(&'static str, u64)] {
        &self.0
    }

    /// All of it, in bytes.
    pub(crate) fn total(&self) -> u64 {
        self.0.iter().map(|(_, bytes)| bytes).sum()
    }

    /// Fails when it is over budget.
    pub(crate) fn check(&self) -> Result<()> {
        if self.total() > BUDGET {
            bail!("the first load is {} bytes, over its budget of {BUDGET}", self.total());
        }
        Ok(())
    }
}

impl fmt::Display for FirstLoad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "first load, brotli: {} bytes of {BUDGET} (", self.total())?;
        for (index, (name, bytes)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name} {bytes}")?;
        }
        f.write_str(")")
    }
}

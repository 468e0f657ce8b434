//! The bytes of the site's first load, held against the budget, and of what loads later.

use std::{collections::BTreeMap, fmt, fs};

use anyhow::{Context as _, Result, bail};

use super::{Assets, Mode};

/// The most that a first visit may load, brotli-compressed, in bytes.
const BUDGET: u64 = 250_000;

/// The bytes that the client's loads take.
pub(crate) struct Loads {
    pub(crate) first: FirstLoad,
    pub(crate) later: LaterLoads,
}

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
        parts.into_iter().map(|(name, url)| Ok((name, size(mode, url)?))).collect::<Result<_>>().map(Self)
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

/// The parts that load when they are first needed.
pub(crate) struct LaterLoads(Vec<Later>);

/// One part: its bytes, brotli-compressed, and its files. Those that it shares with other parts load once.
struct Later {
    name: String,
    bytes: u64,
    files: usize,
}

impl LaterLoads {
    pub(super) fn of(mode: Mode, parts: &BTreeMap<String, Vec<String>>) -> Result<Self> {
        let mut loads = Vec::new();
        for (name, urls) in parts {
            let bytes = urls.iter().map(|url| size(mode, url)).sum::<Result<u64>>()?;
            loads.push(Later { name: name.clone(), bytes, files: urls.len() });
        }
        Ok(Self(loads))
    }
}

impl fmt::Display for LaterLoads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loads later, brotli, with files that other parts need too:")?;
        for Later { name, bytes, files } in &self.0 {
            write!(f, "\n  {name:<12}{bytes:>9} bytes in {files} files")?;
        }
        Ok(())
    }
}

/// The bytes of a file of the site, as they travel.
fn size(mode: Mode, url: &str) -> Result<u64> {
    let suffix = if mode == Mode::Release { ".br" } else { "" };
    let file = mode.out().join(format!("{}{suffix}", url.trim_start_matches('/')));
    Ok(fs::metadata(&file).with_context(|| file.display().to_string())?.len())
}

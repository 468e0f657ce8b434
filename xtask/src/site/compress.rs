//! Writes the site's folder, each file beside its brotli and gzip form; only what changed is touched.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Mutex,
};

use anyhow::{Context as _, Result, anyhow};

use super::{Mode, tree::Tree};
use crate::progress::step;

/// Kinds of file that get smaller; images are compressed as they are.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];

const BROTLI_QUALITY: i32 = 11;
const BROTLI_WINDOW: i32 = 22;

/// Makes the site's folder hold these files and no others.
pub(super) fn write(mode: Mode, tree: &Tree) -> Result<()> {
    let out = mode.out();
    let mut wanted = BTreeSet::new();
    let mut changed = Vec::new();
    for (path, content) in tree.files() {
        let file = out.join(path);
        let forms = if mode == Mode::Release && compressible(path) {
            vec![with_suffix(&file, "br"), with_suffix(&file, "gz")]
        } else {
            Vec::new()
        };
        let stands =
            fs::read(&file).is_ok_and(|old| old == content) && forms.iter().all(|form| form.exists());
        if !stands {
            changed.push((file.clone(), content, !forms.is_empty()));
        }
        wanted.insert(file);
        wanted.extend(forms);
    }
    if !changed.is_empty() {
        step("site files, written and compressed", || write_all(changed))?;
    }
    remove_others(&out, &wanted)
}

fn compressible(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| COMPRESSIBLE.contains(&extension))
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// Two threads share the work: brotli at its best takes seconds for the wasm.
fn write_all(files: Vec<(PathBuf, &[u8], bool)>) -> Result<()> {
    let queue = Mutex::new(files);
    let next = || queue.lock().ok().and_then(|mut queue| queue.pop());
    let worker = || -> Result<()> {
        while let Some((file, content, compressed)) = next() {
            write_one(&file, content, compressed).with_context(|| format!("writing {}", file.display()))?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(worker);
        worker()?;
        other.join().map_err(|_| anyhow!("a thread that compressed files panicked"))?
    })
}

fn write_one(file: &Path, content: &[u8], compressed: bool) -> Result<()> {
    if let Some(dir) = file.parent() {
        fs::create_dir_all(dir)?;
    }
    if compressed {
        fs::write(with_suffix(file, "br"), brotli(content)?)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(content)?;
        fs::write(with_suffix(file, "gz"), gzip.finish()?)?;
    }
    // Last: the compressed forms of a file that is there are always its own.
    fs::write(file, content)?;
    Ok(())
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut small, &params)?;
    Ok(small)
}

fn remove_others(dir: &Path, wanted: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            remove_others(&path, wanted)?;
            if fs::read_dir(&path)?.next().is_none() {
                fs::remove_dir(&path)?;
            }
        } else if !wanted.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

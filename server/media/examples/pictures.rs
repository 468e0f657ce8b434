//! How fast pictures are processed, beside `vipsthumbnail` on the same files:
//! `cargo run --release -p media --example pictures -- FILE…` (JPEG, PNG, WebP or GIF).
//!
//! Both make each file in three widths. Ours also tries a second format and makes the placeholder.

use std::{
    error::Error,
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use domain::{limits::VARIANT_WIDTHS, media::Rotation};
use media::process::{FileKind, Request, Want, make, sniff};

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let (mut variants, mut pixels, mut took) = (0_usize, 0_u64, Duration::ZERO);
    for file in &files {
        let folder = tempfile::tempdir()?;
        let start = fs::read(file)?;
        let content_type = match sniff(&start) {
            FileKind::Jpeg => "image/jpeg",
            FileKind::Png => "image/png",
            FileKind::Webp => "image/webp",
            FileKind::Gif => "image/gif",
            _ => continue,
        };
        drop(start);
        let request = Request {
            source: file.into(),
            content_type: content_type.to_owned(),
            rotation: Rotation::None,
            folder: folder.path().to_owned(),
            want: Want::All,
        };
        let began = Instant::now();
        let made = make(&request)?;
        took += began.elapsed();
        variants += made.variants.len();
        pixels += u64::from(made.width) * u64::from(made.height);
    }
    report("stack", variants, pixels, took);
    println!("peak memory: {}", peak());
    for format in ["avif", "webp"] {
        let (mut made, began) = (0, Instant::now());
        for file in &files {
            for width in VARIANT_WIDTHS {
                made += usize::from(thumbnail(Path::new(file), width, format)?);
            }
        }
        report(&format!("vipsthumbnail, {format}"), made, pixels, began.elapsed());
    }
    Ok(())
}

fn thumbnail(file: &Path, width: u32, format: &str) -> std::io::Result<bool> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join(format!("{width}.{format}[Q=62,strip]"));
    let size = format!("{width}x>");
    let done = Command::new("vipsthumbnail").arg(file).args(["--size", &size, "-o"]).arg(out).output()?;
    Ok(done.status.success())
}

fn report(what: &str, variants: usize, pixels: u64, took: Duration) {
    let seconds = took.as_secs_f64();
    let (each, million) = (variants as f64 / seconds, pixels as f64 / 1e6 / seconds);
    println!(
        "{what}: {variants} variants in {seconds:.2} s: {each:.2} variants/s, {million:.2} megapixels/s"
    );
}

/// The most memory this process has had, as the system says it.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not known here".to_owned(), |line| line.trim().to_owned())
}

//! How fast pictures are processed and how much memory that takes, beside `vipsthumbnail` on the same files, which are
//! made here: `cargo run --release -p media --example pictures`. Prints a name, a tab and a value a line.
//!
//! Both are called once or more for each file, as processes of their own. `vipsthumbnail` makes each of our sizes as
//! AVIF and as WebP; this makes AVIF and the smaller of WebP and JPEG, and the placeholder.

use std::{
    error::Error,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use domain::{limits::VARIANT_WIDTHS, media::Rotation};
use image::{ImageFormat, Rgb, RgbImage};
use media::process::{Request, Want, make};

/// Sizes of the pictures: those of a phone's camera, and one to share.
const SIZES: [(u32, u32); 4] = [(4_000, 3_000), (3_000, 4_000), (4_032, 3_024), (1_600, 1_200)];
/// How often a process is asked how much memory it has had.
const LOOK: Duration = Duration::from_millis(5);

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What came of all files.
#[derive(Default)]
struct Total {
    files: usize,
    took: Duration,
    kibibytes: u64,
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args_os().skip(1);
    if let (Some(source), Some(folder)) = (arguments.next(), arguments.next()) {
        return Ok(one(source.into(), folder.into())?);
    }
    let folder = tempfile::tempdir()?;
    let (mut pictures, mut pixels) = (Vec::new(), 0);
    for (number, (width, height)) in (0..).zip(SIZES) {
        let file = folder.path().join(format!("{number}.jpg"));
        picture(number, width, height).save_with_format(&file, ImageFormat::Jpeg)?;
        pixels += u64::from(width) * u64::from(height);
        pictures.push(file);
    }
    let ours = total(&pictures, |file, out| {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(file).arg(out);
        Ok(vec![command])
    })?;
    print("pictures", &ours, pixels);
    if Command::new("vipsthumbnail").arg("--version").output().is_err() {
        println!("pictures, vipsthumbnail\tnot on this machine");
        return Ok(());
    }
    let theirs = total(&pictures, |file, out| {
        let sizes =
            VARIANT_WIDTHS.into_iter().flat_map(|width| ["avif", "webp"].map(|format| (width, format)));
        Ok(sizes.map(|(width, format)| thumbnail(file, out, width, format)).collect())
    })?;
    print("pictures, vipsthumbnail", &theirs, pixels);
    println!(
        "pictures, variants a second: this to vipsthumbnail\t{:.2}",
        ours.per_second(ours.files) / theirs.per_second(theirs.files)
    );
    Ok(())
}

/// The part of the process that makes all of one picture.
fn one(source: PathBuf, folder: PathBuf) -> Result<(), media::process::ProcessError> {
    let (content_type, rotation, want) = ("image/jpeg".to_owned(), Rotation::None, Want::All);
    make(&Request { source, content_type, rotation, folder, want }).map(drop)
}

fn thumbnail(file: &Path, out: &Path, width: u32, format: &str) -> Command {
    let to = out.join(format!("{width}.{format}[Q=62,strip]"));
    let mut command = Command::new("vipsthumbnail");
    command.arg(file).args(["--size", &format!("{width}x>")]).args([OsStr::new("-o"), to.as_os_str()]);
    command
}

/// A picture with edges, slopes and grain, the same each time.
fn picture(number: u32, width: u32, height: u32) -> RgbImage {
    let mut grain = number + 1;
    RgbImage::from_fn(width, height, |x, y| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = grain >> 28;
        let edge = if (x / 97 + y / 61) % 3 == 0 { 60 } else { 0 };
        let [red, green, blue] = [x * 160 / width, y * 160 / height, (x + y) * 160 / (width + height)];
        Rgb([red, green, blue].map(|slope| u8::try_from(slope + noise + edge).unwrap_or(u8::MAX)))
    })
}

/// Does it for all files, one process after the other.
fn total(pictures: &[PathBuf], commands: impl Fn(&Path, &Path) -> Outcome<Vec<Command>>) -> Outcome<Total> {
    let mut total = Total::default();
    for file in pictures {
        let out = tempfile::tempdir()?;
        let began = Instant::now();
        for command in commands(file, out.path())? {
            total.kibibytes = total.kibibytes.max(peak(command)?);
        }
        total.took += began.elapsed();
        total.files += fs::read_dir(out.path())?.count();
    }
    Ok(total)
}

/// Runs a process to its end; gives the most memory that it was seen to have had, in KiB.
fn peak(mut command: Command) -> Outcome<u64> {
    let mut process = command.stdout(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", process.id());
    let mut most = 0;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let now = line.split_whitespace().next().and_then(|number| number.parse().ok());
        most = most.max(now.unwrap_or_default());
        match process.try_wait()? {
            Some(ended) if ended.success() => return Ok(most),
            Some(ended) => return Err(format!("{command:?} ended with {ended}").into()),
            None => sleep(LOOK),
        }
    }
}

impl Total {
    fn per_second(&self, count: usize) -> f64 {
        count as f64 / self.took.as_secs_f64()
    }
}

fn print(what: &str, total: &Total, pixels: u64) {
    let megapixels = pixels as f64 / 1e6 / total.took.as_secs_f64();
    println!("{what}: variants a second\t{:.2}", total.per_second(total.files));
    println!("{what}: megapixels a second, of the originals\t{megapixels:.2}");
    println!("{what}: peak memory of a process\t{:.0} MiB", total.kibibytes as f64 / 1024.0);
}

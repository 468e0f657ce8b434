//! Transcoding by the machine's `ffmpeg`: an HLS stream in two sizes and a poster, without any metadata.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use domain::{
    error::Code,
    limits::{IMAGE_PIXELS, VIDEO_SECONDS},
    media::Rotation,
};
use serde::Deserialize;
use tokio::process::Command;

use super::{
    FileKind, Gauge, ProcessError, QUALITIES, Quality, SEGMENT_SECONDS, limited, plan::Size, poster_second,
};

/// Time to look at a file, and for each second that it plays.
const PROBE: Duration = Duration::from_secs(60);
const PACE: u64 = 20;
/// The most bytes that ffmpeg may ask for at once.
const BLOCK_BYTES: &str = "500000000";

/// The programs on this machine.
#[derive(Debug, Clone)]
pub struct Ffmpeg {
    ffmpeg: PathBuf,
    ffprobe: PathBuf,
}

/// What was made of a video.
#[derive(Debug)]
pub(super) struct Film {
    pub(super) duration_ms: u64,
    pub(super) poster: PathBuf,
    /// Playlists and segments.
    pub(super) files: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Probe {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Deserialize)]
struct Stream {
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
struct Format {
    duration: Option<String>,
}

impl Ffmpeg {
    /// The programs, where both are in the folders that the system looks for programs in.
    #[must_use]
    pub fn find() -> Option<Self> {
        let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
        let find = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
        Some(Self { ffmpeg: find("ffmpeg")?, ffprobe: find("ffprobe")? })
    }

    /// Makes the stream and the poster in a folder. The gauge shows how much of the stream is there.
    pub(super) async fn make(
        &self,
        source: &Path,
        kind: FileKind,
        rotation: Rotation,
        folder: &Path,
        gauge: &Gauge,
    ) -> Result<Film, ProcessError> {
        let seconds = self.probe(source, kind).await?;
        let limit = Duration::from_secs(60 + PACE * seconds);
        let poster = folder.join("poster.png");
        let at = poster_second(seconds).to_string();
        let mut command = self.reading(source, kind, &["-ss", &at]);
        command.args(["-map", "0:v:0", "-frames:v", "1"]).args(["-vf", &turned(rotation, None)]).arg(&poster);
        limited::run(command, limit).await?;
        let (width, height) = image::image_dimensions(&poster).map_err(|_| broken())?;
        let size = Size { width, height };

        let (mut master, mut files, mut duration) =
            ("#EXTM3U\n#EXT-X-VERSION:7\n".to_owned(), Vec::new(), 0.0);
        let mut previous = None;
        for (number, Quality { side, bits_per_second }) in QUALITIES.into_iter().enumerate() {
            let (rate, length) = (bits_per_second.to_string(), SEGMENT_SECONDS.to_string());
            let fitted = fit(size, side);
            if previous.replace(fitted) == Some(fitted) {
                continue;
            }
            let name = format!("hls-{side}");
            let playlist = folder.join(format!("{name}.m3u8"));
            let mut command = self.reading(source, kind, &["-progress", "pipe:1"]);
            command
                .args(["-map", "0:v:0", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1"])
                .args(["-vf", &turned(rotation, Some(fitted)), "-pix_fmt", "yuv420p", "-fpsmax", "60"])
                .args(["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-crf", "24"])
                .args(["-maxrate", &rate, "-bufsize", &rate])
                .args(["-force_key_frames", &format!("expr:gte(t,n_forced*{SEGMENT_SECONDS})")])
                .args([
                    "-c:a",
                    "aac",
                    "-b:a",
                    "96k",
                    "-ac",
                    "2",
                    "-fflags",
                    "+bitexact",
                    "-flags",
                    "+bitexact",
                ])
                .args(["-t", &VIDEO_SECONDS.to_string()])
                .args(["-f", "hls", "-hls_time", &length, "-hls_playlist_type", "vod"])
                .args(["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", &format!("{name}-init.mp4")])
                .arg("-hls_segment_filename")
                .arg(folder.join(format!("{name}-%05d.m4s")))
                .arg(&playlist);
            limited::watch(command, limit, |line| {
                if let Some(done) = played(line) {
                    let share = (done / seconds.max(1) as f64).clamp(0.0, 1.0);
                    // The last percent is what comes after: the pictures of the poster, and putting all of it away.
                    let percent = (number as f64 + share) / QUALITIES.len() as f64 * 99.0;
                    gauge.show(percent as u8);
                }
            })
            .await?;
            let stream = read(&playlist, folder).await?;
            duration = stream.seconds;
            let Size { width, height } = fitted;
            master += &format!(
                "#EXT-X-STREAM-INF:BANDWIDTH={},RESOLUTION={width}x{height}\n{name}.m3u8\n",
                stream.bits_per_second
            );
            files.extend(stream.files);
            files.push(folder.join(format!("{name}-init.mp4")));
            files.push(playlist);
        }
        let path = folder.join("master.m3u8");
        tokio::fs::write(&path, master).await.map_err(ProcessError::failed)?;
        files.push(path);
        let duration_ms = (duration * 1_000.0) as u64;
        Ok(Film { duration_ms, poster, files })
    }

    /// Looks at a file before anything in it is decoded; gives the seconds it says it plays, rounded up.
    async fn probe(&self, source: &Path, kind: FileKind) -> Result<u64, ProcessError> {
        let mut command = Command::new(&self.ffprobe);
        command.args(["-v", "error", "-protocol_whitelist", "file", "-max_alloc", BLOCK_BYTES]);
        command.args(["-f", demuxer(kind), "-select_streams", "v:0"]);
        command.args(["-show_entries", "stream=width,height:format=duration", "-of", "json"]).arg(source);
        let probe: Probe =
            serde_json::from_str(&limited::run(command, PROBE).await?).map_err(ProcessError::failed)?;
        let Some(Stream { width: Some(width), height: Some(height) }) = probe.streams.first() else {
            return Err(broken());
        };
        if u64::from(*width) * u64::from(*height) > IMAGE_PIXELS {
            return Err(ProcessError::Unsuitable(Code::TooManyPixels));
        }
        // Recordings made in a browser don't say; they are cut where the limit is.
        let Some(seconds) = probe.format.duration.and_then(|text| text.parse::<f64>().ok()) else {
            return Ok(VIDEO_SECONDS);
        };
        let seconds = seconds.ceil() as u64;
        if seconds > VIDEO_SECONDS { Err(ProcessError::Unsuitable(Code::VideoTooLong)) } else { Ok(seconds) }
    }

    /// A command that reads this file as what it is, and nothing else that the file may name.
    fn reading(&self, source: &Path, kind: FileKind, before: &[&str]) -> Command {
        let mut command = Command::new(&self.ffmpeg);
        command.args(["-nostdin", "-y", "-v", "error", "-max_alloc", BLOCK_BYTES]);
        command.args(["-protocol_whitelist", "file", "-f", demuxer(kind)]).args(before).arg("-i").arg(source);
        command
    }
}

const fn demuxer(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Webm => "matroska",
        _ => "mov",
    }
}

fn broken() -> ProcessError {
    ProcessError::Unsuitable(Code::MediaBroken)
}

/// The size whose shorter side is at most so many pixels, with even sides, as the codec wants them.
fn fit(size: Size, side: u32) -> Size {
    let wide = size.width >= size.height;
    let fitted = if wide { size.within(u32::MAX, side.into()) } else { size.within(side, f64::INFINITY) };
    Size { width: (fitted.width & !1).max(2), height: (fitted.height & !1).max(2) }
}

/// ffmpeg turns a video as its file says by itself; this is the user's part.
fn turned(rotation: Rotation, size: Option<Size>) -> String {
    let turn = match rotation {
        Rotation::None => "null",
        Rotation::Right => "transpose=clock",
        Rotation::Half => "hflip,vflip",
        Rotation::Left => "transpose=cclock",
    };
    match size {
        None => turn.to_owned(),
        Some(Size { width, height }) => format!("{turn},scale={width}:{height},setsar=1"),
    }
}

/// The seconds of a film that are done, in a line of what ffmpeg prints while it works.
fn played(line: &str) -> Option<f64> {
    // The name says what it is; `out_time_ms` is in microseconds, too.
    Some(line.strip_prefix("out_time_us=")?.parse::<f64>().ok()? / 1_000_000.0)
}

struct Segments {
    seconds: f64,
    bits_per_second: u64,
    files: Vec<PathBuf>,
}

/// What a playlist that was just made holds.
async fn read(playlist: &Path, folder: &Path) -> Result<Segments, ProcessError> {
    let text = tokio::fs::read_to_string(playlist).await.map_err(|_| broken())?;
    let (mut total, mut seconds, mut peak, mut files) = (0.0, 0.0_f64, 0.0_f64, Vec::new());
    for line in text.lines() {
        if let Some(length) = line.strip_prefix("#EXTINF:") {
            seconds = length.trim_end_matches(',').parse().unwrap_or_default();
            total += seconds;
        } else if !line.starts_with('#') && !line.is_empty() {
            let file = folder.join(line);
            let bytes = tokio::fs::metadata(&file).await.map_err(ProcessError::failed)?.len();
            let rate = bytes as f64 * 8.0 / seconds.max(0.1);
            peak = peak.max(rate);
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(broken());
    }
    Ok(Segments { seconds: total, bits_per_second: peak.ceil() as u64, files })
}

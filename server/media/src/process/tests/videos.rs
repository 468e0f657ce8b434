//! Videos, made by the machine's `ffmpeg` where there is one.

use std::path::{Path, PathBuf};

use domain::{
    error::Code,
    id::{ListId, MediaId},
    media::{MediaKind, Rendition, Rotation},
};
use platform::blob::{BlobKey, Blobs, Bucket};
use tempfile::TempDir;
use tokio::process::Command;

use crate::process::{Ffmpeg, FileKind, Gauge, Job, Pipeline, ProcessError, Processed, Worker, blank::blank};

const PLACE: &str = "+52.5200+013.4050/";

/// Three seconds of a test picture with a tone, taken at a place.
async fn film(folder: &Path, name: &str, more: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let done = Command::new("ffmpeg")
        .args(["-y", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=640x480:rate=10:duration=3"])
        .args(["-f", "lavfi", "-i", "sine=duration=3", "-pix_fmt", "yuv420p"])
        .args(["-metadata", &format!("location={PLACE}"), "-metadata", &format!("comment={PLACE}")])
        .args(more)
        .arg(&path)
        .status()
        .await;
    assert!(done.unwrap().success());
    path
}

fn says_where(file: &[u8]) -> bool {
    file.windows(8).any(|window| window == &PLACE.as_bytes()[..8])
}

struct Stage {
    folder: TempDir,
    blobs: Blobs,
    job: Job,
}

async fn stage(file: &Path, content_type: &str) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::embedded(folder.path()).await.unwrap();
    let job = Job {
        list: ListId::fresh(),
        media: MediaId::fresh(),
        token: "f00d".to_owned(),
        generation: 1,
        kind: MediaKind::Video,
        content_type: content_type.to_owned(),
        rotation: Rotation::None,
        attempt: 0,
        handed: None,
    };
    let key = BlobKey::parse(&format!("{}/f00d", job.list)).unwrap();
    blobs.put_file(Bucket::Originals, &key, content_type, file).await.unwrap();
    Stage { folder, blobs, job }
}

async fn made(blobs: &Blobs, ffmpeg: Option<Ffmpeg>, job: &Job) -> Rendition {
    match Pipeline::new(blobs.clone(), Worker::Here, ffmpeg).process(job, &Gauge::default()).await.unwrap() {
        Processed::Made(made) => made,
        elsewhere => panic!("{elsewhere:?}"),
    }
}

async fn read(blobs: &Blobs, key: &str) -> Vec<u8> {
    let key = BlobKey::parse(key).unwrap();
    blobs.get(Bucket::Variants, &key, None).await.unwrap().into_bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn a_video_streams_in_two_sizes_with_a_poster_and_says_no_place() {
    let Some(ffmpeg) = Ffmpeg::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = film(folder.path(), "film.mp4", &["-movflags", "use_metadata_tags"]).await;
    assert!(says_where(&std::fs::read(&file).unwrap()));
    let Stage { blobs, job, folder: _folder } = stage(&file, "video/mp4").await;
    let job = Job { rotation: Rotation::Right, ..job };
    let made = made(&blobs, Some(ffmpeg), &job).await;
    assert!(made.streams && !made.plays);
    assert_eq!((made.width, made.height), (480, 640));
    assert!(made.duration_ms.unwrap().abs_diff(3_000) < 300, "{made:?}");
    assert!(made.variants.iter().any(|variant| variant.width == 320));
    assert!(made.placeholder.starts_with("data:image/webp"));

    let master = String::from_utf8(read(&blobs, &format!("{}/master.m3u8", made.path)).await).unwrap();
    assert!(master.contains("RESOLUTION=360x480\nhls-360.m3u8"), "{master}");
    assert!(master.contains("RESOLUTION=480x640\nhls-720.m3u8"), "{master}");
    let keys = blobs.list(Bucket::Variants, None).await.unwrap();
    let out = tempfile::tempdir().unwrap();
    for key in keys {
        let contents = read(&blobs, key.as_str()).await;
        assert!(!says_where(&contents), "{key}");
        std::fs::write(out.path().join(key.as_str().rsplit('/').next().unwrap()), contents).unwrap();
    }
    // What was made plays from its first list to its end.
    let frames = frames(&out.path().join("master.m3u8")).await;
    assert_eq!(frames.lines().next().unwrap().trim(), "30", "{frames}");
}

async fn frames(file: &Path) -> String {
    let played = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-select_streams", "v:0", "-allowed_extensions", "ALL"])
        .args(["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"])
        .arg(file)
        .output()
        .await
        .unwrap();
    if played.stdout.is_empty() {
        String::from_utf8_lossy(&played.stderr).into_owned()
    } else {
        String::from_utf8_lossy(&played.stdout).into_owned()
    }
}

#[tokio::test]
async fn the_gauge_shows_how_much_of_a_stream_is_there() {
    let Some(ffmpeg) = Ffmpeg::find() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = film(folder.path(), "film.mp4", &[]).await;
    let Stage { blobs, job, folder: _folder } = stage(&file, "video/mp4").await;
    let gauge = Gauge::default();
    Pipeline::new(blobs, Worker::Here, Some(ffmpeg)).process(&job, &gauge).await.unwrap();
    assert!((90..100).contains(&gauge.percent()), "{gauge:?}");
}

#[tokio::test]
async fn without_ffmpeg_the_file_itself_plays_but_says_no_place() {
    if Ffmpeg::find().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, content_type, more) in [
        ("plain.mp4", "video/mp4", &[][..]),
        ("tags.mp4", "video/mp4", &["-movflags", "use_metadata_tags"]),
        ("fast.mp4", "video/mp4", &["-movflags", "faststart"]),
        ("film.mov", "video/quicktime", &[]),
    ] {
        let file = film(folder.path(), name, more).await;
        let before = std::fs::read(&file).unwrap();
        assert!(says_where(&before), "{name}");
        let Stage { blobs, job, folder: _folder } = stage(&file, content_type).await;
        let made = made(&blobs, None, &job).await;
        assert!(made.plays && !made.streams);
        assert_eq!((made.width, made.height), (640, 480));
        assert!(made.duration_ms.unwrap().abs_diff(3_000) < 300, "{made:?}");
        let after = read(&blobs, &format!("{}/original.mp4", made.path)).await;
        assert_eq!(after.len(), before.len());
        assert!(!says_where(&after), "{name}");
        std::fs::write(&file, &after).unwrap();
        assert_eq!(frames(&file).await.trim(), "30", "{name}");
    }
}

#[tokio::test]
async fn what_is_no_video_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n").unwrap();
    let Stage { blobs, job, folder: _one } = stage(&file, "video/mp4").await;
    let ffmpeg = Ffmpeg::find();
    let refused = Pipeline::new(blobs, Worker::Here, ffmpeg.clone()).process(&job, &Gauge::default()).await;
    assert!(matches!(refused, Err(ProcessError::Unsuitable(Code::MediaMismatch))), "{refused:?}");
    // Right at the start, and nothing behind.
    std::fs::write(&file, b"\0\0\0\x18ftypisom\0\0\0\0isommp41").unwrap();
    let Stage { blobs, job, folder: _two } = stage(&file, "video/mp4").await;
    let refused = Pipeline::new(blobs, Worker::Here, ffmpeg).process(&job, &Gauge::default()).await;
    assert!(matches!(refused, Err(ProcessError::Unsuitable(_))), "{refused:?}");
}

#[tokio::test]
async fn a_file_that_can_not_be_made_safe_is_not_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let boxed = |name: &[u8; 4], body: &[u8]| {
        [&u32::try_from(body.len() + 8).unwrap().to_be_bytes()[..], name, body].concat()
    };
    let handler = |kind: &[u8; 4]| {
        boxed(b"trak", &boxed(b"mdia", &boxed(b"hdlr", &[&[0; 8][..], kind, &[0; 12]].concat())))
    };
    // A track of places; boxes that say they are longer than the file; boxes in boxes without end.
    let places = boxed(b"moov", &[handler(b"vide"), handler(b"meta")].concat());
    let long = [&[0, 0, 1, 0][..], b"moov", &[0; 8]].concat();
    let deep = (0..50).fold(Vec::new(), |body, _| boxed(b"moov", &body));
    for contents in [places, long, deep, b"\0\0\0\x01moov\0\0".to_vec(), b"\0\0\0\x04moov".to_vec()] {
        std::fs::write(&file, contents).unwrap();
        assert_eq!(blank(&file, FileKind::Mp4).await.unwrap(), None);
    }
    assert_eq!(blank(&file, FileKind::Webm).await.unwrap(), None);
}

//! From an upload in the storage to what is handed out, and back to nothing.

use domain::{
    id::{ListId, MediaId},
    media::{MediaKind, Rotation},
};
use image::ImageFormat;
use platform::blob::{BlobKey, Blobs, Bucket};

use super::files::*;
use crate::process::{Gauge, Job, Pipeline, ProcessError, Processed, Worker};

fn key(text: &str) -> BlobKey {
    BlobKey::parse(text).unwrap()
}

async fn keys(blobs: &Blobs) -> Vec<String> {
    blobs.list(Bucket::Variants, None).await.unwrap().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_picture_is_made_again_to_the_same_and_missing_sizes_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::embedded(folder.path()).await.unwrap();
    let pipeline = Pipeline::new(blobs.clone(), Worker::Here, None);
    let list = ListId::fresh();
    let job = Job {
        list,
        media: MediaId::fresh(),
        token: "f00d".to_owned(),
        generation: 3,
        kind: MediaKind::Image,
        content_type: "image/png".to_owned(),
        rotation: Rotation::Right,
        attempt: 0,
        handed: None,
    };
    assert!(matches!(pipeline.process(&job, &Gauge::default()).await, Err(ProcessError::Missing)));
    let original = key(&format!("{list}/f00d"));
    let file = encoded(&quarters(400, 200), ImageFormat::Png);
    blobs.put(Bucket::Originals, &original, "image/png", file.into()).await.unwrap();
    let Processed::Made(made) = pipeline.process(&job, &Gauge::default()).await.unwrap() else {
        panic!("it is done here")
    };
    assert_eq!((made.path.as_str(), made.width, made.height), (format!("{list}/f00d/3").as_str(), 200, 400));
    assert!(!made.streams && !made.plays && made.duration_ms.is_none());
    let first = keys(&blobs).await;
    assert_eq!(pipeline.process(&job, &Gauge::default()).await.unwrap(), Processed::Made(made.clone()));
    assert_eq!(keys(&blobs).await, first);

    // A size that is gone, or was never made in this format, is made as it was.
    let at = key(&made.path);
    for name in ["200.jpg", "200.webp", "200.avif"] {
        let key = key(&format!("{}/{name}", made.path));
        blobs.delete(Bucket::Variants, &key).await.unwrap();
        pipeline.make_missing(&at, name).await.unwrap();
        assert!(blobs.info(Bucket::Variants, &key).await.unwrap().bytes > 100, "{name}");
    }
    let jpeg = blobs.get(Bucket::Variants, &key(&format!("{}/200.jpg", made.path)), None).await.unwrap();
    let jpeg = image::load_from_memory(&jpeg.into_bytes().await.unwrap()).unwrap();
    assert_close(corners(&jpeg), [BLUE, RED, WHITE, GREEN]);
    // There are no others, nor any of what is not there.
    for name in ["201.jpg", "960.avif", "about.json", "original.mp4"] {
        let none = pipeline.make_missing(&at, name).await;
        assert!(matches!(none, Err(ProcessError::Missing)), "{name}: {none:?}");
    }
    let other = pipeline.make_missing(&key(&format!("{list}/f00d/4")), "200.jpg").await;
    assert!(matches!(other, Err(ProcessError::Missing)), "{other:?}");

    pipeline.remove(list, "f00d").await.unwrap();
    pipeline.remove(list, "f00d").await.unwrap();
    assert!(keys(&blobs).await.is_empty());
    assert!(blobs.list(Bucket::Originals, None).await.unwrap().is_empty());
}

//! Videos by MediaConvert: ordered once, shown when they are done, and gone without a trace when nobody wants them.

mod limits;
mod service;
mod stage;

use domain::{
    action::Action,
    error::Code,
    media::{MediaState, Rotation},
};
use platform::blob::{BlobKey, Bucket};
use serde_json::json;

use self::{
    service::Mood,
    stage::{MINUTE, QUEUE, ROLE, Stage},
};
use crate::world::http_event;

#[tokio::test]
async fn a_video_is_ordered_once_and_shown_when_it_is_done() {
    let stage = Stage::new().await;
    let id = stage.ordered().await;
    let order = stage.service.order("job-1");
    assert_eq!((&order["queue"], &order["role"]), (&json!(QUEUE), &json!(ROLE)));
    assert_eq!(order["userMetadata"]["media"], json!(id));
    let token = order["clientRequestToken"].as_str().unwrap();
    assert!(token.contains(&id.to_string()) && token.len() <= 64, "{token}");
    let folder = order["userMetadata"]["folder"].as_str().unwrap().to_owned();
    let (original, generation) = folder.rsplit_once('/').unwrap();
    assert_eq!(generation, "1");
    let input = &order["settings"]["inputs"][0];
    assert_eq!(input["fileInput"], format!("s3://originals/{original}"));

    // Delivered again, at once and when it is looked at: nothing more is ordered.
    let version = stage.version().await;
    assert_eq!(stage.works().await, 0);
    assert_eq!(stage.works_after(MINUTE).await, 1);
    stage.service.turns("job-1", "PROGRESSING", json!({ "jobPercentComplete": 40 }));
    for status in ["PROGRESSING", "STATUS_UPDATE"] {
        assert_eq!(stage.hears("job-1", status).await, 1);
    }
    assert_eq!(stage.service.asked(), ["look", "look", "look"]);
    // How far it is has been told, once.
    let media = stage.media(id).await;
    assert_eq!((media.state, media.progress), (MediaState::Processing, Some(40)));
    assert_eq!(stage.version().await, version + 1);

    stage.service.completes("job-1", &stage.blobs).await;
    assert_eq!(stage.hears("job-1", "COMPLETE").await, 1);
    let media = stage.media(id).await;
    assert_eq!((media.state, stage.version().await), (MediaState::Ready, version + 2));
    let made = media.rendition.unwrap();
    assert_eq!((made.path.as_str(), made.duration_ms), (folder.as_str(), Some(9_433)));
    assert_eq!((made.width, made.height, made.streams, made.plays), (640, 360, true, false));
    assert!(made.placeholder.starts_with("data:image/"));
    let files = stage.variants().await;
    let list = stage.read(&format!("{folder}/master.m3u8")).await;
    assert!(list.contains("\nhls-360.m3u8\n") && list.contains("\nhls-720.m3u8\n"), "{list}");

    // Whatever is told again, late or in another order changes nothing.
    for status in ["COMPLETE", "PROGRESSING", "ERROR", "CANCELED"] {
        assert_eq!(stage.hears("job-1", status).await, 0, "{status}");
    }
    assert_eq!((stage.version().await, stage.variants().await), (version + 2, files));
    assert_eq!((stage.service.jobs(), stage.notes().await), (1, 0));

    // A size of the poster that is missing is made, and the stream is read by its names.
    let key = BlobKey::parse(&format!("{folder}/320.webp")).unwrap();
    stage.blobs.delete(Bucket::Variants, &key).await.unwrap();
    for name in ["320.webp", "hls-720.m3u8", "hls-720_00001.ts"] {
        let answer = stage.is_told(http_event("GET", &format!("/media/{folder}/{name}"))).await;
        assert_eq!(answer["statusCode"], 200, "{name}: {answer}");
    }
    for name in ["hls.m3u8", "poster.0000001.jpg"] {
        let answer = stage.is_told(http_event("GET", &format!("/media/{folder}/{name}"))).await;
        assert_eq!(answer["statusCode"], 404, "{name}: {answer}");
    }
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_is_one_job_all_the_same() {
    let stage = Stage::new().await;
    stage.service.is(Mood::LosesAnswers);
    let id = stage.arrived().await;
    stage.works().await;
    assert_eq!(stage.state(id).await, MediaState::Processing);
    // Asked for again, it is the same job.
    assert_eq!(stage.works_after(MINUTE).await, 1);
    assert_eq!(stage.service.asked(), ["probe", "create", "probe", "create"]);
    assert_eq!(stage.service.jobs(), 1);
    // The job tells of itself, and is not ordered a third time.
    assert_eq!(stage.hears("job-1", "PROGRESSING").await, 1);
    assert_eq!(stage.service.asked(), ["look"]);
    stage.service.completes("job-1", &stage.blobs).await;
    stage.hears("job-1", "COMPLETE").await;
    assert_eq!((stage.state(id).await, stage.service.jobs()), (MediaState::Ready, 1));
}

#[tokio::test]
async fn a_service_that_has_too_much_to_do_is_asked_again_later() {
    let stage = Stage::new().await;
    stage.service.is(Mood::Throttles);
    let id = stage.arrived().await;
    assert_eq!(stage.works().await, 1);
    assert_eq!(stage.works().await, 0, "not at once");
    assert_eq!(stage.works_after(MINUTE).await, 1);
    assert_eq!((stage.state(id).await, stage.service.jobs()), (MediaState::Processing, 0));
    stage.service.is(Mood::Takes);
    assert_eq!(stage.works_after(MINUTE).await, 1);
    assert_eq!(stage.service.jobs(), 1);
}

#[tokio::test]
async fn what_nobody_tells_is_found_out() {
    let stage = Stage::new().await;
    let id = stage.ordered().await;
    assert_eq!(stage.works_after(MINUTE).await, 1);
    stage.service.completes("job-1", &stage.blobs).await;
    assert_eq!(stage.works_after(9 * MINUTE).await, 0);
    assert_eq!(stage.works_after(MINUTE).await, 1);
    assert_eq!(stage.state(id).await, MediaState::Ready);
    // A job that is forgotten is ordered anew.
    let other = stage.ordered().await;
    stage.service.forgets("job-2");
    assert_eq!(stage.works_after(MINUTE).await, 1);
    assert_eq!(stage.works_after(MINUTE).await, 1);
    assert_eq!(stage.service.asked(), ["look", "probe", "create"]);
    assert_eq!(stage.state(other).await, MediaState::Processing);
}

#[tokio::test]
async fn a_job_that_fails_says_why_and_leaves_no_files() {
    let stage = Stage::new().await;
    for (number, status, more, code) in [
        (1, "ERROR", json!({ "errorCode": 1040, "errorMessage": "no codec" }), Code::MediaBroken),
        (2, "CANCELED", json!({}), Code::ProcessingLimit),
    ] {
        let id = stage.ordered().await;
        let job = format!("job-{number}");
        stage.service.writes(&job, &stage.blobs).await;
        stage.service.turns(&job, status, more);
        for _ in 0..2 {
            stage.hears(&job, status).await;
        }
        assert_eq!(stage.state(id).await, MediaState::Failed(code));
        assert_eq!((stage.variants().await.len(), stage.notes().await), (0, 0));
        // Tried once more by the user, it is another job in another place.
        stage.service.asked();
        stage.act(Action::RetryMedia { id }).await;
        stage.works().await;
        assert_eq!(stage.service.asked(), ["probe", "create"]);
        stage.delete(id).await;
        stage.works_after(MINUTE).await;
        stage.service.forgets(&format!("job-{}", stage.service.jobs()));
        assert_eq!(stage.service.jobs(), number);
    }
}

#[tokio::test]
async fn a_job_that_the_service_gives_up_is_ordered_anew_three_times_at_most() {
    let stage = Stage::new().await;
    let id = stage.ordered().await;
    for number in 1..=3 {
        let job = format!("job-{number}");
        stage.service.turns(&job, "ERROR", json!({ "errorCode": 1999, "errorMessage": "out of luck" }));
        for _ in 0..2 {
            stage.hears(&job, "ERROR").await;
        }
        stage.works_after(5 * MINUTE).await;
        // Told once more of what is over, the new job is not taken for it.
        stage.hears(&job, "ERROR").await;
    }
    assert_eq!(stage.service.jobs(), 3);
    let tokens =
        ["job-1", "job-2", "job-3"].map(|job| stage.service.order(job)["clientRequestToken"].clone());
    assert!(tokens[0] != tokens[1] && tokens[1] != tokens[2], "{tokens:?}");
    assert_eq!(stage.state(id).await, MediaState::Failed(Code::ProcessingLimit));
    // What was left out of a job that is said to be complete is such a failure too.
    let other = stage.arrived().await;
    stage.works().await;
    stage.service.turns("job-4", "COMPLETE", json!({}));
    stage.hears("job-4", "COMPLETE").await;
    stage.works_after(5 * MINUTE).await;
    stage.service.completes("job-5", &stage.blobs).await;
    stage.hears("job-5", "COMPLETE").await;
    assert_eq!(stage.state(other).await, MediaState::Ready);
}

#[tokio::test]
async fn media_that_were_deleted_meanwhile_leave_nothing() {
    let stage = Stage::new().await;
    let id = stage.ordered().await;
    stage.delete(id).await;
    stage.works().await;
    let version = stage.version().await;
    stage.service.writes("job-1", &stage.blobs).await;
    assert!(!stage.variants().await.is_empty());
    stage.service.asked();
    // Whatever is told of the job while it goes on has it cancelled, and is told that once too often.
    for status in ["STATUS_UPDATE", "PROGRESSING"] {
        assert_eq!(stage.hears("job-1", status).await, 0);
        assert!(!stage.variants().await.is_empty(), "the service may still be at it");
    }
    assert_eq!(stage.service.asked(), ["cancel"; 2]);
    for status in ["CANCELED", "CANCELED", "COMPLETE"] {
        stage.hears("job-1", status).await;
        assert_eq!(stage.service.asked(), [""; 0]);
        assert_eq!(stage.variants().await, [""; 0]);
    }
    stage.works_after(MINUTE).await;
    assert_eq!((stage.version().await, stage.notes().await), (version, 0));
    assert!(stage.blobs.list(Bucket::Originals, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_job_for_an_older_version_changes_nothing_and_leaves_nothing() {
    let stage = Stage::new().await;
    let id = stage.ordered().await;
    stage.turn(id, Rotation::Right).await;
    assert_eq!(stage.works().await, 1);
    assert_eq!(stage.service.jobs(), 2);
    let version = stage.version().await;
    stage.service.completes("job-1", &stage.blobs).await;
    stage.hears("job-1", "COMPLETE").await;
    assert_eq!(stage.variants().await, [""; 0]);
    assert_eq!((stage.state(id).await, stage.version().await), (MediaState::Processing, version));
    stage.service.completes("job-2", &stage.blobs).await;
    stage.hears("job-2", "COMPLETE").await;
    let made = stage.media(id).await.rendition.unwrap();
    assert!(made.path.ends_with("/2") && made.rotation == Rotation::Right, "{made:?}");
    // Turned once more, what is shown stays until it is replaced and for a day more, whatever is told of it.
    stage.turn(id, Rotation::None).await;
    stage.works().await;
    stage.hears("job-2", "COMPLETE").await;
    assert!(stage.variants().await.contains(&format!("{}/master.m3u8", made.path)));
    stage.service.completes("job-3", &stage.blobs).await;
    stage.hears("job-3", "COMPLETE").await;
    assert_eq!(stage.state(id).await, MediaState::Ready);
    stage.hears("job-2", "COMPLETE").await;
    assert!(stage.variants().await.contains(&format!("{}/master.m3u8", made.path)));
    stage.works_after(24 * 60 * MINUTE).await;
    assert!(!stage.variants().await.contains(&format!("{}/master.m3u8", made.path)));
}

#[tokio::test]
async fn what_is_told_of_other_jobs_is_ignored() {
    let stage = Stage::new().await;
    let id = stage.ordered().await;
    let folder = stage.service.order("job-1")["userMetadata"]["folder"].as_str().unwrap().to_owned();
    let original = folder.rsplit_once('/').unwrap().0.to_owned();
    stage.service.writes("job-1", &stage.blobs).await;
    let files = stage.variants().await;
    for metadata in [
        json!({}),
        json!({ "media": id, "folder": folder }),
        json!({ "media": "x", "folder": folder, "attempt": "0" }),
        json!({ "media": id, "folder": original, "attempt": "0" }),
        json!({ "media": id, "folder": format!("{folder}/.."), "attempt": "0" }),
        json!({ "media": id, "folder": format!("{original}/01"), "attempt": "0" }),
    ] {
        let mut event = stage.service.event("job-1", "COMPLETE");
        event["detail"]["userMetadata"] = metadata.clone();
        assert_eq!(stage.is_told(event).await, 0, "{metadata}");
    }
    assert_eq!(stage.variants().await, files);
    // Another job that says it is for this video is not the one that is waited for.
    let mut event = stage.service.event("job-1", "COMPLETE");
    event["detail"]["jobId"] = "job-9".into();
    assert_eq!(stage.is_told(event).await, 0);
    assert_eq!((stage.variants().await, stage.state(id).await), (files, MediaState::Processing));
}

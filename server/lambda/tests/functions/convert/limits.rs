//! What is looked at before a job costs anything, and what a job is told to make.

use domain::{
    error::Code,
    media::{MediaState, Rotation},
};
use serde_json::{Value, json};

use super::{service::film, stage::Stage};

/// A film with this in the place of what was there.
fn with(path: &str, value: Value) -> Value {
    let mut film = film();
    *film.pointer_mut(path).unwrap() = value;
    film
}

const VIDEO: &str = "/container/tracks/0/videoProperties";

#[tokio::test]
async fn what_is_not_to_be_converted_is_told_and_never_ordered() {
    let stage = Stage::new().await;
    let sides = json!({ "width": 10_001, "height": 10_000 });
    for (status, found, code) in [
        (200, with("/container/duration", json!(14_400.5)), Code::VideoTooLong),
        (200, with(VIDEO, sides), Code::TooManyPixels),
        (200, with("/container/tracks/0/trackType", json!("data")), Code::MediaBroken),
        (200, with(VIDEO, json!({ "width": 0, "height": 5 })), Code::MediaBroken),
        (200, json!({}), Code::MediaBroken),
        (400, json!({}), Code::MediaBroken),
        (404, json!({}), Code::UploadSize),
    ] {
        stage.service.finds(status, found);
        let id = stage.arrived().await;
        stage.works().await;
        assert_eq!(stage.state(id).await, MediaState::Failed(code));
        assert_eq!(stage.service.asked(), ["probe"]);
    }
    // What does not begin as it says is not even looked at.
    let id = stage.arrived_as(b"MZ this is a program").await;
    stage.works().await;
    assert_eq!(stage.state(id).await, MediaState::Failed(Code::MediaMismatch));
    assert_eq!((stage.service.asked(), stage.service.jobs()), (vec![], 0));
}

/// The settings of the job that is ordered for a film that is found to be so, turned so.
async fn settings(found: Value, rotation: Rotation) -> Value {
    let stage = Stage::new().await;
    stage.service.finds(200, found);
    let id = stage.arrived().await;
    if rotation != Rotation::None {
        stage.turn(id, rotation).await;
    }
    stage.works().await;
    stage.service.order("job-1")["settings"].clone()
}

/// Suffix, width and height of each rendition.
fn renditions(settings: &Value) -> Vec<(String, Value, Value)> {
    let outputs = settings["outputGroups"][0]["outputs"].as_array().unwrap().iter();
    let side = |output: &Value, side: &str| output["videoDescription"][side].clone();
    outputs
        .map(|output| {
            let name = output["nameModifier"].as_str().unwrap().to_owned();
            (name, side(output, "width"), side(output, "height"))
        })
        .collect()
}

#[tokio::test]
async fn a_job_makes_two_sizes_and_a_poster_of_nothing_but_pictures_and_sound() {
    let settings = settings(film(), Rotation::None).await;
    let input = &settings["inputs"][0];
    assert_eq!((&input["videoSelector"]["rotate"], &input["inputClippings"]), (&json!("AUTO"), &Value::Null));
    let wide = |side: u32| (Value::Null, json!(side));
    let both = [("-360", wide(360)), ("-720", wide(720))].map(|(name, (w, h))| (name.to_owned(), w, h));
    assert_eq!(renditions(&settings), both);
    let [hls, poster] = settings["outputGroups"].as_array().unwrap().as_slice() else { panic!("{settings}") };
    let group = &hls["outputGroupSettings"]["hlsGroupSettings"];
    assert_eq!(
        (&group["programDateTime"], &group["timedMetadataId3Frame"], &group["captionLanguageSetting"]),
        (&json!("EXCLUDE"), &json!("NONE"), &json!("OMIT"))
    );
    for (output, bits) in hls["outputs"].as_array().unwrap().iter().zip([900_000, 3_000_000]) {
        let codec = &output["videoDescription"]["codecSettings"]["h264Settings"];
        assert_eq!((&codec["rateControlMode"], &codec["maxBitrate"]), (&json!("QVBR"), &json!(bits)));
        let packets = &output["containerSettings"]["m3u8Settings"];
        assert_eq!(
            (&packets["timedMetadata"], &packets["scte35Source"], &packets["nielsenId3"]),
            (&json!("NONE"), &json!("NONE"), &json!("NONE"))
        );
        assert_eq!(output["audioDescriptions"].as_array().unwrap().len(), 1);
        assert_eq!(output["captionDescriptions"], Value::Null);
    }
    let capture = &poster["outputs"][0]["videoDescription"]["codecSettings"]["frameCaptureSettings"];
    assert_eq!((&capture["framerateDenominator"], &capture["maxCaptures"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn a_job_fits_its_video() {
    // Upright, as its file says and as its user says.
    let mut upright = film();
    upright["container"]["tracks"][0]["videoProperties"]["rotation"] = json!(90);
    let tall = settings(upright.clone(), Rotation::None).await;
    assert_eq!(tall["inputs"][0]["videoSelector"]["rotate"], "AUTO");
    assert_eq!(renditions(&tall)[0], ("-360".to_owned(), json!(360), Value::Null));
    for (rotation, degrees, is_wide) in [
        (Rotation::Right, "DEGREES_180", true),
        (Rotation::Half, "DEGREES_270", false),
        (Rotation::Left, "DEGREE_0", true),
    ] {
        let turned = settings(upright.clone(), rotation).await;
        assert_eq!(turned["inputs"][0]["videoSelector"]["rotate"], degrees);
        assert_eq!(renditions(&turned)[0].1.is_null(), is_wide, "{degrees}");
    }
    // Small, and so short that its poster is its first picture.
    let mut small = with("/container/duration", json!(1.5));
    small["container"]["tracks"][0]["videoProperties"] = json!({ "width": 301, "height": 203 });
    let small = settings(small, Rotation::None).await;
    assert_eq!(renditions(&small), [("-360".to_owned(), Value::Null, json!(202))]);
    let poster = &small["outputGroups"][1]["outputs"][0]["videoDescription"]["codecSettings"];
    assert_eq!(poster["frameCaptureSettings"]["maxCaptures"], 1);
    // Silent, fast, and without a length: a recording made in a browser.
    let mut recorded = with("/container/duration", Value::Null);
    recorded["container"]["tracks"].as_array_mut().unwrap().pop();
    recorded["container"]["tracks"][0]["videoProperties"]["frameRate"]["numerator"] = json!(240);
    let recorded = settings(recorded, Rotation::None).await;
    assert_eq!(recorded["inputs"][0]["inputClippings"], json!([{ "endTimecode": "04:00:00:00" }]));
    assert_eq!(recorded["inputs"][0]["audioSelectors"], Value::Null);
    let output = &recorded["outputGroups"][0]["outputs"][0];
    assert_eq!(output["audioDescriptions"], Value::Null);
    let codec = &output["videoDescription"]["codecSettings"]["h264Settings"];
    assert_eq!((&codec["framerateControl"], &codec["framerateNumerator"]), (&json!("SPECIFIED"), &json!(60)));
}

//! What MediaConvert is told to make of a video: what `ffmpeg` makes elsewhere, a stream in two sizes and a poster. Nothing
//! but pictures and sound goes into it: no metadata, no times, no captions.

use aws_sdk_mediaconvert::types::{
    AacCodingMode, AacSettings, AudioCodec, AudioCodecSettings, AudioDefaultSelection, AudioDescription,
    AudioSelector, ContainerSettings, ContainerType, FileGroupSettings, FrameCaptureSettings,
    H264CodecProfile, H264FramerateControl, H264GopSizeUnits, H264RateControlMode, H264Settings,
    HlsCaptionLanguageSetting, HlsDirectoryStructure, HlsGroupSettings, HlsManifestDurationFormat,
    HlsProgramDateTime, HlsSegmentControl, HlsStreamInfResolution, HlsTimedMetadataId3Frame, Input,
    InputClipping, InputRotate, InputTimecodeSource, JobSettings, M3u8NielsenId3, M3u8Scte35Source,
    M3u8Settings, Output, OutputGroup, OutputGroupSettings, OutputGroupType, TimedMetadata, VideoCodec,
    VideoCodecSettings, VideoDescription, VideoSelector,
};
use domain::{limits::VIDEO_SECONDS, media::Rotation};
use media::process::{Order, QUALITIES, Quality, SEGMENT_SECONDS, poster_second};

use super::probe::Probed;

/// What the input's sound is called in its outputs.
const SOUND: &str = "Audio Selector 1";
/// Bits and samples a second of sound, as `ffmpeg` makes it elsewhere.
const SOUND_BITS: i32 = 96_000;
const SOUND_SAMPLES: i32 = 48_000;
/// The shortest side that MediaConvert makes, in pixels.
const LEAST_SIDE: u32 = 32;

/// All of a job.
pub(super) fn job(order: &Order, probed: &Probed, file: String, bucket: &str) -> JobSettings {
    let to = |name: String| format!("s3://{bucket}/{name}");
    JobSettings::builder()
        .inputs(input(order, probed, file))
        .output_groups(stream(to(order.stream()), order, probed))
        .output_groups(poster(to(order.poster()), probed))
        .build()
}

fn input(order: &Order, probed: &Probed, file: String) -> Input {
    let video = VideoSelector::builder().rotate(rotation(order.rotation, probed));
    let mut input = Input::builder()
        .file_input(file)
        .timecode_source(InputTimecodeSource::Zerobased)
        .video_selector(video.build());
    if probed.has_sound {
        let sound = AudioSelector::builder().default_selection(AudioDefaultSelection::Default);
        input = input.audio_selectors(SOUND, sound.build());
    }
    if probed.seconds.is_none() {
        // It does not say how long it plays, so it is cut where the limit is.
        let end = format!("{:02}:00:00:00", VIDEO_SECONDS / 3_600);
        input = input.input_clippings(InputClipping::builder().end_timecode(end).build());
    }
    input.build()
}

/// MediaConvert turns a video as its file says by itself, or by so many degrees whatever the file says.
fn rotation(by_user: Rotation, probed: &Probed) -> InputRotate {
    if by_user == Rotation::None {
        return InputRotate::Auto;
    }
    match (probed.rotation + u32::from(by_user.degrees())) % 360 {
        90 => InputRotate::Degrees90,
        180 => InputRotate::Degrees180,
        270 => InputRotate::Degrees270,
        _ => InputRotate::Degree0,
    }
}

fn stream(destination: String, order: &Order, probed: &Probed) -> OutputGroup {
    let length = i32::try_from(SEGMENT_SECONDS).unwrap_or(i32::MAX);
    let hls = HlsGroupSettings::builder()
        .destination(destination)
        .segment_length(length)
        .min_segment_length(0)
        .segment_control(HlsSegmentControl::SegmentedFiles)
        .directory_structure(HlsDirectoryStructure::SingleDirectory)
        .manifest_duration_format(HlsManifestDurationFormat::FloatingPoint)
        .stream_inf_resolution(HlsStreamInfResolution::Include)
        .caption_language_setting(HlsCaptionLanguageSetting::Omit)
        .program_date_time(HlsProgramDateTime::Exclude)
        .timed_metadata_id3_frame(HlsTimedMetadataId3Frame::None);
    let settings = OutputGroupSettings::builder()
        .r#type(OutputGroupType::HlsGroupSettings)
        .hls_group_settings(hls.build());
    let outputs = sizes(order, probed).into_iter().map(|(quality, size)| rendition(quality, size, probed));
    OutputGroup::builder()
        .output_group_settings(settings.build())
        .set_outputs(Some(outputs.collect()))
        .build()
}

/// The side of a rendition that is given; the other follows from the video's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Width(u32),
    Height(u32),
}

/// The renditions, the smaller first: none is larger than the video, and none is like the one before.
fn sizes(order: &Order, probed: &Probed) -> Vec<(Quality, Side)> {
    let aside = (probed.rotation + u32::from(order.rotation.degrees())) % 180 == 90;
    let is_wide = (probed.width >= probed.height) != aside;
    let shorter = probed.width.min(probed.height);
    let side = |quality: Quality| (quality.side.min(shorter) & !1).max(LEAST_SIDE);
    let sized = QUALITIES.map(|quality| {
        let side = side(quality);
        (quality, if is_wide { Side::Height(side) } else { Side::Width(side) })
    });
    let mut sizes = sized.to_vec();
    sizes.dedup_by_key(|(_, side)| *side);
    sizes
}

fn rendition(quality: Quality, side: Side, probed: &Probed) -> Output {
    let seconds = f64::from(SEGMENT_SECONDS) / 2.0;
    let picture = H264Settings::builder()
        .codec_profile(H264CodecProfile::Main)
        .rate_control_mode(H264RateControlMode::Qvbr)
        .max_bitrate(i32::try_from(quality.bits_per_second).unwrap_or(i32::MAX))
        .gop_size(seconds)
        .gop_size_units(H264GopSizeUnits::Seconds)
        .gop_closed_cadence(1);
    let picture = if probed.is_fast {
        let specified = picture.framerate_control(H264FramerateControl::Specified);
        specified.framerate_numerator(60).framerate_denominator(1)
    } else {
        picture.framerate_control(H264FramerateControl::InitializeFromSource)
    };
    let codec = VideoCodecSettings::builder().codec(VideoCodec::H264).h264_settings(picture.build());
    let video = VideoDescription::builder().codec_settings(codec.build());
    let pixels = |side| i32::try_from(side).unwrap_or(i32::MAX);
    let video = match side {
        Side::Width(side) => video.width(pixels(side)),
        Side::Height(side) => video.height(pixels(side)),
    };
    let packets = M3u8Settings::builder()
        .timed_metadata(TimedMetadata::None)
        .scte35_source(M3u8Scte35Source::None)
        .nielsen_id3(M3u8NielsenId3::None);
    let container =
        ContainerSettings::builder().container(ContainerType::M3U8).m3u8_settings(packets.build());
    let output = Output::builder()
        .name_modifier(Order::suffix(quality))
        .container_settings(container.build())
        .video_description(video.build());
    if probed.has_sound { output.audio_descriptions(sound()).build() } else { output.build() }
}

fn sound() -> AudioDescription {
    let aac = AacSettings::builder()
        .bitrate(SOUND_BITS)
        .sample_rate(SOUND_SAMPLES)
        .coding_mode(AacCodingMode::CodingMode20);
    let codec = AudioCodecSettings::builder().codec(AudioCodec::Aac).aac_settings(aac.build());
    AudioDescription::builder().audio_source_name(SOUND).codec_settings(codec.build()).build()
}

/// The first picture and, where there is time enough, one some seconds in.
fn poster(destination: String, probed: &Probed) -> OutputGroup {
    let second = poster_second(probed.seconds.unwrap_or(VIDEO_SECONDS));
    let capture = FrameCaptureSettings::builder()
        .framerate_numerator(1)
        .framerate_denominator(i32::try_from(second.max(1)).unwrap_or(i32::MAX))
        .max_captures(if second == 0 { 1 } else { 2 })
        .quality(90);
    let codec =
        VideoCodecSettings::builder().codec(VideoCodec::FrameCapture).frame_capture_settings(capture.build());
    let output = Output::builder()
        .container_settings(ContainerSettings::builder().container(ContainerType::Raw).build())
        .video_description(VideoDescription::builder().codec_settings(codec.build()).build());
    let file = FileGroupSettings::builder().destination(destination).build();
    let settings =
        OutputGroupSettings::builder().r#type(OutputGroupType::FileGroupSettings).file_group_settings(file);
    OutputGroup::builder().output_group_settings(settings.build()).outputs(output.build()).build()
}

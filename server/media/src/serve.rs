//! What may be handed out under an address, as whom, and how playlists are made to work with signed addresses.

use std::fmt::Write as _;

use domain::media::{ANIMATION, Format};

/// The name of a file that is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// A picture in one size: `960.avif`.
    Picture {
        /// Pixels across.
        width: u32,
        /// How it is encoded.
        format: Format,
    },
    /// A picture that moves: [`ANIMATION`].
    Animation,
    /// A video as it came, without its metadata: `original.mp4`.
    Original,
    /// A list of renditions or segments: `master.m3u8`, `hls-360.m3u8`.
    Playlist,
    /// The start of a rendition: `hls-360-init.mp4`.
    Start,
    /// A piece of a rendition: `hls-360-00001.m4s`.
    Segment,
    /// A piece of a rendition that a service elsewhere has made: `hls-360_00001.ts`.
    TransportStream,
}

impl Name {
    /// Takes one spelling only; everything else in a rendition's folder is not handed out.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (stem, extension) = name.split_once('.')?;
        let stream = stem.starts_with("hls-");
        match (stem, extension) {
            _ if name == ANIMATION => Some(Self::Animation),
            ("original", "mp4") => Some(Self::Original),
            ("master", "m3u8") => Some(Self::Playlist),
            (_, "m3u8") if stream => Some(Self::Playlist),
            (_, "mp4") if stream && stem.ends_with("-init") => Some(Self::Start),
            (_, "m4s") if stream => Some(Self::Segment),
            (_, "ts") if stream => Some(Self::TransportStream),
            _ => {
                let formats = [Format::Avif, Format::Webp, Format::Jpeg];
                let format = formats.into_iter().find(|format| format.extension() == extension)?;
                let width: u32 = stem.parse().ok()?;
                (width.to_string() == stem).then_some(Self::Picture { width, format })
            }
        }
    }

    /// What the file is sent as.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Picture { format, .. } => format.content_type(),
            Self::Animation => Format::Webp.content_type(),
            Self::Original | Self::Start => "video/mp4",
            Self::Playlist => "application/vnd.apple.mpegurl",
            Self::Segment => "video/iso.segment",
            Self::TransportStream => "video/mp2t",
        }
    }

    /// Whether it can be made when it is asked for.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Picture { .. })
    }

    /// Whether it names other files.
    #[must_use]
    pub const fn is_playlist(self) -> bool {
        matches!(self, Self::Playlist)
    }
}

/// The playlist with this query behind every address in it, so that players need know nothing of signatures.
#[must_use]
pub fn with_query(playlist: &str, query: &str) -> String {
    let mut signed = String::with_capacity(playlist.len() * 4);
    for line in playlist.lines() {
        // Writing to a string can't fail.
        let _ = if line.is_empty() {
            writeln!(signed)
        } else if !line.starts_with('#') {
            writeln!(signed, "{line}?{query}")
        } else if let Some((before, (address, after))) =
            line.split_once("URI=\"").and_then(|(before, rest)| Some((before, rest.split_once('"')?)))
        {
            writeln!(signed, "{before}URI=\"{address}?{query}\"{after}")
        } else {
            writeln!(signed, "{line}")
        };
    }
    signed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_made_for_it_is_handed_out() {
        for name in ["960.avif", "320.webp", "2048.jpg", "original.mp4", "master.m3u8", "hls-360.m3u8"] {
            assert!(Name::parse(name).is_some(), "{name}");
        }
        assert_eq!(Name::parse("hls-360-init.mp4"), Some(Name::Start));
        assert_eq!(Name::parse("hls-720-00012.m4s"), Some(Name::Segment));
        assert_eq!(Name::parse("hls-720_00012.ts"), Some(Name::TransportStream));
        for name in [
            "",
            "about.json",
            "poster.png",
            "poster.0000001.jpg",
            "hls.m3u8",
            "master.ts",
            "960",
            "0960.avif",
            "+960.avif",
            "960.AVIF",
            "960.avif.html",
            "x.mp4",
            "960.svg",
            "index.html",
            "source",
        ] {
            assert_eq!(Name::parse(name), None, "{name}");
        }
    }

    #[test]
    fn every_address_in_a_playlist_is_signed() {
        let playlist = "#EXTM3U\n#EXT-X-MAP:URI=\"hls-360-init.mp4\",BYTERANGE=1\n#EXTINF:4.0,\nhls-360-00000.m4s\n\n\
            #EXT-X-STREAM-INF:BANDWIDTH=1\nhls-360.m3u8\n#EXT-X-ENDLIST\n";
        let expected = "#EXTM3U\n#EXT-X-MAP:URI=\"hls-360-init.mp4?P=1&S=2\",BYTERANGE=1\n#EXTINF:4.0,\n\
            hls-360-00000.m4s?P=1&S=2\n\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhls-360.m3u8?P=1&S=2\n#EXT-X-ENDLIST\n";
        assert_eq!(with_query(playlist, "P=1&S=2"), expected);
    }
}

//! The schema's scalars and enums as the domain's types.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

pub(super) type Bytes = u64;
pub(super) type Day = domain::time::Day;
pub(super) type OrderKey = domain::order::OrderKey;
pub(super) type Timestamp = domain::time::Timestamp;
pub(super) type Version = domain::model::Version;

/// A list's colour; GraphQL spells enums in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) domain::colour::Colour);

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.name().to_ascii_uppercase())
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?.to_ascii_lowercase();
        domain::colour::Colour::from_str(&name).map(Self).map_err(D::Error::custom)
    }
}

/// What the caller may do with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Role {
    Owner,
    Editor,
    Viewer,
}

impl From<Role> for domain::model::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Editor => Self::Editor,
            Role::Viewer => Self::Viewer,
        }
    }
}

/// What a media item is; GraphQL spells enums in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MediaKind(pub(super) domain::media::MediaKind);

impl Serialize for MediaKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self.0 {
            domain::media::MediaKind::Image => "IMAGE",
            domain::media::MediaKind::Video => "VIDEO",
        })
    }
}

impl<'de> Deserialize<'de> for MediaKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "IMAGE" => Ok(Self(domain::media::MediaKind::Image)),
            "VIDEO" => Ok(Self(domain::media::MediaKind::Video)),
            _ => Err(D::Error::custom("no such kind")),
        }
    }
}

/// How far a media item has come; why it failed is said beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum MediaState {
    Waiting,
    Uploading,
    Processing,
    Ready,
    Failed,
}

/// How a variant is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Format {
    Avif,
    Webp,
    Jpeg,
}

impl From<Format> for domain::media::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Avif => Self::Avif,
            Format::Webp => Self::Webp,
            Format::Jpeg => Self::Jpeg,
        }
    }
}

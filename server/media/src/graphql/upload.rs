//! The types of uploads.

use std::time::SystemTime;

use async_graphql::SimpleObject;
use domain::time;
use platform::{
    blob,
    graphql::scalar::{Bytes, Timestamp},
};

use crate::{PART_BYTES, Target};

/// Where a file goes: either `post` or `multipart` is there.
#[derive(Debug, SimpleObject)]
pub(crate) struct UploadTarget {
    /// All of it into one form.
    post: Option<PostForm>,
    /// In parts, whose addresses are asked for by `signParts`.
    multipart: Option<Multipart>,
    /// When this ends. It can be asked for again.
    expires_at: Timestamp,
}

/// A form to be posted as `multipart/form-data`: these fields in this order, then the file as `file`.
#[derive(Debug, SimpleObject)]
pub(crate) struct PostForm {
    url: String,
    fields: Vec<FormField>,
}

#[derive(Debug, SimpleObject)]
pub(crate) struct FormField {
    name: String,
    value: String,
}

#[derive(Debug, SimpleObject)]
pub(crate) struct Multipart {
    /// Of each part but the last, which has the rest.
    part_bytes: Bytes,
    /// How many there are; they count from 1.
    parts: u16,
}

impl From<Target> for UploadTarget {
    fn from(target: Target) -> Self {
        match target {
            Target::Form(form) => {
                let field = |(name, value): (&str, String)| FormField { name: name.to_owned(), value };
                let fields = form.fields.into_iter().map(field).collect();
                let post = Some(PostForm { url: form.url, fields });
                Self { post, multipart: None, expires_at: timestamp(form.expires) }
            }
            Target::Parts { count, expires } => {
                let multipart = Some(Multipart { part_bytes: Bytes(PART_BYTES), parts: count });
                Self { post: None, multipart, expires_at: Timestamp(expires) }
            }
        }
    }
}

/// Where one part may be put.
#[derive(Debug, SimpleObject)]
pub(crate) struct SignedPart {
    number: u16,
    url: String,
    expires_at: Timestamp,
}

impl From<(u16, blob::SignedPart)> for SignedPart {
    fn from((number, part): (u16, blob::SignedPart)) -> Self {
        Self { number, url: part.url, expires_at: timestamp(part.expires) }
    }
}

/// A part that has arrived whole.
#[derive(Debug, SimpleObject)]
pub(crate) struct UploadedPart {
    number: u16,
    bytes: Bytes,
}

impl From<blob::Part> for UploadedPart {
    fn from(part: blob::Part) -> Self {
        Self { number: part.number, bytes: Bytes(part.bytes) }
    }
}

fn timestamp(at: SystemTime) -> Timestamp {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(time::Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}

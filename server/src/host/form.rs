//! The beginning of a posted form: the fields that come before its file, read before a place is kept for all of it.

use std::convert::Infallible;

use axum::body::{Body, BodyDataStream, Bytes};
use futures::{StreamExt as _, stream};
use multer::Multipart;

/// Bytes before the file, at most. What we sign takes some 2,000.
const FIELDS_BYTES: usize = 16 * 1_024;
/// With what the file's own part begins.
const FILE: &[u8] = b"name=\"file\"";

/// A form of which the fields have arrived.
pub(super) struct Form {
    pub(super) policy: String,
    pub(super) signature: String,
    begun: Bytes,
    rest: BodyDataStream,
}

impl Form {
    /// Reads up to the file; nothing where that is none of our forms, or breaks off.
    pub(super) async fn read(body: Body, content_type: &str) -> Option<Self> {
        let boundary = multer::parse_boundary(content_type).ok()?;
        let (mut begun, mut rest) = (Vec::new(), body.into_data_stream());
        while !begun.windows(FILE.len()).any(|window| window == FILE) {
            if begun.len() > FIELDS_BYTES {
                return None;
            }
            begun.extend(rest.next().await?.ok()?);
        }
        let begun = Bytes::from(begun);
        let piece = stream::iter([Ok::<_, Infallible>(begun.clone())]);
        let (mut policy, mut signature, mut fields) = (None, None, Multipart::new(piece, boundary));
        // The file is cut off here, which ends it too.
        while let Ok(Some(field)) = fields.next_field().await {
            match field.name() {
                Some("policy") => policy = field.text().await.ok(),
                Some("x-amz-signature") => signature = field.text().await.ok(),
                Some("file") => break,
                _ => {}
            }
        }
        Some(Self { policy: policy?, signature: signature?, begun, rest })
    }

    /// The whole form, from its first byte.
    pub(super) fn into_body(self) -> Body {
        Body::from_stream(stream::iter([Ok(self.begun)]).chain(self.rest))
    }
}

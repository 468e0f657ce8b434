//! A media item for tests.

use domain::{
    id::{ListId, MediaId, TodoId},
    media::{Media, MediaKind, MediaState, Rotation},
    order::OrderKey,
    time::Timestamp,
};

/// A small photo in this state, without a rendition.
pub(super) fn photo(state: MediaState) -> Media {
    Media {
        id: MediaId::from_u128(1),
        list: ListId::from_u128(2),
        todo: TodoId::from_u128(3),
        kind: MediaKind::Image,
        name: "a.jpg".into(),
        content_type: "image/jpeg".into(),
        bytes: 9,
        caption: String::new(),
        order: OrderKey::between(None, None, 0).unwrap(),
        rotation: Rotation::None,
        created_at: Timestamp(1_000),
        deleted_at: None,
        state,
        progress: None,
        rendition: None,
    }
}

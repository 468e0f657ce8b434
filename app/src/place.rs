//! Where in the app an address is, and the address of each place.

use domain::id::{ListId, TodoId};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A place in the app, as the address names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Today, perhaps with a todo open beside it.
    Today(Option<(ListId, TodoId)>),
    /// All lists by name; on a phone a screen of its own.
    Lists,
    /// A list, perhaps with a todo open beside it.
    List(ListId, Option<TodoId>),
    /// All photos and videos.
    Gallery,
    Settings,
    Import,
    /// Anything else.
    Elsewhere,
}

impl Place {
    /// The place at a path.
    pub(crate) fn at(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let ids = |list: &str, todo: &str| Some((list.parse().ok()?, todo.parse().ok()?));
        match parts.as_slice() {
            [] | ["today"] => Self::Today(None),
            ["today", list, todo] => ids(list, todo).map_or(Self::Elsewhere, |open| Self::Today(Some(open))),
            ["lists"] => Self::Lists,
            ["lists", list] => list.parse().map_or(Self::Elsewhere, |list| Self::List(list, None)),
            ["lists", list, todo] => {
                ids(list, todo).map_or(Self::Elsewhere, |(list, todo)| Self::List(list, Some(todo)))
            }
            ["gallery"] => Self::Gallery,
            ["settings"] => Self::Settings,
            ["import"] => Self::Import,
            _ => Self::Elsewhere,
        }
    }

    /// The path of the place.
    pub(crate) fn path(self) -> String {
        match self {
            Self::Today(None) => "/today".into(),
            Self::Today(Some((list, todo))) => format!("/today/{list}/{todo}"),
            Self::Lists => "/lists".into(),
            Self::List(list, None) => format!("/lists/{list}"),
            Self::List(list, Some(todo)) => format!("/lists/{list}/{todo}"),
            Self::Gallery => "/gallery".into(),
            Self::Settings => "/settings".into(),
            Self::Import => "/import".into(),
            Self::Elsewhere => "/".into(),
        }
    }

    /// The todo that is open.
    pub(crate) const fn open(self) -> Option<(ListId, TodoId)> {
        match self {
            Self::Today(open) => open,
            Self::List(list, Some(todo)) => Some((list, todo)),
            _ => None,
        }
    }

    /// The same place with no todo open.
    pub(crate) const fn closed(self) -> Self {
        match self {
            Self::Today(_) => Self::Today(None),
            Self::List(list, _) => Self::List(list, None),
            other => other,
        }
    }

    /// The same place with this todo open.
    pub(crate) fn with(self, list: ListId, todo: TodoId) -> Self {
        match self {
            Self::Today(_) => Self::Today(Some((list, todo))),
            _ => Self::List(list, Some(todo)),
        }
    }
}

/// Where the app is now.
pub(crate) fn use_place() -> Memo<Place> {
    let path = use_location().pathname;
    Memo::new(move |_| path.with(|path| Place::at(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_and_its_path_are_the_same_thing() {
        let (list, todo) = (ListId::from_u128(7), TodoId::from_u128(8));
        for place in [
            Place::Today(None),
            Place::Today(Some((list, todo))),
            Place::Lists,
            Place::List(list, None),
            Place::List(list, Some(todo)),
            Place::Gallery,
            Place::Settings,
            Place::Import,
        ] {
            assert_eq!(Place::at(&place.path()), place);
        }
    }

    #[test]
    fn an_address_that_names_nothing_is_elsewhere() {
        for path in ["/lists/7", "/lists/x/y", "/today/x", "/nowhere", "/settings/more"] {
            assert_eq!(Place::at(path), Place::Elsewhere, "{path}");
        }
    }
}

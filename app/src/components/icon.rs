//! The icons: one stroke, drawn on a grid of 20, in the colour of the text around them.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Add,
    Archive,
    Back,
    Calendar,
    Check,
    Chevron,
    Close,
    Copy,
    Download,
    File,
    Keyboard,
    Lists,
    Logo,
    More,
    Notes,
    Pause,
    Pencil,
    Photo,
    Play,
    Retry,
    Search,
    Settings,
    Sun,
    Today,
    Trash,
    Turn,
    Unsaved,
    Warning,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Add => "M10 4.5v11M4.5 10h11",
            Self::Archive => "M3.5 4.5h13v3h-13zM4.5 7.5v8h11v-8M8 10.5h4",
            Self::Back => "M12 4.5 6.5 10l5.5 5.5",
            Self::Calendar => "M4 5.5h12v10.5h-12zM4 8.8h12M7.2 3.8v3M12.8 3.8v3",
            Self::Check => "m4.8 10.4 3.5 3.5 7-7.6",
            Self::Chevron => "m7.5 5 5 5-5 5",
            Self::Close => "m5.5 5.5 9 9M14.5 5.5l-9 9",
            Self::Copy => "M7 7h9v9H7zM13 7V4H4v9h3",
            Self::Download => "M10 3.8v8.7M6.5 9.3 10 12.8l3.5-3.5M4 16.2h12",
            Self::File => "M5.5 3.5h6l3.5 3.5v9.5h-9.5zM11.5 3.5V7H15",
            Self::Keyboard => {
                "M2.8 5.5h14.4v9H2.8zM5.8 8.5h.01M8.6 8.5h.01M11.4 8.5h.01M14.2 8.5h.01M6.8 11.6h6.4"
            }
            Self::Lists => "M7.5 5.5h8.5M7.5 10h8.5M7.5 14.5h8.5M4 5.5h.01M4 10h.01M4 14.5h.01",
            Self::Logo => "m10 3.2 7 3.6-7 3.6-7-3.6zM3.4 10.2l6.6 3.4 6.6-3.4M3.4 13.4 10 16.8l6.6-3.4",
            Self::More => {
                "M4.5 10a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0M9.6 10a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0M14.700 10a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0"
            }
            Self::Notes => "M4.5 6h11M4.5 10h11M4.5 14h6.5",
            Self::Pause => "M7 5v10M13 5v10",
            Self::Pencil => "m4.2 15.8.8-3.4 8.2-8.2 2.6 2.6-8.2 8.2z",
            Self::Photo => "M3.5 4.5h13v11h-13zM3.5 13l4-4 5 5M11 12.500l2-2 3.500 3.500M13 7.500h.01",
            Self::Play => "M6.5 4.500v11l9-5.500z",
            Self::Retry => "M15.500 10a5.500 5.500 0 1 1-1.600-3.900M14.200 3v3.400h-3.400",
            Self::Search => "M9 3.8a5.2 5.2 0 1 0 0 10.4 5.2 5.2 0 0 0 0-10.4M12.8 12.8l3.7 3.7",
            Self::Settings => {
                "M3.5 6.5h6M13.5 6.5h3M3.5 13.5h3M10.5 13.5h6M11.5 4.7a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M8.5 11.7a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6"
            }
            Self::Sun => {
                "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4M10 2.5v1.3M10 16.2v1.3M2.5 10h1.3M16.2 10h1.3M4.7 4.7l.9.9M14.4 14.4l.9.9M4.7 15.3l.9-.9M14.4 5.6l.9-.9"
            }
            Self::Today => "M4 5.5h12v10.5h-12zM4 8.8h12M7.2 3.8v3M12.8 3.8v3M10 12.4h.01",
            Self::Trash => "M4 5.8h12M8 5.5V4h4v1.5M5.5 5.8l.7 10.4h7.6l.7-10.4M8.6 8.8v4.6M11.4 8.8v4.6",
            Self::Turn => "M13.500 7.500h-3a4.500 4.500 0 1 0 4.500 4.500M11 5l2.500 2.500L11 10",
            Self::Unsaved => "M10 15V6.2M6.4 9.6 10 6l3.6 3.6M4.2 4.2h11.6",
            Self::Warning => "M10 3.8 17 16H3zM10 8.4v3.4M10 13.9h.01",
        }
    }
}

/// One icon. It says nothing to screen readers: what it stands in carries the words.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
    .into_any()
}

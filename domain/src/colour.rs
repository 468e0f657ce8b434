//! The colours a list can have: names, so that each theme draws its own shade.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! colours {
    ($($(#[$attribute:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// A list's colour.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Colour {
            $($(#[$attribute])* #[doc = concat!("The colour named `", $name, "`.")] $variant),+
        }

        impl Colour {
            /// Every colour, in the order a picker shows them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name that the API, the stylesheet and the storage use.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

colours! {
    Grey = "grey", Red = "red", Orange = "orange", Yellow = "yellow", Green = "green",
    Teal = "teal", #[default] Blue = "blue", Purple = "purple", Pink = "pink",
}

/// No colour has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such colour")]
pub struct InvalidColour;

impl FromStr for Colour {
    type Err = InvalidColour;

    fn from_str(text: &str) -> Result<Self, InvalidColour> {
        Self::ALL.iter().copied().find(|colour| colour.name() == text).ok_or(InvalidColour)
    }
}

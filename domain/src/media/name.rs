//! File names that are safe to show.

use crate::limits::NAME_CHARS;

/// What a file is called whose name has nothing in it that can be shown.
const UNNAMED: &str = "file";

/// A file's name as it may be stored and shown: without folders, control characters and marks that change the
/// direction of what follows, and not longer than [`NAME_CHARS`]; the extension stays.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = name.chars().filter(|c| !c.is_control() && !is_mark(*c)).collect();
    let visible = visible.trim().trim_start_matches('.').trim_start();
    if visible.is_empty() {
        return UNNAMED.to_owned();
    }
    let count = visible.chars().count();
    if count <= NAME_CHARS {
        return visible.to_owned();
    }
    // An extension that is longer than this is none.
    let extension = visible.rsplit_once('.').map(|(_, end)| end).filter(|end| end.chars().count() <= 10);
    let tail = extension.map(|end| format!(".{end}")).unwrap_or_default();
    let stem: String = visible.chars().take(NAME_CHARS.saturating_sub(tail.chars().count())).collect();
    format!("{}{tail}", stem.trim_end())
}

/// Characters without a shape of their own that change how others are shown or compared: direction marks,
/// zero-width characters, line and paragraph separators, byte order marks, tags.
const fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_deceive() {
        for (name, clean) in [
            ("Bärlauch 🌿.jpg", "Bärlauch 🌿.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\photos\\me.png", "me.png"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("a\0b\r\nc.jpg", "abc.jpg"),
            ("  .. ", "file"),
            (".htaccess", "htaccess"),
            ("folder/", "file"),
            ("", "file"),
            // Joined emoji need their joiner.
            ("👩\u{200d}🚀.webp", "👩\u{200d}🚀.webp"),
        ] {
            assert_eq!(clean_name(name), clean, "{name:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = clean_name(&format!("{}.jpeg", "ä".repeat(400)));
        assert_eq!(name.chars().count(), NAME_CHARS);
        assert!(name.ends_with("ä.jpeg"));
        assert_eq!(clean_name(&"x".repeat(256)).len(), NAME_CHARS);
    }
}

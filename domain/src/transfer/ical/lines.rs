//! Content lines: unfolding, and the properties on them.

use icalendar::parser;

use crate::transfer::decode;

/// A content line put together from its folded pieces.
pub(super) struct Line {
    /// The number of its first piece in the file.
    pub(super) number: usize,
    pub(super) text: String,
    /// Whether it was not UTF-8.
    pub(super) foreign: bool,
}

/// The content lines. They are unfolded as bytes, since some programs fold in the middle of a character.
pub(super) fn logical(bytes: &[u8]) -> impl Iterator<Item = Line> {
    let mut lines = decode::lines(bytes).peekable();
    std::iter::from_fn(move || {
        let (number, first) = lines.next()?;
        let mut whole = first.to_vec();
        while let Some((_, more)) = lines.next_if(|(_, line)| matches!(line.first(), Some(b' ' | b'\t'))) {
            whole.extend_from_slice(more.get(1..).unwrap_or_default());
        }
        let (text, foreign) = decode::line(&whole);
        Some(Line { number, text: text.into_owned(), foreign })
    })
}

/// A property: its name in capitals, its value with escapes resolved.
pub(super) struct Property {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) params: Vec<(String, String)>,
    pub(super) value: String,
}

impl Property {
    /// The property on a line, if there is one.
    pub(super) fn read(line: &Line) -> Option<Self> {
        // The parser knows which values are text by their name in capitals.
        let end = line.text.find([':', ';'])?;
        let (name, rest) = line.text.split_at_checked(end)?;
        let name = name.trim().to_ascii_uppercase();
        if name.is_empty() {
            return None;
        }
        if let ("BEGIN" | "END", Some(value)) = (name.as_str(), rest.strip_prefix(':')) {
            return Some(Self { line: line.number, name, params: Vec::new(), value: value.to_owned() });
        }
        let text = format!("{name}{rest}");
        let property = parser::Property::try_from(text.as_str()).ok()?;
        let value = if name == "NAME" { property.val.unescape_text() } else { property.val };
        // The parser takes a line without a colon, or with one that it can't find, for a bare name.
        if value.as_str().is_empty() && !text.ends_with(':') {
            return None;
        }
        let params = property.params.iter().map(|param| {
            let value = param.val.as_ref().map(|value| value.as_str().to_owned());
            (param.key.as_str().to_ascii_uppercase(), value.unwrap_or_default())
        });
        let (params, value) = (params.collect(), value.as_str().to_owned());
        Some(Self { line: line.number, name, params, value })
    }

    /// The value of a parameter.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What the parameters say beside the value's type, in brackets: ` (Europe/Berlin)`, ` (CN=Ada)`.
    pub(super) fn details(&self) -> String {
        let said = self.params.iter().filter(|(key, value)| key != "VALUE" && !value.is_empty());
        let said =
            said.map(|(key, value)| if key == "TZID" { value.clone() } else { format!("{key}={value}") });
        let said = said.collect::<Vec<_>>().join("; ");
        if said.is_empty() { said } else { format!(" ({said})") }
    }

    /// When a reminder goes off, as a property of the task that it is for.
    pub(super) fn into_reminder(self) -> Option<Self> {
        (self.name == "TRIGGER").then(|| Self { name: "VALARM".to_owned(), ..self })
    }

    /// The items of a value that is a list of texts; the parser leaves those escaped.
    pub(super) fn items(&self) -> Vec<String> {
        let mut items = vec![String::new()];
        let mut escaped = false;
        for c in self.value.chars() {
            if c == ',' && !escaped {
                items.push(String::new());
            } else if let Some(item) = items.last_mut() {
                item.push(c);
            }
            escaped = c == '\\' && !escaped;
        }
        let plain = |item: String| parser::ParseString::from(item).unescape_text().as_str().to_owned();
        items.into_iter().map(plain).filter(|item| !item.trim().is_empty()).collect()
    }
}

//! Notes as Markdown. What the user typed can never become script: raw HTML turns into text, links keep
//! only harmless schemes, and pictures become links, so that opening a note calls nobody.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// The HTML of some Markdown, safe to put into the page.
pub(crate) fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES;
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // A note is typed, not typeset: a line's end is a line's end.
        Event::SoftBreak => Event::HardBreak,
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Event::InlineHtml(open_link(&dest_url).into())
        }
        Event::End(TagEnd::Link | TagEnd::Image) => Event::InlineHtml("</a>".into()),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    });
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, events);
    page
}

fn open_link(url: &str) -> String {
    if is_harmless(url) {
        format!(r#"<a href="{}" target="_blank" rel="noopener noreferrer nofollow">"#, escape(url))
    } else {
        "<a>".into()
    }
}

/// Whether following the link can do no more than show a page or write a mail.
fn is_harmless(url: &str) -> bool {
    let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    ["https://", "http://", "mailto:"].into_iter().any(starts)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_markdown_is_rendered() {
        let page = to_html("# Plan\n\n- **one**\n- ~~two~~\n- [ ] three\n\n`code` and <https://example.org>");
        for part in
            ["<h1>Plan</h1>", "<strong>one</strong>", "<del>two</del>", "checkbox", "<code>code</code>"]
        {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(page.contains(
            r#"<a href="https://example.org" target="_blank" rel="noopener noreferrer nofollow">"#
        ));
    }

    #[test]
    fn nothing_typed_becomes_markup_that_runs() {
        for attack in [
            "<script>alert(1)</script>",
            "text <img src=x onerror=alert(1)> text",
            "<svg/onload=alert(1)>",
            "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
            "<div\nonclick=alert(1)>\n\nx</div>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java\tscript:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "[x](vbscript:msgbox)",
            "<javascript:alert(1)>",
            "![x](javascript:alert(1))",
            "![x](https://evil.example/pixel.png)",
            "![x\" onerror=alert(1)](https://evil.example/)",
            "[x](https://evil.example/\"onmouseover=alert(1))",
            "[x](<https://evil.example/' onmouseover='alert(1)>)",
            "[x][r]\n\n[r]: javascript:alert(1)",
            "```\"><script>alert(1)</script>\nx\n```",
            "| <b onclick=alert(1)> |\n|-|\n| <script> |",
            "<!-- --><script>alert(1)</script>",
            "<![CDATA[<script>alert(1)</script>]]>",
        ] {
            let page = to_html(attack);
            for tag in tags(&page) {
                let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
                let known = [
                    "p", "a", "br", "/", "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "h1",
                    "div",
                ];
                assert!(known.contains(&name), "<{tag}> out of {attack}");
                let plain = tag.split("href=\"").next().unwrap();
                assert!(!plain.contains("on"), "<{tag}> out of {attack}");
                if let Some(rest) = tag.split("href=\"").nth(1) {
                    let url = rest.split('"').next().unwrap();
                    assert!(url.starts_with("https://"), "{url} out of {attack}");
                    assert!(
                        rest.ends_with(r#" target="_blank" rel="noopener noreferrer nofollow""#),
                        "<{tag}>"
                    );
                }
            }
        }
    }

    fn tags(page: &str) -> Vec<&str> {
        page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
    }
}

//! What a program can see wrong in a page: for the tests of whoever makes pages.

use std::collections::BTreeSet;

/// The blemishes of a whole page, each in a sentence; none for a good page.
///
/// Looks for: one `h1`, no skipped heading level, ids used once, labels and descriptions that point
/// to something, inline style or script, forms that are not a POST, buttons without a name, links
/// to nowhere, and more than one button that binds.
#[must_use]
pub fn blemishes(page: &str) -> Vec<String> {
    let tags = tags(page);
    let mut found = Vec::new();
    found.extend(headings(&tags));
    found.extend(references(&tags));
    found.extend(tags.iter().filter_map(|tag| alone(tag)));
    let binds = tags.iter().filter(|tag| tag.has_class("btn-bind")).count();
    if binds > 1 {
        found.push(format!("{binds} buttons that bind"));
    }
    found
}

struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Tag<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|all| all.split(' ').any(|one| one == class))
    }
}

/// The opening tags of a page that this house wrote: attributes in double quotes.
fn tags(page: &str) -> Vec<Tag<'_>> {
    page.split('<')
        .skip(1)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|rest| {
            let inside = rest.split_once('>').map_or(rest, |(inside, _)| inside);
            let (name, mut left) = inside.split_once(' ').unwrap_or((inside, ""));
            let mut attributes = Vec::new();
            while let Some((key, rest)) = left.split_once('"') {
                let (value, rest) = rest.split_once('"')?;
                let key = key.trim().trim_end_matches('=');
                attributes.push((key.rsplit(' ').next().unwrap_or(key), value));
                left = rest;
            }
            Some(Tag { name, attributes })
        })
        .collect()
}

fn headings(tags: &[Tag<'_>]) -> Vec<String> {
    let levels: Vec<u8> = tags
        .iter()
        .filter_map(|tag| tag.name.strip_prefix('h')?.parse().ok())
        .filter(|level| (1..=6).contains(level))
        .collect();
    let mut found = Vec::new();
    let first = levels.iter().filter(|level| **level == 1).count();
    if first != 1 {
        found.push(format!("{first} headings of the first level"));
    }
    for pair in levels.windows(2) {
        if let [before, after] = pair
            && *after > before + 1
        {
            found.push(format!("a heading of level {after} follows one of level {before}"));
        }
    }
    found
}

fn references(tags: &[Tag<'_>]) -> Vec<String> {
    let mut ids = BTreeSet::new();
    let mut found = Vec::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        if !ids.insert(id) {
            found.push(format!("the id {id} stands twice"));
        }
    }
    let within: Vec<&str> = tags
        .iter()
        .filter(|tag| tag.name == "a")
        .filter_map(|tag| tag.get("href")?.strip_prefix('#'))
        .collect();
    let named = tags.iter().flat_map(|tag| {
        ["for", "aria-describedby", "aria-labelledby"].into_iter().filter_map(|key| tag.get(key))
    });
    for id in named.flat_map(|list| list.split(' ')).chain(within) {
        if !ids.contains(id) {
            found.push(format!("nothing has the id {id}"));
        }
    }
    let labels: BTreeSet<&str> =
        tags.iter().filter(|tag| tag.name == "label").filter_map(|tag| tag.get("for")).collect();
    for tag in tags.iter().filter(|tag| ["input", "textarea", "select"].contains(&tag.name)) {
        let wrapped = matches!(tag.get("type"), Some("radio" | "checkbox" | "hidden"));
        if !wrapped && !tag.get("id").is_some_and(|id| labels.contains(id)) {
            found.push(format!("the field {:?} has no label", tag.get("name")));
        }
    }
    found
}

fn alone(tag: &Tag<'_>) -> Option<String> {
    let name = tag.name;
    let handler = tag.attributes.iter().find(|(key, _)| key.starts_with("on"));
    match name {
        _ if tag.get("style").is_some() => Some(format!("{name} has an inline style")),
        _ if handler.is_some() => Some(format!("{name} has an inline handler")),
        "style" => Some("an inline style sheet".to_owned()),
        "script" if tag.get("src").is_none() => Some("an inline script".to_owned()),
        "form" if !matches!(tag.get("method"), Some("post")) && tag.get("role").is_none() => {
            Some(format!("the form to {:?} is not a POST", tag.get("action")))
        }
        "button" if tag.get("name").is_none() => Some("a button without a name".to_owned()),
        "a" if matches!(tag.get("href"), None | Some("" | "#")) => {
            Some("a link to nowhere".to_owned())
        }
        "iframe" if tag.get("title").is_none() => Some("an iframe without a title".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_page_has_no_blemish() {
        let page = r##"<h1>A</h1><h2 id="b">B</h2><section aria-labelledby="b">
            <form method="post" action="/x"><label for="c">C</label><input id="c" name="c">
            <button name="go" value="1">Go</button></form><a href="#b">b</a></section>"##;
        assert_eq!(blemishes(page), Vec::<String>::new());
    }

    #[test]
    fn each_blemish_is_found() {
        for (page, wanted) in [
            ("<h2>x</h2>", "0 headings"),
            ("<h1>x</h1><h3>y</h3>", "follows"),
            (r#"<h1 id="a">x</h1><p id="a">y</p>"#, "stands twice"),
            (r##"<h1>x</h1><a href="#gone">y</a>"##, "nothing has the id gone"),
            (r#"<h1>x</h1><input name="y">"#, "no label"),
            (r#"<h1 style="color:red">x</h1>"#, "inline style"),
            (r#"<h1 onclick="x()">x</h1>"#, "inline handler"),
            ("<h1>x</h1><script>x()</script>", "inline script"),
            (r#"<h1>x</h1><form action="/y"></form>"#, "not a POST"),
            ("<h1>x</h1><button>y</button>", "without a name"),
            (r##"<h1>x</h1><a href="#">y</a>"##, "nowhere"),
            (
                concat!(
                    r#"<h1>x</h1><button name="a" class="btn btn-bind">y</button>"#,
                    r#"<button name="b" class="btn btn-bind">y</button>"#
                ),
                "bind",
            ),
        ] {
            let found = blemishes(page);
            assert!(found.iter().any(|line| line.contains(wanted)), "{page}: {found:?}");
        }
    }
}

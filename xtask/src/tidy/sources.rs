//! Rules about source files: sizes, names, words that do not belong.

use std::path::Path;
use std::process::Command;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::Finding;
use crate::task;

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_CHARS_MAX: usize = 100;
const PARAMETERS_MAX: usize = 6;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] =
    ["common", "handlers", "helper", "helpers", "manager", "misc", "util", "utils"];

pub(super) fn findings() -> Result<Vec<Finding>, String> {
    let root = task::root();
    let listed = task::output(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(&root),
    )?;
    let mut findings = Vec::new();
    for name in listed.lines() {
        let Ok(text) = std::fs::read_to_string(root.join(name)) else {
            continue;
        };
        findings.extend(words(name, &text));
        if name.ends_with(".rs") {
            findings.extend(rust(name, &text));
        }
    }
    Ok(findings)
}

/// What no text file of the repository holds.
fn words(name: &str, text: &str) -> Vec<Finding> {
    // Put together so that this file does not find itself.
    let registries = [["crates", ".io/"], ["registry.npmjs", ".org"], ["pypi", ".org"]];
    let places = [["/work", "/"], ["/root", "/"], ["/home", "/"]];
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut find = |what: &str| {
            let place = format!("{name}:{}", number + 1);
            found.push(Finding { place, what: what.to_owned() });
        };
        if registries.iter().any(|host| line.contains(&host.concat())) && name != "Cargo.lock" {
            find("names the host of a package registry");
        }
        if places.iter().any(|path| line.contains(&path.concat())) {
            find("names a path of one machine");
        }
    }
    found
}

fn rust(name: &str, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut find = |line: usize, what: String| {
        found.push(Finding { place: format!("{name}:{line}"), what });
    };
    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if EMPTY_NAMES.contains(&stem) {
        find(1, format!("a file called {stem} has no idea of its own"));
    }
    let lines = text.lines().count();
    if lines > FILE_LINES_MAX {
        find(1, format!("{lines} lines; at most {FILE_LINES_MAX}: which two ideas are in it?"));
    }
    for (number, line) in text.lines().enumerate() {
        // A word that cannot be broken, such as a test vector, may stand on a line of its own.
        let word = line.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
        if line.chars().count() > LINE_CHARS_MAX && word < LINE_CHARS_MAX / 2 {
            find(number + 1, format!("longer than {LINE_CHARS_MAX} characters"));
        }
    }
    match syn::parse_file(text) {
        Ok(file) => Reader { name, found: &mut found, tests: false }.visit_file(&file),
        Err(why) => find(why.span().start().line, format!("does not parse: {why}")),
    }
    found
}

/// Walks a file's items.
struct Reader<'a> {
    name: &'a str,
    found: &'a mut Vec<Finding>,
    tests: bool,
}

impl Reader<'_> {
    fn find(&mut self, at: Span, what: String) {
        let place = format!("{}:{}", self.name, at.start().line);
        self.found.push(Finding { place, what });
    }

    fn function(&mut self, signature: &syn::Signature, whole: Span) {
        let lines = whole.end().line + 1 - signature.span().start().line;
        let name = &signature.ident;
        if lines > FUNCTION_LINES_MAX {
            self.find(
                signature.span(),
                format!("fn {name} has {lines} lines; at most {FUNCTION_LINES_MAX}"),
            );
        }
        if signature.inputs.len() > PARAMETERS_MAX {
            let count = signature.inputs.len();
            self.find(signature.span(), format!("fn {name} takes {count} parameters"));
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, item.block.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, item.block.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("ignore") {
            self.find(attribute.span(), "a test that never runs is no test".to_owned());
        }
        visit::visit_attribute(self, attribute);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let before = self.tests;
        self.tests |= item.ident == "tests" || item.ident == "trial";
        visit::visit_item_mod(self, item);
        self.tests = before;
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        let home = ["country/", "simulation/", "xtask/"].iter().any(|f| self.name.starts_with(f));
        let test = self.tests || self.name.contains("/tests/");
        if text.value() == "LV" && !home && !test {
            self.find(text.span(), "the country's code stands in the country pack only".to_owned());
        }
        visit::visit_lit_str(self, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(text: &str) -> Vec<String> {
        rust("core/x/src/y.rs", text).into_iter().map(|f| f.what).collect()
    }

    #[test]
    fn each_rule_fires() {
        let long = format!("fn long() {{\n{}}}", "    step();\n".repeat(70));
        assert!(whats(&long)[0].contains("72 lines"));
        assert!(
            whats("fn f(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) {}")[0]
                .contains("7 parameters")
        );
        assert!(whats("#[ignore] fn f() {}")[0].contains("never runs"));
        assert!(whats("const C: &str = \"LV\";")[0].contains("country"));
        assert!(whats(&format!("//! {}", "x ".repeat(60)))[0].contains("100 characters"));
        assert!(whats(&"\n".repeat(601))[0].contains("601 lines"));
        assert!(whats("mod tests { const C: &str = \"LV\"; }").is_empty());
        let path = ["/work", "/x"].concat();
        assert_eq!(words("README.md", &path).len(), 1);
    }
}

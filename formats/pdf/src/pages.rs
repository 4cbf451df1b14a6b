//! The page tree, as far as it is needed: its leaves in order. Spec: ISO 32000-2 §7.7.3.

use std::collections::BTreeSet;

use crate::document::Document;
use crate::object::{Dict, Object, Reference};
use crate::refusal::{Outcome, Refusal, STRUCTURE};

/// How deep the page tree may be.
const DEEPEST: usize = 64;

/// The first page. Nodes that are absent are skipped, as readers do.
pub(crate) fn first(document: &Document<'_>, catalog: &Dict) -> Outcome<(Reference, Dict)> {
    let root = catalog.get("Pages").and_then(Object::reference).ok_or(STRUCTURE)?;
    let mut left = document.limits.nodes;
    let mut seen = BTreeSet::new();
    let found = below(document, root, &mut seen, &mut left, 0)?;
    found.ok_or(Refusal::NoPages)
}

fn below(
    document: &Document<'_>,
    node: Reference,
    seen: &mut BTreeSet<Reference>,
    left: &mut usize,
    depth: usize,
) -> Outcome<Option<(Reference, Dict)>> {
    *left = left.checked_sub(1).ok_or(Refusal::TooComplex)?;
    if depth > DEEPEST {
        return Err(Refusal::TooComplex);
    }
    if !seen.insert(node) {
        return Err(STRUCTURE);
    }
    let Some(Object::Dict(dict)) = document.get(node)?.map(|found| found.object) else {
        return Ok(None);
    };
    if dict.get("Kids").is_none() {
        return Ok((!dict.is("Type", "Pages")).then_some((node, dict)));
    }
    let kids = document.value(&dict, "Kids")?;
    for kid in kids.array().ok_or(STRUCTURE)?.iter().filter_map(Object::reference) {
        if let Some(page) = below(document, kid, seen, left, depth + 1)? {
            return Ok(Some(page));
        }
    }
    Ok(None)
}

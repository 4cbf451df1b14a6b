//! What changed between a signed revision and the end of the file, told by meaning. Whatever is
//! not understood counts as a change of the content.
//!
//! Both states are read by the same strict reader; the signed one from the signed bytes alone,
//! with those cross-reference sections to which its own `startxref` leads.
//! An object that is defined later although the signed revision refers to its number already is
//! the sign of a prepared ("shadow") document and counts as content, too.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Document, Indirect};
use crate::fields::Fields;
use crate::form::{Form, Lock};
use crate::object::{Dict, Object, Reference};
use crate::refusal::{OBJECT, Outcome};
use crate::xref::{self, Entry, Section};

/// The gravest kind of change that came later, from none to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Nothing came later.
    None,
    /// Certificates, OCSP responses, CRLs and document time-stamps.
    OnlyValidationData,
    /// Another signature.
    OtherSignature,
    /// Fields of the form were filled in.
    FormFilling,
    /// Annotations were added, changed or taken away.
    Annotations,
    /// Anything else: pages, their content, fonts, the catalog; or it cannot be told.
    Content,
}

/// What came after a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Later {
    /// The gravest kind.
    pub change: Change,
    /// Whether a later signature shows something on a page, which may hide what is below it.
    pub shows_signature: bool,
}

impl Later {
    pub(crate) const UNKNOWN: Self = Self { change: Change::Content, shows_signature: true };

    /// Whether a signature with `P` of this level (`None`: an ordinary one) permits it. Whether a
    /// later signature may show something is for the caller to judge.
    #[must_use]
    pub fn is_permitted(self, level: Option<u8>) -> bool {
        let most = match level {
            Some(1) => Change::OnlyValidationData,
            Some(3) => Change::Annotations,
            _ => Change::FormFilling,
        };
        self.change <= most
    }
}

/// What changed from `old`, a revision of `new`, given the fields that the signature locks.
pub(crate) fn between(old: &Document<'_>, new: &Document<'_>, locks: &[Lock]) -> Later {
    compare(old, new, locks).unwrap_or(Later::UNKNOWN)
}

/// The same, or why it cannot be told.
pub(crate) fn compare(old: &Document<'_>, new: &Document<'_>, locks: &[Lock]) -> Outcome<Later> {
    let Some(count) = later_sections(old, new) else { return Ok(Later::UNKNOWN) };
    let mut later = Later { change: Change::None, shows_signature: false };
    if count == 0 {
        let rest = new.bytes.get(old.bytes.len()..).unwrap_or_default();
        return Ok(if rest.trim_ascii().is_empty() { later } else { Later::UNKNOWN });
    }
    // A reader that misses `startxref` behind other bytes looks for objects, in these too.
    if !xref::is_ended(new.bytes) {
        return Ok(Later::UNKNOWN);
    }
    let (before, after) = (old.trailer()?, new.trailer()?);
    if ["Root", "Info"].iter().any(|key| before.get(key) != after.get(key)) {
        return Ok(Later::UNKNOWN);
    }
    old.check_entries()?;
    new.check_entries()?;
    let mut comparison = Comparison::new(old, new, count)?;
    if comparison.was_awaited {
        return Ok(Later::UNKNOWN);
    }
    later.change = Change::OnlyValidationData;
    comparison.catalog(&mut later, locks)?;
    comparison.pages(&mut later)?;
    comparison.information()?;
    comparison.annotations(&mut later);
    if !comparison.open.is_empty() {
        later.change = Change::Content;
    }
    Ok(later)
}

/// How many sections came later; `None` when one of them lies before the end of the old state, or
/// is the hidden half of a hybrid section.
fn later_sections(old: &Document<'_>, new: &Document<'_>) -> Option<usize> {
    let count = new.sections().len().checked_sub(old.sections().len())?;
    let end = old.bytes.len();
    let is_later = |section: &Section| section.offset >= end && !section.is_hidden;
    new.sections().iter().take(count).all(is_later).then_some(count)
}

/// The two states, and which objects differ.
pub(crate) struct Comparison<'c, 'a> {
    pub(crate) old: &'c Document<'a>,
    pub(crate) new: &'c Document<'a>,
    /// Old objects that differ and have no excuse yet.
    pub(crate) open: BTreeSet<u32>,
    /// Objects that are new.
    pub(crate) added: BTreeSet<u32>,
    /// The widgets of new signature fields.
    pub(crate) widgets: BTreeSet<u32>,
    /// By whom each old object that differs was referred to.
    parents: BTreeMap<u32, BTreeSet<u32>>,
    /// Whether the old state refers to an object that only the new one has.
    was_awaited: bool,
}

impl<'c, 'a> Comparison<'c, 'a> {
    fn new(old: &'c Document<'a>, new: &'c Document<'a>, count: usize) -> Outcome<Self> {
        let mut open = BTreeSet::new();
        let mut added = BTreeSet::new();
        let later = new.sections().iter().take(count).flat_map(Section::entries);
        for (number, _) in later {
            match (old.entry(number), new.entry(number)) {
                (Entry::Free, Entry::Free) => {}
                (Entry::Free, _) => {
                    added.insert(number);
                }
                _ if is_same(old, new, number)? => {}
                _ => {
                    open.insert(number);
                }
            }
        }
        let mut comparison = Self {
            old,
            new,
            open,
            added,
            widgets: BTreeSet::new(),
            parents: BTreeMap::new(),
            was_awaited: false,
        };
        comparison.find_parents()?;
        Ok(comparison)
    }

    fn find_parents(&mut self) -> Outcome<()> {
        // The trailer counts as object 0, but for the two that everybody has.
        for section in self.old.sections() {
            let others =
                section.trailer.iter().filter(|(key, _)| !matches!(*key, b"Root" | b"Info"));
            for (_, value) in others {
                value.references(&mut |to| {
                    self.parents.entry(to.number).or_default().insert(0);
                });
            }
        }
        for number in self.old.numbers() {
            let Some(found) = current(self.old, number)? else { continue };
            if found.object.dict().is_some_and(|dict| dict.is("Type", "XRef")) {
                continue;
            }
            let (open, added) = (&self.open, &self.added);
            let (parents, was_awaited) = (&mut self.parents, &mut self.was_awaited);
            found.object.references(&mut |reference| {
                if open.contains(&reference.number) {
                    parents.entry(reference.number).or_default().insert(number);
                }
                *was_awaited |= added.contains(&reference.number);
            });
        }
        Ok(())
    }

    /// Whether nobody but these referred to an old object.
    pub(crate) fn is_only_of(&self, number: u32, owners: &BTreeSet<u32>) -> bool {
        self.parents.get(&number).is_none_or(|parents| parents.is_subset(owners))
    }

    /// Excuses the object that this refers to, if nobody but `owners` referred to it.
    pub(crate) fn excuse(&mut self, value: Option<&Object>, owners: &BTreeSet<u32>) {
        if let Some(reference) = value.and_then(Object::reference)
            && self.is_only_of(reference.number, owners)
        {
            self.open.remove(&reference.number);
        }
    }

    /// The dictionary of an object in both states.
    pub(crate) fn both(&self, at: Reference) -> Outcome<(Dict, Dict)> {
        let dict = |document: &Document<'_>| match document.get(at)? {
            Some(Indirect { object: Object::Dict(dict), data_at: None, .. })
                if !dict.is_doubled() =>
            {
                Ok(dict)
            }
            _ => Err(OBJECT),
        };
        Ok((dict(self.old)?, dict(self.new)?))
    }

    fn catalog(&mut self, later: &mut Later, locks: &[Lock]) -> Outcome<()> {
        let (root, _) = self.new.catalog()?;
        let (old, new) = self.both(root)?;
        if differing(&old, &new).iter().all(|key| {
            matches!(
                key.as_slice(),
                b"AcroForm" | b"DSS" | b"Extensions" | b"Metadata" | b"Version"
            )
        }) {
            self.open.remove(&root.number);
        }
        let owners = BTreeSet::from([root.number]);
        self.excuse(old.get("Extensions"), &owners);
        self.metadata(&old, &new, &owners, later)?;
        self.store(&old, &owners)?;
        let forms = (Form::read(self.old, &old)?, Form::read(self.new, &new)?);
        Fields::new(self, root, &forms, locks).compare(later)
    }

    /// The description of the file may be renewed where only the catalog refers to it.
    fn metadata(
        &mut self,
        old: &Dict,
        new: &Dict,
        owners: &BTreeSet<u32>,
        later: &mut Later,
    ) -> Outcome<()> {
        let mut has_changed = old.get("Metadata") != new.get("Metadata");
        if let Some(at) = old.get("Metadata").and_then(Object::reference)
            && self.open.contains(&at.number)
        {
            has_changed = true;
            let is_metadata = |document: &Document<'_>| -> Outcome<bool> {
                let found = document.get(at)?.filter(|found| found.data_at.is_some());
                Ok(found.is_some_and(|it| it.object.dict().is_some_and(is_description)))
            };
            if is_metadata(self.old)? && is_metadata(self.new)? {
                self.excuse(old.get("Metadata"), owners);
            }
        }
        if has_changed {
            later.change = later.change.max(Change::FormFilling);
        }
        Ok(())
    }

    /// Everything of the old store but its streams may change.
    fn store(&mut self, catalog: &Dict, owners: &BTreeSet<u32>) -> Outcome<()> {
        let mut owners = owners.clone();
        let mut waiting: Vec<Object> = catalog.get("DSS").cloned().into_iter().collect();
        // The store, its lists and VRI, the entries of VRI, their lists.
        for _ in 0..4 {
            let mut next = Vec::new();
            for value in waiting {
                let mut inner = value.clone();
                if let Some(at) = value.reference() {
                    let Some(found) = self.old.get(at)? else { continue };
                    if found.data_at.is_some() {
                        continue;
                    }
                    self.excuse(Some(&value), &owners);
                    owners.insert(at.number);
                    inner = found.object;
                }
                match inner {
                    Object::Dict(dict) => next.extend(dict.iter().map(|(_, item)| item.clone())),
                    Object::Array(items) => next.extend(items),
                    _ => {}
                }
            }
            waiting = next;
        }
        Ok(())
    }

    /// The information dictionary may get a new date of change and the name of the program.
    fn information(&mut self) -> Outcome<()> {
        let Some(at) = self.old.trailer()?.get("Info").and_then(Object::reference) else {
            return Ok(());
        };
        if self.open.contains(&at.number) && self.is_only_of(at.number, &BTreeSet::new()) {
            let (old, new) = self.both(at)?;
            if differing(&old, &new)
                .iter()
                .all(|key| matches!(key.as_slice(), b"ModDate" | b"Producer"))
            {
                self.open.remove(&at.number);
            }
        }
        Ok(())
    }

    /// The list of annotations of a page may grow; nothing else of it may change.
    fn pages(&mut self, later: &mut Later) -> Outcome<()> {
        let lists = self.open.iter().filter_map(|number| self.parents.get(number)).flatten();
        let pages: BTreeSet<u32> = self.open.iter().chain(lists).copied().collect();
        for number in pages {
            let Some(found) = current(self.old, number)? else { continue };
            if !found.object.dict().is_some_and(|dict| dict.is("Type", "Page")) {
                continue;
            }
            let at = self.old.reference(number);
            let (old, new) = self.both(at)?;
            if differing(&old, &new).iter().all(|key| key == b"Annots") {
                self.annotation_list(number, &old, &new, later)?;
            }
        }
        Ok(())
    }

    fn annotation_list(
        &mut self,
        page: u32,
        old: &Dict,
        new: &Dict,
        later: &mut Later,
    ) -> Outcome<()> {
        let list = |document: &Document<'_>, dict: &Dict| {
            let list = document.value(dict, "Annots")?;
            Ok(list.array().unwrap_or_default().to_vec())
        };
        let (before, after) = (list(self.old, old)?, list(self.new, new)?);
        let is_shared = old.get("Annots").and_then(Object::reference);
        if is_shared.is_some_and(|at| !self.is_only_of(at.number, &BTreeSet::from([page]))) {
            return Ok(());
        }
        // Taken away, or in another order, which decides what covers what.
        if !after.starts_with(&before) {
            later.change = later.change.max(Change::Annotations);
        }
        for item in after.iter().filter(|item| !before.contains(item)) {
            let Some(at) = item.reference().filter(|at| self.added.contains(&at.number)) else {
                return Ok(());
            };
            match self.new.resolve(&Object::Ref(at))?.dict() {
                _ if self.widgets.contains(&at.number) => {}
                Some(dict) if dict.is("Subtype", "Widget") => return Ok(()),
                Some(dict) if dict.get("Subtype").is_some() => {
                    later.change = later.change.max(Change::Annotations);
                }
                _ => return Ok(()),
            }
        }
        self.open.remove(&page);
        self.excuse(old.get("Annots"), &BTreeSet::from([page]));
        Ok(())
    }

    /// What is left and was an annotation, other than a field, and still is one of its kind.
    fn annotations(&mut self, later: &mut Later) {
        let (old, new) = (self.old, self.new);
        let is_annotation = |number: &u32| {
            let read = |document| current(document, *number).ok().flatten();
            let (Some(old), Some(new)) = (read(old), read(new)) else { return false };
            let is_stream = old.data_at.is_some() || new.data_at.is_some();
            let (Some(old), Some(new)) = (old.object.dict(), new.object.dict()) else {
                return false;
            };
            !is_stream
                && old.is("Type", "Annot")
                && old.get("Rect").is_some()
                && !old.is("Subtype", "Widget")
                && old.get("Subtype").is_some()
                && old.get("Subtype") == new.get("Subtype")
        };
        let before = self.open.len();
        self.open.retain(|number| !is_annotation(number));
        if self.open.len() < before {
            later.change = later.change.max(Change::Annotations);
        }
    }
}

fn is_description(dict: &Dict) -> bool {
    dict.is("Type", "Metadata") && dict.is("Subtype", "XML")
}

/// The keys whose values differ.
pub(crate) fn differing(old: &Dict, new: &Dict) -> BTreeSet<Vec<u8>> {
    let one_way = |a: &Dict, b: &Dict| {
        let b: BTreeMap<&[u8], &Object> = b.iter().collect();
        let keys = a.iter().filter(|(key, value)| b.get(key) != Some(value));
        keys.map(|(key, _)| key.to_vec()).collect::<BTreeSet<_>>()
    };
    one_way(old, new).union(&one_way(new, old)).cloned().collect()
}

fn current(document: &Document<'_>, number: u32) -> Outcome<Option<Indirect>> {
    document.get(document.reference(number))
}

fn is_same(old: &Document<'_>, new: &Document<'_>, number: u32) -> Outcome<bool> {
    if old.reference(number) != new.reference(number) {
        return Ok(false);
    }
    let (Some(before), Some(after)) = (current(old, number)?, current(new, number)?) else {
        return Ok(false);
    };
    if before.object != after.object || before.data_at.is_some() != after.data_at.is_some() {
        return Ok(false);
    }
    Ok(before.data_at.is_none() || old.raw(&before)? == new.raw(&after)?)
}

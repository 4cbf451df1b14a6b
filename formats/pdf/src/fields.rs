//! The form before and after: which fields came, which were signed or filled in.

use std::collections::BTreeSet;

use crate::changes::{Change, Comparison, Later, differing};
use crate::document::Document;
use crate::form::{Field, Form, Lock};
use crate::object::{Dict, Object, Reference};
use crate::refusal::{OBJECT, Outcome};

/// Compares the forms of two states.
pub(crate) struct Fields<'f, 'c, 'a> {
    comparison: &'f mut Comparison<'c, 'a>,
    root: Reference,
    old: &'f Form,
    new: &'f Form,
    locks: &'f [Lock],
}

impl<'f, 'c, 'a> Fields<'f, 'c, 'a> {
    /// The forms of the old and the new state.
    pub(crate) fn new(
        comparison: &'f mut Comparison<'c, 'a>,
        root: Reference,
        forms: &'f (Form, Form),
        locks: &'f [Lock],
    ) -> Self {
        Self { comparison, root, old: &forms.0, new: &forms.1, locks }
    }

    /// Judges every difference; excuses the objects of those that are understood.
    pub(crate) fn compare(mut self, later: &mut Later) -> Outcome<()> {
        if self.form()? {
            self.excuse_form();
        } else {
            later.change = Change::Content;
        }
        let (old, new) = (self.old, self.new);
        for field in &new.fields {
            match old.fields.iter().find(|before| before.reference == field.reference) {
                None => self.added(field, later)?,
                Some(before) => self.kept(before, field, later)?,
            }
        }
        let is_kept = |field: &Field| new.fields.iter().any(|it| it.reference == field.reference);
        if !old.fields.iter().all(is_kept) {
            later.change = Change::Content;
        }
        Ok(())
    }

    /// Whether only fields were added to the form itself.
    fn form(&self) -> Outcome<bool> {
        let is_first = self.old.fields.is_empty();
        let is_usual =
            differing(&self.old.dict, &self.new.dict).iter().all(|key| match key.as_slice() {
                b"Fields" | b"SigFlags" => true,
                b"DR" => is_first || keeps(self.old.dict.get("DR"), self.new.dict.get("DR")),
                b"DA" => is_first,
                _ => false,
            });
        let roots = |document: &Document<'_>, form: &Form| -> Outcome<Vec<Object>> {
            let list = document.value(&form.dict, "Fields")?;
            Ok(list.array().unwrap_or_default().to_vec())
        };
        let comparison = &self.comparison;
        let (before, after) = (roots(comparison.old, self.old)?, roots(comparison.new, self.new)?);
        let is_added = |item: &Object| {
            item.reference().is_some_and(|at| comparison.added.contains(&at.number))
        };
        let only_added = after.iter().skip(before.len()).all(is_added);
        Ok(is_usual && only_added && after.starts_with(&before))
    }

    fn excuse_form(&mut self) {
        let mut owners = BTreeSet::from([self.root.number]);
        let form = self.old.reference.map(Object::Ref);
        self.comparison.excuse(form.as_ref(), &owners);
        owners.extend(self.old.reference.map(|at| at.number));
        self.comparison.excuse(self.old.dict.get("Fields"), &owners);
    }

    /// A new field must be a signature field, without actions.
    fn added(&mut self, field: &Field, later: &mut Later) -> Outcome<()> {
        let is_new = field.widgets.iter().chain([&field.reference]);
        let is_new = is_new.into_iter().all(|at| self.comparison.added.contains(&at.number));
        if !is_new || field.has_action || !field.is_signature {
            later.change = Change::Content;
            return Ok(());
        }
        for widget in &field.widgets {
            later.shows_signature |= self.is_shown(*widget)?;
            self.comparison.widgets.insert(widget.number);
        }
        self.signature(field, later)
    }

    fn is_shown(&self, widget: Reference) -> Outcome<bool> {
        let new = self.comparison.new;
        let widget = new.resolve(&Object::Ref(widget))?;
        let rectangle = new.value(widget.dict().ok_or(OBJECT)?, "Rect")?;
        let numbers: Vec<Option<f64>> =
            rectangle.array().unwrap_or_default().iter().map(number).collect();
        Ok(match numbers.as_slice() {
            [Some(left), Some(bottom), Some(right), Some(top)] => left != right && bottom != top,
            _ => true,
        })
    }

    fn signature(&self, field: &Field, later: &mut Later) -> Outcome<()> {
        let is_new = |at: Reference| self.comparison.added.contains(&at.number);
        let change = match (field.value.as_ref(), field.value_at()) {
            (None, _) => Change::FormFilling,
            (Some(value), Some(at)) if is_new(at) => match self.comparison.new.resolve(value)? {
                Object::Dict(dict) => kind(&dict),
                _ => Change::Content,
            },
            _ => Change::Content,
        };
        later.change = later.change.max(change);
        Ok(())
    }

    /// A field that was there already.
    fn kept(&mut self, before: &Field, after: &Field, later: &mut Later) -> Outcome<()> {
        let mut owners: BTreeSet<u32> = before.widgets.iter().map(|at| at.number).collect();
        owners.insert(before.reference.number);
        let values = ["V", "AP"].map(|key| self.changed(before, key, &owners));
        let is_touched = owners.iter().any(|number| self.comparison.open.contains(number));
        if !is_touched && values.iter().all(Vec::is_empty) {
            return Ok(());
        }
        let was_signed = before.is_signature && before.value.is_some();
        let is_locked = self.locks.iter().any(|lock| lock.locks(&before.name));
        if was_signed || is_locked || !self.is_filling(&owners, before.is_signature)? {
            later.change = Change::Content;
            return Ok(());
        }
        if after.is_signature {
            later.shows_signature |= self.is_any_shown(after)?;
            self.signature(after, later)?;
        } else {
            later.change = later.change.max(Change::FormFilling);
        }
        let done = owners.iter().chain(values.iter().flatten());
        for number in done {
            self.comparison.open.remove(number);
        }
        Ok(())
    }

    fn is_any_shown(&self, field: &Field) -> Outcome<bool> {
        field.widgets.iter().try_fold(false, |any, widget| Ok(any | self.is_shown(*widget)?))
    }

    /// Whether only what filling in changes differs.
    fn is_filling(&self, owners: &BTreeSet<u32>, is_signature: bool) -> Outcome<bool> {
        const FILLED: [&[u8]; 6] = [b"V", b"AP", b"AS", b"M", b"I", b"RV"];
        const SIGNED: [&[u8]; 5] = [b"V", b"AP", b"AS", b"M", b"F"];
        let permitted = if is_signature { SIGNED.as_slice() } else { FILLED.as_slice() };
        for number in owners.iter().filter(|number| self.comparison.open.contains(number)) {
            let (old, new) = self.comparison.both(Reference { number: *number, generation: 0 })?;
            if !differing(&old, &new).iter().all(|key| permitted.contains(&key.as_slice())) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Old objects below `key` of the field or its widgets that differ and are theirs alone.
    fn changed(&self, field: &Field, key: &str, owners: &BTreeSet<u32>) -> Vec<u32> {
        let old = self.comparison.old;
        let widgets = field.widgets.iter().chain([&field.reference]);
        let dicts = widgets.filter_map(|at| match old.resolve(&Object::Ref(*at)) {
            Ok(Object::Dict(dict)) => Some(dict),
            _ => None,
        });
        let mut found = Vec::new();
        let mut owners = owners.clone();
        for dict in dicts {
            let mut collect = |at: Reference| found.push(at.number);
            let value = dict.get(key);
            if let Some(Object::Dict(inner)) = value {
                appearances(inner, &mut collect);
            }
            let Some(at) = value.and_then(Object::reference) else { continue };
            collect(at);
            if let Ok(Object::Dict(inner)) = old.resolve(&Object::Ref(at))
                && key == "AP"
                && self.comparison.is_only_of(at.number, &owners)
            {
                owners.insert(at.number);
                appearances(&inner, &mut collect);
            }
        }
        found.retain(|number| {
            self.comparison.open.contains(number) && self.comparison.is_only_of(*number, &owners)
        });
        found
    }
}

/// Whether resources only grew: each old one is still there under its name.
fn keeps(old: Option<&Object>, new: Option<&Object>) -> bool {
    match (old, new) {
        (None, _) => true,
        (Some(Object::Dict(old)), Some(Object::Dict(new))) => old.iter().all(|(key, value)| {
            let key = std::str::from_utf8(key).unwrap_or_default();
            keeps(Some(value), new.get(key))
        }),
        (old, new) => old == new,
    }
}

/// The appearances `N`, `R` and `D`, and their states.
fn appearances(dict: &Dict, found: &mut dyn FnMut(Reference)) {
    for key in ["N", "R", "D"] {
        if let Some(value) = dict.get(key) {
            value.references(found);
        }
    }
}

fn kind(signature: &Dict) -> Change {
    if signature.is("Type", "DocTimeStamp") && signature.is("SubFilter", "ETSI.RFC3161") {
        Change::OnlyValidationData
    } else {
        Change::OtherSignature
    }
}

fn number(value: &Object) -> Option<f64> {
    let text = match value {
        Object::Int(value) => return i32::try_from(*value).ok().map(f64::from),
        Object::Real(text) => std::str::from_utf8(text).ok()?,
        _ => return None,
    };
    text.parse().ok()
}

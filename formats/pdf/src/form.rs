//! The interactive form: its fields, and what earlier signatures permit.
//! Spec: ISO 32000-2 §12.7, §12.8.2.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::document::Document;
use crate::object::{Dict, Object, Reference};
use crate::refusal::{Outcome, Refusal, STRUCTURE};
use crate::text;

/// How deep the tree of fields may be.
const DEEPEST: usize = 32;

/// How long the names of all fields may be together, in bytes.
const NAMES: usize = 8 << 20;

/// A field that has a value of its own. A file may have tens of thousands, so it holds no more than
/// is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Fully qualified name.
    pub(crate) name: String,
    /// Where it stands.
    pub(crate) reference: Reference,
    /// Whether it is a signature field.
    pub(crate) is_signature: bool,
    /// `V`, its own or that of one above it.
    pub(crate) value: Option<Rc<Object>>,
    /// `Lock`.
    pub(crate) lock: Option<Object>,
    /// Whether it has an action, `A` or `AA`.
    pub(crate) has_action: bool,
    /// Its widgets: itself, or its kids.
    pub(crate) widgets: Vec<Reference>,
}

impl Field {
    /// What it says that its signature locks.
    pub(crate) fn lock(&self, document: &Document<'_>) -> Outcome<Option<Dict>> {
        match self.lock.as_ref().map(|lock| document.resolve(lock)).transpose()? {
            None | Some(Object::Null) => Ok(None),
            Some(Object::Dict(lock)) => Ok(Some(lock)),
            Some(_) => Err(STRUCTURE),
        }
    }

    /// Where its value stands, when that is an object of its own.
    pub(crate) fn value_at(&self) -> Option<Reference> {
        self.value.as_ref()?.reference()
    }
}

/// The form of a file, empty when it has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    /// The object it is, when it is one of its own.
    pub(crate) reference: Option<Reference>,
    /// `/AcroForm`.
    pub(crate) dict: Dict,
    /// All fields, in order.
    pub(crate) fields: Vec<Field>,
}

impl Form {
    /// Reads the form of this catalog.
    pub(crate) fn read(document: &Document<'_>, catalog: &Dict) -> Outcome<Self> {
        let Some(dict) = document.dict(catalog, "AcroForm")? else { return Ok(Self::default()) };
        let reference = catalog.get("AcroForm").and_then(Object::reference);
        let mut walk = Walk {
            document,
            seen: BTreeSet::new(),
            left: document.limits.nodes,
            names_left: NAMES,
            fields: Vec::new(),
        };
        match document.value(&dict, "Fields")? {
            Object::Null => {}
            Object::Array(roots) => {
                let top = Above::default();
                for root in roots.iter().filter_map(Object::reference) {
                    walk.field(root, &top)?;
                }
            }
            _ => return Err(STRUCTURE),
        }
        Ok(Self { reference, dict, fields: walk.fields })
    }

    /// The field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that are signed, and their signature dictionaries.
    pub(crate) fn signed<'f>(
        &'f self,
        document: &'f Document<'_>,
    ) -> impl Iterator<Item = Outcome<(&'f Field, Dict)>> {
        self.fields.iter().filter(|field| field.is_signature).filter_map(|field| {
            let value = field.value.as_ref()?;
            // What stands there itself and is no dictionary may be long: it is not copied.
            match &**value {
                Object::Dict(_) | Object::Ref(_) => {}
                _ => return None,
            }
            match document.resolve(value) {
                Ok(Object::Dict(dict)) => Some(Ok((field, dict))),
                Ok(_) => None,
                Err(refusal) => Some(Err(refusal)),
            }
        })
    }
}

/// What a field has from those above it.
#[derive(Default)]
struct Above {
    name: String,
    is_signature: bool,
    value: Option<Rc<Object>>,
    depth: usize,
}

struct Walk<'w, 'a> {
    document: &'w Document<'a>,
    seen: BTreeSet<Reference>,
    left: usize,
    names_left: usize,
    fields: Vec<Field>,
}

impl Walk<'_, '_> {
    fn field(&mut self, reference: Reference, above: &Above) -> Outcome<()> {
        self.left = self.left.checked_sub(1).ok_or(Refusal::TooComplex)?;
        if above.depth > DEEPEST {
            return Err(Refusal::TooComplex);
        }
        if !self.seen.insert(reference) {
            return Err(STRUCTURE);
        }
        let Some(Object::Dict(dict)) = self.document.get(reference)?.map(|it| it.object) else {
            return Ok(());
        };
        let name = self.name(&dict, &above.name)?;
        let is_signature = dict.get("FT").map_or(above.is_signature, |kind| kind.is_name("Sig"));
        let value = dict.get("V").cloned().map(Rc::new).or_else(|| above.value.clone());
        let (fields, widgets) = self.kids(&dict)?;
        if fields.is_empty() {
            let widgets = if widgets.is_empty() { vec![reference] } else { widgets };
            let value = value.filter(|_| is_signature);
            let lock = dict.get("Lock").cloned();
            let has_action = dict.get("A").is_some() || dict.get("AA").is_some();
            let field = Field { name, reference, is_signature, value, lock, has_action, widgets };
            self.fields.push(field);
            return Ok(());
        }
        drop(dict);
        let above = Above { name, is_signature, value, depth: above.depth + 1 };
        fields.into_iter().try_for_each(|kid| self.field(kid, &above))
    }

    fn name(&mut self, dict: &Dict, above: &str) -> Outcome<String> {
        let name = match self.document.value(dict, "T")? {
            Object::Text(part) if above.is_empty() => text::decode(&part),
            Object::Text(part) => format!("{above}.{}", text::decode(&part)),
            _ => above.to_owned(),
        };
        self.names_left = self.names_left.checked_sub(name.len()).ok_or(Refusal::TooComplex)?;
        Ok(name)
    }

    /// The kids that are fields, and those that are only widgets.
    fn kids(&mut self, dict: &Dict) -> Outcome<(Vec<Reference>, Vec<Reference>)> {
        let kids = self.document.value(dict, "Kids")?;
        let count = kids.array().unwrap_or_default().len();
        self.left = self.left.checked_sub(count).ok_or(Refusal::TooComplex)?;
        let mut fields = Vec::new();
        let mut widgets = Vec::new();
        for kid in kids.array().unwrap_or_default().iter().filter_map(Object::reference) {
            match self.document.get(kid)?.map(|found| found.object) {
                Some(Object::Dict(dict)) if dict.get("T").is_some() => fields.push(kid),
                Some(Object::Dict(_)) => widgets.push(kid),
                _ => {}
            }
        }
        Ok((fields, widgets))
    }
}

/// Which fields a signature locks. Spec: ISO 32000-2 §12.8.2.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    /// All.
    All,
    /// These and what is below them.
    Include(Vec<String>),
    /// All but these and what is below them.
    Exclude(Vec<String>),
}

impl Lock {
    /// Whether the field of this name is locked.
    pub(crate) fn locks(&self, name: &str) -> bool {
        let among = |names: &[String]| {
            names.iter().any(|of| {
                name.strip_prefix(of.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        match self {
            Self::All => true,
            Self::Include(names) => among(names),
            Self::Exclude(names) => !among(names),
        }
    }

    fn read(document: &Document<'_>, dict: &Dict) -> Outcome<Option<Self>> {
        let Object::Name(action) = document.value(dict, "Action")? else { return Ok(None) };
        let fields = document.value(dict, "Fields")?;
        let names = fields.array().unwrap_or_default().iter();
        let names = names.filter_map(Object::text).map(text::decode).collect();
        Ok(Some(match action.as_slice() {
            b"Include" => Self::Include(names),
            b"Exclude" => Self::Exclude(names),
            _ => Self::All,
        }))
    }
}

/// What one signature permits of later changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Permissions {
    /// `P` of DocMDP, 1 to 3, when it is there.
    pub(crate) level: Option<u8>,
    /// The fields that it locks.
    pub(crate) locks: Vec<Lock>,
}

impl Permissions {
    /// Reads them from a signature dictionary and the field that it signs.
    pub(crate) fn read(document: &Document<'_>, signature: &Dict, field: &Field) -> Outcome<Self> {
        let mut permissions = Self::default();
        let references = document.value(signature, "Reference")?;
        for reference in references.array().unwrap_or_default() {
            let Object::Dict(reference) = document.resolve(reference)? else { continue };
            let parameters = document.dict(&reference, "TransformParams")?.unwrap_or_default();
            let level: Option<u8> = document.value(&parameters, "P")?.int();
            if reference.is("TransformMethod", "DocMDP") {
                permissions.tighten(Some(level.filter(|it| (1..=3).contains(it)).unwrap_or(2)));
            } else if reference.is("TransformMethod", "FieldMDP") {
                permissions.tighten(level);
                permissions.locks.extend(Lock::read(document, &parameters)?);
            }
        }
        if let Some(lock) = field.lock(document)? {
            permissions.tighten(document.value(&lock, "P")?.int());
            permissions.locks.extend(Lock::read(document, &lock)?);
        }
        Ok(permissions)
    }

    fn tighten(&mut self, level: Option<u8>) {
        let level = level.filter(|level| (1..=3).contains(level));
        self.level = self.level.into_iter().chain(level).min();
    }
}

//! Room for a signature or a document time-stamp, in an update that leaves the original as it is.
//! Spec: ISO 32000-2 §12.8; EN 319 142-1 §5.3, §6.3.

use crate::document::Document;
use crate::form::{Form, Permissions};
use crate::limits::Limits;
use crate::object::{Dict, Object, Reference};
use crate::pages;
use crate::prepared::Prepared;
use crate::refusal::{OBJECT, Outcome, Refusal, STRUCTURE};
use crate::text;
use crate::update::Update;

/// The most that can be reserved, in bytes.
const MOST_RESERVED: usize = 1 << 20;
/// Annotation flags: printed, and locked in its place.
const PRINTED_AND_LOCKED: i64 = 4 + 128;
/// `SigFlags`: signatures exist, append only.
const SIGNED_APPEND_ONLY: i64 = 3;
/// What [`Prepared`] fills in: each number of `ByteRange` in ten places.
pub(crate) const RANGE_ROOM: &str = "0000000000 0000000000 0000000000";

/// What the room is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A signature or seal in CAdES, SubFilter `ETSI.CAdES.detached`.
    Signature,
    /// A document time-stamp (a time-stamp token), SubFilter `ETSI.RFC3161`.
    TimeStamp,
}

/// The room that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureRequest {
    /// What it is for. A time-stamp ignores the moment, the signer, the reason and the place.
    pub purpose: Purpose,
    /// The empty signature field to fill, or the name of a new one; `None`: new, `SignatureN`.
    pub field: Option<String>,
    /// `M`: when the signer says it is signed, in seconds since 1970-01-01T00:00:00Z.
    pub made_at: i64,
    /// `Name`.
    pub signer: Option<String>,
    /// `Reason`; forbidden beside a commitment type or a policy in the CMS.
    pub reason: Option<String>,
    /// `Location`.
    pub place: Option<String>,
    /// How many bytes to reserve for the DER of the signature, 1 to 1 MiB.
    pub reserve: usize,
    /// How much of the file is read before it is refused.
    pub limits: Limits,
}

impl SignatureRequest {
    /// A signature made at this moment, with room for `reserve` bytes.
    #[must_use]
    pub fn new(made_at: i64, reserve: usize) -> Self {
        Self {
            purpose: Purpose::Signature,
            field: None,
            made_at,
            signer: None,
            reason: None,
            place: None,
            reserve,
            limits: Limits::default(),
        }
    }

    /// A document time-stamp with room for `reserve` bytes.
    #[must_use]
    pub fn time_stamp(reserve: usize) -> Self {
        Self { purpose: Purpose::TimeStamp, ..Self::new(0, reserve) }
    }
}

/// Makes room for a signature at the end of `original`.
///
/// # Errors
/// Why the file is not signed; nothing has been changed then.
pub fn prepare(original: &[u8], request: &SignatureRequest) -> Result<Prepared, Refusal> {
    if !(1..=MOST_RESERVED).contains(&request.reserve) {
        return Err(Refusal::TooLong);
    }
    let document = Document::read(original, &request.limits)?;
    document.check_entries()?;
    let (root, catalog) = document.catalog()?;
    let page = pages::first(&document, &catalog)?;
    let form = Form::read(&document, &catalog)?;
    if form.dict.get("XFA").is_some() {
        return Err(Refusal::Xfa);
    }
    let target = Target::choose(&form, request.field.as_deref())?;
    check_permissions(&document, &form, &target, request.purpose)?;

    let mut update = Update::new(&document)?;
    let value = update.reserve()?;
    let lock = target.lock(&document, root)?;
    update.put_written(value, signature_dictionary(request, lock));
    let name = match target {
        Target::Empty(field, name) => {
            fill(&document, &mut update, field, value)?;
            name
        }
        Target::New(name) => {
            let field = update.reserve()?;
            update.put(field, &widget(&name, page.0, value))?;
            annotate(&document, &mut update, page, field)?;
            enter(&document, &mut update, (root, catalog), &form, field)?;
            name
        }
    };
    Prepared::new(original.len(), &update.written()?, value, name)
}

/// The field to sign.
enum Target {
    /// An empty one, its name.
    Empty(Reference, String),
    /// One to be made.
    New(String),
}

impl Target {
    fn choose(form: &Form, wanted: Option<&str>) -> Outcome<Self> {
        let Some(wanted) = wanted else { return Ok(Self::New(free_name(form))) };
        match form.field(wanted) {
            Some(field) if field.is_signature && field.value.is_none() => {
                Ok(Self::Empty(field.reference, wanted.to_owned()))
            }
            Some(_) => Err(Refusal::NoSuchField),
            None if wanted.is_empty() || wanted.contains('.') || wanted.len() > 200 => {
                Err(Refusal::FieldName)
            }
            None if is_taken(form, wanted) => Err(Refusal::FieldName),
            None => Ok(Self::New(wanted.to_owned())),
        }
    }

    /// What the field says that its signature locks, as a part of the signature.
    /// Spec: ISO 32000-2 §12.7.5.5 (`Lock`), §12.8.2.4.
    fn lock(&self, document: &Document<'_>, root: Reference) -> Outcome<Option<Object>> {
        let Self::Empty(field, _) = self else { return Ok(None) };
        let Some(lock) = document.dict(&own(document, *field)?, "Lock")? else { return Ok(None) };
        let mut parameters = Dict::default();
        for key in ["Action", "Fields", "P"] {
            match document.value(&lock, key)? {
                Object::Null => {}
                value => parameters.set(key, value),
            }
        }
        parameters.set("Type", Object::name("TransformParams"));
        parameters.set("V", Object::name("1.2"));
        let mut reference = Dict::default();
        reference.set("Type", Object::name("SigRef"));
        reference.set("TransformMethod", Object::name("FieldMDP"));
        reference.set("TransformParams", Object::Dict(parameters));
        reference.set("Data", Object::Ref(root));
        Ok(Some(Object::Array(vec![Object::Dict(reference)])))
    }

    fn name(&self) -> &str {
        match self {
            Self::Empty(_, name) | Self::New(name) => name,
        }
    }
}

fn is_taken(form: &Form, name: &str) -> bool {
    form.fields.iter().any(|field| field.name.split('.').next() == Some(name))
}

fn free_name(form: &Form) -> String {
    let names = (1_u64..).map(|number| format!("Signature{number}"));
    names.into_iter().find(|name| !is_taken(form, name)).unwrap_or_default()
}

fn check_permissions(
    document: &Document<'_>,
    form: &Form,
    target: &Target,
    purpose: Purpose,
) -> Outcome<()> {
    if purpose == Purpose::TimeStamp {
        // Spec: ISO 32000-2 §12.8.2.2.2: validation data and time-stamps are no changes.
        return Ok(());
    }
    for signed in form.signed(document) {
        let (field, signature) = signed?;
        let permissions = Permissions::read(document, &signature, field)?;
        if permissions.level == Some(1) {
            return Err(Refusal::Certified);
        }
        if permissions.locks.iter().any(|lock| lock.locks(target.name())) {
            return Err(Refusal::Locked);
        }
    }
    Ok(())
}

fn signature_dictionary(request: &SignatureRequest, lock: Option<Object>) -> Vec<u8> {
    let mut dict = Dict::default();
    if let Some(lock) = lock {
        dict.set("Reference", lock);
    }
    dict.set("Filter", Object::name("Adobe.PPKLite"));
    let mut set = |key, text: &Option<String>| {
        if let Some(text) = text {
            dict.set(key, Object::Text(text::encode(text)));
        }
    };
    let (kind, format) = match request.purpose {
        Purpose::Signature => {
            set("M", &Some(text::date(request.made_at)));
            set("Name", &request.signer);
            set("Reason", &request.reason);
            set("Location", &request.place);
            ("Sig", "ETSI.CAdES.detached")
        }
        Purpose::TimeStamp => ("DocTimeStamp", "ETSI.RFC3161"),
    };
    dict.set("Type", Object::name(kind));
    dict.set("SubFilter", Object::name(format));
    let mut value = format!("<< /ByteRange [0 {RANGE_ROOM}] /Contents <").into_bytes();
    value.resize(value.len() + request.reserve * 2, b'0');
    value.push(b'>');
    let mut rest = Vec::new();
    dict.write(&mut rest);
    value.extend_from_slice(rest.strip_prefix(b"<<").unwrap_or_default());
    value
}

fn widget(name: &str, page: Reference, value: Reference) -> Object {
    let mut dict = Dict::default();
    dict.set("Type", Object::name("Annot"));
    dict.set("Subtype", Object::name("Widget"));
    dict.set("FT", Object::name("Sig"));
    dict.set("T", Object::Text(text::encode(name)));
    dict.set("F", Object::Int(PRINTED_AND_LOCKED));
    dict.set("Rect", Object::Array(vec![Object::Int(0); 4]));
    dict.set("P", Object::Ref(page));
    dict.set("V", Object::Ref(value));
    Object::Dict(dict)
}

/// The dictionary that stands in an object, to be written anew.
fn own(document: &Document<'_>, at: Reference) -> Outcome<Dict> {
    match document.get(at)?.map(|found| (found.object, found.data_at)) {
        Some((Object::Dict(dict), None)) => Ok(dict),
        _ => Err(OBJECT),
    }
}

fn fill(
    document: &Document<'_>,
    update: &mut Update<'_, '_>,
    field: Reference,
    value: Reference,
) -> Outcome<()> {
    let mut dict = own(document, field)?;
    dict.set("V", Object::Ref(value));
    update.put(field, &Object::Dict(dict))?;
    let (root, mut catalog) = document.catalog()?;
    let form = Form::read(document, &catalog)?;
    if form.dict.int("SigFlags") == Some(SIGNED_APPEND_ONLY) {
        return Ok(());
    }
    let mut dict = form.dict;
    dict.set("SigFlags", Object::Int(SIGNED_APPEND_ONLY));
    match form.reference {
        Some(at) => update.put(at, &Object::Dict(dict)),
        None => {
            catalog.set("AcroForm", Object::Dict(dict));
            update.put(root, &Object::Dict(catalog))
        }
    }
}

/// Adds `widget` to the annotations of the page, in the object where the list stands.
fn annotate(
    document: &Document<'_>,
    update: &mut Update<'_, '_>,
    (at, mut page): (Reference, Dict),
    widget: Reference,
) -> Outcome<()> {
    let list = document.value(&page, "Annots")?;
    let reference = page.get("Annots").and_then(Object::reference);
    let mut items = match list {
        Object::Null => Vec::new(),
        Object::Array(items) => items,
        _ => return Err(STRUCTURE),
    };
    let had_list = !items.is_empty();
    items.push(Object::Ref(widget));
    match reference {
        Some(list) if had_list => update.put(list, &Object::Array(items)),
        _ => {
            page.set("Annots", Object::Array(items));
            update.put(at, &Object::Dict(page))
        }
    }
}

/// Adds `field` to the form, in the object where its list stands; makes the form if need be.
fn enter(
    document: &Document<'_>,
    update: &mut Update<'_, '_>,
    (root, mut catalog): (Reference, Dict),
    form: &Form,
    field: Reference,
) -> Outcome<()> {
    let mut dict = form.dict.clone();
    let list = dict.get("Fields").and_then(Object::reference);
    let mut items = document.value(&dict, "Fields")?.array().unwrap_or_default().to_vec();
    let had_list = !items.is_empty();
    items.push(Object::Ref(field));
    let flagged = dict.int("SigFlags") == Some(SIGNED_APPEND_ONLY);
    dict.set("SigFlags", Object::Int(SIGNED_APPEND_ONLY));
    match list {
        Some(list) if had_list => {
            update.put(list, &Object::Array(items))?;
            if flagged {
                return Ok(());
            }
        }
        _ => dict.set("Fields", Object::Array(items)),
    }
    let reference = match form.reference {
        Some(reference) => return update.put(reference, &Object::Dict(dict)),
        None if form.dict.get("Fields").is_none() => update.reserve()?,
        None => {
            catalog.set("AcroForm", Object::Dict(dict));
            return update.put(root, &Object::Dict(catalog));
        }
    };
    update.put(reference, &Object::Dict(dict))?;
    catalog.set("AcroForm", Object::Ref(reference));
    update.put(root, &Object::Dict(catalog))
}

//! The demo's cast and their phones: enrolled by the desk and the phones themselves, which hold
//! the keys; the demo only carries what an officer and a citizen would read off and type.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::json;
use simulation::{CastMember, Country, Role};

use super::DemoError;
use super::ports::Ports;
use super::web::Web;
use crate::child;
use crate::phone;
use crate::place::{Data, write_whole};

/// Whose phone is enrolled when a country is made: those who log in themselves.
const ENROLLED: [Role; 3] = [Role::Adult, Role::NonCitizen, Role::ParentOfChild];

/// A phone of the cast, as `demo.json` tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Enrolled {
    /// Whose, by alias.
    pub(crate) alias: String,
    /// The user number.
    pub(crate) user_number: String,
    /// PIN1.
    pub(crate) pin1: String,
    /// PIN2.
    pub(crate) pin2: String,
    /// The 12 digits that freeze everything.
    pub(crate) freeze_code: String,
    /// The phone's folder.
    pub(crate) phone: PathBuf,
    /// PIN1 and PIN2, a line each, mode 0600.
    pub(crate) pin_file: PathBuf,
}

/// Enrols the phones of the cast that are not enrolled yet.
///
/// # Errors
/// [`DemoError`].
pub(super) async fn enrolled(
    data: &Data,
    ports: &Ports,
    country: &Country,
) -> Result<Vec<Enrolled>, DemoError> {
    let desk = desk(data, ports.role("desk"))?;
    let mut phones = Vec::new();
    for one in country.cast().into_iter().filter(|one| ENROLLED.contains(&one.role)) {
        phones.push(enrol(data, &desk, &one).await?);
    }
    if let Some(first) = phones.first() {
        // A phone that is new knows what the app has built in: what the others were told.
        let built = phone::build_in(&data.path().join("phone"), &first.phone);
        built.map_err(|_| DemoError::Form("phone/service.json"))?;
    }
    Ok(phones)
}

/// One phone: the one kept, or a new one.
async fn enrol(data: &Data, desk: &Web, one: &CastMember) -> Result<Enrolled, DemoError> {
    let form = DemoError::Form("an enrolled phone");
    let folder = data.path().join("cast");
    std::fs::create_dir_all(&folder)?;
    let kept = folder.join(format!("{}.json", one.alias));
    if let Ok(bytes) = std::fs::read(&kept) {
        return serde_json::from_slice(&bytes).map_err(|_| form);
    }
    // Everybody in the demo has the same PINs, as sandbox persons have.
    let (pin1, pin2) = ("2580".to_owned(), "147258".to_owned());
    let pin_file = folder.join(format!("{}.pins", one.alias));
    write_whole(&pin_file, format!("{pin1}\n{pin2}\n").as_bytes(), true)?;
    let offer: Offer = desk.json("/api/offers", &json!({ "person": one.alias })).await?;
    let phone = data.path().join("phone").join(one.alias);
    // A phone whose enrolment was interrupted is thrown away: its offer was never bound.
    if phone.exists() {
        std::fs::remove_dir_all(&phone)?;
    }
    let pins = pin_file.display().to_string();
    let label = format!("{} (virtual)", one.alias);
    let arguments = ["enrol", &offer.invitation, "--pin-file", &pins, "--label", &label];
    child::phone(&phone, &arguments).await?;
    let standing: Standing = desk.get(&format!("/api/offers/{}", offer.offer)).await?;
    let digits = json!({ "digits": standing.digits.ok_or(form)? });
    let bind = format!("/api/offers/{}/bind", offer.offer);
    let Bound { user_number } = desk.json(&bind, &digits).await?;
    let enrolled = Enrolled {
        alias: one.alias.to_owned(),
        user_number,
        pin1,
        pin2,
        freeze_code: offer.freeze_code,
        phone,
        pin_file,
    };
    let bytes = serde_json::to_vec_pretty(&enrolled);
    write_whole(&kept, &bytes.map_err(|_| DemoError::Form("an enrolled phone"))?, true)?;
    Ok(enrolled)
}

#[derive(Deserialize)]
struct Offer {
    offer: String,
    invitation: String,
    freeze_code: String,
}

#[derive(Deserialize)]
struct Standing {
    digits: Option<String>,
}

#[derive(Deserialize)]
struct Bound {
    user_number: String,
}

/// The desk's interface for programs, opened with the key that only this user can read.
fn desk(data: &Data, at: SocketAddr) -> Result<Web, DemoError> {
    let address = std::fs::read_to_string(data.path().join("desk").join("address"))?;
    let (_, key) = address.trim().split_once("key=").ok_or(DemoError::Form("desk/address"))?;
    Ok(Web::new(at, format!("desk.localhost:{}", at.port()), Some(key.to_owned())))
}

//! Who asks for logins and data of the house itself: the portal and the command line.

use base::Locale;
use identity::Proves;

use super::{House, HouseError, Plan};

/// The clients of every house.
pub(crate) const OWN: [&str; 2] = ["portal", "sakta-cli"];

/// A public client as it is registered; others change what differs.
pub(crate) fn public(id: &str, name: (&str, &str), purpose: (&str, &str)) -> identity::Client {
    identity::Client {
        id: id.to_owned(),
        name: words(name.0, name.1),
        purpose: words(purpose.0, purpose.1),
        proves: Proves::Nothing,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        sector: id.to_owned(),
        scopes: scopes(&["openid", "profile"]),
        device: false,
        without_pkce: false,
        party: None,
        closed: false,
    }
}

fn words(lv: &str, en: &str) -> Vec<(Locale, String)> {
    vec![(Locale::Lv, lv.to_owned()), (Locale::En, en.to_owned())]
}

fn scopes(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(ToString::to_string).collect()
}

/// Those of [`OWN`], in its order.
///
/// # Errors
/// [`HouseError::Setup`].
pub(crate) fn own(house: &House, plan: &Plan<'_>) -> Result<[identity::Client; 2], HouseError> {
    let party = plan.installation.parties.get("portal").cloned();
    let name = ("Klientu portāls", "Client portal");
    let purpose = ("Pieslēgties portālam", "To sign in to the portal");
    let portal = identity::Client {
        redirect_uris: vec![house.portal.addresses.redirect()],
        post_logout_redirect_uris: vec![format!("{}/", plan.site.origin("portal"))],
        party: Some(party.ok_or(HouseError::Setup("the list of parties"))?),
        ..public(OWN[0], name, purpose)
    };
    let name = ("Sakta komandrinda", "Sakta command line");
    let purpose = ("Parakstīt no komandrindas", "To sign from the command line");
    let command_line = identity::Client {
        device: true,
        scopes: scopes(&["openid", "profile", "signing"]),
        ..public(OWN[1], name, purpose)
    };
    Ok([portal, command_line])
}

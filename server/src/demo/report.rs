//! What the demo says: progress, addresses, and `demo.json` for programs.

use std::time::Duration;

use serde_json::json;
use simulation::Country;

use super::DemoError;
use super::clients::Client;
use super::enrolment::Enrolled;
use super::ports::Ports;
use crate::house::Site;
use crate::place::{Data, write_whole};
use crate::systems::{SYSTEMS, State};

/// Says a line.
#[expect(clippy::print_stdout, reason = "the demo speaks to its terminal")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Writes `demo.json`.
///
/// # Errors
/// The disk.
pub(crate) fn write(
    data: &Data,
    (ports, site): (&Ports, &Site),
    country: &Country,
    (clients, phones): (&[Client], &[Enrolled]),
) -> Result<(), DemoError> {
    let base = ports.base();
    let persons: Vec<_> = country
        .cast()
        .into_iter()
        .map(|one| {
            let phone = phones.iter().find(|phone| phone.alias == one.alias);
            json!({
                "alias": one.alias,
                "userNumber": phone.map(|phone| &phone.user_number),
                "pin1": phone.map(|phone| &phone.pin1),
                "pin2": phone.map(|phone| &phone.pin2),
                "pinFile": phone.map(|phone| &phone.pin_file),
                "phone": phone.map(|phone| &phone.phone),
                "freezeCode": phone.map(|phone| &phone.freeze_code),
                "role": format!("{:?}", one.role),
                "name": one.name,
                "code": one.code.map(|code| code.shown().to_owned()),
                "person": one.person,
            })
        })
        .collect();
    let report = json!({
        "server": format!("http://{base}"),
        "addresses": {
            "front": format!("http://{base}/"),
            "portal": site.origin("portal"),
            "id": site.origin("id"),
            "files": site.origin("files"),
            "sign": site.origin("sign"),
            "pki": format!("http://{base}/pki"),
            "phone": format!("http://phone.localhost:{}/", ports.role("phone").port()),
            "desk": format!("http://desk.localhost:{}/", ports.role("desk").port()),
            "tls": format!("https://localhost:{}", ports.register()),
            "pkiTls": format!("https://localhost:{}", ports.role("pki").port()),
        },
        "persons": persons,
        "clients": clients,
        "anchors": [data.path().join("anchors").join("root.pem")],
        "logs": [{
            "name": "pmlp/persons",
            "archive": data.path().join("web").join("archive").join("persons"),
        }],
    });
    let bytes = serde_json::to_vec_pretty(&report).map_err(|_| DemoError::Form("demo.json"))?;
    Ok(write_whole(&data.path().join("demo.json"), &bytes, true)?)
}

/// Says where everything is.
pub(crate) fn addresses(
    data: &Data,
    (ports, site): (&Ports, &Site),
    country: &Country,
    took: Duration,
) {
    let base = ports.base();
    say("");
    say(&format!("Sakta runs after {:.1} s. Everybody in it is synthetic.", took.as_secs_f64()));
    say(&format!("  front page   http://{base}/"));
    say(&format!("  portal       {}/", site.origin("portal")));
    say(&format!("  the phones   http://phone.localhost:{}/", ports.role("phone").port()));
    say(&format!("  the desk     {}", data.path().join("desk").join("address").display()));
    say(&format!("  calls (mTLS) https://localhost:{}", ports.register()));
    say(&format!("  for programs {}", data.path().join("demo.json").display()));
    say("");
    say("The cast:");
    for one in country.cast() {
        let code = one.code.map_or_else(String::new, |code| code.shown().to_owned());
        say(&format!("  {:<8} {:<20} {code}", one.alias, one.name));
    }
    say("");
    say("Of the twenty systems these have begun:");
    for system in SYSTEMS {
        let state = match system.state {
            State::Begun(what) => what,
            State::NotYet => continue,
        };
        say(&format!("  {:>2} {}: {state}", system.number, system.english));
    }
    say("");
    say("Ctrl-C ends it; the next start goes on from here.");
}

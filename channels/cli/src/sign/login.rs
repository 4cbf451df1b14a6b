//! Logging in: the eight characters that the phone takes. Spec: RFC 8628.

use std::io::Write;
use std::time::Duration;

use base::Time;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use ui::Voice;
use ui::text::cli;

use super::session::Session;
use super::{Pins, Sign, SignError};
use crate::web::{Ask, Phone, Reply};

/// The command line's client at the identity platform: public, for the device flow only.
pub const CLIENT: &str = "sakta-cli";
/// What is asked for: who it is, and that the token serves at the signing platform.
const SCOPE: &str = "openid signing";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The longest that one login is waited for, whatever the server says.
const PATIENCE: Duration = Duration::from_secs(600);

/// Spec: OpenID Connect Discovery §3, RFC 8628 §4.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    token_endpoint: String,
    device_authorization_endpoint: String,
}

/// Spec: RFC 8628 §3.2.
#[derive(Deserialize)]
struct Device {
    device_code: String,
    user_code: String,
    verification_uri: String,
    expires_in: u64,
    #[serde(default = "usual_interval")]
    interval: u64,
}

fn usual_interval() -> u64 {
    5
}

/// Spec: RFC 6749 §5.1.
#[derive(Deserialize)]
struct Token {
    access_token: String,
    #[serde(default)]
    expires_in: u64,
}

/// Spec: RFC 6749 §5.2, RFC 8628 §3.5.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// Logs in as `alias` and keeps the session.
///
/// # Errors
/// [`SignError`]: refused, run out, or something else than the standards say.
pub(super) async fn log_in(
    with: &Sign<'_>,
    alias: &str,
    phone: Option<(&dyn Phone, &Pins)>,
    tell: &mut (dyn Write + Send),
) -> Result<Session, SignError> {
    let discovery = discovered(with).await?;
    let fields = [("client_id", CLIENT), ("scope", SCOPE)];
    let ask = Ask::form(discovery.device_authorization_endpoint.clone(), &fields);
    let device: Device = read(&with.web.send(ask).await?)?;
    let voice = Voice::new(with.locale);
    writeln!(tell, "{}", voice.say(cli::login_code(device.user_code.as_str())))?;
    writeln!(tell, "{}", voice.say(cli::login_at(device.verification_uri.as_str())))?;
    if let Some((phone, pins)) = phone {
        let code = device.user_code.as_str();
        phone.sign_in(code, &pins.pin1).await.map_err(SignError::Phone)?;
    }
    let token = granted(with, &discovery, &device, phone.is_some()).await?;
    let until = with.clock.now().plus(Duration::from_secs(token.expires_in));
    let session = Session::new(&with.places.issuer, alias, token.access_token, until);
    session.keep(with)?;
    Ok(session)
}

async fn discovered(with: &Sign<'_>) -> Result<Discovery, SignError> {
    let issuer = &with.places.issuer;
    let ask = Ask::get(format!("{issuer}/.well-known/openid-configuration"));
    let discovery: Discovery = read(&with.web.send(ask).await?)?;
    // Spec: OpenID Connect Discovery §4.3: another issuer's answer is nobody's.
    let under = |endpoint: &str| endpoint.starts_with(&format!("{issuer}/"));
    let own = discovery.issuer == *issuer
        && under(&discovery.token_endpoint)
        && under(&discovery.device_authorization_endpoint);
    if own { Ok(discovery) } else { Err(SignError::Server("another issuer".to_owned())) }
}

/// Asks until the login has ended. A phone that has answered already is asked for at once.
async fn granted(
    with: &Sign<'_>,
    discovery: &Discovery,
    device: &Device,
    answered: bool,
) -> Result<Token, SignError> {
    let began = with.clock.now();
    let last = began.plus(Duration::from_secs(device.expires_in).min(PATIENCE));
    let mut interval = Duration::from_secs(device.interval.clamp(1, 60));
    let fields =
        [("grant_type", GRANT), ("device_code", &device.device_code), ("client_id", CLIENT)];
    let mut next = if answered { began } else { began.plus(interval) };
    loop {
        with.clock.until(next).await;
        let ask = Ask::form(discovery.token_endpoint.clone(), &fields);
        let reply = with.web.send(ask).await?;
        if reply.status == 200 {
            return read(&reply);
        }
        let refusal: Option<Refusal> = serde_json::from_slice(&reply.body).ok();
        match refusal.as_ref().map(|refusal| refusal.error.as_str()) {
            Some("authorization_pending") => {}
            Some("slow_down") => interval += Duration::from_secs(5),
            Some("access_denied" | "expired_token") => return Err(SignError::Login),
            Some(error) => return Err(SignError::Server(error.to_owned())),
            None => return Err(SignError::of(&reply)),
        }
        next = next_try(with.clock.now(), interval, last)?;
    }
}

fn next_try(now: Time, interval: Duration, last: Time) -> Result<Time, SignError> {
    let next = now.plus(interval);
    if next > last { Err(SignError::Login) } else { Ok(next) }
}

/// The body of a success.
pub(super) fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, SignError> {
    if !(200..300).contains(&reply.status) {
        return Err(SignError::of(reply));
    }
    serde_json::from_slice(&reply.body)
        .map_err(|_| SignError::Server(format!("{} with a body of another form", reply.status)))
}

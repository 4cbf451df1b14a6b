//! The signing platform: which certificate, the question to the phone, what came of it.

use std::io::Write;
use std::time::Duration;

use activation_contract::remote::{
    ACTIVATIONS, Activation, CREDENTIALS, Credentials, NewActivation, OwnCredential, Progress,
    RevocationEvidence, Signatures, Stamped,
};
use cms::DigestAlgorithm;
use ui::Voice;
use ui::text::cli;
use x509::Certificate;

use super::document::Document;
use super::login::read;
use super::session::Session;
use super::{Sign, SignError};
use crate::web::Ask;

/// How often an activation is asked after.
const EVERY: Duration = Duration::from_secs(1);
/// How long is waited for time-stamps and status after the phone's time has run out.
const PATIENCE: Duration = Duration::from_secs(120);

/// The key that signs, with its certificate read.
pub(super) struct Own {
    pub(super) about: OwnCredential,
    pub(super) certificate: Certificate,
    pub(super) digest: DigestAlgorithm,
}

/// The signing platform as this person reaches it.
pub(super) struct Platform<'a> {
    with: &'a Sign<'a>,
    bearer: String,
}

impl<'a> Platform<'a> {
    /// The platform, and the newest of the person's keys that can sign.
    ///
    /// # Errors
    /// [`SignError::Session`] when the session has ended; [`SignError::NoCertificate`].
    pub(super) async fn credential(
        with: &'a Sign<'a>,
        session: &Session,
    ) -> Result<(Self, Own), SignError> {
        let platform = Self { with, bearer: session.bearer() };
        let ask = platform.authorised(Ask::get(platform.url(CREDENTIALS)));
        let found: Credentials = read(&with.web.send(ask).await?)?;
        let about = found.credentials.into_iter().next().ok_or(SignError::NoCertificate)?;
        let certificate = Certificate::parse(about.certificate.as_ref());
        let certificate = certificate.map_err(|why| SignError::Server(why.to_string()))?;
        let digest = match about.digest.as_str() {
            "sha-256" => DigestAlgorithm::Sha256,
            "sha-384" => DigestAlgorithm::Sha384,
            other => return Err(SignError::Server(format!("the digest {other}"))),
        };
        Ok((platform, Own { about, certificate, digest }))
    }

    /// Asks the phone for all documents at once.
    pub(super) async fn ask(
        &self,
        credential: &Own,
        documents: &[Document],
    ) -> Result<Activation, SignError> {
        let new = NewActivation {
            credential: credential.about.id,
            place: self.with.place.to_owned(),
            items: documents.iter().map(Document::item).collect(),
        };
        let body = serde_json::to_vec(&new).map_err(|why| SignError::Server(why.to_string()))?;
        let key = base::hex(&self.with.chance.bytes::<16>());
        let ask = self.authorised(Ask::json(self.url(ACTIVATIONS), body));
        read(&self.with.web.send(ask.header("idempotency-key", key)).await?)
    }

    /// Waits until it has ended well.
    pub(super) async fn ended(
        &self,
        begun: &Activation,
        voice: Voice,
        tell: &mut (dyn Write + Send),
    ) -> Result<RevocationEvidence, SignError> {
        let clock = self.with.clock;
        let last = begun.until.plus(PATIENCE);
        let mut told = false;
        while clock.now() < last {
            match self.activation(&begun.id).await?.progress {
                Progress::Done { evidence } => return Ok(evidence),
                Progress::Refused => return Err(SignError::Refused),
                Progress::Expired => return Err(SignError::Expired),
                Progress::NotSigned { why } => return Err(SignError::NotSigned(why)),
                Progress::Completing if !told => {
                    told = true;
                    writeln!(tell, "{}", voice.say(cli::COMPLETING))?;
                }
                Progress::Completing | Progress::WaitingForPhone => {}
            }
            clock.until(clock.now().plus(EVERY)).await;
        }
        Err(SignError::Expired)
    }

    async fn activation(&self, id: &str) -> Result<Activation, SignError> {
        let url = format!("{}/{}", self.url(ACTIVATIONS), segment(id));
        read(&self.with.web.send(self.authorised(Ask::get(url))).await?)
    }

    /// All signatures, in the order of the items.
    pub(super) async fn signatures(
        &self,
        activation: &Activation,
        expected: usize,
    ) -> Result<Vec<Stamped>, SignError> {
        let base = format!("{}/{}/signatures", self.url(ACTIVATIONS), segment(&activation.id));
        let mut all = Vec::new();
        let mut from = Some(0);
        while let Some(start) = from {
            let url = format!("{base}?from={start}");
            let page: Signatures =
                read(&self.with.web.send(self.authorised(Ask::get(url))).await?)?;
            let last = all.len();
            all.extend(page.signatures);
            // A page that brings nothing would be asked for for ever.
            from = page.next.filter(|_| all.len() > last && all.len() < expected);
        }
        let ordered = (0_u32..).zip(&all).all(|(number, one): (_, &Stamped)| number == one.number);
        match all.len() == expected && ordered {
            true => Ok(all),
            false => Err(SignError::Server("another number of signatures".to_owned())),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.with.places.signing)
    }

    fn authorised(&self, ask: Ask) -> Ask {
        ask.header("authorization", self.bearer.clone())
    }
}

/// An id as one segment of a path.
fn segment(id: &str) -> String {
    percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC).to_string()
}

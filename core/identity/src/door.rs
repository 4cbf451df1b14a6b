//! The platform's operations at its doors, and who may knock.

use std::sync::Arc;

use activation_contract::{Request, RequestKind};
use base::PersonId;
use identity_contract::{
    Ask as AskPhone, AskState, Asked as AskedPhone, AskedOf, EndMeans, Evidence, EvidenceOf,
    Exchange, ForgetBrowser, FreezeByCode, Frozen, IdentityRefusal, MeansOf, Notify, RegisterMeans,
    SessionsSince, TABLE, TokenEvidence,
};
use links::{Asked, Doors, Operation, Party, Pending, PersonProof, ProofError, Proved, Verifier};
use store::StoreError;

use crate::ask::{Ask, Stage};
use crate::failed::Failed;
use crate::granted::Granted;
use crate::identity::hashed;
use crate::oidc::token::Redeem;
use crate::{Identity, means};

/// The longest request, in bytes.
const LONGEST: usize = 256 * 1024;

/// How long a request may wait for its phone.
const WAITS: std::time::Duration = std::time::Duration::from_mins(15);

/// So many acts may wait for one person.
const MOST: usize = 5;

impl Identity {
    /// The doors, answering every operation of the contract.
    #[must_use]
    pub fn doors(self: &Arc<Self>) -> Doors {
        let verifier = Arc::new(Knocking(Arc::clone(self)));
        let doors = Doors::new(self.party.clone(), Arc::clone(&self.clock), verifier).taking(TABLE);
        let own = || Arc::clone(self);
        let (a, b, c, d, e, f) = (own(), own(), own(), own(), own(), own());
        let (g, h, i, j, k, l) = (own(), own(), own(), own(), own(), own());
        doors
            .answer(move |asked: Asked, ask: AskPhone| on(&a, |own| own.ask_phone(asked, ask)))
            .answer(move |asked: Asked, of: AskedOf| on(&b, |own| own.asked_of(asked, of)))
            .answer(move |asked: Asked, exchange: Exchange| {
                on(&c, |own| own.exchange(asked, exchange))
            })
            .answer(move |asked: Asked, of: MeansOf| {
                on(&d, |own| async move { own.means_of(self_only(&asked, of.person)?).await })
            })
            .answer(move |asked: Asked, forget: ForgetBrowser| {
                on(&e, |own| async move {
                    self_only(&asked, forget.person)?;
                    own.forget_browser(forget).await
                })
            })
            .answer(move |_: Asked, freeze: FreezeByCode| {
                on(&f, |own| async move { own.freeze_by_code(freeze).await })
            })
            .answer(move |_: Asked, register: RegisterMeans| {
                on(&g, |own| async move { own.register_means(register).await })
            })
            .answer(move |_: Asked, end: EndMeans| {
                on(&h, |own| async move { own.end_means(end).await })
            })
            .answer(move |_: Asked, said: Frozen| {
                on(&i, |own| async move { own.frozen(said).await })
            })
            .answer(move |_: Asked, notify: Notify| {
                on(&j, |own| async move { own.notify(notify).await })
            })
            .answer(move |_: Asked, of: EvidenceOf| {
                on(&k, |own| async move { own.evidence_of(of).await })
            })
            .answer(move |asked: Asked, of: SessionsSince| {
                on(&l, |own| async move { own.sessions_since(self_only(&asked, of.person)?).await })
            })
    }

    /// Puts a request for an act before a person's phones.
    async fn ask_phone(
        self: Arc<Self>,
        asked: Asked,
        ask: AskPhone,
    ) -> Result<AskedPhone, IdentityRefusal> {
        let person = self_only(&asked, ask.person)?;
        let request = readable(&ask.request.0).ok_or(IdentityRefusal::Unknown)?;
        let now = self.now();
        if request.until <= now || request.until > now.plus(WAITS) {
            return Err(IdentityRefusal::Unknown);
        }
        self.limits.act(person.bytes()).map_err(|_| IdentityRefusal::Often)?;
        let life = [now, now, request.until];
        let new = Ask::new(false, &request.client, (request.id.clone(), ask.request.0), life);
        let new = Ask { person: Some(person), ..new };
        let put = self.store.write("identity.ask", move |tx| {
            if let Some(standing) = Ask::of(tx, &new.id)? {
                // The same again is the same; another under its id is refused.
                let same = standing.digest == new.digest && standing.person == new.person;
                return Ok(if same { Ok(()) } else { Err(IdentityRefusal::Unknown) });
            }
            if !means::has_device(tx, person)? {
                return Ok(Err(IdentityRefusal::NoDevice));
            }
            let waiting = Ask::live(tx, person, now)?.iter().filter(|ask| !ask.login).count();
            if waiting >= MOST {
                return Ok(Err(IdentityRefusal::Waiting));
            }
            new.put(tx)?;
            Ok::<_, StoreError>(Ok(()))
        });
        put.await.map_err(Failed::from)??;
        self.tell();
        Ok(AskedPhone { request: request.id, until: request.until })
    }

    /// What has become of a request.
    async fn asked_of(
        self: Arc<Self>,
        asked: Asked,
        of: AskedOf,
    ) -> Result<AskState, IdentityRefusal> {
        let Proved::Person(proof) = &asked.behalf else { return Err(IdentityRefusal::Evidence) };
        let found = self.store.read("identity.asked", move |tx| Ask::of(tx, &of.request)).await;
        let found = found.map_err(Failed::from)?;
        let ask = found.filter(|ask| ask.person == Some(proof.person) && !ask.login);
        let ask = ask.ok_or(IdentityRefusal::Unknown)?;
        Ok(match ask.stage {
            Stage::Answered => {
                let answer = ask.answer.unwrap_or_default();
                let said = self.answer(&answer).ok_or(IdentityRefusal::Unknown)?;
                AskState::Answered { outcome: said.outcome, answer }
            }
            Stage::Refused | Stage::Withdrawn => AskState::Refused { reported: false },
            Stage::Reported => AskState::Refused { reported: true },
            _ if ask.late(self.now()) => AskState::Expired,
            _ => AskState::Waiting,
        })
    }

    /// The evidence behind a code that the calling system was given.
    async fn exchange(
        self: Arc<Self>,
        asked: Asked,
        exchange: Exchange,
    ) -> Result<Evidence, IdentityRefusal> {
        let code = hashed(&exchange.code);
        let client = self.client_of_code(code).await?.ok_or(IdentityRefusal::Evidence)?;
        if client.party.as_ref() != Some(&asked.from) {
            return Err(IdentityRefusal::Evidence);
        }
        let redeem = Redeem {
            code,
            client: client.id,
            redirect_uri: Some(exchange.redirect_uri),
            verifier: Some(exchange.code_verifier),
        };
        let granted = self.redeemed(redeem).await?;
        self.evidence_behind(granted.ok_or(IdentityRefusal::Evidence)?).await
    }

    /// The evidence behind an access token.
    async fn evidence_of(
        self: Arc<Self>,
        of: EvidenceOf,
    ) -> Result<TokenEvidence, IdentityRefusal> {
        let granted = self.token(&of.access_token).await?;
        let granted = granted.ok_or(IdentityRefusal::Evidence)?;
        let (client, scope) = (granted.client.clone(), granted.scope.iter().cloned().collect());
        let known = self.client(&client).await.map_err(Failed::from)?;
        let client_name = known.ok_or(IdentityRefusal::Evidence)?.name;
        let evidence = self.evidence_behind(granted).await?;
        Ok(TokenEvidence { client, client_name, scope, evidence })
    }

    async fn evidence_behind(&self, granted: Granted) -> Result<Evidence, IdentityRefusal> {
        let proven = granted.proven;
        let entry = self.entry_of(&proven.statement).await?;
        Ok(Evidence {
            person: granted.person,
            name: entry.shown_name(),
            statement: proven.statement,
            until: proven.until,
            by_qr: proven.by_qr,
            acr: proven.acr,
        })
    }

    async fn client_of_code(
        &self,
        code: [u8; 32],
    ) -> Result<Option<crate::Client>, IdentityRefusal> {
        let found = self.store.read("identity.client-of-code", move |tx| {
            let of = "SELECT client FROM identity_code WHERE code = $1";
            let client: Option<(String,)> = tx.first(of, store::values![code])?;
            client.map_or(Ok(None), |(client,)| crate::Client::find(tx, &client))
        });
        Ok(found.await.map_err(Failed::from)?)
    }
}

/// The answer of `function`, which holds the platform as long as it works.
fn on<A>(own: &Arc<Identity>, function: impl FnOnce(Arc<Identity>) -> A) -> A {
    function(Arc::clone(own))
}

/// The person who asks, if it is about them.
fn self_only(asked: &Asked, about: PersonId) -> Result<PersonId, IdentityRefusal> {
    match &asked.behalf {
        Proved::Person(proof) if proof.person == about => Ok(about),
        _ => Err(IdentityRefusal::Unknown),
    }
}

/// A request for an act, with an id of its own.
fn readable(bytes: &[u8]) -> Option<Request> {
    if bytes.len() > LONGEST {
        return None;
    }
    let request: Request = serde_json::from_slice(bytes).ok()?;
    let act = matches!(request.kind, RequestKind::Act { .. });
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let named = (16..=64).contains(&request.id.len()) && request.id.bytes().all(plain);
    (act && named).then_some(request)
}

/// Checks proofs at the doors.
struct Knocking(Arc<Identity>);

impl Knocking {
    /// Who may call an operation for itself.
    fn callers(&self, operation: &str) -> [&[Party]; 2] {
        let callers = &self.0.callers;
        match operation {
            Exchange::NAME | EvidenceOf::NAME | FreezeByCode::NAME => [&callers.portals, &[]],
            RegisterMeans::NAME | EndMeans::NAME | Frozen::NAME => [&callers.desks, &[]],
            // A portal tells whose a session is that somebody says is not theirs.
            Notify::NAME => [&callers.tellers, &callers.portals],
            _ => [&[], &[]],
        }
    }
}

fn ready<'a, T: Send + 'a>(answer: T) -> Pending<'a, T> {
    Box::pin(std::future::ready(answer))
}

impl Verifier for Knocking {
    fn person<'a>(
        &'a self,
        from: &'a Party,
        evidence: &'a str,
    ) -> Pending<'a, Result<PersonProof, ProofError>> {
        ready(self.0.evidence.person(from, evidence))
    }

    fn system<'a>(
        &'a self,
        from: &'a Party,
        _: &'a str,
        operation: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        let known = self.callers(operation).concat().contains(from);
        ready(if known { Ok(()) } else { Err(ProofError::Refused) })
    }
}

//! A phone with its real device key, speaking to the platform.

use std::collections::BTreeSet;

use activation_contract::{
    Device, DeviceChange, EnrolAnswer, Pending, Request, RequestKind, Word, WordKind, app, typ,
};
use base::{Clock, Digest, Id, PersonId, Time};
use jose::jws;
use keys::{Signer, sha256};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::world::{Anyone, Got, World};

/// What a test phone "seals": readable by the stand-in of `sam` alone in earnest, by all here.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) person: PersonId,
    pub(crate) device: Id<Device>,
    pub(crate) client: String,
    pub(crate) request: Digest,
    pub(crate) chosen: Option<u8>,
    pub(crate) pin: String,
    pub(crate) freeze: bool,
    /// What `sam` states about devices instead of a login.
    #[serde(default)]
    pub(crate) change: Option<DeviceChange>,
}

/// A phone with its real device key.
#[derive(Debug)]
pub(crate) struct Phone {
    pub(crate) person: PersonId,
    pub(crate) device: Id<Device>,
    pub(crate) key: Signer<Anyone>,
    pub(crate) number: String,
}

impl Phone {
    pub(crate) fn word(&self, at: Time, says: WordKind) -> String {
        let word = Word { device: self.device, at, says };
        let header = self.key.token_header(typ::WORD).unwrap();
        self.key.sign_token(jws::prepare_claims(&header, &word).unwrap()).unwrap()
    }

    pub(crate) async fn say(&self, world: &World, path: &str, says: WordKind) -> Got {
        // Each word a moment later: no two are the same bytes.
        world.clock.pass(std::time::Duration::from_micros(1));
        let word = self.word(world.clock.now(), says);
        post_json(world, path, &json!({ "word": word })).await
    }

    pub(crate) async fn claim(&self, world: &World, characters: &str) -> Got {
        self.say(world, app::CLAIM, WordKind::Claim { code: characters.to_owned() }).await
    }

    pub(crate) async fn poll(&self, world: &World) -> app::Polled {
        self.say(world, "/app/poll?wait=0", WordKind::Poll).await.of()
    }

    pub(crate) async fn choose(&self, world: &World, pending: &Pending, number: u8) -> Got {
        let request = request_of(pending).id;
        self.say(world, app::CHOOSE, WordKind::Choose { request, number }).await
    }

    pub(crate) fn sealed(&self, pending: &Pending, chosen: Option<u8>, pin: &str) -> String {
        let request = request_of(pending);
        let sealed = Sealed {
            person: self.person,
            device: self.device,
            client: request.client,
            request: Digest(sha256(&pending.request.0)),
            chosen,
            pin: pin.to_owned(),
            freeze: false,
            change: None,
        };
        serde_json::to_string(&sealed).unwrap()
    }

    /// PIN1 was right: `sam` answers.
    pub(crate) async fn approve(
        &self,
        world: &World,
        pending: &Pending,
        chosen: Option<u8>,
    ) -> app::Answered {
        let got = self.activate(world, &self.sealed(pending, chosen, "1234")).await;
        got.of()
    }

    pub(crate) async fn activate(&self, world: &World, sealed: &str) -> Got {
        post_json(world, app::ACTIVATE, &json!({ "sealed": sealed })).await
    }

    /// The phone does something about the person's devices of its own accord.
    pub(crate) async fn wills(&self, world: &World, number: u8, change: DeviceChange) -> Got {
        let sealed = Sealed {
            person: self.person,
            device: self.device,
            client: "app".to_owned(),
            request: Digest([number; 32]),
            chosen: None,
            pin: "1234".to_owned(),
            freeze: false,
            change: Some(change),
        };
        self.activate(world, &serde_json::to_string(&sealed).unwrap()).await
    }

    /// The phone brings keys, to which `sam` answers so.
    pub(crate) async fn brings(&self, world: &World, answer: &EnrolAnswer) -> Got {
        let sealed = serde_json::to_string(answer).unwrap();
        post_json(world, app::ENROL, &json!({ "sealed": sealed })).await
    }

    pub(crate) async fn freeze(&self, world: &World) -> Got {
        let sealed = Sealed {
            person: self.person,
            device: self.device,
            client: String::new(),
            request: Digest([0; 32]),
            chosen: None,
            pin: String::new(),
            freeze: true,
            change: None,
        };
        let sealed = serde_json::to_string(&sealed).unwrap();
        post_json(world, app::ACTIVATE, &json!({ "sealed": sealed, "own": "freeze" })).await
    }
}

pub(crate) fn request_of(pending: &Pending) -> Request {
    serde_json::from_slice(&pending.request.0).unwrap()
}

pub(crate) async fn post_json(world: &World, path: &str, body: &Value) -> Got {
    let request = http::Request::post(path)
        .header("host", "id.localhost:8080")
        .header("content-type", "application/json");
    world.send(request.body(body.to_string().into()).unwrap()).await
}

/// What a request asks for.
pub(crate) fn claims_of(pending: &Pending) -> BTreeSet<String> {
    match request_of(pending).kind {
        RequestKind::Login { claims, .. } => claims.into_iter().collect(),
        RequestKind::Act { .. } => BTreeSet::new(),
    }
}

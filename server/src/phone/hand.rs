//! The phone in a script's hand: it answers for a person of a demo, and reads what a person would.

use std::path::PathBuf;

use activation_contract::{Op, Pin};
use app::{Consent, Cost, Phone, PinCode, Talk, Waiting};
use base::Locale;
use cli::{Approval, Pending};

use super::folder::{Folder, FolderError};
use super::report;
use crate::World;
use crate::outside::Outside;

/// How often the server is asked whether something waits; each time it waits 25 s.
const POLLS: u32 = 4;

/// A phone that does what a script says.
#[derive(Clone, Debug)]
pub(crate) struct Hand {
    folder: PathBuf,
    outside: Outside,
    world: World,
}

impl Hand {
    /// The phone in `folder`.
    pub(crate) fn new(folder: PathBuf, outside: Outside, world: World) -> Self {
        Self { folder, outside, world }
    }

    fn talk(&self) -> Talk<'_, Outside> {
        let (clock, chance) = (self.world.clock.as_ref(), self.world.chance.as_ref());
        Talk { server: &self.outside, clock, chance, cost: Cost::NOW }
    }

    async fn sign_in(&self, code: &str, pin1: &str) -> Result<(), String> {
        let folder = Folder::made(&self.folder).map_err(said)?;
        let _held = folder.hold(self.world.clock.as_ref()).await.map_err(said)?;
        let mut phone = phone(&folder)?;
        let waiting = self.talk().claim(&mut phone, code).await.map_err(said)?;
        let own = waiting.shown.request().client == cli::CLIENT;
        if waiting.shown.op() != Op::Login || !own {
            return Err("the characters belong to another request".to_owned());
        }
        let pin = PinCode::new(Pin::Pin1, pin1).map_err(said)?;
        self.approved(&folder, &mut phone, &waiting, &pin).await
    }

    async fn sign(&self, approval: &Approval, pin2: &str) -> Result<(), String> {
        let folder = Folder::made(&self.folder).map_err(said)?;
        let _held = folder.hold(self.world.clock.as_ref()).await.map_err(said)?;
        let mut phone = phone(&folder)?;
        for _ in 0..POLLS {
            let found = self.talk().poll(&phone, true).await.map_err(said)?;
            if let Some(waiting) = found.waiting.iter().find(|one| is_asked(one, approval)) {
                let pin = PinCode::new(Pin::Pin2, pin2).map_err(said)?;
                return self.approved(&folder, &mut phone, waiting, &pin).await;
            }
        }
        Err("no request for exactly these files waits".to_owned())
    }

    async fn approved(
        &self,
        folder: &Folder,
        phone: &mut Phone,
        waiting: &Waiting,
        pin: &PinCode,
    ) -> Result<(), String> {
        let consent = Consent { pin, language: Locale::En };
        let done = self.talk().approve(phone, waiting, consent).await;
        folder.keep(phone, self.world.chance.as_ref()).map_err(said)?;
        let done = done.map_err(said)?;
        match report::is_done(&done) {
            true => Ok(()),
            false => Err(report::outcome(waiting.id(), &done).to_string()),
        }
    }
}

/// Whether what the phone shows is what was asked for: each file, and the four digits.
fn is_asked(waiting: &Waiting, approval: &Approval) -> bool {
    let shown = &waiting.shown;
    let items = shown.items();
    shown.op() == Op::Sign
        && shown.control_code() == approval.control_code
        && items.len() == approval.files.len()
        && items
            .iter()
            .zip(&approval.files)
            .all(|(item, (name, digest))| item.label == *name && item.document_digest == *digest)
}

fn phone(folder: &Folder) -> Result<Phone, String> {
    folder.phone().map_err(said)?.ok_or_else(|| FolderError::Empty.to_string())
}

/// An error with what caused it, in one line.
fn said(why: impl std::error::Error) -> String {
    let mut text = why.to_string();
    let mut cause = why.source();
    while let Some(deeper) = cause {
        text.push_str(": ");
        text.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    text
}

impl cli::Phone for Hand {
    fn sign_in<'a>(&'a self, code: &'a str, pin1: &'a str) -> Pending<'a, Result<(), String>> {
        Box::pin(self.sign_in(code, pin1))
    }

    fn approve<'a>(
        &'a self,
        request: &'a Approval,
        pin2: &'a str,
    ) -> Pending<'a, Result<(), String>> {
        Box::pin(self.sign(request, pin2))
    }
}

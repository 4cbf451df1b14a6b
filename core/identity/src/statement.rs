//! What `sam` says, checked: its answers to phones and the statements in them.

use std::time::Duration;

use activation_contract::{Answer, DeviceStatement, EnrolAnswer, Outcome, Statement, typ};
use base::Time;
use jose::jws::{Accept, Algorithm, Jws};
use keys::{Suite, allowed};
use serde::de::DeserializeOwned;

use crate::Identity;
use crate::ask::Ask;

/// A statement lives no longer (PROTOCOLS §4).
const LONGEST: Duration = Duration::from_mins(30);

/// By how much `sam`'s clock may be ahead of ours.
const AHEAD: Duration = Duration::from_secs(60);

impl Identity {
    fn said<T: DeserializeOwned>(&self, token: &str, typ: &str) -> Option<T> {
        let read = Jws::parse(token, Accept::only(typ, &[Algorithm::Es256])).ok()?;
        read.verify(&self.answers, allowed(Suite::House)).ok()?.claims().ok()
    }

    /// An answer to an activation.
    pub(crate) fn answer(&self, token: &str) -> Option<Answer> {
        self.said(token, typ::ANSWER)
    }

    /// An answer to an enrolment.
    pub(crate) fn enrol_answer(&self, token: &str) -> Option<EnrolAnswer> {
        self.said(token, typ::ANSWER)
    }

    /// What an answer states about the person's devices, where it does.
    pub(crate) fn device_statement(&self, answer: &Answer) -> Option<DeviceStatement> {
        let Outcome::Done { statement: Some(token), .. } = &answer.outcome else { return None };
        self.said(token, typ::DEVICE)
    }

    /// The statement in the answer to a login's ask, if it is of this ask: person, client, bytes
    /// shown, number chosen, device, and times that can be.
    pub(crate) fn login_statement(
        &self,
        ask: &Ask,
        answer: &Answer,
    ) -> Option<(String, Statement)> {
        let Outcome::Done { statement: Some(token), .. } = &answer.outcome else { return None };
        let statement = self.said::<Statement>(token, typ::STATEMENT)?;
        (of_ask(&statement, ask) && self.timely(&statement)).then(|| (token.clone(), statement))
    }

    /// Whether its times can be.
    fn timely(&self, statement: &Statement) -> bool {
        let now: Time = self.now();
        statement.until > now
            && statement.time <= now.plus(AHEAD)
            && statement.until <= statement.time.plus(LONGEST)
    }
}

fn of_ask(statement: &Statement, ask: &Ask) -> bool {
    ask.person == Some(statement.person)
        && ask.client == statement.client
        && ask.digest == statement.request.0
        && ask.number == statement.chosen_number
        && ask.device == Some(statement.device)
}

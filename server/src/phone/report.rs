//! What came of a step: for a screen, and for a program that asks.

use activation_contract::{Op, Outcome as Said, Refusal};
use app::screens::Outcome;
use app::{Approved, TalkError, Waiting};
use serde_json::{Value, json};

/// What came of an approval, for the screen.
pub(super) fn ended(approved: &Approved, op: Op) -> Outcome {
    match &approved.outcome {
        Said::Done { .. } => match (op, &approved.return_to) {
            (Op::Login, Some(to)) => Outcome::SignedInHere { to: to.clone() },
            (Op::Login, None) => Outcome::SignedIn,
            (Op::Sign, _) => Outcome::Signed,
            (Op::Freeze, _) => Outcome::Frozen,
            _ => Outcome::Acted,
        },
        Said::BeingCarriedOut => Outcome::UnderWay,
        Said::WrongPin { .. } => Outcome::NotDone,
        Said::WaitUntil { until } => Outcome::PinWaits(*until),
        Said::Blocked => Outcome::PinBlocked,
        Said::Refused { why } => match why {
            Refusal::DeviceNotActive => Outcome::Ended,
            Refusal::Frozen => Outcome::Frozen,
            Refusal::CredentialNotActive => Outcome::KeyEnded,
            Refusal::Unreadable
            | Refusal::ChallengeSpent
            | Refusal::ChallengeOld
            | Refusal::Unfit => Outcome::NotDone,
        },
    }
}

/// Why a step failed, for the screen.
pub(super) fn failed(why: &TalkError) -> Outcome {
    match why {
        TalkError::Unreached(_) | TalkError::Refused { status: 429 | 502..=504, .. } => {
            Outcome::Unreached
        }
        TalkError::Refused { status: 401, .. } => Outcome::Ended,
        TalkError::Refused { status: 403, .. } => Outcome::Frozen,
        TalkError::Refused { status: 404 | 409, .. } | TalkError::Late => Outcome::Late,
        TalkError::Sam(_) => Outcome::Distrusted,
        TalkError::Shown(_) => Outcome::Unshown,
        _ => Outcome::NotDone,
    }
}

/// What waits, for a program.
pub(super) fn waiting(waiting: &Waiting) -> Value {
    let (shown, request) = (&waiting.shown, waiting.shown.request());
    let items: Vec<Value> = shown
        .items()
        .iter()
        .map(|item| {
            json!({
                "label": item.label, "media_type": item.media_type, "size": item.size,
                "sha256": item.document_digest,
            })
        })
        .collect();
    let code = (shown.op() == Op::Sign).then(|| format!("{:04}", shown.control_code()));
    json!({
        "id": request.id, "op": shown.op(), "client": request.client,
        "client_name": request.client_name.iter().map(said).collect::<Value>(),
        "purpose": request.purpose.iter().map(said).collect::<Value>(),
        "claims": shown.claims(), "items": items, "control_code": code,
        "choices": waiting.choices, "place": request.place,
        "at": request.at, "until": request.until,
    })
}

fn said((locale, text): &(base::Locale, String)) -> (String, Value) {
    (locale.tag().to_owned(), Value::from(text.as_str()))
}

/// What came of it, for a program: the outcome's name and what belongs to it; never signatures or
/// statements, which are for whoever asked.
pub(super) fn outcome(request: &str, approved: &Approved) -> Value {
    let mut said = serde_json::to_value(&approved.outcome).unwrap_or_default();
    if let Some(members) = said.as_object_mut() {
        for withheld in ["signatures", "statement", "credential"] {
            members.remove(withheld);
        }
        members.insert("request".to_owned(), request.into());
        if let Some(to) = &approved.return_to {
            members.insert("return_to".to_owned(), to.as_str().into());
        }
    }
    said
}

/// Whether it is done, and the exit code of a program that is not.
pub(super) fn is_done(approved: &Approved) -> bool {
    matches!(approved.outcome, Said::Done { .. } | Said::BeingCarriedOut)
}

//! What is tried against the processes that hold keys.

use std::path::Path;
use std::time::Duration;

use activation_contract::{
    Binding, Certified, HolderStatement, MeansOrder, Offer, Order, Proof, SamKeys, Will, typ,
};
use base::{Bytes, Digest, Id, PersonId, hex};
use jose::jws::{Accept, Algorithm, Jws};
use keys::sha256;
use pki_contract::approval::StatusApproval;
use pki_contract::approval::{self, ApprovedKey, IssueApproval, OfficerChange, OfficersChange};
use pki_contract::feed::{Entry, Feed};
use pki_contract::{
    ChangeOfStatus, ChangeOfficers, ChangeStatus, EnterStanding, Issue, IssueInfrastructure,
    Reason, Status, Subject,
};
use sam_contract::{
    Bind, ChangeKeyStatus, Enrol, FreezeByCode, KeysOf, OrderMeans, SamRefusal, TakeOffer,
};
use store::{StoreError, values};

use crate::Check;
use crate::forged;
use crate::house::{House, WEB, called, refused};

const HOUR: Duration = Duration::from_secs(3600);
const APPROVAL: &[&str] = &["approval-does-not-hold"];
const PROOF: &[&str] = &["proof-does-not-hold"];
const DOOR: &[&str] = &["call-proof"];

/// What a stolen store says of Anna's certificate.
struct Stolen {
    issuer: Digest,
    serial: String,
    approval: String,
    statement: String,
}

fn anna(house: &House) -> PersonId {
    house.anna()["person"].as_str().unwrap().parse().unwrap()
}

async fn stolen(house: &House) -> Stolen {
    let person = anna(house);
    let store = house.store("pki");
    let read = store.read::<_, StoreError>("attack", move |tx| {
        tx.first(
            "SELECT c.issuer, c.serial, a.approval, a.statement
             FROM pki_certificate c JOIN pki_application a ON a.id = c.application
             WHERE c.person = $1",
            values![person],
        )
    });
    let row: Option<([u8; 32], String, String, String)> = read.await.unwrap();
    let (issuer, serial, approval, statement) = row.unwrap();
    Stolen { issuer: Digest(issuer), serial, approval, statement }
}

/// `sam`'s keys, which everybody may know.
pub(crate) async fn sam_keys(house: &House) -> SamKeys {
    let keys = house.ask(("identity", "sam"), KeysOf {}).await.unwrap().keys;
    let read = Jws::parse(&keys, Accept::only(typ::SAM_KEYS, &[Algorithm::Es256])).unwrap();
    read.unverified_claims().unwrap()
}

fn offered(house: &House, key: &keys::Signer<forged::Own>) -> TakeOffer {
    let offer = Offer {
        id: "attack".to_owned(),
        role: "sam/1".to_owned(),
        person: anna(house),
        means: "eparaksts-mobile".to_owned(),
        proof: Proof::Presence,
        code: Digest(sha256(&[7; 16])),
        freeze_code: Digest(sha256(b"000000000000")),
        until: house.clock.now().plus(HOUR),
    };
    TakeOffer { offer: forged::token(key, typ::OFFER, &offer) }
}

fn binding(house: &House, key: &keys::Signer<forged::Own>) -> Bind {
    let binding = Binding {
        offer: "attack".to_owned(),
        role: "sam/1".to_owned(),
        thumbprint: Digest([7; 32]),
        use_before: house.clock.now().plus(HOUR),
    };
    Bind { binding: forged::token(key, typ::BINDING, &binding) }
}

pub(crate) async fn offer(house: &House) -> Check {
    let key = forged::key(house);
    for part in WEB {
        refused(house.ask((part, "sam"), offered(house, &key)).await, DOOR)?;
        refused(house.ask((part, "sam"), binding(house, &key)).await, DOOR)?;
    }
    Ok(())
}

/// With the desk's transport key, which is more than the web process holds.
pub(crate) async fn offer_from_the_desk(house: &House) -> Check {
    let (key, desk) = (forged::key(house), house.link(("desk", "desk"), "sam"));
    refused(called(&desk, offered(house, &key)).await, PROOF)?;
    refused(called(&desk, binding(house, &key)).await, PROOF)
}

pub(crate) async fn enrol(house: &House) -> Check {
    let sealed = forged::enrolment(house, &sam_keys(house).await);
    refused(house.ask(("identity", "sam"), Enrol { sealed }).await, &["not-found"])
}

fn claims(token: &str) -> IssueApproval {
    let read = Jws::parse(token, Accept::only(approval::ISSUE, &[Algorithm::Es256])).unwrap();
    read.unverified_claims().unwrap()
}

pub(crate) async fn issue(house: &House) -> Check {
    let (stolen, key) = (stolen(house).await, forged::key(house));
    let wanted = IssueApproval {
        id: "attack".to_owned(),
        use_before: house.clock.now().plus(HOUR),
        key: ApprovedKey::Spki { digest: key.public_key().sha256() },
        ..claims(&stolen.approval)
    };
    let officer = forged::kid(&stolen.approval);
    for approval in [
        forged::token(&key, approval::ISSUE, &wanted),
        forged::named(&key, (approval::ISSUE, &officer), &wanted),
    ] {
        for part in ["pki", "signing"] {
            let (spki, proof) = (forged::spki(&key), Some(forged::possession(&key)));
            let issue = Issue { approval: approval.clone(), spki, proof, statement: None };
            refused(house.ask((part, "ca-signer"), issue).await, APPROVAL)?;
        }
    }
    Ok(())
}

pub(crate) async fn issue_again(house: &House) -> Check {
    let (stolen, key) = (stolen(house).await, forged::key(house));
    let stated = activation_contract::KeyStatement {
        approval: claims(&stolen.approval).id,
        person: anna(house),
        credential: Id::random(house.chance.as_ref()),
        spki: key.public_key().sha256(),
        key: forged::spki(&key),
    };
    let sam = forged::kid(&stolen.statement);
    for statement in
        [None, Some(stolen.statement.clone()), Some(forged::named(&key, (typ::KEY, &sam), &stated))]
    {
        let (spki, proof) = (forged::spki(&key), Some(forged::possession(&key)));
        let issue = Issue { approval: stolen.approval.clone(), spki, proof, statement };
        let kinds = ["approval-does-not-hold", "approval-spent"];
        refused(house.ask(("pki", "ca-signer"), issue).await, &kinds)?;
    }
    Ok(())
}

fn machine(house: &House, kind: &str) -> (IssueInfrastructure, Subject) {
    let (standing, key) = (house.json("setup.json")[kind].clone(), forged::key(house));
    let subject: Subject = serde_json::from_value(standing["subject"].clone()).unwrap();
    let issue = IssueInfrastructure {
        standing: standing["id"].as_str().unwrap().to_owned(),
        subject: subject.clone(),
        spki: forged::spki(&key),
        proof: forged::possession(&key),
    };
    (issue, subject)
}

pub(crate) async fn machine_by_guess(house: &House) -> Check {
    let (right, _) = machine(house, "tsu");
    let (_, other) = machine(house, "ocsp");
    let guess = IssueInfrastructure { standing: "1".to_owned(), ..right.clone() };
    refused(house.ask(("pki", "ca-signer"), guess).await, APPROVAL)?;
    let named = IssueInfrastructure { subject: other, ..right };
    refused(house.ask(("pki", "ca-signer"), named).await, APPROVAL)
}

pub(crate) async fn machine_by_right_words(house: &House) -> Check {
    for kind in ["ocsp", "tsu"] {
        for part in ["pki", "signing"] {
            let (issue, _) = machine(house, kind);
            refused(house.ask((part, "ca-signer"), issue).await, APPROVAL)?;
        }
    }
    Ok(())
}

pub(crate) async fn officers(house: &House) -> Check {
    let keys = [(); 2].map(|()| forged::key(house));
    let stolen = stolen(house).await;
    let until = house.clock.now().plus(HOUR);
    let (role, id) = ("ca-signer/1".to_owned(), "attack".to_owned());
    let change = OfficerChange::Enter {
        name: "attack".to_owned(),
        holder: "attack".to_owned(),
        spki: forged::spki(&keys[0]),
        grants: vec![("registration-officer".to_owned(), until)],
    };
    let change = OfficersChange { id: id.clone(), role: role.clone(), use_before: until, change };
    let approvals = [&keys[0], &keys[1]].map(|key| forged::token(key, approval::OFFICERS, &change));
    refused(house.ask(("pki", "ca-signer"), ChangeOfficers { approvals }).await, APPROVAL)?;
    let (_, subject) = machine(house, "tsu");
    let standing = serde_json::json!({
        "id": id, "for": role, "profile": claims(&stolen.approval).profile,
        "party": "lvrtc/pki", "subject": subject, "count": 1, "days": 1, "until": until,
    });
    let approvals =
        [&keys[0], &keys[1]].map(|key| forged::token(key, approval::STANDING, &standing));
    refused(house.ask(("pki", "ca-signer"), EnterStanding { approvals }).await, APPROVAL)
}

const CHANGES: [ChangeOfStatus; 3] = [
    ChangeOfStatus::Suspend,
    ChangeOfStatus::Resume,
    ChangeOfStatus::Revoke { reason: Reason::KeyCompromise },
];

/// Proofs of one's own for `change`: under the own name, and under an officer's and `sam`'s.
fn proofs(house: &House, stolen: &Stolen, change: ChangeOfStatus) -> Vec<String> {
    let key = forged::key(house);
    let approved = StatusApproval {
        id: "attack".to_owned(),
        roles: vec!["ca-signer/1".to_owned(), "sam/1".to_owned()],
        use_before: house.clock.now().plus(HOUR),
        issuer: stolen.issuer,
        serial: stolen.serial.clone(),
        change,
    };
    let will = HolderStatement {
        id: "attack".to_owned(),
        person: anna(house),
        will: if change == ChangeOfStatus::Suspend { Will::Suspend } else { Will::Revoke },
        certificates: vec![Certified { issuer: stolen.issuer, serial: stolen.serial.clone() }],
        time: house.clock.now(),
    };
    let (officer, sam) = (forged::kid(&stolen.approval), forged::kid(&stolen.statement));
    vec![
        forged::token(&key, approval::STATUS, &approved),
        forged::named(&key, (approval::STATUS, &officer), &approved),
        forged::token(&key, typ::HOLDER, &will),
        forged::named(&key, (typ::HOLDER, &sam), &will),
    ]
}

async fn changed(house: &House, stolen: &Stolen, change: ChangeOfStatus, proof: String) -> Check {
    let (issuer, serial) = (stolen.issuer, stolen.serial.clone());
    let asked = ChangeStatus { issuer, serial, change, proof };
    refused(house.ask(("pki", "ca-signer"), asked).await, APPROVAL)
}

async fn blocked(
    house: &House,
    stolen: &Stolen,
    (change, destroy): (ChangeOfStatus, bool),
    proof: String,
) -> Check {
    let (issuer, serial) = (stolen.issuer, stolen.serial.clone());
    let asked = ChangeKeyStatus { issuer, serial, change, proof, destroy };
    refused(house.ask(("pki", "sam"), asked).await, PROOF)
}

pub(crate) async fn status(house: &House) -> Check {
    let stolen = stolen(house).await;
    for change in CHANGES {
        for proof in proofs(house, &stolen, change) {
            changed(house, &stolen, change, proof).await?;
        }
    }
    Ok(())
}

pub(crate) async fn key_status(house: &House) -> Check {
    let stolen = stolen(house).await;
    for change in CHANGES {
        for proof in proofs(house, &stolen, change) {
            let destroy = matches!(change, ChangeOfStatus::Revoke { .. });
            blocked(house, &stolen, (change, destroy), proof).await?;
        }
    }
    Ok(())
}

pub(crate) async fn status_by_other_words(house: &House) -> Check {
    let stolen = stolen(house).await;
    for change in CHANGES {
        for proof in [&stolen.approval, &stolen.statement, &String::new()] {
            changed(house, &stolen, change, proof.clone()).await?;
            blocked(house, &stolen, (change, false), proof.clone()).await?;
        }
    }
    Ok(())
}

pub(crate) async fn stamp(house: &House) -> Check {
    for part in WEB {
        let answer = house.ask((part, "tsu"), KeysOf {}).await;
        refused::<_, SamRefusal>(answer, &["unreached"])?;
    }
    Ok(())
}

pub(crate) async fn feed(house: &House) -> Check {
    let issuing = std::fs::read_to_string(house.data("issuing.pem")).unwrap();
    let issuer = Bytes(x509::Certificate::from_pem(&issuing).unwrap().der().to_vec());
    for part in WEB {
        let entries = vec![Entry { serial: "1234".to_owned(), status: Status::Good }];
        let at = house.clock.now();
        let feed = Feed { from: 0, to: 1 << 40, issuer: issuer.clone(), entries, at };
        refused(house.ask((part, "ocsp"), feed).await, DOOR)?;
    }
    Ok(())
}

pub(crate) fn secrets(house: &House) -> Check {
    let mut wanted: Vec<(&str, Vec<u8>)> = Vec::new();
    for person in house.json("demo.json")["persons"].as_array().unwrap() {
        let text = |name: &str| person[name].as_str().map(str::to_owned);
        let Some(phone) = text("phone") else { continue };
        let code = text("freezeCode").unwrap();
        let lock = std::fs::read(Path::new(&phone).join("lock")).unwrap();
        wanted.push(("a PIN2", text("pin2").unwrap().into_bytes()));
        wanted.push(("a freeze code", code.clone().into_bytes()));
        for (name, secret) in
            [("a freeze code's digest", sha256(code.as_bytes()).to_vec()), ("a lock", lock)]
        {
            wanted.push((name, hex(&secret).into_bytes()));
            wanted.push((name, jose::base64url(&secret).into_bytes()));
            wanted.push((name, secret));
        }
    }
    let mut files = Vec::new();
    below(&house.data("web"), &mut files);
    if wanted.is_empty() || files.len() < 20 {
        return Err("nothing was looked for".to_owned());
    }
    for file in files {
        let bytes = std::fs::read(&file).unwrap_or_default();
        for (name, secret) in &wanted {
            if bytes.windows(secret.len()).any(|part| part == secret) {
                return Err(format!("{name} lies in {}", file.display()));
            }
        }
    }
    Ok(())
}

fn below(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { below(&path, files) } else { files.push(path) }
    }
}

pub(crate) async fn lock_out(house: &House) -> Check {
    let (key, person) = (forged::key(house), anna(house));
    for _ in 0..30 {
        let code = Digest(house.chance.bytes());
        match house.ask(("identity", "sam"), FreezeByCode { person, code }).await {
            Ok(answer) if answer.frozen => return Err("a guess froze everything".to_owned()),
            Ok(_) => {}
            refusal => refused(refusal, &["too-often"])?,
        }
    }
    let order = MeansOrder {
        id: "attack".to_owned(),
        role: "sam/1".to_owned(),
        use_before: house.clock.now().plus(HOUR),
        person,
        order: Order::Freeze,
    };
    let order = OrderMeans { order: forged::token(&key, typ::MEANS, &order) };
    for part in WEB {
        refused(house.ask((part, "sam"), order.clone()).await, DOOR)?;
    }
    let desk = house.link(("desk", "desk"), "sam");
    refused(called(&desk, order).await, PROOF)
}

//! New keys that somebody has to approve, as commands: `ask`, `forgot`, `check`, and `add` on the
//! phone that approves.

use std::path::Path;
use std::time::Duration;

use activation_contract::{Invitation, Pin, shown_digits};
use app::{Consent, Enrolling, PinCode, Pins, Stage, TalkError};
use base::Locale;
use serde_json::{Value, json};

use super::{CommandError, Made, Own, ended, lines, typed};
use crate::phone::folder::FolderError;
use crate::phone::{enrol, service};

/// How often `check` asks while it waits.
const PAUSE: Duration = Duration::from_secs(1);

type Said = Result<(Value, u8), CommandError>;

impl Own<'_> {
    pub(super) async fn ask(&self, made: &Made, label: &str, built_in: &Path) -> Said {
        if self.folder.phone()?.is_some_and(|phone| phone.stage() != Stage::Made) {
            return Err(CommandError::Enrolled);
        }
        let service = service::read(built_in)?.ok_or(CommandError::Service)?;
        let pins = self.new_pins(made)?;
        let enrolling = self.talk.present(&service, &pins, label).await?;
        self.begun(&enrolling)
    }

    pub(super) async fn forgot(&self, made: &Made, invitation: Option<&str>) -> Said {
        let phone = self.phone()?;
        let parse = |text| Invitation::parse(text).ok_or(CommandError::Invitation);
        let invitation = invitation.map(parse).transpose()?;
        let pins = self.new_pins(made)?;
        let mut enrolling = self.talk.new_pins(&phone, invitation.as_ref(), &pins).await?;
        let said = self.begun(&enrolling)?;
        if invitation.is_some() {
            match self.talk.enrol(&enrolling).await {
                Err(why) if enrol::by_offer(&why) => {
                    self.folder.forget_enrolling()?;
                    return Err(why.into());
                }
                told => enrolling.phone = told?,
            }
            self.folder.keep_enrolling(&enrolling, self.world.chance.as_ref())?;
        }
        Ok(said)
    }

    /// The new PINs, where no other new keys wait.
    fn new_pins(&self, made: &Made) -> Result<Pins, CommandError> {
        if !made.anew && self.folder.enrolling()?.is_some() {
            return Err(CommandError::Asking);
        }
        let typed = typed(&made.pin_file)?;
        let (pin1, pin2) = lines(&typed);
        Ok(Pins::new(pin1, pin2)?)
    }

    fn begun(&self, enrolling: &Enrolling) -> Said {
        self.folder.keep_enrolling(enrolling, self.world.chance.as_ref())?;
        let phone = &enrolling.phone;
        let keys = enrolling.keys().map(|keys| keys.written()).transpose();
        let said = json!({
            "keys": keys.map_err(|_| FolderError::Broken)?,
            "digits": phone.digits(), "thumbprint": phone.thumbprint(), "device": phone.device(),
        });
        Ok((said, 0))
    }

    pub(super) async fn check(&self, wait: Duration) -> Said {
        let mut enrolling = self.folder.enrolling()?.ok_or(CommandError::NotAsking)?;
        let end = self.talk.clock.elapsed() + wait;
        loop {
            match self.talk.enrol(&enrolling).await {
                Ok(phone) if phone.stage() == Stage::Bound => {
                    self.keep(&phone)?;
                    self.folder.forget_enrolling()?;
                    return Ok((json!({ "device": phone.device(), "bound": true }), 0));
                }
                Ok(phone) => {
                    enrolling.phone = phone;
                    self.folder.keep_enrolling(&enrolling, self.world.chance.as_ref())?;
                }
                Err(TalkError::Refused { status: 404, .. }) => {}
                Err(why) if enrol::by_offer(&why) => {
                    self.folder.forget_enrolling()?;
                    return Err(why.into());
                }
                Err(why) => return Err(why.into()),
            }
            if self.talk.clock.elapsed() >= end {
                return match enrolling.phone.from() {
                    Some(from) => Ok((json!({ "bound": false, "from": from }), 4)),
                    None => Err(CommandError::NotApproved),
                };
            }
            self.talk.clock.until(self.talk.clock.now().plus(PAUSE)).await;
        }
    }

    pub(super) async fn add(&self, keys: &str, digits: Option<&str>, pin_file: &Path) -> Said {
        let mut phone = self.phone()?;
        let keys = phone.reads(keys)?;
        let shown = shown_digits(&keys.thumbprint);
        let same = |digits: &str| digits.chars().filter(char::is_ascii_digit).eq(shown.chars());
        if !digits.is_none_or(same) {
            return Err(CommandError::Digits(shown));
        }
        let typed = typed(pin_file)?;
        let pin2 = PinCode::new(Pin::Pin2, lines(&typed).1)?;
        let consent = Consent { pin: &pin2, language: Locale::En };
        let done = self.talk.vouch(&mut phone, &keys, consent).await;
        self.keep(&phone)?;
        let vouched = done?;
        let (mut said, code) = ended("", &vouched.approved);
        if let Some(members) = said.as_object_mut() {
            members.insert("request".to_owned(), json!(keys.op));
            members.insert("label".to_owned(), json!(keys.label));
            members.insert("digits".to_owned(), json!(shown));
            members.insert("from".to_owned(), json!(vouched.from));
        }
        Ok((said, code))
    }
}

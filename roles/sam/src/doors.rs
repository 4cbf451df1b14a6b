//! What other systems call.

use std::sync::Arc;

use links::{Asked, Doors, Operation, Party, Pending, ProofError, Verifier};
use sam_contract::{
    Activate, Answered, Bind, Certify, Challenge, Challenged, ChangeKeyStatus, DevicesOf, Enrol,
    Enrolled, EnrolledOf, FreezeByCode, KeyStatus, Keys, KeysOf, OrderMeans, TABLE, TakeOffer,
};

use crate::{Callers, Sam};

impl Sam {
    /// Its doors. A system that may not call an operation is refused before it is read.
    #[must_use]
    pub fn doors(self: &Arc<Self>) -> Doors {
        let verifier = Arc::new(self.callers.clone());
        let doors = Doors::new(self.party.clone(), self.clock.clone(), verifier).taking(TABLE);
        self.officers_doors(self.phones_doors(doors))
    }

    fn phones_doors(self: &Arc<Self>, doors: Doors) -> Doors {
        let [keys, enrol, challenge, activate] = [(); 4].map(|()| Arc::clone(self));
        let [freeze, devices] = [(); 2].map(|()| Arc::clone(self));
        doors
            .answer(move |_: Asked, _: KeysOf| {
                let keys = keys.keys().to_owned();
                std::future::ready(Ok(Keys { keys }))
            })
            .answer(move |_: Asked, asked: Enrol| {
                let sam = Arc::clone(&enrol);
                async move { Ok(Answered { answer: sam.enrol(&asked.sealed).await? }) }
            })
            .answer(move |_: Asked, asked: Challenge| {
                let given = challenge.challenge(asked.device, asked.op);
                let told = given.map(|(challenge, until)| Challenged { challenge, until });
                std::future::ready(told)
            })
            .answer(move |_: Asked, asked: Activate| {
                let sam = Arc::clone(&activate);
                async move { Ok(Answered { answer: sam.activate(&asked.sealed).await? }) }
            })
            .answer(move |_: Asked, asked: FreezeByCode| {
                let sam = Arc::clone(&freeze);
                async move { Ok(sam.freeze(asked.person, asked.code).await?) }
            })
            .answer(move |_: Asked, asked: DevicesOf| {
                let sam = Arc::clone(&devices);
                async move { Ok(sam.devices(asked.person).await?) }
            })
    }

    fn officers_doors(self: &Arc<Self>, doors: Doors) -> Doors {
        let [offer, enrolled, bind] = [(); 3].map(|()| Arc::clone(self));
        let [order, status, certify] = [(); 3].map(|()| Arc::clone(self));
        doors
            .answer(move |_: Asked, asked: TakeOffer| {
                let sam = Arc::clone(&offer);
                async move { Ok(sam.offer(&asked.offer).await?) }
            })
            .answer(move |_: Asked, asked: EnrolledOf| {
                let sam = Arc::clone(&enrolled);
                async move { Ok(Enrolled { answer: sam.enrolled(asked.offer).await? }) }
            })
            .answer(move |_: Asked, asked: Bind| {
                let sam = Arc::clone(&bind);
                async move { Ok(Answered { answer: sam.bind(&asked.binding).await? }) }
            })
            .answer(move |_: Asked, asked: OrderMeans| {
                let sam = Arc::clone(&order);
                async move { Ok(sam.order(&asked.order).await?) }
            })
            .answer(move |_: Asked, asked: ChangeKeyStatus| {
                let sam = Arc::clone(&status);
                async move { Ok(KeyStatus { state: sam.changed(asked).await? }) }
            })
            .answer(move |_: Asked, asked: Certify| {
                let sam = Arc::clone(&certify);
                async move { Ok(KeyStatus { state: sam.certified(asked).await? }) }
            })
    }
}

impl Callers {
    fn may(&self, from: &Party, operation: &str) -> bool {
        let callers: &[&Vec<Party>] = match operation {
            KeysOf::NAME => &[&self.web, &self.desk, &self.pki],
            Enrol::NAME | Challenge::NAME | Activate::NAME | FreezeByCode::NAME => &[&self.web],
            DevicesOf::NAME => &[&self.web, &self.desk, &self.pki],
            TakeOffer::NAME | EnrolledOf::NAME | Bind::NAME | OrderMeans::NAME => &[&self.desk],
            ChangeKeyStatus::NAME | Certify::NAME => &[&self.pki],
            _ => &[],
        };
        callers.iter().any(|list| list.contains(from))
    }
}

impl Verifier for Callers {
    fn system<'a>(
        &'a self,
        from: &'a Party,
        _: &'a str,
        operation: &'static str,
    ) -> Pending<'a, Result<(), ProofError>> {
        let may = if self.may(from, operation) { Ok(()) } else { Err(ProofError::Refused) };
        Box::pin(std::future::ready(may))
    }
}

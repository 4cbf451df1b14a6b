//! What other systems call.

use std::future::Future;
use std::sync::Arc;

use links::{Asked, Doors, Operation};
use pki_contract::{
    ApplicationsOf, Apply, ApproveApplication, CertificateBySerial, CertificatesOf, Demand,
    PendingApplications, PkiRefusal, RefuseApplication, TABLE,
};

use crate::failed::Failed;
use crate::pki::Pki;

impl Pki {
    /// `doors`, answering every operation of the contract.
    #[must_use]
    pub fn answering(self: &Arc<Self>, doors: Doors) -> Doors {
        let doors = doors.taking(TABLE);
        let doors = self
            .answer(doors, |pki, asked, apply: Apply| async move { pki.apply(asked, apply).await });
        let doors = self.answer(doors, |pki, asked, ask: PendingApplications| async move {
            pki.pending(asked, ask).await
        });
        let doors = self.answer(doors, |pki, asked, ask: ApplicationsOf| async move {
            pki.applications_of(asked, ask).await
        });
        let doors = self.answer(doors, |pki, asked, approve: ApproveApplication| async move {
            pki.approve(asked, approve).await
        });
        let doors = self.answer(doors, |pki, asked, refuse: RefuseApplication| async move {
            pki.refuse(asked, refuse).await
        });
        let doors = self.answer(doors, |pki, asked, ask: CertificatesOf| async move {
            pki.certificates_of(asked, ask).await
        });
        let doors = self.answer(doors, |pki, asked, ask: CertificateBySerial| async move {
            pki.certificate_by_serial(asked, ask).await
        });
        self.answer(
            doors,
            |pki, asked, demand: Demand| async move { pki.demand(asked, demand).await },
        )
    }

    fn answer<O, F, A>(self: &Arc<Self>, doors: Doors, function: F) -> Doors
    where
        O: Operation<Refusal = PkiRefusal>,
        F: Fn(Arc<Self>, Asked, O) -> A + Send + Sync + 'static,
        A: Future<Output = Result<O::Answer, Failed>> + Send + 'static,
    {
        let pki = Arc::clone(self);
        doors.answer(move |asked: Asked, ask: O| {
            let done = function(Arc::clone(&pki), asked, ask);
            async move { done.await.map_err(PkiRefusal::from) }
        })
    }
}

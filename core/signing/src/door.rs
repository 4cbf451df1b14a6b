//! The platform's operations at its doors.

use std::future::Future;
use std::sync::Arc;

use links::{Asked, Doors, Operation};
use signing_contract::{
    BeginDocument, BeginSigning, Check, DocumentsOf, FileAddress, FinishDocument, History,
    PutChunk, ReadChunk, SessionOf, SigningRefusal,
};

use crate::failed::Failed;
use crate::sign::Signing;
use crate::upload::owner;

impl Signing {
    pub(crate) fn answering(self: &Arc<Self>, doors: Doors) -> Doors {
        let doors = self.documents(doors);
        let doors = self.answer(doors, |own, asked, ask: BeginSigning| async move {
            own.begin_signing(asked, ask).await
        });
        let doors = self.answer(doors, |own, asked, ask: SessionOf| async move {
            own.session_now(&asked, &ask).await
        });
        let doors = self
            .answer(doors, |own, asked, ask: History| async move { own.history(asked, ask).await });
        self.answer(doors, |own, asked, ask: Check| async move { own.check(&asked, &ask).await })
    }

    fn documents(self: &Arc<Self>, doors: Doors) -> Doors {
        let doors = self.answer(doors, |own, asked, ask: BeginDocument| async move {
            own.begin_document(owner(&asked), ask).await
        });
        let doors = self.answer(doors, |own, asked, ask: PutChunk| async move {
            own.put_chunk(owner(&asked), ask).await
        });
        let doors = self.answer(doors, |own, asked, ask: FinishDocument| async move {
            own.finish_document(owner(&asked), ask).await
        });
        let doors = self.answer(doors, |own, asked, _: DocumentsOf| async move {
            own.documents_of(owner(&asked)).await
        });
        let doors = self.answer(doors, |own, asked, ask: ReadChunk| async move {
            own.read_chunk(owner(&asked), ask).await
        });
        self.answer(doors, |own, asked, ask: FileAddress| async move {
            own.file_address(owner(&asked), ask).await
        })
    }

    /// `doors`, answering `O` with a platform of its own and who asks.
    fn answer<O, F, A>(self: &Arc<Self>, doors: Doors, function: F) -> Doors
    where
        O: Operation<Refusal = SigningRefusal>,
        F: Fn(Arc<Self>, Asked, O) -> A + Send + Sync + 'static,
        A: Future<Output = Result<O::Answer, Failed>> + Send + 'static,
    {
        let own = Arc::clone(self);
        doors.answer(move |asked: Asked, ask: O| {
            let done = function(Arc::clone(&own), asked, ask);
            async move { done.await.map_err(Failed::refusal) }
        })
    }
}

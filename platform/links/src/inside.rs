//! Links within one process.

use std::sync::{Arc, OnceLock};

use base::Clock;

use crate::{Doors, Link, Party, Pending, Reply, Wire, WireError};

/// Where a system's doors will be: links to it can be made before it stands, so that two systems
/// of one process can call each other. Clones are the same place.
#[derive(Clone, Debug, Default)]
pub struct Place(Arc<OnceLock<Arc<Doors>>>);

impl Place {
    /// A place without doors: calls are not reached.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the doors there, once; a second time changes nothing.
    pub fn open(&self, doors: Arc<Doors>) {
        let _ = self.0.set(doors);
    }

    /// A link from `from` to this place. Whoever makes it answers for `from`.
    #[must_use]
    pub fn link(&self, from: Party, clock: Arc<dyn Clock>) -> Link {
        Link::over(Arc::new(Inside { place: self.clone(), from }), clock)
    }
}

struct Inside {
    place: Place,
    from: Party,
}

impl Wire for Inside {
    fn carry<'a>(
        &'a self,
        operation: &'static str,
        body: Vec<u8>,
    ) -> Pending<'a, Result<Reply, WireError>> {
        Box::pin(async move {
            let doors = self.place.0.get().ok_or(WireError::Unreached)?;
            Ok(doors.handle(&self.from, operation, &body).await)
        })
    }
}

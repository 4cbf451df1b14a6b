//! What answers on the bare host: the way to the portal, health, figures.

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use base::Clock;
use store::Store;
use web::{Access, Figure, Figures, Routes, standing};

use crate::part::Part;

/// The figures of a process: each part's store.
#[derive(Debug)]
pub(crate) struct Gauges {
    clock: Arc<dyn Clock>,
    stores: Vec<(String, Store)>,
}

impl Gauges {
    /// Those of these parts.
    pub(crate) fn of(clock: Arc<dyn Clock>, parts: &[Part]) -> Self {
        let stores = parts.iter().map(|part| (part.party.to_string(), part.store.clone()));
        Self { clock, stores: stores.collect() }
    }
}

impl Figures for Gauges {
    fn figures(&self) -> Vec<Figure> {
        let up = self.clock.elapsed().as_secs_f64();
        let mut figures = vec![Figure { name: "sakta_up_seconds", labels: Vec::new(), value: up }];
        for (part, store) in &self.stores {
            for (name, told) in store.statistics() {
                let labels = vec![("part", part.clone()), ("name", name.to_owned())];
                for (figure, value) in [
                    ("sakta_store_calls_total", told.count),
                    ("sakta_store_retries_total", told.retries),
                    ("sakta_store_faults_total", told.faults),
                    ("sakta_store_microseconds_total", told.micros),
                ] {
                    // Counts stay far below what a float holds exactly.
                    #[expect(clippy::as_conversions, reason = "there is no From<u64> for f64")]
                    let value = value as f64;
                    figures.push(Figure { name: figure, labels: labels.clone(), value });
                }
            }
        }
        figures
    }

    fn unready(&self) -> Option<&'static str> {
        let full = |(_, store): &(String, Store)| store.waiting().1 > 2048;
        let lost = |(_, store): &(String, Store)| !store.is_reached();
        let busy = self.stores.iter().any(full).then_some("busy");
        busy.or_else(|| self.stores.iter().any(lost).then_some("a database cannot be reached"))
    }
}

/// The bare host: `/` leads to the portal.
pub(crate) fn router(gauges: Gauges, portal: String) -> Router {
    let home = Routes::new().get("/", Access::Anybody, move || {
        let portal = portal.clone();
        async move { Redirect::temporary(&portal) }
    });
    home.and(standing(Arc::new(gauges))).with_state(())
}

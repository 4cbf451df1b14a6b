//! Sixteen at once: what the stores do twice because others were in the way.

use std::collections::BTreeMap;
use std::fmt::Write;

use tokio::task::JoinSet;

use crate::asked::{Caller, call};
use crate::house::House;

/// How many ask at the same time, and how often each.
const CALLERS: usize = 16;
const EACH: usize = 20;

/// Calls and retries of one name.
type Figures = BTreeMap<String, (f64, f64)>;

/// Looks at nobody and begins logins, sixteen at a time; then every named transaction was, on
/// average, not run a second time.
pub(crate) async fn sixteen(house: &House, find: &str) {
    let mut asking = JoinSet::new();
    for _ in 0..CALLERS {
        let (caller, find) = (Caller::bank(house), find.to_owned());
        let (door, web) = (house.door("persons"), house.web());
        asking.spawn(async move {
            for _ in 0..EACH {
                let answer = call(&door, &caller, "persons/find", &find).await.unwrap();
                assert!(answer.contains("not-found"), "{answer}");
                let form = "client_id=sakta-cli&scope=openid";
                let kind = "application/x-www-form-urlencoded";
                let begun = web.post("id.", "/device_authorization", (kind, form)).await;
                assert!([200, 429].contains(&begun.status), "{}", begun.text());
            }
        });
    }
    asking.join_all().await;
    let figures = figures(&house.web().get("", "/metrics").await.text());
    let mut table = String::new();
    for (name, (calls, retries)) in &figures {
        writeln!(table, "{calls:>6} calls {retries:>5} retries  {name}").unwrap();
    }
    eprintln!("{table}");
    for (name, (calls, retries)) in &figures {
        assert!(retries <= calls, "{name}:\n{table}");
    }
}

fn figures(text: &str) -> Figures {
    let mut figures = Figures::new();
    for line in text.lines() {
        let Some((figure, rest)) = line.split_once('{') else { continue };
        let Some((name, value)) = rest.split_once("} ") else { continue };
        let value: f64 = value.parse().unwrap();
        let own = figures.entry(name.to_owned()).or_default();
        match figure {
            "sakta_store_calls_total" => own.0 = value,
            "sakta_store_retries_total" => own.1 = value,
            _ => {}
        }
    }
    figures
}

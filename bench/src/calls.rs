//! Audited looks at people: HTTP/2 over mutual TLS, by curl, each recorded and durable.

use std::process::{Command, Stdio};

use persons_contract::Value;
use simulation::Country;

use crate::BenchError;
use crate::demo::Demo;
use crate::floor::Floor;
use crate::table::Table;

/// Processes that call at once, each with several calls on their way.
const CALLERS: usize = 4;
/// Rounds of second looks at everybody.
const ROUNDS: usize = 3;

/// First looks at everybody, then further ones.
///
/// # Errors
/// [`BenchError`]
pub(crate) fn measured(demo: &Demo, floor: &Floor, table: &mut Table) -> Result<(), BenchError> {
    let codes = codes(demo)?;
    let (cost, done) = demo.cost(|| called(demo, &codes));
    table.row("first look at a person in the year", done?, cost, floor.first_look());
    let many: Vec<_> = codes.iter().cycle().take(codes.len() * ROUNDS).cloned().collect();
    let (cost, done) = demo.cost(|| called(demo, &many));
    table.row("further look", done?, cost, floor.look());
    Ok(())
}

/// The codes of everybody in the country, as the demo has made it.
fn codes(demo: &Demo) -> Result<Vec<String>, BenchError> {
    let file = demo.data().join("country.json");
    let said = std::fs::read(&file).map_err(BenchError::of("country.json"))?;
    let other = || BenchError::Demo("country.json holds something else".to_owned());
    let seed: serde_json::Value = serde_json::from_slice(&said).map_err(|_| other())?;
    let number = |name: &str| seed.get(name).and_then(serde_json::Value::as_u64);
    let today = seed.get("today").and_then(serde_json::Value::as_str).ok_or_else(other)?;
    let country = Country {
        seed: number("seed").ok_or_else(other)?,
        population: number("population").ok_or_else(other)?,
        today: today.parse().map_err(|_| other())?,
    };
    let code = |facts: Vec<persons_contract::Assertion>| {
        facts.into_iter().find_map(|fact| match fact.value {
            Value::Code { code, .. } => Some(code.x509()),
            _ => None,
        })
    };
    Ok(country.people().filter_map(|one| code(one.facts)).collect())
}

/// Calls for each code; how many were answered.
fn called(demo: &Demo, codes: &[String]) -> Result<u32, BenchError> {
    let share = codes.len().div_ceil(CALLERS).max(1);
    let mut callers = Vec::new();
    for (number, codes) in codes.chunks(share).enumerate() {
        let config = demo.folder.join(format!("calls-{number}"));
        std::fs::write(&config, transfers(demo, codes)?).map_err(BenchError::of("calls"))?;
        let child = Command::new("curl")
            .args(["--parallel", "--parallel-max", "8", "--no-progress-meter", "--config"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        callers.push(child.map_err(BenchError::of("curl"))?);
    }
    let mut answered = 0;
    for caller in callers {
        let said = caller.wait_with_output().map_err(BenchError::of("curl"))?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        // Protected people and those who are known by a later code are refused, and recorded too.
        let counts = said.lines().filter(|line| ["200", "404"].contains(line)).count();
        answered += u32::try_from(counts).unwrap_or(u32::MAX);
    }
    Ok(answered)
}

fn transfers(demo: &Demo, codes: &[String]) -> Result<String, BenchError> {
    let url = format!("{}/call/persons/find", demo.says("/addresses/tls")?);
    let permission = demo.says("/clients/0/permission")?;
    let purpose = demo.says("/clients/0/purpose")?;
    let certificate = demo.says("/clients/0/tls/certificate")?;
    let key = demo.says("/clients/0/tls/key")?;
    let roots = demo.says("/clients/0/tls/roots")?;
    let transfer = |code: &String| {
        let body = serde_json::json!({
            "operation": {"code": code, "groups": ["names", "address"]},
            "on_behalf": {"kind": "permission", "number": permission},
            "purpose": purpose,
        });
        let body = body.to_string().replace('"', "\\\"");
        format!(
            "url = \"{url}\"\nhttp2\ndata = \"{body}\"\ncert = \"{certificate}\"\nkey = \"{key}\"\n\
             cacert = \"{roots}\"\noutput = /dev/null\nwrite-out = \"%{{http_code}}\\n\"\n"
        )
    };
    Ok(codes.iter().map(transfer).collect::<Vec<_>>().join("next\n"))
}

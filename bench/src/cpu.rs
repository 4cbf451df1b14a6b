//! CPU time of processes. Spec: proc(5).

use std::time::Duration;

/// What one tick of the kernel's count is worth: USER_HZ is 100 on Linux.
const TICK: Duration = Duration::from_millis(10);

/// CPU time of a process and of all that it started and that still run.
pub(crate) fn of_tree(process: u32) -> Duration {
    let own = of(process).unwrap_or_default();
    own + children(process).into_iter().map(of_tree).sum::<Duration>()
}

/// CPU time of this process.
pub(crate) fn own() -> Duration {
    of(std::process::id()).unwrap_or_default()
}

fn of(process: u32) -> Option<Duration> {
    let said = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it may hold blanks.
    let (_, fields) = said.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(TICK * (user + system))
}

fn children(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let said = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    said.flat_map(|said| {
        said.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()
    })
    .collect()
}

//! Each ban of `clippy.toml` fires: an `expect` that finds nothing to expect is itself a warning,
//! and warnings fail the build of `.ci/run`. Nothing here is run for its effect.
#![cfg(test)]
#![expect(clippy::disallowed_types, reason = "the types whose use is banned")]

#[test]
fn the_bans_are_compiled() {
    let uses: [fn(); 10] = [
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            let _ = jiff::Timestamp::now();
        },
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            let _ = jiff::ZonedDateTime::now();
        },
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            let _ = std::env::var("X");
        },
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            let _ = std::env::var_os("X");
        },
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            let _ = std::env::vars();
        },
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            std::thread::sleep(std::time::Duration::ZERO);
        },
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            drop(tokio::time::sleep(std::time::Duration::ZERO));
        },
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            drop(tokio::time::timeout(std::time::Duration::ZERO, std::future::ready(())));
        },
        || {
            #[expect(clippy::disallowed_methods, reason = "fires")]
            drop(tokio::time::interval(std::time::Duration::from_secs(1)));
        },
        || {
            let _: (Option<std::time::SystemTime>, Option<std::time::Instant>) = (None, None);
            let _: Option<std::collections::HashMap<u8, u8>> = None;
            let _: Option<std::collections::HashSet<u8>> = None;
        },
    ];
    assert_eq!(uses.len(), 10);
}

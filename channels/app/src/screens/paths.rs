//! The addresses of the phone's pages. `phone` is an opaque name of one virtual phone.

/// The list of phones. A POST (`add`) makes another.
pub const PHONES: &str = "/";

/// A phone's first screen: what waits. A POST (`look`) asks the server again, `claim` takes a code.
#[must_use]
pub fn phone(phone: &str) -> String {
    format!("/{phone}")
}

/// Bind the phone to a person: GET asks, POST (`enrol`) goes on, POST (`check`) asks again.
#[must_use]
pub fn enrol(phone: &str) -> String {
    format!("/{phone}/enrol")
}

/// Bind the phone with the help of another: GET asks for PINs, POST (`go-on`) makes the keys.
#[must_use]
pub fn new(phone: &str) -> String {
    format!("/{phone}/new")
}

/// New PINs that another phone approves: GET asks for them, POST (`go-on`) makes the keys.
#[must_use]
pub fn pins(phone: &str) -> String {
    format!("/{phone}/pins")
}

/// The same where an official approves.
#[must_use]
pub fn pins_desk(phone: &str) -> String {
    format!("/{phone}/pins/desk")
}

/// Keys that wait for an approval: GET shows them, POST `check` asks, `stop` throws them away.
#[must_use]
pub fn keys(phone: &str) -> String {
    format!("/{phone}/keys")
}

/// Approve another phone: GET asks for its code, POST (`read`, `approve`, `refuse`) goes on.
#[must_use]
pub fn vouch(phone: &str) -> String {
    format!("/{phone}/vouch")
}

/// A request: GET shows it, POST (`choose`, `approve`, `refuse`) answers it.
#[must_use]
pub fn request(phone: &str, request: &str) -> String {
    format!("/{phone}/requests/{request}")
}

/// Browsers, other phones, freezing. A POST: `remember`, `forget=<id>`, `freeze`.
#[must_use]
pub fn settings(phone: &str) -> String {
    format!("/{phone}/settings")
}

/// Lost phone, new phone, forgotten PIN: what to do.
#[must_use]
pub fn help(phone: &str) -> String {
    format!("/{phone}/help")
}

/// Freeze everything: GET asks, POST (`freeze`) does.
#[must_use]
pub fn freeze(phone: &str) -> String {
    format!("/{phone}/freeze")
}

/// Report a refused request: POST (`report`).
#[must_use]
pub fn report(phone: &str, request: &str) -> String {
    format!("/{phone}/requests/{request}/report")
}

/// What a waiting page asks by itself: JSON `{state}`, `waiting` as long as nothing waits.
#[must_use]
pub fn state(phone: &str) -> String {
    format!("/{phone}/state")
}

/// Unlock a phone for this browser: POST (`unlock`).
#[must_use]
pub fn unlock(phone: &str) -> String {
    format!("/{phone}/unlock")
}

/// A request's eight characters, for whichever phone takes them.
#[must_use]
pub fn code(code: &str) -> String {
    format!("/a/{code}")
}

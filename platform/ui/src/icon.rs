//! Drawn signs: the mark, the icons, the knots of a thread. All are hidden from readers; the word
//! beside them is the name.

use maud::{Markup, PreEscaped, html};

/// A line drawing, 24 units wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Icon {
    /// A letter tray: nothing there yet.
    Box,
    /// An institution.
    Building,
    /// An identity card.
    Card,
    /// Yes.
    Check,
    /// Time.
    Clock,
    /// A computer's browser.
    Computer,
    /// Fetch a file.
    Download,
    /// A file.
    Document,
    /// Somebody looked.
    Eye,
    /// Another country.
    Globe,
    /// Good to know.
    Info,
    /// A passkey.
    Key,
    /// Official mail.
    Mail,
    /// It worked.
    Ok,
    /// A phone.
    Phone,
    /// Wrong, lost, forbidden.
    Stop,
    /// The wallet.
    Wallet,
    /// Take care.
    Warning,
}

impl Icon {
    /// Every icon, for the gallery.
    pub const ALL: [Self; 18] = [
        Self::Box,
        Self::Building,
        Self::Card,
        Self::Check,
        Self::Clock,
        Self::Computer,
        Self::Download,
        Self::Document,
        Self::Eye,
        Self::Globe,
        Self::Info,
        Self::Key,
        Self::Mail,
        Self::Ok,
        Self::Phone,
        Self::Stop,
        Self::Wallet,
        Self::Warning,
    ];

    fn shapes(self) -> &'static str {
        match self {
            Self::Box => r#"<path d="M3 13.5 6 4.5h12l3 9v6H3zM3 13.5h5.5c0 4 7 4 7 0H21"/>"#,
            Self::Building => {
                concat!(
                    r#"<path d="M3 20.5h18M5 20.5V10M9.7 20.5V10M14.3 20.5V10M19 20.5V10M3"#,
                    r#" 10h18L12 3.5z"/>"#
                )
            }
            Self::Card => {
                concat!(
                    r#"<rect x="2.5" y="5" width="19" height="14" rx="2"/><circle cx="8" cy="11""#,
                    r#" r="2"/><path d="M5 16c.6-1.6 5.4-1.6 6 0M14 10h4.5M14 14h4.5"/>"#
                )
            }
            Self::Check => r#"<path d="m4.5 12.5 5 5 10-11"/>"#,
            Self::Clock => r#"<circle cx="12" cy="12" r="9.5"/><path d="M12 6.5V12l3.5 2.5"/>"#,
            Self::Computer => {
                concat!(
                    r#"<rect x="3.5" y="4.5" width="17" height="11.5" rx="1.5"/><path d="M1.5"#,
                    r#" 19.5h21"/>"#
                )
            }
            Self::Download => r#"<path d="M12 3v12M7 10.5l5 5 5-5M4 20.5h16"/>"#,
            Self::Document => {
                r#"<path d="M6 2.5h8l4.5 4.5v14.5H6zM14 2.5V7h4.5M9 12h6.5M9 16h6.5"/>"#
            }
            Self::Eye => {
                concat!(
                    r#"<path d="M2 12c2.5-4.5 6-6.5 10-6.5s7.5 2 10 6.5c-2.5 4.5-6 6.5-10 6.5S4.5"#,
                    r#" 16.5 2 12z"/><circle cx="12" cy="12" r="3"/>"#
                )
            }
            Self::Globe => {
                concat!(
                    r#"<circle cx="12" cy="12" r="9.5"/>"#,
                    r#"<path d="M2.5 12h19M12 2.5c-6 5.5-6 13.5 0"#,
                    r#" 19M12 2.5c6 5.5 6 13.5 0 19"/>"#
                )
            }
            Self::Info => r#"<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6M12 7.2v.1"/>"#,
            Self::Key => {
                concat!(
                    r#"<circle cx="8" cy="8" r="4.5"/><path d="m11.3 11.3 8.2 8.2M16"#,
                    r#" 16l2.5-2.5M19.5 19.5 21 18"/>"#
                )
            }
            Self::Mail => {
                concat!(
                    r#"<rect x="2.5" y="5" width="19" height="14" rx="2"/><path d="m3 7 9 6.5L21"#,
                    r#" 7"/>"#
                )
            }
            Self::Ok => r#"<circle cx="12" cy="12" r="9.5"/><path d="m7.5 12.5 3 3 6-6.5"/>"#,
            Self::Phone => {
                r#"<rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M11 18.5h2"/>"#
            }
            Self::Stop => r#"<path d="M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM9 9l6 6M15 9l-6 6"/>"#,
            Self::Wallet => {
                concat!(
                    r#"<path d="M3 7.5v10a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-8a2 2 0 0 0-2-2H5a2 2 0"#,
                    r#" 0 1 0-4h12v4"/><path d="M21 12h-4a1.75 1.75 0 0 0 0 3.5h4"/>"#
                )
            }
            Self::Warning => r#"<path d="M12 3 2 20.5h20zM12 10v5M12 17.6v.1"/>"#,
        }
    }

    /// The drawing.
    #[must_use]
    pub fn draw(self) -> Markup {
        html! { svg.i viewBox="0 0 24 24" aria-hidden="true" { (PreEscaped(self.shapes())) } }
    }

    /// The drawing in a square of its own, at the head of a list item.
    #[must_use]
    pub fn badge(self) -> Markup {
        html! { span.badge { (self.draw()) } }
    }
}

/// The brooch: a star with an opening for the pin.
const STAR: &str = concat!(
    "M43.1 20.1 47 24l-6.74 6.74v9.52h-9.52L24 47l-6.74-6.74H7.74v-9.52L1 24l6.74-6.74V7.74h9.52",
    "L24 1l6.74 6.74h9.52v5.52l-7.62 3.15A11.5 11.5 0 1 0 35.48 23.25z",
);

/// The mark: the brooch with its pin.
#[must_use]
pub fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 48 48" aria-hidden="true" {
            path d=(STAR) {}
            path.pin d="M12 28.97 43.86 15.77" {}
        }
    }
}

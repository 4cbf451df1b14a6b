//! A list with nothing in it.

use maud::Markup;
use ui::{Icon, Weight, empty, link_btn};

/// Nothing here yet, with a way on.
pub(super) fn nothing(title: &str, why: &str, href: &str, label: &str) -> Markup {
    empty(Icon::Box, title, why, link_btn(Weight::Second, href, label))
}

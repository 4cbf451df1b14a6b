//! How accessible the pages are, and what is known not to be.

use maud::{Markup, html};
use ui::text::accessibility as words;

use super::{Menu, Seat};

/// The statement. Spec: Directive (EU) 2016/2102 Art. 7, Directive (EU) 2019/882 (L23).
#[must_use]
pub fn accessibility(seat: &Seat) -> Markup {
    let voice = seat.voice;
    let heading = voice.say(words::HEADING);
    let kept = [words::KEYBOARD, words::SCRIPT, words::ZOOM, words::COLOUR, words::TIME];
    let content = html! {
        div.head { h1 { (heading) } p.lede { (voice.say(words::LEDE)) } }
        div.prose {
            h2 { (voice.say(words::KEPT)) }
            ul { @for key in kept { li { (voice.say(key)) } } }
            h2 { (voice.say(words::LACKS)) }
            p { (voice.say(words::LACKS_BODY)) }
        }
    };
    seat.page(Menu::None, &heading, &content)
}

//! A receipt on paper, and sent on: the same lines, printed alone on the sheet (`style/print.css`) or as text. The buttons are there only
//! where they work; without them the browser's own print gives the same sheet.

use super::button::{Button, Look};
use super::toast::toasts;
use crate::words::{self, Lang, Words, words};
use domain::Timestamp;
use leptos::prelude::*;

/// Terms and what they are.
pub type Lines = Vec<(String, String)>;

/// What stands on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    pub title: String,
    /// Of whom: the shop, or the voucher.
    pub name: String,
    /// The figure that it is about.
    pub amount: String,
    pub lines: Lines,
    /// The vouchers used, under a title of their own; `None`: it is not about those.
    pub drawn: Option<(String, Lines)>,
}

impl Slip {
    /// For a message: a line each.
    pub fn text_in(&self, words: &Words) -> String {
        let mut text = vec![format!("[{}] {}", words.slip.made_by, self.title), self.name.clone(), self.amount.clone()];
        let line = |(term, fact): &(String, String)| format!("{term}: {fact}");
        text.extend(self.lines.iter().map(line));
        if let Some((title, drawn)) = &self.drawn {
            text.push(title.clone());
            text.extend(drawn.iter().map(|fact| format!("- {}", line(fact))));
        }
        text.join("\n")
    }
}

/// A moment as papers write it: the whole date, and the clock with its seconds.
pub fn stamp(lang: Lang, at: Timestamp) -> String {
    format!("{} {}", words::date(lang, at), words::clock(at))
}

/// The browser's own print; one without it does nothing.
pub fn print() {
    #[cfg(feature = "hydrate")]
    if let Some(window) = leptos::web_sys::window() {
        let _ = window.print();
    }
}

/// On a screen nothing, on paper all there is.
#[component]
pub fn SlipPaper(slip: Slip) -> impl IntoView {
    let list = |lines: Lines| {
        let line = |(term, fact)| view! { <div class="slip-line"><dt>{term}</dt><dd>{fact}</dd></div> };
        view! { <dl class="slip-lines">{lines.into_iter().map(line).collect_view()}</dl> }
    };
    let drawn = slip.drawn.map(|(title, drawn)| view! { <p class="slip-part">{title}</p> {list(drawn)} });
    view! {
        <article class="slip">
            <p class="slip-title">{slip.title}</p>
            <p class="slip-name">{slip.name}</p>
            <p class="slip-amount">{slip.amount}</p>
            {list(slip.lines)}
            {drawn}
            <p class="slip-foot">{words().slip.made_by}</p>
        </article>
    }
    .into_any()
}

/// "Share" (or "copy", where nothing shares) and "print".
#[component]
pub fn SlipButtons(slip: Slip) -> impl IntoView {
    let words = words();
    // What the press that sends it on is called: "share", or "copy".
    let way = RwSignal::new(None::<&'static str>);
    let can_print = RwSignal::new(false);
    // The server's page has no buttons: whether they work is found out where it is looked at.
    Effect::new(move |_| {
        way.set(ways::here(words));
        can_print.set(ways::prints());
    });
    let slip = StoredValue::new(slip);
    let (shelf, copied) = (toasts(), words.common.copied);
    let send = Callback::new(move |_| slip.with_value(|slip| ways::send(&slip.title, slip.text_in(words), move || shelf.say(copied))));
    let share = move || way.get().map(|way| view! { <Button look=Look::Line r#type="button" on_press=send>{way}</Button> });
    let on_paper = move || {
        let press = Callback::new(|_| print());
        can_print.get().then(|| view! { <Button look=Look::Line r#type="button" on_press=press>{words.slip.print}</Button> })
    };
    view! { <div class="slip-buttons with-js no-print">{share} {on_paper}</div> }.into_any()
}

#[cfg(feature = "hydrate")]
mod ways {
    use crate::words::Words;
    use js_sys::{Function, Object, Promise, Reflect};
    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    fn function(on: &JsValue, name: &str) -> Option<Function> {
        Reflect::get(on, &name.into()).ok()?.dyn_into().ok()
    }

    fn clipboard() -> Option<JsValue> {
        let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
        function(&clipboard, "writeText").map(|_| clipboard)
    }

    /// How a text leaves the page here: by the system's own sheet (messages, mail, other apps), else by the clipboard. Both exist in
    /// secure contexts only.
    pub(super) fn here(words: &'static Words) -> Option<&'static str> {
        let can_share = function(&window().navigator(), "share").is_some();
        if can_share { Some(words.slip.share) } else { clipboard().map(|_| words.common.copy) }
    }

    pub(super) fn prints() -> bool {
        function(&window(), "print").is_some()
    }

    /// Shares; where that is not possible after all, copies and says so. Whoever closes the sheet wanted neither.
    pub(super) fn send(title: &str, text: String, copied: impl Fn() + 'static) {
        // Asked for within the press: browsers share nothing later.
        let asked = share(title, &text);
        leptos::task::spawn_local(async move {
            let outcome = match asked {
                Some(asked) => JsFuture::from(asked).await,
                None => Err(JsValue::NULL),
            };
            let Err(error) = outcome else { return };
            let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
            let is_closed = name.as_deref() == Some("AbortError");
            if !is_closed && copy(&text).await.is_some() {
                copied();
            }
        });
    }

    fn share(title: &str, text: &str) -> Option<Promise> {
        let navigator: JsValue = window().navigator().into();
        let what: JsValue = Object::new().into();
        Reflect::set(&what, &"title".into(), &title.into()).ok()?;
        Reflect::set(&what, &"text".into(), &text.into()).ok()?;
        function(&navigator, "share")?.call1(&navigator, &what).ok()?.dyn_into().ok()
    }

    async fn copy(text: &str) -> Option<()> {
        let clipboard = clipboard()?;
        let asked: Promise = function(&clipboard, "writeText")?.call1(&clipboard, &text.into()).ok()?.dyn_into().ok()?;
        JsFuture::from(asked).await.ok().map(|_| ())
    }
}

#[cfg(not(feature = "hydrate"))]
mod ways {
    use crate::words::Words;

    pub(super) fn here(_: &'static Words) -> Option<&'static str> {
        None
    }

    pub(super) fn prints() -> bool {
        false
    }

    pub(super) fn send(_: &str, _: String, _: impl Fn() + 'static) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_on_has_every_line_of_the_paper() {
        let line = |term: &str, fact: &str| (term.to_owned(), fact.to_owned());
        let slip = Slip {
            title: "결제 영수증".to_owned(),
            name: "모퉁이커피".to_owned(),
            amount: "32,000원".to_owned(),
            lines: vec![line("확인 코드", "0042")],
            drawn: Some(("쓴 상품권".to_owned(), vec![line("서울사랑상품권", "32,000원")])),
        };
        let text = "[Pay+ 영수증] 결제 영수증\n모퉁이커피\n32,000원\n확인 코드: 0042\n쓴 상품권\n- 서울사랑상품권: 32,000원";
        assert_eq!(slip.text_in(Lang::Ko.words()), text);
        let bare = Slip { drawn: None, lines: Vec::new(), ..slip };
        assert_eq!(bare.text_in(Lang::Ko.words()), "[Pay+ 영수증] 결제 영수증\n모퉁이커피\n32,000원");
    }
}

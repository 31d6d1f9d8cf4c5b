//! A short word about what has just happened, said once and gone after a while.

use leptos::prelude::*;
use std::time::Duration;

/// Long enough to be read twice.
const STAYS: Duration = Duration::from_secs(4);

/// Where any page puts its word.
#[derive(Copy, Clone, Debug)]
pub struct Toasts {
    /// The number tells a word from the same word said again.
    word: RwSignal<Option<(u32, String)>>,
}

impl Toasts {
    /// Says `text`, in place of what was said before.
    pub fn say(self, text: impl Into<String>) {
        let number = self.word.with_untracked(|word| word.as_ref().map_or(0, |(number, _)| number.wrapping_add(1)));
        self.word.set(Some((number, text.into())));
    }
}

/// To be called once, at the root.
pub fn provide_toasts() {
    provide_context(Toasts { word: RwSignal::new(None) });
}

/// Of the root; without a root it speaks to nobody.
pub fn toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(|| Toasts { word: RwSignal::new(None) })
}

/// Where they appear: above the bottom bar, in a live region that is always there.
#[component]
pub fn ToastShelf() -> impl IntoView {
    let word = toasts().word;
    Effect::new(move |_| {
        if let Some((number, _)) = word.get() {
            set_timeout(
                move || {
                    word.update(|word| {
                        if word.as_ref().is_some_and(|(said, _)| *said == number) {
                            *word = None;
                        }
                    });
                },
                STAYS,
            );
        }
    });
    view! {
        <div class="toast-shelf" role="status" aria-live="polite">
            {move || word.get().map(|(_, text)| view! { <p class="toast">{text}</p> })}
        </div>
    }
    .into_any()
}

//! A quiet bar of a limit: what is used, what this step would add, what is left.

use crate::words::{lang, money, words};
use domain::Won;
use leptos::prelude::*;

/// `part` of `whole` in hundredths of a per cent, at most all of it. Exact enough for a bar, and without floats.
fn share(part: Won, whole: Won) -> i64 {
    if whole.is_zero() { 0 } else { part.min(whole).share(10_000, whole.get()).map_or(0, Won::get) }
}

fn percent(share: i64) -> String {
    format!("{}.{:02}%", share / 100, share % 100)
}

/// Used and planned out of a limit. `note` says in words what it means.
#[component]
pub fn MeterBar(
    #[prop(into)] label: String,
    #[prop(into)] used: Signal<Won>,
    /// What the person is about to add.
    #[prop(into, optional)]
    adding: Signal<Won>,
    #[prop(into)] most: Signal<Won>,
    #[prop(into)] note: Signal<String>,
) -> impl IntoView {
    let lang = lang();
    let used_share = move || share(used.get(), most.get());
    let all_share = move || share(used.get().plus(adding.get()).unwrap_or(Won::MAX), most.get());
    let is_over = move || used.get().plus(adding.get()).is_none_or(|sum| sum > most.get());
    let in_words = move || words().spoken.meter(&money(lang, used.get()), &money(lang, most.get()));
    view! {
        <div class="meter" class:is-over=is_over>
            <div class="meter-words">
                <span class="meter-label">{label.clone()}</span>
                <span class="meter-note">{move || note.get()}</span>
            </div>
            <svg
                class="meter-bar"
                role="meter"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax=move || most.get().get().to_string()
                aria-valuenow=move || used.get().min(most.get()).get().to_string()
                aria-valuetext=in_words
            >
                <rect class="meter-track" width="100%" height="100%"></rect>
                <rect class="meter-adding" width=move || percent(all_share()) height="100%"></rect>
                <rect class="meter-used" width=move || percent(used_share()) height="100%"></rect>
            </svg>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_never_longer_than_its_track() {
        for (part, whole, wanted) in [(0, 0, "0.00%"), (1, 3, "33.33%"), (400_000, 400_000, "100.00%"), (9, 3, "100.00%")] {
            assert_eq!(percent(share(Won::of(part), Won::of(whole))), wanted);
        }
    }
}

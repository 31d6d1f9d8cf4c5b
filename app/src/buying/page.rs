//! `/buy`: which kind, how much, PIN. What was typed lives here, above what is loaded, so that it survives a refusal.

use super::calls::{Buy, Counter, offers};
use super::choosing::{Kinds, Stands};
use super::form::BuyForm;
use super::offer::Entry;
use crate::Error;
use crate::pieces::{Banner, EmptyState, Glyph, Page, Tab, Tone};
use crate::visitor::Loaded;
use crate::waiting::ToRoom;
use crate::words::{lang, time_of_day, words};
use domain::amount_input::parse_won;
use domain::{Refused, Timestamp, WindowId, Won};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What a person has typed, and the purchase under way.
#[derive(Copy, Clone)]
pub(super) struct Draft {
    pub face: RwSignal<String>,
    pub pin: RwSignal<String>,
    /// Rendered open, at its place in the form: without the wasm the PIN is typed there.
    pub sheet: RwSignal<bool>,
    pub action: ServerAction<Buy>,
}

#[component]
pub fn BuyPage() -> impl IntoView {
    let t = &words().buy;
    let query = use_query_map();
    let data = Resource::new_blocking(|| (), |()| offers());
    let draft = Draft {
        face: RwSignal::new(query.with_untracked(|query| query.get("amount")).map(|asked| written(&asked)).unwrap_or_default()),
        pin: RwSignal::new(String::new()),
        sheet: RwSignal::new(true),
        action: ServerAction::<Buy>::new(),
    };
    // The wasm is here: the PIN has its sheet.
    Effect::new(move |_| draft.sheet.set(false));
    Effect::new(move |_| {
        let Some(Err(error)) = draft.action.value().get() else { return };
        if !error.is_of_pin() {
            draft.sheet.set(false);
        }
        // What was refused is not what the page shows any more. After anything else the same id may be sent again.
        if matches!(&error, Error::Refused(refused) if *refused != Refused::Busy) {
            data.refetch();
        }
    });
    let chosen = Memo::new(move |_| query.with(|query| query.get("window")).and_then(|id| id.parse().ok()).map(WindowId));
    view! {
        <Page title=t.title tab=Tab::Buy>
            <Loaded data let:counter>
                <AtCounter counter chosen draft again=Callback::new(move |()| data.refetch()) />
            </Loaded>
        </Page>
    }
}

/// An amount from a link, as the pad writes it; nothing when it is none.
fn written(asked: &str) -> String {
    parse_won(asked).ok().and_then(|won| Won::new(won).ok()).map(|won| won.to_string()).unwrap_or_default()
}

#[component]
fn AtCounter(counter: Counter, chosen: Memo<Option<WindowId>>, draft: Draft, again: Callback<()>) -> impl IntoView {
    let t = words();
    let Counter { purchase, birth_year, account, offers, now } = counter;
    if offers.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Ticket title=t.buy.nothing_on_sale lead=t.home.sale_none_lead href="/" action=t.common.go_home />
        }
        .into_any();
    }
    let listed = offers.clone();
    let current = Memo::new(move |_| {
        let wanted = chosen.get();
        listed.iter().find(|offer| Some(offer.window.id) == wanted).or_else(|| listed.first()).cloned()
    });
    view! {
        <Kinds offers current now />
        {move || {
            let account = account.clone();
            current.get().map(|offer| match offer.most {
                _ if offer.leads_to_room(now) => view! {
                    <Stands offer=offer.clone() birth_year now again />
                    <div class="actions">
                        <ToRoom window=offer.window.id />
                    </div>
                }
                .into_any(),
                Ok(most) => view! {
                    {offer.room.and_then(Entry::pass_until).map(pass)}
                    <Stands offer=offer.clone() birth_year now again />
                    <BuyForm purchase offer most account birth_year now draft />
                }
                .into_any(),
                Err(_) => view! { <Stands offer birth_year now again /> }.into_any(),
            })
        }}
    }
    .into_any()
}

/// How long the turn lasts.
fn pass(until: Timestamp) -> impl IntoView {
    view! { <Banner tone=Tone::Good>{words().wait.pass_until(&time_of_day(lang(), until))}</Banner> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_amount_is_taken_from_a_link() {
        for (asked, wanted) in [("100000", "100,000"), ("5만", "50,000"), ("-1", ""), ("<b>", ""), ("", "")] {
            assert_eq!(written(asked), wanted, "{asked}");
        }
    }
}

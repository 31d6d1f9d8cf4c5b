//! `/gifts`: gifts that wait for me, that I gave, that I received.

use super::calls::{GiftLine, Gifts, load_gifts};
use crate::pieces::{EmptyState, Glyph, Icon, Money, Page, Section, Tab, hue_class};
use crate::visitor::LoadedPage;
use crate::words::{self, brief, moment, words};
use domain::Timestamp;
use domain::gifting::State;
use leptos::prelude::*;

#[component]
pub fn GiftsPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_gifts());
    view! {
        <LoadedPage data let:gifts>
            <List gifts />
        </LoadedPage>
    }
}

#[component]
fn List(gifts: Gifts) -> impl IntoView {
    let t = &words().gift;
    let Gifts { waiting, sent, received, now } = gifts;
    let is_empty = waiting.is_empty() && sent.is_empty() && received.is_empty();
    let section = |title: &'static str, lines: Vec<GiftLine>| {
        (!lines.is_empty()).then(|| {
            let rows = lines.into_iter().map(|line| view! { <GiftRow line now /> }).collect_view();
            view! { <Section title><div class="group">{rows}</div></Section> }
        })
    };
    let inside = if is_empty {
        view! { <EmptyState glyph=Glyph::Gift title=t.none_title lead=t.none href="/#vouchers" action=t.to_wallet /> }.into_any()
    } else {
        view! { {section(t.waiting_title, waiting)} {section(t.received_title, received)} {section(t.sent_title, sent)} }.into_any()
    };
    view! {
        <Page title=t.list_title back="/" tab=Tab::Home>
            <div class="lots-page">{inside}</div>
        </Page>
    }
    .into_any()
}

/// A gift in a list; opens its page.
#[component]
pub fn GiftRow(
    line: GiftLine,
    now: Timestamp,
    /// Among other things: whether it was given or received is said too.
    #[prop(optional)]
    says_side: bool,
) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().gift);
    let state = if line.is_ahead && line.state == State::Waiting { t.state_ahead } else { words::gift_state(lang, line.state) };
    let waits = line.state == State::Waiting;
    let when = if waits { t.until(&moment(lang, line.ends_at, now)) } else { brief(lang, line.at, now) };
    let title = line.who.unwrap_or_else(|| t.by_link.to_owned());
    let side = if line.is_sent { t.sent_page } else { t.received_title };
    let side = says_side.then(|| format!("{side} · "));
    let class = format!("row {}", hue_class(line.kind.scope));
    view! {
        <a class=class class:is-cancelled=line.state.is_back() href=line.href>
            <span class="row-sign row-sign-kind" aria-hidden="true"><Icon glyph=Glyph::Gift /></span>
            <span class="row-words">
                <span class="row-title">{title}</span>
                <span class="row-note">
                    {side} <span class="row-state" class:is-open=waits>{state}</span> " · " {when}
                </span>
            </span>
            <span class="row-amount"><Money amount=line.amount /></span>
        </a>
    }
    .into_any()
}

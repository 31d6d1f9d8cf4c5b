//! `/gifts/:gift`: a gift as its sender follows it: to whom, until when, the link to pass on, and the way back.

use super::calls::{SentView, TakeGiftBack, load_sent};
use super::card::GiftCard;
use crate::pieces::{Button, ErrorNote, Facts, LinkButton, Look, Page, QrPicture, Section, Slip, SlipButtons, Tab};
use crate::visitor::{LoadedPage, failure};
use crate::words::{self, kind_name, moment, money, words};
use domain::gifting::State;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn SentGiftPage() -> impl IntoView {
    let params = use_params_map();
    // Above what is loaded: its answer outlives a reload.
    let back = ServerAction::<TakeGiftBack>::new();
    let asked = move || (params.with(|params| params.get("gift")).unwrap_or_default(), back.version().get());
    let data = Resource::new_blocking(asked, |(gift, _)| load_sent(gift));
    view! {
        <LoadedPage data let:view>
            <Page title=words().gift.sent_page back="/gifts" tab=Tab::Home>
                <Sent view back />
            </Page>
        </LoadedPage>
    }
}

#[component]
fn Sent(view: SentView, back: ServerAction<TakeGiftBack>) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().gift);
    let SentView { gift, to, receiver, link, now } = view;
    let is_ahead = gift.delivers_at > now;
    let waits = gift.state == State::Waiting;
    let lead = match gift.state {
        State::Waiting if is_ahead => t.sent_ahead(&moment(lang, gift.delivers_at, now)),
        State::Waiting if to.is_some() => t.sent_phone.to_owned(),
        State::Waiting => t.sent_link.to_owned(),
        State::Accepted => t.sent_accepted.to_owned(),
        State::Declined => t.sent_declined.to_owned(),
        State::TakenBack => t.sent_taken_back.to_owned(),
        State::Returned => t.sent_returned.to_owned(),
    };
    let state = if waits && is_ahead { t.state_ahead } else { words::gift_state(lang, gift.state) };
    let whom = receiver.or_else(|| to.clone()).unwrap_or_else(|| t.by_link.to_owned());
    let mut facts = vec![
        (t.whom.to_owned(), whom),
        (t.state.to_owned(), state.to_owned()),
        (words().refund.voucher.to_owned(), kind_name(lang, &gift.kind).to_owned()),
        (t.given_at.to_owned(), moment(lang, gift.created_at, now)),
    ];
    if waits {
        facts.push((t.ends.to_owned(), moment(lang, gift.ends_at, now)));
    }
    facts.extend(gift.decided_at.map(|at| (t.decided.to_owned(), moment(lang, at, now))));
    let thanks = gift.thanks.clone().map(|thanks| {
        view! {
            <Section title=t.thanks_title>
                <p class="gift-word">{String::from(thanks)}</p>
            </Section>
        }
    });
    let pass_on = (waits && to.is_none() && !is_ahead).then(|| {
        let lines = vec![(t.link.to_owned(), link.clone())];
        let name = kind_name(lang, &gift.kind).to_owned();
        let slip = Slip { title: t.slip_title.to_owned(), name, amount: money(lang, gift.amount), lines, drawn: None };
        view! {
            <Section title=t.link_title>
                <p class="refund-note">{t.link_lead}</p>
                <QrPicture content=link.clone() label=t.link_title.to_owned() />
                <p class="gift-link"><a href=link.clone()>{link.clone()}</a></p>
                <SlipButtons slip />
            </Section>
        }
    });
    let error = failure(back);
    let take_back = waits.then(|| {
        view! {
            {move || error.get().map(|message| view! { <ErrorNote message /> })}
            <ActionForm action=back>
                <input type="hidden" name="gift" value=gift.id.to_string() />
                <Button look=Look::Line busy=back.pending()>{t.take_back}</Button>
            </ActionForm>
            <p class="refund-note">{t.take_back_note}</p>
        }
    });
    view! {
        <div class="gift-page">
            <p class="lead" role="status">{lead}</p>
            <GiftCard gift from=None />
            {thanks}
            <Facts facts />
            {pass_on}
            {take_back}
            <LinkButton href="/gifts" look=Look::Soft>{t.to_list}</LinkButton>
        </div>
    }
    .into_any()
}

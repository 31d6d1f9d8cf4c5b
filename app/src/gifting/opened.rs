//! `/gift/:link`: a gift as whoever has its link opens it. Whoever is no member sees it too, and becomes one to accept it.

use super::calls::{AcceptGift, DeclineGift, Looks, OpenedView, Thank, open_gift};
use super::card::GiftCard;
use crate::pieces::{Button, ErrorNote, Facts, LinkButton, Look, Page, Section};
use crate::start::next::Next;
use crate::visitor::{LoadedPage, failure};
use crate::words::{self, date, moment, words};
use domain::gifting::{Message, State};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What may be done here. Made once a page, above what is loaded: their answers outlive a reload.
#[derive(Copy, Clone)]
struct Actions {
    accept: ServerAction<AcceptGift>,
    decline: ServerAction<DeclineGift>,
    thank: ServerAction<Thank>,
}

#[component]
pub fn OpenGiftPage() -> impl IntoView {
    let params = use_params_map();
    let actions = Actions { accept: ServerAction::new(), decline: ServerAction::new(), thank: ServerAction::new() };
    let asked = move || {
        let versions = (actions.accept.version().get(), actions.decline.version().get(), actions.thank.version().get());
        (params.with(|params| params.get("link")).unwrap_or_default(), versions)
    };
    let data = Resource::new_blocking(asked, |(link, _)| open_gift(link));
    view! {
        <LoadedPage data let:view>
            <Page title=words().gift.open_title back="/">
                <Opened view actions />
            </Page>
        </LoadedPage>
    }
}

#[component]
fn Opened(view: OpenedView, actions: Actions) -> impl IntoView {
    let t = &words().gift;
    let (gift, sender, is_mine) = (view.gift.clone(), view.sender.clone(), view.is_mine);
    let errors = [failure(actions.accept), failure(actions.decline), failure(actions.thank)];
    let error = move || errors.iter().find_map(|error| error.get()).map(|message| view! { <ErrorNote message /> });
    let is_over = view.now >= gift.ends_at;
    let inside = match (gift.state, view.looks) {
        (_, Looks::Sender) => view! {
            <p class="lead">{t.own}</p>
            <LinkButton href=format!("/gifts/{}", gift.id)>{t.to_sent}</LinkButton>
        }
        .into_any(),
        (State::Accepted, _) if is_mine => view! { <Mine view actions /> }.into_any(),
        (State::Waiting, Looks::Receiver) if !is_over => view! { <Answer view actions /> }.into_any(),
        (State::Waiting, Looks::Stranger) if !is_over => {
            let next = Next::parse(&format!("/gift/{}", view.link));
            view! {
                <p class="lead">{t.stranger}</p>
                <LinkButton href=next.behind("/start")>{t.sign_in}</LinkButton>
                <p class="refund-note">{t.until(&moment(words::lang(), gift.ends_at, view.now))}</p>
            }
            .into_any()
        }
        _ => view! { <p class="lead">{t.over}</p> }.into_any(),
    };
    view! {
        <div class="gift-page">
            <GiftCard gift from=Some(sender) />
            {error}
            {inside}
        </div>
    }
    .into_any()
}

#[component]
fn Answer(view: OpenedView, actions: Actions) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().gift);
    let OpenedView { gift, link, now, .. } = view;
    let declined = link.clone();
    let facts = vec![
        (t.where_to_spend.to_owned(), words::scope(lang, gift.kind.scope).to_owned()),
        (t.ends.to_owned(), moment(lang, gift.ends_at, now)),
    ];
    view! {
        <Facts facts />
        <p class="refund-note">{t.terms}</p>
        <ActionForm action=actions.accept>
            <input type="hidden" name="link" value=link />
            <Button busy=actions.accept.pending()>{t.accept}</Button>
        </ActionForm>
        <ActionForm action=actions.decline>
            <input type="hidden" name="link" value=declined />
            <Button look=Look::Line busy=actions.decline.pending()>{t.decline}</Button>
        </ActionForm>
        <p class="refund-note">{t.decline_note}</p>
    }
    .into_any()
}

/// It is in the wallet: to spend it, and to say a word.
#[component]
fn Mine(view: OpenedView, actions: Actions) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().gift);
    let OpenedView { gift, link, .. } = view;
    let accepted = gift.decided_at.map(|at| date(lang, at)).unwrap_or_default();
    let thanks = match gift.thanks {
        Some(thanks) => view! {
            <Section title=t.thanked_title>
                <p class="gift-word">{String::from(thanks)}</p>
            </Section>
        }
        .into_any(),
        None => view! {
            <Section title=t.thank_title>
                <ActionForm action=actions.thank attr:class="gift-form">
                    <input type="hidden" name="link" value=link />
                    <label class="for-ears" for="thanks">{t.thank_title}</label>
                    <textarea class="field-input" id="thanks" name="thanks" rows="2" required maxlength=Message::CHARS_MAX.to_string() placeholder=t.thank_hint></textarea>
                    <Button look=Look::Soft busy=actions.thank.pending()>{t.thank}</Button>
                </ActionForm>
            </Section>
        }
        .into_any(),
    };
    view! {
        <p class="lead" role="status">{t.accepted(&accepted)}</p>
        <LinkButton href=format!("/vouchers/{}", gift.kind.id)>{t.to_vouchers}</LinkButton>
        {thanks}
    }
    .into_any()
}

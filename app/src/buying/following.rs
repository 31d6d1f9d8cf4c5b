//! `/buy/:purchase`: a purchase from the bank's answer to its receipt. It may be left and found again; with the wasm it
//! follows by itself, without it the page loads itself anew.

use super::calls::{PurchaseViewed, purchase_view};
use super::given_back::GivenBack;
use crate::pieces::{BankProgress, Facts, Glyph, Icon, LinkButton, Look, Pace, Page, Receipt, SlipButtons, SlipPaper};
use crate::visitor::LoadedPage;
use crate::words::{self, amount, bank_reason, kind_name, moment, money, words};
use domain::Timestamp;
use domain::buying::{Purchase, State};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Longer than this, and people wonder.
const USUAL_MS: i64 = 4_000;

/// Without JavaScript the page asks again by loading itself. (A literal in the view would be taken for an attribute.)
const ASK_AGAIN: &str = r#"<noscript><meta http-equiv="refresh" content="4"></noscript>"#;

/// How a page looks: it is drawn anew when this changes, not at each question.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Done,
    Failed,
}

fn stage(state: State) -> Stage {
    match state {
        State::Reserved | State::Unknown => Stage::Waiting,
        State::Posted => Stage::Done,
        State::Voided | State::Refunding | State::Refunded => Stage::Failed,
    }
}

fn pace(purchase: &Purchase, now: Timestamp) -> Pace {
    let waited_ms = now.as_millisecond() - purchase.created_at.as_millisecond();
    if purchase.state == State::Unknown || waited_ms > USUAL_MS { Pace::Slow } else { Pace::Usual }
}

#[component]
pub fn PurchasePage() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("purchase")).unwrap_or_default();
    let data = Resource::new_blocking(id, purchase_view);
    view! {
        <LoadedPage data let:view>
            <Page title=words().buy.title back="/">
                <Following view />
            </Page>
        </LoadedPage>
    }
}

#[component]
fn Following(view: PurchaseViewed) -> impl IntoView {
    let latest = RwSignal::new(view);
    follow(latest);
    let state = Signal::derive(move || latest.with(|view| view.purchase.state));
    let pace = Signal::derive(move || latest.with(|view| pace(&view.purchase, view.now)));
    let (state, pace) = (Memo::new(move |_| state.get()), Memo::new(move |_| pace.get()));
    let stage = Memo::new(move |_| stage(state.get()));
    move || match stage.get() {
        Stage::Waiting => view! { <Waiting view=latest.get_untracked() state pace /> }.into_any(),
        Stage::Done => view! { <Done view=latest.get_untracked() /> }.into_any(),
        Stage::Failed => view! { <Failed latest /> }.into_any(),
    }
}

#[component]
fn Waiting(view: PurchaseViewed, #[prop(into)] state: Signal<State>, #[prop(into)] pace: Signal<Pace>) -> impl IntoView {
    let (lang, t) = (words::lang(), words());
    let Purchase { id, kind, price, .. } = view.purchase;
    view! {
        <div class="following">
            <h2 class="stage-title">{t.progress.title}</h2>
            <p class="lead">
                {kind_name(lang, &kind).to_owned()} " " {amount(lang, price.face)} " · " {t.buy.you_pay(&money(lang, price.paid))}
            </p>
            <BankProgress state pace />
            <div class="actions">
                <a class="button button-soft without-js" href=format!("/buy/{id}")>{t.progress.update}</a>
                <LinkButton href="/" look=Look::Line>{t.common.go_home}</LinkButton>
            </div>
            <div inner_html=ASK_AGAIN></div>
        </div>
    }
}

#[component]
fn Done(view: PurchaseViewed) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().progress);
    let slip = super::slip::slip(lang, &view);
    let PurchaseViewed { purchase, account, refunds, now } = view;
    let face = amount(lang, purchase.price.face);
    let is_given_back = !refunds.is_empty();
    let head = if is_given_back {
        view! { <GivenBack refunds now /> }.into_any()
    } else {
        view! {
            <div role="status">
                <h2 class="stage-title"><span class="stage-sign is-good"><Icon glyph=Glyph::Check /></span>{t.done_title}</h2>
                <p class="lead">{t.done(&face)}</p>
            </div>
        }
        .into_any()
    };
    let is_good = !is_given_back && purchase.expires_at.is_none_or(|at| now < at);
    let pay = is_good.then(|| view! { <LinkButton href="/pay">{t.pay_now}</LinkButton> });
    view! {
        <div class="following is-done">
            {head}
            <Receipt purchase now is_given_back />
            {account.map(|account| view! { <Facts facts=vec![(words().me.bank.to_owned(), account)] /> })}
            <SlipButtons slip=slip.clone() />
            <SlipPaper slip />
            <div class="actions">
                {pay}
                <LinkButton href="/" look=Look::Soft>{t.to_wallet}</LinkButton>
            </div>
        </div>
    }
    .into_any()
}

/// Voided, or debited late and on its way back.
#[component]
fn Failed(latest: RwSignal<PurchaseViewed>) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().progress);
    let title = move || match latest.with(|view| view.purchase.state) {
        State::Refunding | State::Refunded => words::state(lang, latest.with(|view| view.purchase.state)),
        _ => t.failed_title,
    };
    let why = move || {
        latest.with(|view| match (view.purchase.state, view.purchase.reason) {
            (State::Voided, Some(reason)) => bank_reason(lang, reason),
            (state, _) => words::state_sentence(lang, state),
        })
    };
    let charged = move || latest.with(|view| view.purchase.state == State::Voided).then_some(t.not_charged);
    let again = latest.with_untracked(|view| format!("/buy?amount={}", view.purchase.price.face.get()));
    let facts = latest.with_untracked(|view| {
        let purchase = &view.purchase;
        vec![
            (t.received.to_owned(), format!("{} {}", kind_name(lang, &purchase.kind), money(lang, purchase.price.face))),
            (t.paid_from_bank.to_owned(), money(lang, purchase.price.paid)),
            (t.when.to_owned(), moment(lang, purchase.created_at, view.now)),
            (t.receipt_number.to_owned(), purchase.id.to_string()),
        ]
    });
    view! {
        <div class="following is-failed">
            <div role="status">
                <h2 class="stage-title"><span class="stage-sign is-bad"><Icon glyph=Glyph::Alert /></span>{title}</h2>
                <p class="lead">{why}</p>
                {move || charged().map(|words| view! { <p class="lead">{words}</p> })}
            </div>
            <Facts facts />
            <div class="actions">
                <LinkButton href=again>{t.try_again}</LinkButton>
                <LinkButton href="/" look=Look::Soft>{words().common.go_home}</LinkButton>
            </div>
        </div>
    }
}

/// Is there still something to hear from the bank?
fn is_open(state: State) -> bool {
    matches!(state, State::Reserved | State::Unknown | State::Refunding)
}

/// Asks after one second, then slower, at most every three; not while nobody looks.
#[cfg(feature = "hydrate")]
fn follow(latest: RwSignal<PurchaseViewed>) {
    use gloo_timers::future::TimeoutFuture;
    const FIRST_MS: u32 = 1_000;
    const SLOWEST_MS: u32 = 3_000;
    Effect::new(move |_| {
        leptos::task::spawn_local(async move {
            let mut wait_ms = FIRST_MS;
            loop {
                // The page was left, or there is no more to come.
                let Some((id, state)) = latest.try_with_untracked(|view| (view.purchase.id, view.purchase.state)) else { return };
                if !is_open(state) {
                    return;
                }
                TimeoutFuture::new(wait_ms).await;
                wait_ms = (wait_ms + wait_ms / 4).min(SLOWEST_MS);
                if document().hidden() {
                    continue;
                }
                if let Ok(view) = purchase_view(id.to_string()).await {
                    // Disposed while the answer was on its way: nobody is looking.
                    let _ = latest.try_set(view);
                }
            }
        });
    });
}

#[cfg(not(feature = "hydrate"))]
fn follow(latest: RwSignal<PurchaseViewed>) {
    // The server sends the page as it is now.
    let _ = (latest, is_open);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_holds_waits_and_only_what_is_posted_is_done() {
        for state in State::ALL {
            assert_eq!(stage(state) == Stage::Waiting, state.holds(), "{state:?}");
            assert_eq!(stage(state) == Stage::Done, state == State::Posted, "{state:?}");
        }
    }
}

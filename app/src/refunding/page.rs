//! `/refund/:lot`: what comes back, where to, and the PIN. Nothing is typed but that: a lot is refunded whole or not at all.

use super::calls::{AskRefund, RefundDesk, load_desk};
use super::parts;
use crate::pieces::{EmptyState, Facts, Glyph, LinkButton, Money, MoneySize, Page, PinConfirm};
use crate::visitor::{LoadedPage, failed};
use crate::words::{self, kind_name, money, words};
use domain::Won;
use domain::kind::Price;
use domain::refunding::{Quote, quote};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn AskRefundPage() -> impl IntoView {
    let params = use_params_map();
    let data = Resource::new_blocking(move || params.with(|params| params.get("lot")).unwrap_or_default(), load_desk);
    view! {
        <LoadedPage data let:desk>
            <Desk desk />
        </LoadedPage>
    }
}

#[component]
fn Desk(desk: RefundDesk) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().refund);
    let back = format!("/vouchers/{}", desk.kind.id);
    let inside = match quote(&desk.lot, desk.now) {
        Quote::Now(price) => view! { <Ask desk price kept=None /> }.into_any(),
        Quote::Expired { price, kept } => view! { <Ask desk price kept=Some(kept) /> }.into_any(),
        Quote::After { spend, back: comes } => {
            let lead = t.later(&money(lang, spend), &money(lang, comes));
            view! { <EmptyState glyph=Glyph::Ticket title=t.not_yet_title lead href=back.clone() action=t.to_lots /> }.into_any()
        }
        Quote::Nothing => {
            view! { <EmptyState glyph=Glyph::Ticket title=t.cant_title lead=t.never href=back.clone() action=t.to_lots /> }.into_any()
        }
    };
    view! { <Page title=t.title back=back>{inside}</Page> }.into_any()
}

#[component]
fn Ask(
    desk: RefundDesk,
    price: Price,
    /// The lot's time was over: so much of its price stays with the city.
    kept: Option<Won>,
) -> impl IntoView {
    let (lang, t) = (words::lang(), words());
    let RefundDesk { refund, kind, lot, account, .. } = desk;
    let mut facts = vec![(t.refund.voucher.to_owned(), kind_name(lang, &kind).to_owned())];
    facts.extend(parts(&price, kept));
    let form = match account {
        Some(account) => view! { <PinForm refund=refund.to_string() lot=lot.id.to_string() price account /> }.into_any(),
        None => view! {
            <p class="refund-note">{t.refund.no_account}</p>
            <div class="actions">
                <LinkButton href="/me/bank">{t.start.bank_button}</LinkButton>
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="refund-ask">
            <p class="refund-label">{t.refund.comes_back}</p>
            <p class="pay-hero">
                <Money amount=price.paid size=MoneySize::Hero />
            </p>
            <Facts facts />
            {kept.is_none().then(|| view! { <p class="refund-note">{t.refund.meanwhile}</p> })}
            {form}
        </div>
    }
    .into_any()
}

#[component]
fn PinForm(refund: String, lot: String, price: Price, account: String) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().refund);
    let action = ServerAction::<AskRefund>::new();
    let form = NodeRef::<leptos::html::Form>::new();
    let busy = Signal::derive(move || action.pending().get() || matches!(action.value().get(), Some(Ok(()))));
    let problem = failed(action);
    view! {
        <ActionForm action=action node_ref=form attr:class="pay-confirm">
            <input type="hidden" name="refund" value=refund />
            <input type="hidden" name="lot" value=lot />
            <input type="hidden" name="back" value=price.paid.get().to_string() />
            <p class="refund-note">{t.account_is(&account)}</p>
            <PinConfirm form label=words().buy.pin_title problem busy button=t.refund_now(&money(lang, price.paid)) />
        </ActionForm>
    }
}

//! `/merchant/:number/payments/:payment`: one payment as the shop sees it, and giving it back, all or a part of it. The amount is asked
//! first and confirmed on its own screen (`?amount=`), so nothing is given back by a slip of the thumb.

use super::tries::{Told, Tries};
use super::{base, my_role};
use crate::Error;
use crate::pieces::{
    AmountPad, Banner, Button, ErrorNote, Facts, LinkButton, Look, Money, MoneySize, Section, ShopPage, ShopTab, Tone, device_now,
};
use crate::visitor::{LoadedPage, failed};
use crate::words::{self, lang, money, words};
use domain::amount_input::parse_won;
use domain::cancelling::Cancellable;
use domain::merchant::{Merchant, Role};
use domain::paying::Payment;
use domain::{CancelId, Refused, Timestamp, Won};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// A payment of a shop that I work for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopPayment {
    pub role: Role,
    pub payment: Payment,
    /// What was given back, and when; oldest first.
    pub parts: Vec<(Won, Timestamp)>,
    /// How the shop heard of it.
    pub told: Vec<Told>,
    /// For giving (more) back; made by the server, so that a page rendered there and one alive in the browser are the same.
    pub cancel: CancelId,
}

#[server(prefix = "/api", endpoint = "merchant/payment")]
pub async fn load_shop_payment(number: String, payment: String) -> Result<ShopPayment, Error> {
    use crate::web::{answer, new_id, services};
    use store::Viewer;
    answer(async {
        let (_, proof) = super::my_shop(&number).await?;
        let id = payment.parse().map_err(|_| Error::NotFound)?;
        let store = services().store;
        let payment = store.payment(Viewer::Staff(&proof), id).await?.ok_or(Error::NotFound)?;
        let parts: Vec<(Won, Timestamp)> = store.cancelled_parts(id).await?.into_iter().map(|part| (part.amount, part.at)).collect();
        let moments: Vec<Timestamp> = std::iter::once(payment.created_at).chain(parts.iter().map(|(_, at)| *at)).collect();
        let told = store.tries_of_payment(proof.merchant(), id, &moments).await?.into_iter().map(Told::from).collect();
        let (ms, random) = new_id();
        Ok(ShopPayment { role: proof.role(), payment, parts, told, cancel: CancelId::from_parts(ms, random) })
    })
    .await
}

/// Gives the payer back. The same id again leads to the same page.
#[server(prefix = "/api", endpoint = "merchant/cancel")]
pub async fn cancel_payment(number: String, payment: String, id: String, amount: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services};
    use store::CancelOrder;
    answer(async {
        let (merchant, proof) = super::my_shop(&number).await?;
        let id = id.parse().map_err(|_| Input::Id)?;
        let payment = payment.parse().map_err(|_| Refused::NoSuchPayment)?;
        let amount = parse_won(&amount).map_err(Input::Amount)?;
        let amount = Won::new(amount).map_err(|_| Refused::CancelAmount { left: Won::ZERO })?;
        services().store.cancel(&proof, CancelOrder { id, payment, amount }, now()).await??;
        go(&format!("{}?done=yes", page_of(&merchant, payment)));
        Ok(())
    })
    .await
}

fn page_of(merchant: &Merchant, payment: domain::PaymentId) -> String {
    format!("{}/payments/{payment}", base(merchant))
}

#[component]
pub fn ShopPaymentPage() -> impl IntoView {
    let params = use_params_map();
    let of = move || params.with(|params| (params.get("number").unwrap_or_default(), params.get("payment").unwrap_or_default()));
    let query = use_query_map();
    // A page that has given something back is loaded anew.
    let done = Memo::new(move |_| query.with(|query| query.get("done").is_some()));
    let data = Resource::new_blocking(move || (of(), done.get()), |((number, payment), _)| load_shop_payment(number, payment));
    let amount = Memo::new(move |_| query.with(|query| query.get("amount")));
    view! {
        <LoadedPage data let:shown>
            <Shown shown amount=amount done=done />
        </LoadedPage>
    }
    .into_any()
}

#[component]
fn Shown(shown: ShopPayment, #[prop(into)] amount: Signal<Option<String>>, #[prop(into)] done: Signal<bool>) -> impl IntoView {
    let t = &words().cancel;
    let merchant = shown.payment.merchant.clone();
    let shop = merchant.name.clone();
    let role = shown.role;
    view! {
        <ShopPage title=t.title shop base=base(&merchant) role current=ShopTab::Payments>
            <div class="shop-payment">
                {move || done.get().then(|| view! { <div role="status"><Banner tone=Tone::Good>{t.done}</Banner></div> })}
                <Figures shown=shown.clone() />
                <Tries told=shown.told.clone() />
                {
                    let shown = shown.clone();
                    move || giving_back(shown.clone(), amount.get())
                }
            </div>
        </ShopPage>
    }
    .into_any()
}

#[component]
fn Figures(shown: ShopPayment) -> impl IntoView {
    let (lang, w, t) = (lang(), words(), &words().cancel);
    let ShopPayment { payment, parts, .. } = shown;
    let when = |at: Timestamp| format!("{} {}", words::date(lang, at), words::clock(at));
    let state = match payment.cancelled {
        none if none.is_zero() => w.shop.paid.to_owned(),
        all if all == payment.amount => t.all_cancelled.to_owned(),
        part => t.part_cancelled(&money(lang, part)),
    };
    let mut facts = vec![
        (t.state.to_owned(), state),
        (w.history.code.to_owned(), payment.code.to_string()),
        (w.history.paid_at.to_owned(), when(payment.created_at)),
    ];
    facts.extend(parts.iter().map(|(amount, at)| (t.cancelled_at(&when(*at)), format!("−{}", money(lang, *amount)))));
    if !payment.cancelled.is_zero() {
        facts.push((t.kept.to_owned(), money(lang, payment.amount.left_after(payment.cancelled))));
    }
    facts.push((w.history.payment_id.to_owned(), payment.id.to_string()));
    view! {
        <section class="card">
            <p class="pay-hero"><Money amount=payment.amount size=MoneySize::Hero /></p>
            <Facts facts />
        </section>
    }
    .into_any()
}

fn giving_back(shown: ShopPayment, typed: Option<String>) -> AnyView {
    let t = &words().cancel;
    let payment = &shown.payment;
    let facts = Cancellable { merchant: payment.merchant.id, amount: payment.amount, cancelled: payment.cancelled };
    if facts.left().is_zero() {
        return ().into_any();
    }
    if !my_role::may_cancel(shown.role) {
        return view! { <p class="lead">{t.managers_only}</p> }.into_any();
    }
    match typed.map(|typed| (agreed(&typed, facts.left()), typed)) {
        Some((Ok(amount), _)) => view! { <Confirm shown amount /> }.into_any(),
        Some((Err(error), typed)) => view! { <HowMuch shown left=facts.left() typed error=Some(error) /> }.into_any(),
        None => {
            let typed = facts.left().get().to_string();
            view! { <HowMuch shown left=facts.left() typed error=None /> }.into_any()
        }
    }
}

/// The amount, when so much can be given back.
fn agreed(typed: &str, left: Won) -> Result<Won, Error> {
    let amount = parse_won(typed).map_err(crate::error::Input::Amount)?;
    Ok(Won::new(amount).ok().filter(|amount| *amount <= left).ok_or(Refused::CancelAmount { left })?)
}

#[component]
fn HowMuch(shown: ShopPayment, left: Won, typed: String, error: Option<Error>) -> impl IntoView {
    let (lang, t) = (lang(), &words().cancel);
    let value = RwSignal::new(typed);
    let error = Signal::derive(move || error.as_ref().map(|error| error.say(lang, device_now())));
    let action = page_of(&shown.payment.merchant, shown.payment.id);
    view! {
        <Section title=t.give_back>
            <p class="lead">{t.lead}</p>
            <Form method="GET" action=action attr:class="pay-amount">
                <AmountPad
                    value
                    label=t.how_much
                    most=Signal::stored(left)
                    steps=Vec::new()
                    hint=Signal::stored(t.at_most(&money(lang, left)))
                    error
                />
                <div class="actions">
                    <Button look=Look::Line>{t.go_on}</Button>
                </div>
            </Form>
        </Section>
    }
    .into_any()
}

#[component]
fn Confirm(shown: ShopPayment, amount: Won) -> impl IntoView {
    let (lang, t) = (lang(), &words().cancel);
    let action = ServerAction::<CancelPayment>::new();
    let problem = failed(action);
    let busy = Signal::derive(move || action.pending().get() || matches!(action.value().get(), Some(Ok(()))));
    let payment = shown.payment;
    let back = page_of(&payment.merchant, payment.id);
    view! {
        <Section title=t.confirm_title>
            <p class="lead">{t.confirm(&money(lang, amount), &payment.code.to_string())}</p>
            {move || problem.get().map(|error| view! { <ErrorNote message=error.say(lang, device_now()) /> })}
            <ActionForm action=action>
                <input type="hidden" name="number" value=payment.merchant.number.to_string() />
                <input type="hidden" name="payment" value=payment.id.to_string() />
                <input type="hidden" name="id" value=shown.cancel.to_string() />
                <input type="hidden" name="amount" value=amount.get().to_string() />
                <div class="actions">
                    <Button look=Look::Danger busy>{t.button(&money(lang, amount))}</Button>
                    <LinkButton href=back look=Look::Plain>{t.keep}</LinkButton>
                </div>
            </ActionForm>
        </Section>
    }
    .into_any()
}

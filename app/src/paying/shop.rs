//! `/pay/:number`: the shop first, then the amount, then the PIN. What is in a code is a claim; what is shown is what the
//! server knows of the shop.

use super::{Asked, Pay, PayDesk, load_pay_desk};
use crate::Error;
use crate::merchant::photo_path;
use crate::pieces::{
    AmountPad, Button, Choice, CodeClock, EmptyState, ErrorNote, Glyph, Icon, LinkButton, Look, Money, MoneySize, Page, PinConfirm,
    device_now,
};
use crate::visitor::{Loaded, failed};
use crate::words::{self, kind_name, lang, money, words};
use domain::amount_input::parse_won;
use domain::merchant::Merchant;
use domain::paying::{self, MOST};
use domain::spending::{self, Draw};
use domain::{KindId, PhotoId, Refused, Won};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn PayShopPage() -> impl IntoView {
    let t = &words().pay;
    let params = use_params_map();
    let query = use_query_map();
    let once = Memo::new(move |_| query.with(|query| query.get("once")));
    let of = move || (params.with(|params| params.get("number").unwrap_or_default()), once.get());
    let desk = Resource::new_blocking(of, |(number, once)| load_pay_desk(number, once));
    let amount = Memo::new(move |_| query.with(|query| query.get("amount")));
    let kind = Memo::new(move |_| query.with(|query| query.get("kind")?.parse().ok().map(KindId)));
    view! {
        <Page title=t.how_much back="/pay">
            <Loaded data=desk instead=("/pay", t.another_shop) let:desk>
                {move || {
                    let desk = desk.clone();
                    // The shop has typed the amount: only the PIN is asked.
                    if let Some(asked) = desk.asked.clone() {
                        return match agreed(&desk, &asked.amount.get().to_string(), kind.get()) {
                            Ok(bill) => view! { <AskPin desk bill /> }.into_any(),
                            Err(error) => view! { <CantPay desk asked error /> }.into_any(),
                        };
                    }
                    match amount.get().map(|typed| agreed(&desk, &typed, kind.get())) {
                        None => view! { <AskAmount desk typed=String::new() error=None kind=kind.get() /> }.into_any(),
                        Some(Err(refusal)) => {
                            let typed = amount.get().unwrap_or_default();
                            view! { <AskAmount desk typed error=Some(refusal) kind=kind.get() /> }.into_any()
                        }
                        Some(Ok(bill)) => view! { <AskPin desk bill /> }.into_any(),
                    }
                }}
            </Loaded>
        </Page>
    }
}

/// An amount that the wallet can pay here, and out of what.
#[derive(Clone)]
struct Agreed {
    amount: Won,
    kind: Option<KindId>,
    draws: Vec<Draw>,
}

/// The very functions that decide on the server, for a hint in time.
fn agreed(desk: &PayDesk, typed: &str, kind: Option<KindId>) -> Result<Agreed, Error> {
    let amount = parse_won(typed).map_err(crate::error::Input::Amount)?;
    let amount = Won::new(amount).map_err(|_| Refused::PaymentAmount { most: MOST })?;
    let draws = paying::draw(desk.merchant.district, &desk.lots, amount, kind, desk.now)?;
    Ok(Agreed { amount, kind, draws })
}

/// Name and district before anything else.
#[component]
fn ShopHead(merchant: Merchant, photo: Option<PhotoId>) -> impl IntoView {
    let place = words::district(lang(), merchant.district);
    let sign = match photo {
        Some(photo) => view! { <img class="shop-thumb" src=photo_path(photo) alt=words().joining.photo_alt(&merchant.name) /> }.into_any(),
        None => view! { <span class="pay-shop-sign"><Icon glyph=Glyph::Shop /></span> }.into_any(),
    };
    view! {
        <div class="pay-shop">
            {sign}
            <div class="pay-shop-words">
                <p class="pay-shop-name">{merchant.name}</p>
                <p class="pay-shop-place">{place} " · " {merchant.address}</p>
            </div>
        </div>
    }
}

#[component]
fn AskAmount(desk: PayDesk, typed: String, error: Option<Error>, kind: Option<KindId>) -> impl IntoView {
    let (lang, t) = (lang(), &words().pay);
    let usable = usable_by_kind(&desk);
    let all = Won::sum(usable.iter().map(|(_, won)| *won)).unwrap_or(Won::MAX);
    let most_of = move |chosen: Option<KindId>, usable: &[(KindId, Won)]| match chosen {
        Some(kind) => usable.iter().find(|(id, _)| *id == kind).map_or(Won::ZERO, |(_, won)| *won),
        None => all,
    };
    let chosen = RwSignal::new(kind);
    let value = RwSignal::new(typed);
    let figures = usable.clone();
    let most = Signal::derive(move || most_of(chosen.get(), &figures).min(MOST));
    let error = Signal::derive(move || error.as_ref().map(|error| error.say(lang, device_now())));
    let action = desk.merchant.number.pay_path();
    let label = move || match parse_won(&value.get()).ok().and_then(|won| Won::new(won).ok()) {
        Some(won) => t.button(&money(lang, won)),
        None => t.button_empty.to_owned(),
    };
    let place = words::district(lang, desk.merchant.district);
    let steps = [10_000, 50_000].map(Won::of).to_vec();
    if all.is_zero() {
        let nothing = nothing_usable(&desk, place);
        return view! {
            <ShopHead merchant=desk.merchant photo=desk.photo />
            {nothing}
        }
        .into_any();
    }
    let choices = (usable.len() > 1).then(|| {
        let choice = |(id, won): (KindId, Won)| {
            let label = desk.kinds.iter().find(|kind| kind.id == id).map(|kind| kind_name(lang, kind).to_owned()).unwrap_or_default();
            let checked = Signal::derive(move || chosen.get() == Some(id));
            let choose = Callback::new(move |_| chosen.set(Some(id)));
            view! { <Choice name="kind" value=id.to_string() label note=money(lang, won) checked on_choose=choose /> }
        };
        let any = Signal::derive(move || chosen.get().is_none());
        let choose_any = Callback::new(move |_| chosen.set(None));
        view! {
            <fieldset class="pay-kinds">
                <legend class="section-title">{t.change_voucher}</legend>
                <Choice name="kind" value="" label=t.all_vouchers note=t.in_order checked=any on_choose=choose_any />
                {usable.clone().into_iter().map(choice).collect_view()}
            </fieldset>
        }
    });
    view! {
        <ShopHead merchant=desk.merchant.clone() photo=desk.photo />
        <Form method="GET" action=action attr:class="pay-amount">
            <AmountPad value label=t.how_much most steps hint=Signal::derive(move || t.usable(&money(lang, most.get()))) error />
            {choices}
            <div class="dock">
                <Button>{label}</Button>
            </div>
        </Form>
    }
    .into_any()
}

/// The amount is the shop's, so there is nothing to correct here but the wallet.
#[component]
fn CantPay(desk: PayDesk, asked: Asked, error: Error) -> impl IntoView {
    view! {
        <ShopHead merchant=desk.merchant photo=desk.photo />
        <p class="pay-hero">
            <Money amount=asked.amount size=MoneySize::Hero />
        </p>
        <ErrorNote message=error.say(lang(), device_now()) href="/buy" action=words().home.buy_button />
    }
}

/// What each kind in the wallet can pay here.
fn usable_by_kind(desk: &PayDesk) -> Vec<(KindId, Won)> {
    let mut usable: Vec<(KindId, Won)> = Vec::new();
    for lot in spending::order(&desk.lots, desk.merchant.district, None, desk.now) {
        match usable.iter_mut().find(|(kind, _)| *kind == lot.kind) {
            Some((_, won)) => *won = won.plus(lot.left).unwrap_or(Won::MAX),
            None => usable.push((lot.kind, lot.left)),
        }
    }
    usable
}

/// Nothing can be paid here, because of where this shop is.
fn elsewhere(desk: &PayDesk) -> Option<Refused> {
    let refused = paying::draw(desk.merchant.district, &desk.lots, Won::of(1), None, desk.now).err()?;
    matches!(refused, Refused::KindNotUsableHere { .. }).then_some(refused)
}

fn nothing_usable(desk: &PayDesk, place: &str) -> impl IntoView + use<> {
    let t = &words().home;
    let (title, lead) = match desk.lots.as_slice() {
        [] => (t.empty_wallet_title.to_owned(), Some(t.empty_wallet.to_owned())),
        _ => (words().pay.nothing_usable(place), elsewhere(desk).map(|refused| words::refused(lang(), &refused))),
    };
    view! { <EmptyState glyph=Glyph::Ticket title nostrip:lead=lead href="/buy" action=t.buy_button /> }
}

#[component]
fn AskPin(desk: PayDesk, bill: Agreed) -> impl IntoView {
    let (lang, t) = (lang(), &words().pay);
    let action = ServerAction::<Pay>::new();
    let form = NodeRef::<leptos::html::Form>::new();
    let busy = Signal::derive(move || action.pending().get() || matches!(action.value().get(), Some(Ok(()))));
    let problem = failed(action);
    let number = desk.merchant.number.to_string();
    let change = format!("{}?{}", desk.merchant.number.pay_path(), bill.kind.map(|kind| format!("kind={kind}")).unwrap_or_default());
    let change = desk.asked.is_none().then(|| view! { <LinkButton look=Look::Plain href=change>{t.change_voucher}</LinkButton> });
    let once = desk.asked.as_ref().map(|asked| view! { <input type="hidden" name="once" value=asked.nonce.clone() /> });
    let clock = desk.asked.as_ref().map(|asked| view! { <CodeClock until=asked.until now=desk.now /> });
    let kinds = desk.kinds.clone();
    let draws = by_kind(&bill.draws);
    let rows = draws.into_iter().map(move |(id, won)| {
        let name = kinds.iter().find(|kind| kind.id == id).map(|kind| kind_name(lang, kind).to_owned()).unwrap_or_default();
        view! {
            <li class="draw">
                <span>{name}</span>
                <Money amount=won />
            </li>
        }
    });
    view! {
        <ShopHead merchant=desk.merchant.clone() photo=desk.photo />
        <p class="pay-hero">
            <Money amount=bill.amount size=MoneySize::Hero />
        </p>
        <div class="pay-draws">
            <h2 class="for-ears">{t.from_vouchers}</h2>
            <ul class="draws">{rows.collect_view()}</ul>
            {change}
            {clock}
        </div>
        <ActionForm action=action node_ref=form attr:class="pay-confirm">
            {once}
            <input type="hidden" name="payment" value=desk.payment.to_string() />
            <input type="hidden" name="number" value=number />
            <input type="hidden" name="amount" value=bill.amount.get().to_string() />
            {bill.kind.map(|kind| view! { <input type="hidden" name="kind" value=kind.to_string() /> })}
            <PinConfirm form label=t.pin_title problem busy button=t.button(&money(lang, bill.amount)) />
        </ActionForm>
    }
}

fn by_kind(draws: &[Draw]) -> Vec<(KindId, Won)> {
    let mut kinds: Vec<(KindId, Won)> = Vec::new();
    for draw in draws {
        match kinds.iter_mut().find(|(kind, _)| *kind == draw.kind) {
            Some((_, won)) => *won = won.plus(draw.amount).unwrap_or(Won::MAX),
            None => kinds.push((draw.kind, draw.amount)),
        }
    }
    kinds
}

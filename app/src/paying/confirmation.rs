//! `/payments/:payment`: just paid it is the moving confirmation with the code; later it is the receipt.

use super::{Paid, load_payment};
use crate::pieces::{Banner, ConfirmationPulse, Facts, LinkButton, Look, Money, Page, Section, Tab, Tone};
use crate::visitor::Loaded;
use crate::words::{self, kind_name, lang, money, words};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// For so long a payment is confirmed with movement; a screenshot of it is still by then.
const FRESH_S: i64 = 180;

#[component]
pub fn PaymentPage() -> impl IntoView {
    let params = use_params_map();
    let paid = Resource::new_blocking(move || params.with(|params| params.get("payment").unwrap_or_default()), load_payment);
    view! {
        <Page title=words().history.receipt back="/" tab=Tab::History>
            <Loaded data=paid let:paid>
                <Confirmation paid />
            </Loaded>
        </Page>
    }
}

#[component]
fn Confirmation(paid: Paid) -> impl IntoView {
    let (lang, t) = (lang(), words());
    let Paid { payment, kinds, now } = paid;
    let place = words::district(lang, payment.merchant.district);
    let is_fresh = now.duration_since(payment.created_at).as_secs() < FRESH_S && payment.cancelled.is_zero();
    let head = if is_fresh {
        let shop = payment.merchant.name.clone();
        view! { <ConfirmationPulse shop place amount=payment.amount code=payment.code at=payment.created_at /> }.into_any()
    } else {
        view! {
            <div class="paid-head">
                <p class="paid-shop">{payment.merchant.name.clone()}</p>
                <p class="paid-amount">
                    <Money amount=payment.amount />
                </p>
            </div>
        }
        .into_any()
    };
    let cancelled = (!payment.cancelled.is_zero()).then(|| {
        let words = &t.history;
        let text = if payment.cancelled == payment.amount {
            words.cancelled_all.to_owned()
        } else {
            words.cancelled(&money(lang, payment.cancelled))
        };
        view! { <Banner tone=Tone::Warn>{text}</Banner> }
    });
    let facts = vec![
        (t.history.shop.to_owned(), format!("{} · {place}", payment.merchant.name)),
        (t.history.paid_at.to_owned(), format!("{} {}", words::date(lang, payment.created_at), words::clock(payment.created_at))),
        (t.history.amount.to_owned(), money(lang, payment.amount)),
        (t.history.code.to_owned(), payment.code.to_string()),
        (t.history.payment_id.to_owned(), payment.id.to_string()),
    ];
    let draws = payment.draws.iter().map(|draw| {
        let name = kinds.iter().find(|kind| kind.id == draw.kind).map(|kind| kind_name(lang, kind).to_owned()).unwrap_or_default();
        (name, money(lang, draw.amount))
    });
    let draws: Vec<_> = draws.collect();
    view! {
        {head}
        {cancelled}
        <Section title=t.pay.see_receipt>
            <Facts facts />
        </Section>
        <Section title=t.history.lots_used>
            <Facts facts=draws />
        </Section>
        <div class="dock">
            <LinkButton look=if is_fresh { Look::Primary } else { Look::Line } href="/">{t.pay.finish}</LinkButton>
        </div>
    }
}

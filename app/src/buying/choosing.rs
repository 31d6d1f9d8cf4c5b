//! Which kinds are on sale, and where the chosen one stands for whoever looks: the own window, the clock, the stock in words, and
//! when nothing can be bought, why and what next.

use super::offer::Offer;
use crate::pieces::{Banner, Glyph, Icon, LinkButton, Look, SaleClock, Tone, hue_class};
use crate::words::{self, amount, kind_name, moment, percent, time_of_day, words};
use domain::calendar::{Day, Span};
use domain::sale::Phase;
use domain::{Refused, Timestamp};
use leptos::prelude::*;
use std::time::Duration;

/// The chosen kind, which opens the others to choose from. They are links: they work without the wasm. A single one is only
/// named.
#[component]
pub(super) fn Kinds(offers: Vec<Offer>, current: Memo<Option<Offer>>, now: Timestamp) -> impl IntoView {
    let t = words();
    if offers.len() < 2 {
        return offers.into_iter().next().map(|only| view! { <div class=offer_class(&only)>{named(&only, now)}</div> }).into_any();
    }
    let open = RwSignal::new(false);
    let cards = offers
        .into_iter()
        .map(|offer| {
            let id = offer.window.id;
            let is_chosen = move || current.with(|current| current.as_ref().is_some_and(|current| current.window.id == id));
            view! {
                <li>
                    <a
                        class=offer_class(&offer)
                        href=format!("/buy?window={id}")
                        aria-current=move || is_chosen().then_some("true")
                        on:click=move |_| open.set(false)
                    >
                        {named(&offer, now)}
                        <span class="offer-check"><Icon glyph=Glyph::Check /></span>
                    </a>
                </li>
            }
        })
        .collect_view();
    let chosen =
        move || current.get().map(|offer| view! { <span class=offer_class(&offer)>{named(&offer, now)}<Icon glyph=Glyph::Down /></span> });
    view! {
        <details class="offers" prop:open=move || open.get() on:toggle:target=move |event| open.set(event.target().open())>
            <summary class="offers-chosen"><span class="for-ears">{t.buy.choose_kind}</span>{chosen}</summary>
            <ul class="offer-list">{cards}</ul>
        </details>
    }
    .into_any()
}

fn offer_class(offer: &Offer) -> String {
    format!("offer {}", hue_class(offer.kind.scope))
}

/// Name, where it stands, and the discount.
fn named(offer: &Offer, now: Timestamp) -> impl IntoView + use<> {
    let lang = words::lang();
    view! {
        <span class="offer-words">
            <span class="offer-name">{kind_name(lang, &offer.kind).to_owned()}</span>
            <span class="offer-note">{standing(offer, now)}</span>
        </span>
        <span class="offer-discount">{words().voucher.discount(&percent(offer.kind.discount))}</span>
    }
}

/// In a few words, for the list.
fn standing(offer: &Offer, now: Timestamp) -> String {
    let (lang, t) = (words::lang(), words());
    match (&offer.most, offer.window.phase(now)) {
        (Ok(most), _) => t.home.i_may_buy(&amount(lang, *most)),
        (Err(Refused::SoldOut { .. }), _) => t.buy.sold_out_short.to_owned(),
        (Err(_), Phase::Before { opens_at }) => t.home.sale_for_me(&moment(lang, opens_at, now)),
        (Err(_), Phase::Open { .. }) => t.home.sale_open.to_owned(),
        (Err(_), Phase::Closed { .. }) => t.buy.over.to_owned(),
    }
}

/// What a refusal says on this page, where the figures of the moment are at hand.
pub(crate) fn why_not(refused: &Refused, now: Timestamp) -> String {
    let lang = words::lang();
    match refused {
        Refused::SoldOut { total } => words().buy.sold_out(&time_of_day(lang, now), &amount(lang, *total)),
        other => words::refused(lang, other),
    }
}

/// "오전 10시 ~ 오후 2시", with the day when it is another one.
fn span_in_words(span: Span, now: Timestamp) -> String {
    let lang = words::lang();
    let until = if Day::of(span.from()) == Day::of(span.to()) { time_of_day(lang, span.to()) } else { moment(lang, span.to(), now) };
    format!("{} ~ {until}", moment(lang, span.from(), now))
}

/// The own window and its clock, the timetable of the sale, the stock.
#[component]
pub(super) fn Stands(offer: Offer, birth_year: i16, now: Timestamp, again: Callback<()>) -> impl IntoView {
    let (lang, t) = (words::lang(), words());
    let phase = offer.window.phase(now);
    let in_a_moment = Callback::new(move |()| look_again(again));
    let is_sold_out = matches!(offer.most, Err(Refused::SoldOut { .. }));
    let clock = match phase {
        _ if is_sold_out => None,
        Phase::Before { opens_at } => Some((opens_at, t.home.sale_opens_in)),
        Phase::Open { closes_at } => Some((closes_at, t.home.sale_closes_in)),
        Phase::Closed { .. } => None,
    }
    .map(|(to, label)| view! { <SaleClock to now label on_end=in_a_moment /> });
    let why = offer.most.clone().err().map(|refused| {
        let tone = match &refused {
            Refused::NotYetOpen { .. } | Refused::AllReserved { .. } => Tone::Info,
            _ => Tone::Warn,
        };
        let (is_reserved, is_full) = (matches!(refused, Refused::AllReserved { .. }), matches!(refused, Refused::HoldingCap { .. }));
        let here = format!("/buy?window={}", offer.window.id);
        let said = match &refused {
            Refused::NotYetOpen { opens_at } if offer.leads_to_room(now) => t.buy.draw_at(&moment(lang, *opens_at, now)),
            other => why_not(other, now),
        };
        view! {
            <Banner tone>
                <p>{said}</p>
            </Banner>
            {is_reserved.then(|| view! { <a class="button button-soft" rel="external" href=here>{t.buy.look_again}</a> })}
            {is_full.then(|| view! { <LinkButton href="/pay" look=Look::Soft>{t.home.pay_button}</LinkButton> })}
        }
    });
    let is_open = matches!(phase, Phase::Open { .. });
    let stock = (is_open && !is_sold_out).then(|| stock(&offer));
    let rows = offer
        .windows
        .iter()
        .map(|window| {
            let is_mine = window.who.admits(birth_year);
            let state = match window.phase(now) {
                Phase::Open { .. } => "window is-open",
                Phase::Before { .. } => "window",
                Phase::Closed { .. } => "window is-over",
            };
            view! {
                <li class=state class:is-mine=is_mine>
                    <span class="window-when">{span_in_words(window.span, now)}</span>
                    <span class="window-who">{words::who(lang, window.who)}</span>
                    {is_mine.then(|| view! { <span class="window-mine tag tag-brand">{t.buy.mine}</span> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="stands" class:is-waiting=!is_open aria-label=t.buy.windows>
            <div class="stands-top">{clock} {stock}</div>
            {why}
            <details class="windows" open=!is_open>
                <summary class="windows-title">{t.buy.windows}<Icon glyph=Glyph::Down /></summary>
                <ol class="window-list">{rows}</ol>
            </details>
        </section>
    }
}

/// How much of the window's own amount is left, and what others are paying for just now.
fn stock(offer: &Offer) -> impl IntoView + use<> {
    let (lang, t) = (words::lang(), words());
    let left = offer.pool.left().rounded_down_to(offer.kind.unit);
    let held = (!offer.pool.held.is_zero()).then(|| t.buy.stock_reserved(&amount(lang, offer.pool.held)));
    view! {
        <p class="stock">
            <span class="stock-left">{t.buy.pool_left(&amount(lang, left))}</span>
            {held.map(|held| view! { <span class="stock-held">{held}</span> })}
        </p>
    }
}

/// All phones see the same clock end: each asks at its own moment within the next second and a half.
fn look_again(again: Callback<()>) {
    #[cfg(feature = "hydrate")]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let wait_ms = 300 + (js_sys::Math::random() * 1_500.0) as u64;
    #[cfg(not(feature = "hydrate"))]
    let wait_ms = 300;
    set_timeout(move || again.run(()), Duration::from_millis(wait_ms));
}

//! `/gifts/new/:kind`: how much out of which lots, for whom, on which card, with which words, when; and the PIN.

use super::calls::{GiftDesk, Give, load_gift_desk};
use super::card::{Picture, name};
use crate::pieces::{Choice, EmptyState, Field, Glyph, Need, Page, PinConfirm, Section, Tab};
use crate::visitor::{LoadedPage, failed};
use crate::words::{self, expires, kind_name, money, words};
use domain::amount_input;
use domain::calendar::in_seoul;
use domain::gifting::{self, Card, Message};
use domain::spending::Lot;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Characters of an amount with its separators.
const AMOUNT_CHARS: u16 = 12;
const PHONE_CHARS: u16 = 20;

#[component]
pub fn GivePage() -> impl IntoView {
    let params = use_params_map();
    let data = Resource::new_blocking(move || params.with(|params| params.get("kind")).unwrap_or_default(), load_gift_desk);
    view! {
        <LoadedPage data let:desk>
            <Desk desk />
        </LoadedPage>
    }
}

#[component]
fn Desk(desk: GiftDesk) -> impl IntoView {
    let t = &words().gift;
    let back = format!("/vouchers/{}", desk.kind.id);
    let inside = if desk.lots.is_empty() {
        let t = &words().refund;
        view! { <EmptyState glyph=Glyph::Ticket title=t.none_title lead=t.none href=back.clone() action=t.to_lots /> }.into_any()
    } else {
        view! { <Form desk /> }.into_any()
    };
    view! { <Page title=t.title back tab=Tab::Home>{inside}</Page> }.into_any()
}

#[component]
fn Form(desk: GiftDesk) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().gift);
    let GiftDesk { gift, kind, lots, now } = desk;
    let action = ServerAction::<Give>::new();
    let form = NodeRef::<leptos::html::Form>::new();
    let busy = Signal::derive(move || action.pending().get() || matches!(action.value().get(), Some(Ok(()))));
    let problem = failed(action);
    let typed: Vec<RwSignal<String>> = lots.iter().map(|_| RwSignal::new(String::new())).collect();
    let amounts = typed.clone();
    let total = Memo::new(move |_| {
        let parts = amounts.iter().filter_map(|typed| amount_input::parse_won(&typed.get()).ok()).map(Won::of);
        Won::sum(parts).unwrap_or(Won::MAX)
    });
    let parts = lots.into_iter().zip(typed).enumerate().map(|(at, (lot, typed))| view! { <PartField at lot typed /> }).collect_view();
    let cards = Card::ALL.map(|card| view! { <CardChoice card /> }).collect_view();
    let in_all = move || (!total.get().is_zero()).then(|| view! { <p class="gift-total">{t.total(&money(lang, total.get()))}</p> });
    view! {
        <ActionForm action=action node_ref=form attr:class="gift-form">
            <input type="hidden" name="typed[gift]" value=gift.to_string() />
            <input type="hidden" name="typed[kind]" value=kind.id.to_string() />
            <Section title=t.how_much>
                <p class="refund-note">{t.how_much_lead(kind_name(lang, &kind))}</p>
                <div class="gift-parts">{parts}</div>
                <div aria-live="polite">{in_all}</div>
            </Section>
            <Section title=t.to_whom>
                <div class="gift-to">
                    <Choice name="typed[to]" value="phone" label=t.to_phone note=t.to_phone_note checked=Signal::stored(true) />
                    <Choice name="typed[to]" value="link" label=t.to_link note=t.to_link_note />
                    <div class="gift-phone">
                        <Field
                            label=t.phone
                            name="typed[phone]"
                            r#type="tel"
                            inputmode="tel"
                            maxlength=PHONE_CHARS
                            placeholder="010-1234-5678"
                            need=Need::Optional
                        />
                    </div>
                </div>
            </Section>
            <Section title=t.card_title>
                <div class="gift-cards">{cards}</div>
                <label class="field-label" for="message">{t.message}<span class="field-optional">{words().common.optional}</span></label>
                <textarea class="field-input" id="message" name="typed[message]" rows="3" maxlength=Message::CHARS_MAX.to_string() placeholder=t.message_hint></textarea>
            </Section>
            <Section title=t.when_title>
                <DayField now />
            </Section>
            <p class="refund-note">{t.rules}</p>
            <PinConfirm form label=t.pin_label problem busy button=t.give />
        </ActionForm>
    }
    .into_any()
}

/// So much out of this lot; empty is nothing.
#[component]
fn PartField(at: usize, lot: Lot, typed: RwSignal<String>) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().gift);
    let (id, note) = (format!("part-{at}"), format!("part-{at}-note"));
    let all = lot.left.get().to_string();
    view! {
        <div class="gift-part">
            <label class="field-label" for=id.clone()>{crate::refunding::lot_title(&lot)}</label>
            <p class="field-hint" id=note.clone()>{t.left(&money(lang, lot.left))} " · " {expires(lang, lot.expires_at)}</p>
            <input type="hidden" name=format!("typed[parts][{at}][lot]") value=lot.id.to_string() />
            <div class="gift-part-line">
                <input
                    class="field-input"
                    id=id
                    name=format!("typed[parts][{at}][amount]")
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength=AMOUNT_CHARS.to_string()
                    placeholder="0"
                    aria-describedby=note
                    prop:value=move || typed.get()
                    on:input:target=move |event| typed.set(event.target().value())
                />
                <span class="gift-won">{t.won}</span>
                <button class="chip with-js" type="button" on:click=move |_| typed.set(all.clone())>{t.whole}</button>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn CardChoice(card: Card) -> impl IntoView {
    view! {
        <label class=format!("gift-choice gift-{}", card.as_str())>
            <input class="for-ears" type="radio" name="typed[card]" value=card.as_str() checked=card == Card::Plain />
            <Picture card />
            <span>{name(card)}</span>
        </label>
    }
    .into_any()
}

/// Empty: at once.
#[component]
fn DayField(now: Timestamp) -> impl IntoView {
    let t = &words().gift;
    let day = |at: Timestamp| in_seoul(at).date().to_string();
    let (first, last) = (day(now + jiff::SignedDuration::from_hours(24)), day(now + gifting::AHEAD));
    view! {
        <div class="field">
            <label class="field-label" for="day">{t.day}<span class="field-optional">{words().common.optional}</span></label>
            <input class="field-input" id="day" name="typed[day]" type="date" min=first max=last aria-describedby="day-hint" />
            <p class="field-hint" id="day-hint">{t.day_hint}</p>
        </div>
    }
    .into_any()
}

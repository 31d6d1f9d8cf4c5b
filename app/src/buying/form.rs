//! The form that buys: the amount as the hero, what it costs and saves, the two limits, and the PIN. One form for everybody:
//! with the wasm the PIN is in a sheet and the figures are live, without it the PIN stands in the form.

use super::calls::Buy;
use super::choosing::why_not;
use super::offer::Offer;
use super::page::Draft;
use crate::Error;
use crate::error::Input;
use crate::pieces::{AmountPad, Banner, BottomSheet, Button, LinkButton, MeterBar, Money, PinField, Tone};
use crate::words::{self, amount, money, words};
use domain::amount_input::parse_won;
use domain::kind::Price;
use domain::{PurchaseId, Refused, Timestamp, Won};
use leptos::prelude::*;

/// Where an account is linked.
const LINK_ACCOUNT: &str = "/me/bank";

/// What is typed, judged: `None` while nothing is.
fn judged(offer: &Offer, typed: &str, birth_year: i16, now: Timestamp) -> Option<Result<Price, Error>> {
    if typed.trim().is_empty() {
        return None;
    }
    let face = parse_won(typed).map_err(|error| Error::Input(Input::Amount(error)));
    // Above all money there is: the limit says it better than a parser.
    let face = face.map(|face| Won::new(face).unwrap_or(Won::MAX));
    Some(face.and_then(|face| offer.price(face, birth_year, now).map_err(Error::Refused)))
}

#[component]
pub(super) fn BuyForm(
    purchase: PurchaseId,
    offer: Offer,
    /// The most that may be bought now.
    most: Won,
    account: Option<String>,
    birth_year: i16,
    now: Timestamp,
    draft: Draft,
) -> impl IntoView {
    let (lang, t) = (words::lang(), words());
    let Draft { face, pin, sheet, action } = draft;
    let window = offer.window.id;
    let (month_limit, holding_cap, unit) = (offer.kind.month_limit, offer.kind.holding_cap, offer.kind.unit);
    let (bought, month_left, held) = (offer.bought(now), offer.month_left(now), offer.allowance.held);
    let cap_left = offer.allowance.cap_left(&offer.kind);
    let has_account = account.is_some();

    let verdict = Memo::new(move |_| face.with(|typed| judged(&offer, typed, birth_year, now)));
    let price = Memo::new(move |_| verdict.get().and_then(Result::ok));
    let adding = Signal::derive(move || price.get().map_or(Won::ZERO, |price| price.face));
    // Said when the button is pressed, and gone with the next key: nobody is corrected while typing.
    let pressed = RwSignal::new(None::<Error>);
    Effect::new(move |_| {
        face.track();
        pressed.set(None);
    });
    let busy = action.pending();
    let failed = Memo::new(move |_| if busy.get() { None } else { action.value().get().and_then(Result::err) });
    let say = move |error: &Error| match error {
        Error::Refused(refused) => why_not(refused, now),
        other => other.say(lang, now),
    };
    let face_error = Signal::derive(move || pressed.get().or_else(|| failed.get().filter(is_of_face)).map(|error| say(&error)));
    let form_error = move || failed.get().filter(|error| !error.is_of_pin() && !is_of_face(error)).map(|error| say(&error));

    let label = move || match price.get() {
        Some(price) => t.buy.button(&money(lang, price.paid), &amount(lang, price.face)),
        None => t.buy.button_empty.to_owned(),
    };
    let send = move |digits: String| {
        if !busy.get_untracked() {
            action.dispatch(Buy { purchase: purchase.to_string(), window: window.to_string(), face: face.get_untracked(), pin: digits });
        }
    };
    let to_pin = Callback::new(move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        match verdict.get_untracked() {
            Some(Ok(_)) if has_account => {
                pin.set(String::new());
                action.value().set(None);
                sheet.set(true);
            }
            Some(Ok(_)) => pressed.set(Some(Error::Refused(Refused::NoBankAccount))),
            Some(Err(error)) => pressed.set(Some(error)),
            None => pressed.set(Some(Error::Input(Input::Amount(domain::amount_input::AmountError::Empty)))),
        }
    });
    let from = account.clone().unwrap_or_default();
    // Without the wasm the sheet stands in the form, and no amount is known yet.
    let lead = move || match price.get() {
        Some(price) => t.buy.pin_lead(&money(lang, price.paid), &from),
        None => t.buy.from_account(&from),
    };
    let sheet_label = move || if price.get().is_some() { label() } else { t.buy.title.to_owned() };
    let figure = move |pick: fn(Price) -> Won| move || price.get().map_or(Won::ZERO, pick);

    view! {
        <ActionForm action attr:class="buy-form">
            <input type="hidden" name="purchase" value=purchase.to_string() />
            <input type="hidden" name="window" value=window.to_string() />
            {(!has_account)
                .then(|| {
                    view! {
                        <Banner tone=Tone::Warn>
                            <p>{words::refused(lang, &Refused::NoBankAccount)}</p>
                        </Banner>
                    }
                })}
            <AmountPad
                value=face
                name="face"
                label=t.buy.how_much
                most=most
                hint=t.pad.unit_is(&amount(lang, unit))
                error=face_error
                disabled=busy
                link=format!("/buy?window={window}&amount=")
            />
            <dl class="price" aria-live="polite" class:is-empty=move || price.get().is_none()>
                <div class="price-part">
                    <dt class="price-label">{t.buy.you_pay_label}</dt>
                    <dd class="price-figure"><Money amount=Signal::derive(figure(|price| price.paid)) /></dd>
                </div>
                <div class="price-part">
                    <dt class="price-label">{t.buy.you_save_label}</dt>
                    <dd class="price-figure"><Money amount=Signal::derive(figure(|price| price.fund)) /></dd>
                </div>
            </dl>
            <div class="card limits">
                <MeterBar label=t.buy.month_label used=bought adding most=month_limit note=t.buy.month_left(&amount(lang, month_left)) />
                <MeterBar label=t.buy.hold_label used=held adding most=holding_cap note=t.buy.hold_left(&amount(lang, cap_left)) />
                <p class="limits-hint">{t.buy.limits_hint}</p>
            </div>
            <div class="form-says" role="alert">{move || form_error().map(|error| view! { <p class="field-error">{error}</p> })}</div>
            {match account {
                Some(account) => view! {
                    <p class="pay-from with-js">{t.buy.from_account(&account)}</p>
                    <div class="actions with-js">
                        <Button busy on_press=to_pin>{label}</Button>
                    </div>
                    <BottomSheet open=sheet id="pin-sheet" title=t.buy.pin_title>
                        <p class="pin-lead">{lead}</p>
                        <PinField value=pin label=t.buy.pin_title problem=failed busy on_complete=Callback::new(send) />
                        <Button busy>{sheet_label}</Button>
                    </BottomSheet>
                }
                .into_any(),
                None => view! {
                    <div class="actions">
                        <LinkButton href=LINK_ACCOUNT>{t.start.bank_button}</LinkButton>
                    </div>
                }
                .into_any(),
            }}
        </ActionForm>
    }
}

/// Errors that stand under the amount.
fn is_of_face(error: &Error) -> bool {
    matches!(
        error,
        Error::Input(Input::Amount(_))
            | Error::Refused(
                Refused::NotInUnits { .. } | Refused::MonthLimit { .. } | Refused::HoldingCap { .. } | Refused::OnlyLeft { .. }
            )
    )
}

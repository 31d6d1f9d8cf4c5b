//! `/merchant/:number/take`: the payer shows a code, the shop types the amount and scans it: by the camera, by a scanner that types
//! like a keyboard and ends with Enter, or by hand. Above a threshold the payer says yes on the own phone; this page waits for it.

use super::ask::TillPaid;
use super::codes::PaidCode;
use super::{ShopAmount, base, load_shop};
use crate::Error;
use crate::pieces::{AmountPad, Button, CodeClock, Field, LinkButton, Look, Money, MoneySize, ShopPage, ShopTab, device_now, stay_awake};
use crate::visitor::{LoadedPage, failed, follow_while};
use crate::words::{lang, money, words};
use domain::amount_input::parse_won;
use domain::merchant::{Merchant, Role};
use domain::payer_code::CONFIRM_ABOVE;
use domain::paying::MOST;
use domain::{Refused, Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// Without JavaScript the page asks again by loading itself.
const ASK_AGAIN: &str = r#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#;

/// How a scan went on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    pub merchant: Merchant,
    pub role: Role,
    pub amount: Won,
    pub state: TakenNow,
    pub now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TakenNow {
    /// The payer is asked.
    Asked {
        until: Timestamp,
    },
    Paid(PaidCode),
    Declined,
    Expired,
}

/// Takes a payer's code. The same payment id again gives the same answer.
#[server(prefix = "/api", endpoint = "merchant/take")]
pub async fn take_code(number: String, payment: String, code: String, amount: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services};
    use domain::PaymentId;
    use domain::payer_code::PayerCode;
    use store::Scan;
    answer(async {
        let (merchant, proof) = super::my_shop(&number).await?;
        let payment: PaymentId = payment.parse().map_err(|_| Input::Id)?;
        let amount = parse_won(&amount).map_err(Input::Amount)?;
        let amount = Won::new(amount).map_err(|_| Refused::PaymentAmount { most: MOST })?;
        let code = PayerCode::parse(&code).map_err(|_| Refused::NoSuchCode)?;
        services().store.take_payer_code(&proof, Scan { payment, code, amount }, now()).await??;
        go(&format!("{}/take/{payment}", base(&merchant)));
        Ok(())
    })
    .await
}

/// How a scan at a shop that I work for went on.
#[server(prefix = "/api", endpoint = "merchant/taken")]
pub async fn load_taken(number: String, payment: String) -> Result<Taken, Error> {
    use super::codes::paid_code;
    use crate::web::{answer, now, services};
    use domain::PaymentId;
    answer(async {
        let (merchant, proof) = super::my_shop(&number).await?;
        let payment: PaymentId = payment.parse().map_err(|_| Error::NotFound)?;
        let taken = services().store.taken_code(&proof, payment).await?.ok_or(Error::NotFound)?;
        let state = match taken.paid {
            Some(paid) => TakenNow::Paid(paid_code(&paid)),
            None if taken.is_declined => TakenNow::Declined,
            None if taken.until <= now() => TakenNow::Expired,
            None => TakenNow::Asked { until: taken.until },
        };
        Ok(Taken { role: proof.role(), merchant, amount: taken.amount, state, now: now() })
    })
    .await
}

#[component]
pub fn TakePage() -> impl IntoView {
    let params = use_params_map();
    let shop = Resource::new_blocking(move || params.with(|params| params.get("number").unwrap_or_default()), load_shop);
    view! {
        <LoadedPage data=shop let:shop>
            <Scan shop />
        </LoadedPage>
    }
    .into_any()
}

#[component]
fn Scan(shop: ShopAmount) -> impl IntoView {
    let (lang, t) = (lang(), &words().codes);
    let ShopAmount { merchant, role, payment } = shop;
    let action = ServerAction::<TakeCode>::new();
    let problem = failed(action);
    let payment = RwSignal::new(payment);
    let number = merchant.number.to_string();
    // The next code is another payment. One that was not answered, or not done for being busy, is sent again as it was.
    Effect::new(move |_| {
        if matches!(problem.get(), Some(Error::Refused(refused)) if refused != Refused::Busy) {
            let number = number.clone();
            leptos::task::spawn_local(async move {
                if let Ok(shop) = load_shop(number).await {
                    // The page may have been left.
                    let _ = payment.try_set(shop.payment);
                }
            });
        }
    });
    let is_of_amount =
        |error: &Error| matches!(error, Error::Input(crate::error::Input::Amount(_)) | Error::Refused(Refused::PaymentAmount { .. }));
    let say = move |error: Error| error.say(lang, device_now());
    let of_amount = Signal::derive(move || problem.get().filter(is_of_amount).map(say));
    let of_code = Signal::derive(move || problem.get().filter(|error| !is_of_amount(error)).map(say));
    let amount = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    let form = NodeRef::<leptos::html::Form>::new();
    let busy = Signal::derive(move || action.pending().get() || matches!(action.value().get(), Some(Ok(()))));
    let label = move || match parse_won(&amount.get()).ok().and_then(|won| Won::new(won).ok()) {
        Some(won) => t.take_button(&money(lang, won)),
        None => t.take_button_empty.to_owned(),
    };
    // A code in the picture is typed for the cashier; with an amount there it is sent at once.
    let seen = Callback::new(move |text: String| {
        code.set(text);
        if parse_won(&amount.get_untracked()).is_ok() {
            // Once the field shows it.
            request_animation_frame(move || {
                if let Some(form) = form.get_untracked() {
                    // A form that the browser finds incomplete stays, and says why.
                    let _ = form.request_submit();
                }
            });
        }
    });
    view! {
        <ShopPage title=t.take_title shop=merchant.name.clone() base=base(&merchant) role current=ShopTab::Qr>
            <p class="lead">{t.take_lead(&money(lang, CONFIRM_ABOVE))}</p>
            <div class="take">
                <ActionForm action=action node_ref=form attr:class="ask-amount card">
                    <input type="hidden" name="number" value=merchant.number.to_string() />
                    <input type="hidden" name="payment" value=move || payment.get().to_string() />
                    <AmountPad
                        value=amount
                        label=t.take_how_much
                        most=Signal::stored(MOST)
                        offers_most=false
                        steps=[1_000, 5_000, 10_000, 50_000].map(Won::of).to_vec()
                        error=of_amount
                    />
                    <Field label=t.take_code name="code" value=code inputmode="numeric" maxlength=40 hint=t.take_code_hint error=of_code />
                    <Button busy>{label}</Button>
                </ActionForm>
                <crate::paying::PayerCodeScanner seen />
            </div>
        </ShopPage>
    }
    .into_any()
}

#[component]
pub fn TakenPage() -> impl IntoView {
    let params = use_params_map();
    let of = move || params.with(|params| (params.get("number").unwrap_or_default(), params.get("payment").unwrap_or_default()));
    let taken = Resource::new_blocking(of, |(number, payment)| load_taken(number, payment));
    view! {
        <LoadedPage data=taken let:taken>
            <Following taken payment=of().1 />
        </LoadedPage>
    }
    .into_any()
}

#[component]
fn Following(taken: Taken, payment: String) -> impl IntoView {
    let t = &words().codes;
    let (merchant, role, amount) = (taken.merchant.clone(), taken.role, taken.amount);
    let number = merchant.number.to_string();
    let latest = RwSignal::new(taken);
    follow_while(
        latest,
        |taken: &Taken| matches!(taken.state, TakenNow::Asked { .. }),
        move || load_taken(number.clone(), payment.clone()),
    );
    stay_awake();
    let state = Memo::new(move |_| latest.with(|taken| taken.state.clone()));
    let base = base(&merchant);
    let again = format!("{base}/take");
    let ended = move |why: &'static str| {
        view! {
            <div class="asked" role="status">
                <p class="pay-hero"><Money amount size=MoneySize::Hero /></p>
                <p class="lead">{why}</p>
            </div>
        }
        .into_any()
    };
    let shown = move || match state.get() {
        TakenNow::Asked { until } => {
            let now = latest.with_untracked(|taken| taken.now);
            view! {
                <div class="asked" role="status">
                    <p class="pay-hero"><Money amount size=MoneySize::Hero /></p>
                    <p class="lead">{t.taken_asked}</p>
                    <CodeClock until now />
                    <div inner_html=ASK_AGAIN></div>
                </div>
            }
            .into_any()
        }
        TakenNow::Paid(paid) => view! { <TillPaid paid /> }.into_any(),
        TakenNow::Declined => ended(t.taken_declined),
        TakenNow::Expired => ended(t.taken_expired),
    };
    view! {
        <ShopPage title=t.take_title shop=merchant.name.clone() base=base role current=ShopTab::Qr>
            {shown}
            <div class="actions">
                <LinkButton href=again look=Look::Line>{t.take_again}</LinkButton>
            </div>
        </ShopPage>
    }
    .into_any()
}

//! `/merchant/:number/ask`: the cashier types an amount, the screen shows a code for it (MPM dynamic), three minutes and one payment
//! long, and changes by itself when it is paid.

use super::codes::PaidCode;
use super::{ShopAmount, base, load_shop};
use crate::Error;
use crate::pieces::{
    AmountPad, Button, CodeClock, Glyph, Icon, LinkButton, Look, Money, MoneySize, QrCard, ShopPage, ShopTab, device_now, stay_awake,
};
use crate::visitor::{LoadedPage, failed, follow_while};
use crate::words::{self, lang, money, words};
use domain::amount_input::parse_won;
use domain::merchant::{Merchant, Role};
use domain::paying::MOST;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// Without JavaScript the page asks again by loading itself.
const ASK_AGAIN: &str = r#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#;

/// What the screen shows of a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedCode {
    pub merchant: Merchant,
    pub role: Role,
    pub amount: Won,
    pub state: Asked,
    pub now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Asked {
    /// The text of the QR, and until when it is good.
    Good {
        code: String,
        until: Timestamp,
    },
    Expired,
    Paid(PaidCode),
}

/// Makes a code for this amount and shows it.
#[server(prefix = "/api", endpoint = "merchant/ask")]
pub async fn ask_for(number: String, amount: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services};
    use domain::Refused;
    use domain::merchant::Standing;
    answer(async {
        let (merchant, proof) = super::my_shop(&number).await?;
        match merchant.standing {
            Standing::Open => {}
            Standing::Pending => return Err(Refused::ShopNotReady.into()),
            Standing::Closed => return Err(Refused::ShopClosed.into()),
        }
        let amount = parse_won(&amount).map_err(Input::Amount)?;
        let amount = Won::new(amount).map_err(|_| Refused::PaymentAmount { most: MOST })?;
        let id = services().store.ask_for(&proof, amount, now()).await??;
        go(&format!("{}/ask/{id}", base(&merchant)));
        Ok(())
    })
    .await
}

/// How a code of a shop that I work for is.
#[server(prefix = "/api", endpoint = "merchant/asked")]
pub async fn load_asked(number: String, id: String) -> Result<AskedCode, Error> {
    use super::codes::paid_code;
    use crate::web::{answer, incident, now, services};
    use domain::OnceId;
    use domain::qr::{Mcc, MerchantQr};
    use store::ShopCodeState;
    answer(async {
        let (merchant, proof) = super::my_shop(&number).await?;
        let id: OnceId = id.parse().map_err(|_| Error::NotFound)?;
        let asked = services().store.shop_code(&proof, id, now()).await?.ok_or(Error::NotFound)?;
        let text = || -> Result<String, domain::qr::QrError> {
            let printed = MerchantQr::printed(merchant.number, Mcc::parse(&merchant.category)?, &merchant.name);
            printed.once(asked.amount.get(), &asked.nonce).format()
        };
        let state = match asked.state {
            ShopCodeState::Good => Asked::Good { code: text().map_err(|error| incident(&error))?, until: asked.until },
            ShopCodeState::Expired => Asked::Expired,
            ShopCodeState::Paid(paid) => Asked::Paid(paid_code(&paid)),
        };
        Ok(AskedCode { role: proof.role(), merchant, amount: asked.amount, state, now: now() })
    })
    .await
}

/// The amount first.
#[component]
pub fn AskPage() -> impl IntoView {
    let params = use_params_map();
    let shop = Resource::new_blocking(move || params.with(|params| params.get("number").unwrap_or_default()), load_shop);
    view! {
        <LoadedPage data=shop let:shop>
            <HowMuch shop />
        </LoadedPage>
    }
    .into_any()
}

#[component]
fn HowMuch(shop: ShopAmount) -> impl IntoView {
    let (lang, t) = (lang(), &words().codes);
    let ShopAmount { merchant, role, .. } = shop;
    let action = ServerAction::<AskFor>::new();
    let problem = failed(action);
    let error = Signal::derive(move || problem.get().map(|error| error.say(lang, device_now())));
    let value = RwSignal::new(String::new());
    let label = move || match parse_won(&value.get()).ok().and_then(|won| Won::new(won).ok()) {
        Some(won) => t.ask_button(&money(lang, won)),
        None => t.ask_button_empty.to_owned(),
    };
    view! {
        <ShopPage title=t.ask_title shop=merchant.name.clone() base=base(&merchant) role current=ShopTab::Qr>
            <p class="lead">{t.ask_lead}</p>
            <ActionForm action=action attr:class="ask-amount card">
                <input type="hidden" name="number" value=merchant.number.to_string() />
                <AmountPad
                    value
                    label=t.ask_how_much
                    most=Signal::stored(MOST)
                    offers_most=false
                    steps=[1_000, 5_000, 10_000, 50_000].map(Won::of).to_vec()
                    error
                />
                <Button busy=action.pending()>{label}</Button>
            </ActionForm>
        </ShopPage>
    }
    .into_any()
}

/// The code, until it is paid or its time is over.
#[component]
pub fn AskedPage() -> impl IntoView {
    let params = use_params_map();
    let of = move || params.with(|params| (params.get("number").unwrap_or_default(), params.get("id").unwrap_or_default()));
    let asked = Resource::new_blocking(of, |(number, id)| load_asked(number, id));
    view! {
        <LoadedPage data=asked let:asked>
            <Following asked id=of().1 />
        </LoadedPage>
    }
    .into_any()
}

#[component]
fn Following(asked: AskedCode, id: String) -> impl IntoView {
    let t = &words().codes;
    let (merchant, role, amount) = (asked.merchant.clone(), asked.role, asked.amount);
    let number = merchant.number.to_string();
    let latest = RwSignal::new(asked);
    follow_while(latest, |asked: &AskedCode| matches!(asked.state, Asked::Good { .. }), move || load_asked(number.clone(), id.clone()));
    stay_awake();
    let state = Memo::new(move |_| latest.with(|asked| asked.state.clone()));
    let base = base(&merchant);
    let again = format!("{base}/ask");
    let shown = {
        let merchant = merchant.clone();
        move || match state.get() {
            Asked::Good { code, until } => {
                let now = latest.with_untracked(|asked| asked.now);
                view! {
                    <div class="asked">
                        <p class="pay-hero"><Money amount size=MoneySize::Hero /></p>
                        <QrCard
                            content=code
                            shop=merchant.name.clone()
                            place=words::district(lang(), merchant.district)
                            number=merchant.number.to_string()
                        />
                        <CodeClock until now />
                        <p class="lead">{t.asked_lead}</p>
                        <div inner_html=ASK_AGAIN></div>
                    </div>
                }
                .into_any()
            }
            Asked::Expired => view! {
                <div class="asked" role="status">
                    <p class="pay-hero"><Money amount size=MoneySize::Hero /></p>
                    <p class="lead">{t.asked_expired}</p>
                </div>
            }
            .into_any(),
            Asked::Paid(paid) => view! { <TillPaid paid /> }.into_any(),
        }
    };
    view! {
        <ShopPage title=t.ask_title shop=merchant.name.clone() base=base.clone() role current=ShopTab::Qr>
            {shown}
            <div class="actions">
                <LinkButton href=again look=Look::Line>{t.ask_again}</LinkButton>
            </div>
        </ShopPage>
    }
    .into_any()
}

/// Paid, as the till shows it: large, with the code that stands on the payer's screen.
#[component]
pub(super) fn TillPaid(paid: PaidCode) -> impl IntoView {
    let t = &words().codes;
    view! {
        <div class="till-paid" role="status">
            <span class="stage-sign is-good"><Icon glyph=Glyph::Check /></span>
            <p class="till-paid-title">{t.paid}</p>
            <p class="pay-hero"><Money amount=paid.amount size=MoneySize::Hero /></p>
            <p class="till-paid-code"><span>{words().history.code}</span> <b>{paid.code.to_string()}</b></p>
            <p class="total-note">{words::clock(paid.at)}</p>
        </div>
    }
    .into_any()
}

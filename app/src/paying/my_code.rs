//! `/pay/my-code`: the PIN, then the payer's own code (CPM) to be scanned by the shop: QR and bars, three minutes with a clock, renewed while
//! the page is open. Above a threshold the payer says yes here, seeing shop and amount.

use crate::Error;
use crate::pieces::{
    Banner, Bars, Button, CodeClock, ErrorNote, Heading, LinkButton, Look, Money, MoneySize, Page, PinField, QrPicture, Tab, Tone,
    device_now, stay_awake,
};
use crate::visitor::{Loaded, SignedInOnly, failed, follow_while};
use crate::words::{self, lang, money, words};
use domain::merchant::Merchant;
use domain::payer_code::{CONFIRM_ABOVE, PayerCode};
use domain::{OnceId, PaymentId, Timestamp, Won};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use serde::{Deserialize, Serialize};

/// Without JavaScript the page asks again by loading itself.
const ASK_AGAIN: &str = r#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#;

/// My code as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MyCode {
    pub id: OnceId,
    pub state: MyCodeState,
    pub now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MyCodeState {
    Good {
        code: PayerCode,
        until: Timestamp,
    },
    Asked {
        shop: Box<Merchant>,
        amount: Won,
        until: Timestamp,
    },
    /// Scanned, and being paid.
    Taken,
    Paid(PaymentId),
    Declined,
    Expired,
}

impl MyCodeState {
    fn goes_on(&self) -> bool {
        matches!(self, MyCodeState::Good { .. } | MyCodeState::Asked { .. } | MyCodeState::Taken)
    }
}

/// Makes a code for whoever has the PIN.
#[server(prefix = "/api", endpoint = "pay/code")]
pub async fn make_code(pin: String) -> Result<(), Error> {
    use crate::web::{answer, go, now, prove_pin, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let proof = prove_pin(&who, &pin).await?;
        let id = services().store.make_payer_code(proof, now()).await?;
        go(&path_of(id));
        Ok(())
    })
    .await
}

/// A new code instead of the one that has ended, without the PIN for a while; else back to it.
#[server(prefix = "/api", endpoint = "pay/code/renew")]
pub async fn renew_code(id: String) -> Result<(), Error> {
    use crate::web::{answer, go, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        match services().store.renew_payer_code(who.person, id, now()).await? {
            Some(renewed) => go(&path_of(renewed)),
            None => go("/pay/my-code"),
        }
        Ok(())
    })
    .await
}

/// How a code of mine is.
#[server(prefix = "/api", endpoint = "pay/code/state")]
pub async fn load_code(id: String) -> Result<MyCode, Error> {
    use crate::web::{answer, now, services, signed_in};
    use domain::Refused;
    use store::PayerCodeState;
    answer(async {
        let who = signed_in().await?;
        let id: OnceId = id.parse().map_err(|_| Error::NotFound)?;
        let store = services().store;
        let state = match store.payer_code(who.person, id, now()).await?.ok_or(Error::NotFound)? {
            PayerCodeState::Good { code, until } => MyCodeState::Good { code, until },
            PayerCodeState::Asked { merchant, amount, until } => {
                let shop = store.merchant(merchant).await?.ok_or(Refused::NoSuchShop)?;
                MyCodeState::Asked { shop: Box::new(shop), amount, until }
            }
            PayerCodeState::Taken => MyCodeState::Taken,
            PayerCodeState::Paid(paid) => MyCodeState::Paid(paid.payment),
            PayerCodeState::Declined => MyCodeState::Declined,
            PayerCodeState::Expired => MyCodeState::Expired,
        };
        Ok(MyCode { id, state, now: now() })
    })
    .await
}

/// "Yes" to what the shop typed. Pressed twice it is paid once.
#[server(prefix = "/api", endpoint = "pay/code/confirm")]
pub async fn confirm_code(id: String) -> Result<(), Error> {
    use crate::web::{answer, go, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let payment = services().store.confirm_payer_code(who.person, id, now()).await??;
        go(&format!("/payments/{payment}"));
        Ok(())
    })
    .await
}

/// "No" to what the shop typed.
#[server(prefix = "/api", endpoint = "pay/code/decline")]
pub async fn decline_code(id: String) -> Result<(), Error> {
    use crate::web::{answer, go, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id: OnceId = id.parse().map_err(|_| Error::NotFound)?;
        // Paid before the "no" came: the page shows it.
        services().store.decline_payer_code(who.person, id, now()).await?;
        go(&path_of(id));
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
fn path_of(id: OnceId) -> String {
    format!("/pay/my-code/{id}")
}

/// The PIN first: whoever has the code can pay with it.
#[component]
pub fn MyCodePage() -> impl IntoView {
    let t = &words().codes;
    let action = ServerAction::<MakeCode>::new();
    let pin = RwSignal::new(String::new());
    let form = NodeRef::<leptos::html::Form>::new();
    let problem = failed(action);
    let busy = Signal::derive(move || action.pending().get() || matches!(action.value().get(), Some(Ok(()))));
    let submit = Callback::new(move |_: String| {
        if let Some(form) = form.get_untracked() {
            // A form that the browser finds incomplete stays, and says why.
            let _ = form.request_submit();
        }
    });
    let other = move || {
        let error = problem.get().filter(|error| !error.is_of_pin())?;
        Some(view! { <ErrorNote message=error.say(lang(), device_now()) /> })
    };
    view! {
        <Page title=t.mine_title heading=Heading::Large back="/pay" tab=Tab::Pay>
            <SignedInOnly let:_visitor>
                <p class="lead">{t.mine_lead}</p>
                <ActionForm action=action node_ref=form attr:class="pay-confirm">
                    {other}
                    <PinField value=pin label=words().pay.pin_title problem busy on_complete=submit />
                    <div class="actions">
                        <Button busy>{t.mine_button}</Button>
                    </div>
                </ActionForm>
            </SignedInOnly>
        </Page>
    }
    .into_any()
}

/// The code itself.
#[component]
pub fn ShownCodePage() -> impl IntoView {
    let params = use_params_map();
    let code = Resource::new_blocking(move || params.with(|params| params.get("code").unwrap_or_default()), load_code);
    view! {
        <Page title=words().codes.mine_title back="/pay" tab=Tab::Pay>
            <Loaded data=code instead=("/pay/my-code", words().codes.mine_new) let:code>
                <Following code />
            </Loaded>
        </Page>
    }
    .into_any()
}

#[component]
fn Following(code: MyCode) -> impl IntoView {
    let t = &words().codes;
    let id = code.id;
    let latest = RwSignal::new(code);
    follow_while(latest, |code: &MyCode| code.state.goes_on(), move || load_code(id.to_string()));
    stay_awake();
    let state = Memo::new(move |_| latest.with(|code| code.state.clone()));
    let renew = ServerAction::<RenewCode>::new();
    let go = use_navigate();
    Effect::new(move |_| match state.get() {
        // The confirmation is the payment's own page.
        MyCodeState::Paid(payment) => go(&format!("/payments/{payment}"), NavigateOptions { replace: true, ..NavigateOptions::default() }),
        // Nobody scanned it: the next one comes by itself.
        MyCodeState::Expired if !renew.pending().get_untracked() => {
            renew.dispatch(RenewCode { id: id.to_string() });
        }
        _ => {}
    });
    let shown = move || match state.get() {
        MyCodeState::Good { code, until } => {
            let now = latest.with_untracked(|code| code.now);
            view! { <Shown code until now /> }.into_any()
        }
        MyCodeState::Asked { shop, amount, until } => {
            let now = latest.with_untracked(|code| code.now);
            view! { <AskedToPay id shop=*shop amount until now /> }.into_any()
        }
        MyCodeState::Taken => view! {
            <div class="my-code" role="status">
                <p class="lead">{t.mine_taken}</p>
                <div inner_html=ASK_AGAIN></div>
            </div>
        }
        .into_any(),
        MyCodeState::Paid(payment) => view! {
            <div class="my-code" role="status">
                <p class="lead">{t.paid}</p>
                <LinkButton href=format!("/payments/{payment}")>{words().pay.see_receipt}</LinkButton>
            </div>
        }
        .into_any(),
        MyCodeState::Declined => view! { <Over why=t.mine_declined id renew /> }.into_any(),
        MyCodeState::Expired => view! { <Over why=t.mine_expired id renew /> }.into_any(),
    };
    view! { {shown} }
}

/// White and large, whatever the colour scheme: a scanner reads it from the counter.
#[component]
fn Shown(code: PayerCode, until: Timestamp, now: Timestamp) -> impl IntoView {
    let (lang, t) = (lang(), &words().codes);
    let digits = code.digits().to_owned();
    view! {
        <div class="my-code">
            <div class="my-code-card">
                <Bars digits=digits.clone() label=t.bars_alt />
                <QrPicture content=digits label=t.mine_alt.to_owned() />
                <p class="my-code-digits">{code.to_string()}</p>
            </div>
            <CodeClock until now />
            <p class="lead">{t.mine_show(&money(lang, CONFIRM_ABOVE))}</p>
            <div inner_html=ASK_AGAIN></div>
        </div>
    }
    .into_any()
}

#[component]
fn AskedToPay(id: OnceId, shop: Merchant, amount: Won, until: Timestamp, now: Timestamp) -> impl IntoView {
    let (lang, t) = (lang(), &words().codes);
    let (yes, no) = (ServerAction::<ConfirmCode>::new(), ServerAction::<DeclineCode>::new());
    let busy = Signal::derive(move || yes.pending().get() || no.pending().get() || matches!(yes.value().get(), Some(Ok(()))));
    let (of_yes, of_no) = (failed(yes), failed(no));
    let problem = move || of_yes.get().or_else(|| of_no.get()).map(|error| view! { <ErrorNote message=error.say(lang, device_now()) /> });
    let place = words::district(lang, shop.district);
    view! {
        <div class="my-code" role="alertdialog" aria-label=t.asked_to_pay>
            <Banner tone=Tone::Info>{t.asked_to_pay}</Banner>
            <div class="paid-head">
                <p class="paid-shop">{shop.name}</p>
                <p class="pulse-place">{place} " · " {shop.address}</p>
                <p class="paid-amount"><Money amount size=MoneySize::Hero /></p>
            </div>
            <CodeClock until now />
            {problem}
            <div class="actions">
                <ActionForm action=yes>
                    <input type="hidden" name="id" value=id.to_string() />
                    <Button busy>{words().pay.button(&money(lang, amount))}</Button>
                </ActionForm>
                <ActionForm action=no>
                    <input type="hidden" name="id" value=id.to_string() />
                    <Button look=Look::Plain busy>{t.decline}</Button>
                </ActionForm>
            </div>
            <div inner_html=ASK_AGAIN></div>
        </div>
    }
    .into_any()
}

#[component]
fn Over(why: &'static str, id: OnceId, renew: ServerAction<RenewCode>) -> impl IntoView {
    let t = &words().codes;
    view! {
        <div class="my-code" role="status">
            <p class="lead">{why}</p>
            <ActionForm action=renew>
                <input type="hidden" name="id" value=id.to_string() />
                <Button busy=renew.pending()>{t.mine_new}</Button>
            </ActionForm>
        </div>
    }
    .into_any()
}

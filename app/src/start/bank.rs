//! The last question: which account pays? The bank confirms that it is the person's own. Whoever only works at a shop may
//! leave it for later; who comes back may keep the one that is linked.

use crate::Error;
use crate::error::Input;
use crate::pieces::{Button, ErrorNote, Field, Look};
use crate::start::steps::{NextField, Standing, Step, StepPage};
use crate::visitor::{failed, failure};
use crate::words::{self, lang, words};
use leptos::prelude::*;

/// Links the account and finishes: the person is a member and signed in.
#[server(prefix = "/api", endpoint = "start/bank")]
pub async fn finish_with_bank(bank: String, account: String, #[server(default)] next: String) -> Result<(), Error> {
    use crate::start::steps;
    crate::web::answer(async {
        let (token, enrolment) = steps::proven_enrolment().await?;
        let holder = enrolment.identity.ok_or(Error::FormExpired)?.name;
        let linked = account_of(&bank, &account, &holder).await?;
        finish(&token, Some(&linked), &next).await
    })
    .await
}

/// Finishes without linking an account now. One that is linked already stays.
#[server(prefix = "/api", endpoint = "start/later")]
pub async fn finish_later(#[server(default)] next: String) -> Result<(), Error> {
    use crate::start::steps;
    crate::web::answer(async {
        let (token, _) = steps::proven_enrolment().await?;
        finish(&token, None, &next).await
    })
    .await
}

#[cfg(feature = "ssr")]
async fn finish(token: &store::Token, bank: Option<&store::Bank>, next: &str) -> Result<(), Error> {
    use crate::setting::Setting;
    use crate::start::{next::Next, steps};
    use crate::web::{now, services};
    let person = steps::taken(services().store.finish_enrolment(token, bank, now()).await?)?;
    // Messages come in the language of these pages.
    let language = store::Language::parse(Setting::here().lang.code()).unwrap_or_default();
    services().store.set_language(person, language).await?;
    super::session::let_in(person, &Next::parse(next).behind("/start/welcome")).await
}

/// The account as the bank knows it, or why it can't be linked.
#[cfg(feature = "ssr")]
pub(crate) async fn account_of(bank: &str, typed: &str, holder: &str) -> Result<store::Bank, Error> {
    if !words::banks(words::Lang::Ko).any(|(code, _)| code == bank) {
        return Err(Input::Bank.into());
    }
    let number = account_number(typed).ok_or(Input::Account)?;
    let known = crate::web::services().bank.verify(bank, &number, holder).await?.ok_or(Error::AccountFailed)?;
    Ok(store::Bank { account: known.token, masked: known.masked })
}

/// The digits of an account number as people write it. Korean ones have 10 to 16.
#[cfg_attr(not(any(feature = "ssr", test)), allow(dead_code))]
fn account_number(typed: &str) -> Option<String> {
    if typed.chars().nth(40).is_some() {
        return None;
    }
    let plain = |c: char| match c {
        '\u{FF10}'..='\u{FF19}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    let joint = |c: &char| !(c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}'));
    let digits: String = typed.chars().map(plain).filter(joint).collect();
    ((10..=16).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[component]
pub fn BankPage() -> impl IntoView {
    view! {
        <StepPage step=Step::Bank title=words().start.bank_title let:standing>
            <BankForm standing />
        </StepPage>
    }
}

#[component]
fn BankForm(standing: Standing) -> impl IntoView {
    let t = &words().start;
    let (link, later) = (ServerAction::<FinishWithBank>::new(), ServerAction::<FinishLater>::new());
    let account = standing.under_way.and_then(|way| way.account);
    let (later_label, later_hint) = match &account {
        Some(account) => (t.bank_keep(account), None),
        None => (t.bank_later.to_owned(), Some(t.bank_later_hint)),
    };
    let busy = Signal::derive(move || link.pending().get() || later.pending().get());
    let later_failed = failure(later);
    view! {
        <p class="lead">{t.bank_lead}</p>
        <ActionForm action=link attr:id="bank-form">
            <NextField />
            <AccountFields error=failed(link) />
        </ActionForm>
        <div class="actions">
            <Button form="bank-form" busy>
                {t.bank_button}
            </Button>
            <ActionForm action=later>
                <NextField />
                {move || later_failed.get().map(|message| view! { <ErrorNote message /> })}
                <Button look=if account.is_some() { Look::Soft } else { Look::Plain } busy>
                    {later_label}
                </Button>
            </ActionForm>
            {later_hint.map(|hint| view! { <p class="small centred">{hint}</p> })}
        </div>
    }
}

/// Bank and account number, with what was wrong about them. Their names: `bank`, `account`.
#[component]
pub fn AccountFields(error: Signal<Option<Error>>) -> impl IntoView {
    let (t, lang) = (&words().start, lang());
    let say = move |error: Error| error.say(lang, crate::pieces::device_now());
    let of_bank = move || error.get().filter(|error| matches!(error, Error::Input(Input::Bank))).map(say);
    let is_of_account = |error: &Error| matches!(error, Error::Input(Input::Account) | Error::AccountFailed);
    let of_account = Signal::derive(move || error.get().filter(is_of_account).map(say));
    let other = move || error.get().filter(|error| !is_of_account(error) && *error != Error::Input(Input::Bank)).map(say);
    view! {
        <div class="field" class:field-wrong=move || of_bank().is_some()>
            <label class="field-label" for="bank">
                {t.bank_label}
            </label>
            <select class="field-input" id="bank" name="bank" required=true aria-describedby="bank-error">
                <option value="">{t.bank_choose}</option>
                {words::banks(lang).map(|(code, name)| view! { <option value=code>{name}</option> }).collect_view()}
            </select>
            <p class="field-error" id="bank-error" role="alert">
                {of_bank}
            </p>
        </div>
        <Field label=t.account_label name="account" inputmode="numeric" maxlength=30 hint=t.account_hint error=of_account />
        {move || other().map(|message| view! { <ErrorNote message /> })}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_number_is_read_as_people_write_it() {
        for written in
            ["110-123-456789", "110123456789", " 110 123 456789 ", "１１０－１２３－４５６７８９", "110\u{2013}123\u{2013}456789"]
        {
            assert_eq!(account_number(written).as_deref(), Some("110123456789"), "{written}");
        }
        let long = "1".repeat(10_000);
        for refused in ["", "123", "12345678901234567", "110-abc-456789", "<script>", "😀😀😀😀😀😀😀😀😀😀", &long] {
            assert_eq!(account_number(refused), None, "{refused}");
        }
    }
}

//! Linking a bank account later, or another one instead.

use crate::Error;
use crate::pieces::{Button, Heading, Page, PinField};
use crate::start::AccountFields;
use crate::start::next::Next;
use crate::start::steps::{self, NextField};
use crate::visitor::{SignedInOnly, failed};
use crate::words::words;
use leptos::prelude::*;

/// Links an account of the member, who then goes on to `next`, else back to the profile.
#[server(prefix = "/api", endpoint = "me/bank")]
pub async fn link_bank(bank: String, account: String, pin: String, #[server(default)] next: String) -> Result<(), Error> {
    use crate::web::{answer, go, prove_pin, services, signed_in};
    answer(async {
        let (who, store) = (signed_in().await?, services().store);
        let holder = store.member(who.person).await?.ok_or(Error::SignedOut)?.name;
        // First: without the PIN nobody asks the bank about accounts.
        let proof = prove_pin(&who, &pin).await?;
        let linked = crate::start::account_of(&bank, &account, &holder).await?;
        store.link_bank(proof, &linked).await?;
        go(back(&Next::parse(&next)));
        Ok(())
    })
    .await
}

fn back(next: &Next) -> &str {
    if next.as_str().is_empty() { "/me" } else { next.href() }
}

#[component]
pub fn LinkBankPage() -> impl IntoView {
    let next = steps::next();
    view! {
        <Page title=words().start.link_title heading=Heading::Large back=back(&next).to_owned()>
            <SignedInOnly let:visitor>
                <LinkForm has_bank=visitor.has_bank />
            </SignedInOnly>
        </Page>
    }
}

#[component]
fn LinkForm(has_bank: bool) -> impl IntoView {
    let t = &words().me;
    let action = ServerAction::<LinkBank>::new();
    let (problem, pin) = (failed(action), RwSignal::new(String::new()));
    let of_account = Signal::derive(move || problem.get().filter(|error| !error.is_of_pin()));
    view! {
        <p class="lead">{t.bank_lead}</p>
        <ActionForm action attr:class="step-form">
            <NextField />
            <AccountFields error=of_account />
            <PinField value=pin label=words().start.confirm_label problem busy=action.pending() />
            <div class="actions">
                <Button busy=action.pending()>{if has_bank { t.bank_change } else { t.bank_link }}</Button>
            </div>
        </ActionForm>
    }
}

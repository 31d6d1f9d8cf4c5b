//! Home: a welcome for strangers ([`welcome`]); for members the whole balance, the way to pay, the sale that matters to them, what
//! is being bought, what was paid last and the vouchers they hold ([`mine`]).

mod calls;
pub mod held;
mod last_wallet;
mod mine;
mod sale_card;
mod welcome;

use crate::pieces::{Heading, Page, Tab};
use crate::visitor::LoadedPage;
use crate::words::words;
use calls::{HomeView, home};
use leptos::prelude::*;
use mine::Mine;
use welcome::Welcome;

#[component]
pub fn HomePage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| home());
    let again = Callback::new(move |()| data.refetch());
    view! {
        <LoadedPage data let:view>
            {match view {
                HomeView::Stranger { discount } => view! {
                    <Page title=words().common.brand heading=Heading::Hidden>
                        <Welcome discount />
                    </Page>
                }
                .into_any(),
                HomeView::Member(wallet) => view! {
                    <Page title=words().home.title heading=Heading::Hidden tab=Tab::Home>
                        <Mine wallet=*wallet again />
                    </Page>
                }
                .into_any(),
            }}
        </LoadedPage>
    }
}

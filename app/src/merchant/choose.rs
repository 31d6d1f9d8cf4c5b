//! `/merchant`: which shop? With one shop there is nothing to ask.

use super::{base, my_shops};
use crate::pieces::{EmptyState, Glyph, LinkButton, LinkRow, Look, Page};
use crate::visitor::Loaded;
use crate::words::{self, Words, lang, words};
use domain::merchant::{Merchant, Role, Standing};
use leptos::prelude::*;
use leptos_router::components::Redirect;

#[component]
pub fn ChoosePage() -> impl IntoView {
    let t = &words().shop;
    let shops = Resource::new_blocking(|| (), |()| my_shops());
    view! {
        <Page title=t.choose_title back="/me">
            <Loaded data=shops let:shops>
                {match shops.as_slice() {
                    [] => view! { <EmptyState glyph=Glyph::Shop title=t.no_shops_title lead=t.no_shops href="/merchant/new" action=words().joining.new_shop /> }.into_any(),
                    [(only, _)] => view! { <Redirect path=base(only) /> }.into_any(),
                    _ => view! { <Shops shops /> }.into_any(),
                }}
            </Loaded>
        </Page>
    }
}

#[component]
fn Shops(shops: Vec<(Merchant, Role)>) -> impl IntoView {
    let (lang, t) = (lang(), words());
    let row = |(merchant, role): (Merchant, Role)| {
        let place = words::district(lang, merchant.district);
        let note = match merchant.standing {
            Standing::Open => format!("{place} · {}", role_word(t, role)),
            standing => format!("{place} · {} · {}", role_word(t, role), standing_word(t, standing)),
        };
        view! { <li><LinkRow glyph=Glyph::Shop title=merchant.name.clone() note href=base(&merchant) /></li> }
    };
    view! {
        <p class="lead">{t.shop.choose_lead}</p>
        <ul class="rows">{shops.into_iter().map(row).collect_view()}</ul>
        <LinkButton href="/merchant/new" look=Look::Soft>{t.joining.new_shop}</LinkButton>
    }
}

pub(super) fn role_word(words: &Words, role: Role) -> &'static str {
    match role {
        Role::Cashier => words.shop.role_cashier,
        Role::Manager => words.shop.role_manager,
        Role::Owner => words.shop.role_owner,
    }
}

pub(crate) fn standing_word(words: &Words, standing: Standing) -> &'static str {
    match standing {
        Standing::Pending => words.shop.standing_pending,
        Standing::Open => words.shop.standing_open,
        Standing::Closed => words.shop.standing_closed,
    }
}

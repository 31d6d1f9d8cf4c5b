//! Money on the screen: tabular figures, the unit a little quieter than the number.

use crate::words::{Lang, lang, money};
use domain::Won;
use leptos::prelude::*;

/// How loud an amount is.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum MoneySize {
    /// As the text around it.
    #[default]
    Text,
    /// In a card.
    Large,
    /// The one figure of the screen.
    Hero,
}

impl MoneySize {
    fn class(self) -> &'static str {
        match self {
            MoneySize::Text => "money",
            MoneySize::Large => "money money-large",
            MoneySize::Hero => "money money-hero",
        }
    }
}

/// "93,000원" or "₩93,000".
#[component]
pub fn Money(#[prop(into)] amount: Signal<Won>, #[prop(optional)] size: MoneySize) -> impl IntoView {
    let figure = move || amount.get().to_string();
    match lang() {
        Lang::Ko => view! {
            <span class=size.class()>
                <span class="money-figure">{figure}</span>
                <span class="money-unit">"원"</span>
            </span>
        }
        .into_any(),
        Lang::En => view! { <span class=size.class()>{move || money(Lang::En, amount.get())}</span> }.into_any(),
    }
}

//! The frame of a shop's screens: tabs within the thumb's reach on a phone, in the bar above from 1024 px. Whoever works there
//! sees the tabs of the own role.

use super::icon::{Glyph, Icon, Logo};
use super::page::{SkipLink, lasting};
use crate::words::Shop;
use crate::words::words;
use domain::merchant::Role;
use leptos::prelude::*;
use leptos_meta::Title;

/// Where someone of the shop's staff is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ShopTab {
    Today,
    Sales,
    Payments,
    Settlements,
    Qr,
    Staff,
}

impl ShopTab {
    /// In the order of the bar: those whose pages stand (`routes`).
    pub const ALL: [ShopTab; 6] = [ShopTab::Today, ShopTab::Sales, ShopTab::Payments, ShopTab::Settlements, ShopTab::Qr, ShopTab::Staff];

    /// Below the shop's path.
    pub fn path(self) -> &'static str {
        match self {
            ShopTab::Today => "",
            ShopTab::Sales => "/sales",
            ShopTab::Payments => "/payments",
            ShopTab::Settlements => "/settlements",
            ShopTab::Qr => "/qr",
            ShopTab::Staff => "/staff",
        }
    }

    /// Who is shown the tab. The page behind it asks again.
    pub fn needs(self) -> Role {
        match self {
            // A cashier leaves there.
            ShopTab::Today | ShopTab::Payments | ShopTab::Qr | ShopTab::Staff => Role::Cashier,
            ShopTab::Sales | ShopTab::Settlements => Role::Manager,
        }
    }

    fn label(self, t: &Shop) -> &'static str {
        match self {
            ShopTab::Today => t.nav_today,
            ShopTab::Sales => t.nav_sales,
            ShopTab::Payments => t.nav_payments,
            ShopTab::Settlements => t.nav_settlements,
            ShopTab::Qr => t.nav_qr,
            ShopTab::Staff => t.nav_staff,
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            ShopTab::Today => Glyph::Shop,
            ShopTab::Sales => Glyph::Chart,
            ShopTab::Payments => Glyph::History,
            ShopTab::Settlements => Glyph::Bank,
            ShopTab::Qr => Glyph::Scan,
            ShopTab::Staff => Glyph::Me,
        }
    }
}

/// A shop's screen. `base` is the shop's path, `"/merchant/00000018"`; `role` is that of whoever looks.
#[component]
pub fn ShopPage(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] shop: Signal<String>,
    #[prop(into)] base: String,
    role: Role,
    /// Where another shop is chosen.
    #[prop(default = "/merchant".to_owned(), into)]
    choose: String,
    current: ShopTab,
    children: Children,
) -> impl IntoView {
    let t = &words().shop;
    let item = |tab: ShopTab| {
        view! {
            <li>
                <a class="desk-item" href=format!("{base}{}", tab.path()) aria-current=(tab == current).then_some("page")>
                    <Icon glyph=tab.glyph() />
                    <span>{tab.label(t)}</span>
                </a>
            </li>
        }
    };
    let tabs = ShopTab::ALL.into_iter().filter(|tab| role >= tab.needs()).map(item).collect_view();
    view! {
        <Title text=lasting(title) />
        <div class="desk of-shop">
            <header class="desk-bar">
                <SkipLink />
                <Logo />
                <a class="desk-shop" href=choose>
                    <span class="desk-shop-name">{move || shop.get()}</span>
                    <Icon glyph=Glyph::Down />
                    <span class="for-ears">{t.nav_choose}</span>
                </a>
                <nav class="desk-nav" aria-label=t.nav>
                    <ul>{tabs}</ul>
                </nav>
            </header>
            <main class="desk-main" id="main" tabindex="-1">
                <h1 class="desk-title">{move || title.get()}</h1>
                {children()}
            </main>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cashier_is_shown_no_figures_of_the_shop() {
        let of = |role: Role| ShopTab::ALL.into_iter().filter(|tab| role >= tab.needs()).collect::<Vec<_>>();
        for hidden in [ShopTab::Sales, ShopTab::Settlements] {
            assert!(!of(Role::Cashier).contains(&hidden));
        }
        assert_eq!(of(Role::Manager), ShopTab::ALL);
        assert_eq!(of(Role::Owner), ShopTab::ALL);
    }
}

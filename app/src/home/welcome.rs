//! Home for somebody who is not signed in: what Pay+ is, in three lines and a picture, and the way to begin.

use super::last_wallet;
use crate::pieces::{Glyph, Icon, LinkButton, VoucherCard};
use crate::words::{self, words};
use domain::Won;
use domain::district::District;
use domain::kind::Scope;
use leptos::prelude::*;

#[component]
pub(super) fn Welcome() -> impl IntoView {
    let (lang, t) = (words::lang(), words());
    last_wallet::forget();
    let lines = t.home.welcome_title.lines().map(|line| view! { <span class="welcome-line">{line}</span> }).collect_view();
    let point = |glyph: Glyph, text: &'static str| {
        view! {
            <li>
                <span class="welcome-sign"><Icon glyph /></span>
                <span>{text}</span>
            </li>
        }
    };
    view! {
        <div class="welcome">
            <p class="welcome-title">{lines}</p>
            <div class="welcome-art" aria-hidden="true">
                <div class="welcome-card is-behind">
                    <VoucherCard
                        name=words::district(lang, District::MAPO).to_owned()
                        scope=Scope::District(District::MAPO)
                        left=Won::of(50_000)
                        saved=Won::of(5_000)
                    />
                </div>
                <div class="welcome-card">
                    <VoucherCard name=t.voucher.citywide scope=Scope::Citywide left=Won::of(100_000) saved=Won::of(7_000) />
                </div>
            </div>
            <ul class="welcome-points">
                {point(Glyph::Ticket, t.home.welcome_buy)} {point(Glyph::Scan, t.home.welcome_pay)} {point(Glyph::Shop, t.home.welcome_shop)}
            </ul>
            <div class="actions">
                <LinkButton href="/start">{t.home.welcome_button}</LinkButton>
            </div>
        </div>
    }
}

//! Home for somebody who is not signed in: what Pay+ is, in three lines and a picture, and the way to begin.

use super::last_wallet;
use crate::pieces::{Glyph, Icon, LinkButton, Look, VoucherCard};
use crate::words::{self, words};
use domain::Won;
use domain::district::District;
use domain::kind::{BasisPoints, Price, Scope};
use leptos::prelude::*;

#[component]
pub(super) fn Welcome(discount: Option<BasisPoints>) -> impl IntoView {
    let (lang, t) = (words::lang(), words());
    last_wallet::forget();
    let (small, large) = (Won::of(50_000), Won::of(100_000));
    let (title, to_buy) = match discount {
        Some(discount) => {
            let paid = Price::of(large, discount).paid;
            let title = t.home.welcome_title(&words::amount(lang, large), &words::amount(lang, paid));
            (title, t.home.welcome_buy(&words::percent(discount)))
        }
        None => (t.home.welcome_title_any.to_owned(), t.home.welcome_buy_any.to_owned()),
    };
    let lines = title.lines().map(|line| view! { <span class="welcome-line">{line.to_owned()}</span> }).collect_view();
    let saved = move |face| discount.map_or(Won::ZERO, |discount| Price::of(face, discount).fund);
    let point = |glyph: Glyph, text: String| {
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
                        left=small
                        saved=saved(small)
                    />
                </div>
                <div class="welcome-card">
                    <VoucherCard name=t.voucher.citywide scope=Scope::Citywide left=large saved=saved(large) />
                </div>
            </div>
            <ul class="welcome-points">
                {point(Glyph::Ticket, to_buy)} {point(Glyph::Scan, t.home.welcome_pay.to_owned())}
                {point(Glyph::Shop, t.home.welcome_shop.to_owned())}
            </ul>
            <div class="actions">
                <LinkButton href="/start">{t.home.welcome_button}</LinkButton>
                <LinkButton href="/shops" look=Look::Plain>{t.finding.title}</LinkButton>
                <LinkButton href="/start?next=/merchant/new" look=Look::Plain>{t.joining.new_shop}</LinkButton>
            </div>
        </div>
    }
}

//! `/merchant/:number`: today's total, the payments as they come, and the switch of the sound.

use super::counter::{Counter, Line};
use super::{ShopToday, base, load_today};
use crate::pieces::{Button, EmptyState, Glyph, Icon, LiveRow, Look, Mark, Money, MoneySize, Section, ShopPage, ShopTab};
use crate::visitor::LoadedPage;
use crate::words::{lang, money, words};
use domain::notice::Notice;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn TodayPage() -> impl IntoView {
    let params = use_params_map();
    let today = Resource::new_blocking(move || params.with(|params| params.get("number").unwrap_or_default()), load_today);
    view! {
        <LoadedPage data=today let:today>
            <Today today />
        </LoadedPage>
    }
}

/// What this page can do about sound.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Sound {
    Off,
    Starting,
    On,
}

/// What the parts of the page share.
#[derive(Copy, Clone)]
pub(super) struct Desk {
    pub counter: RwSignal<Counter>,
    pub line: RwSignal<Line>,
    pub sound: RwSignal<Sound>,
    /// The last thing that was said, to be read too.
    pub said: RwSignal<String>,
}

#[component]
fn Today(today: ShopToday) -> impl IntoView {
    let t = &words().shop;
    let shop = today.merchant.name.clone();
    let base = base(&today.merchant);
    let counter = RwSignal::new(Counter::new(&today, None));
    let desk = Desk { counter, line: RwSignal::new(Line::Still), sound: RwSignal::new(Sound::Off), said: RwSignal::new(String::new()) };
    #[cfg(feature = "hydrate")]
    let switch = super::live::start(desk, today);
    #[cfg(not(feature = "hydrate"))]
    let switch = Callback::new(|()| ());
    view! {
        <ShopPage title=t.today_title shop base current=ShopTab::Today>
            <div class="desk-grid">
                <div class="desk-side">
                    <Total desk />
                    <SoundSwitch desk switch />
                </div>
                <Feed desk />
            </div>
        </ShopPage>
    }
}

#[component]
fn Total(desk: Desk) -> impl IntoView {
    let (lang, t) = (lang(), &words().shop);
    let counter = desk.counter;
    let total = Signal::derive(move || counter.with(Counter::net));
    let count = move || t.today_count(counter.with(|counter| counter.paid_count));
    let cancelled = move || {
        let cancelled = counter.with(|counter| counter.cancelled);
        (!cancelled.is_zero()).then(|| format!("{} {}", t.cancelled, money(lang, cancelled)))
    };
    let (class, text) = connection(desk);
    view! {
        <section class="card total">
            <h2 class="total-label">{t.today_total}</h2>
            <p class="total-figure">
                <Money amount=total size=MoneySize::Hero />
            </p>
            <p class="total-note">
                {count} {move || cancelled().map(|cancelled| format!(" · {cancelled}"))}
            </p>
            <p class=class role="status">
                {text}
            </p>
            <div class="pulse-line" class:is-live=move || desk.line.get() == Line::Live aria-hidden="true"></div>
        </section>
    }
}

/// In words, never by colour alone.
fn connection(desk: Desk) -> (impl Fn() -> &'static str, impl Fn() -> &'static str) {
    let t = &words().shop;
    let class = move || match desk.line.get() {
        Line::Still | Line::Live => "connection",
        Line::Trying => "connection is-trying",
        Line::Lost => "connection is-lost",
    };
    let text = move || match desk.line.get() {
        Line::Still => words().common.loading,
        Line::Live => t.connected,
        Line::Trying => t.reconnecting,
        Line::Lost => t.disconnected,
    };
    (class, text)
}

#[component]
fn SoundSwitch(desk: Desk, switch: Callback<()>) -> impl IntoView {
    let t = &words().shop;
    let is_on = move || desk.sound.get() == Sound::On;
    let glyph = move || {
        let glyph = if is_on() { Glyph::SoundOn } else { Glyph::SoundOff };
        view! { <Icon glyph /> }
    };
    view! {
        <section class="card sound with-js" class:sound-on=is_on class:sound-off=move || !is_on()>
            <p class="sound-words" role="status">
                {glyph}
                <span>
                    {move || if is_on() { t.sound_is_on } else { t.sound_is_off }}
                </span>
            </p>
            <Button
                look=Look::Line
                r#type="button"
                busy=Signal::derive(move || desk.sound.get() == Sound::Starting)
                on_press=Callback::new(move |_| switch.run(()))
            >
                {move || if is_on() { t.sound_off } else { t.sound_on }}
            </Button>
            {move || (!is_on()).then(|| view! { <p class="sound-hint">{t.sound_hint}</p> })}
            <p class="sound-said" role="status" aria-live="off">
                {move || desk.said.get()}
            </p>
        </section>
    }
}

#[component]
fn Feed(desk: Desk) -> impl IntoView {
    let t = &words().shop;
    let counter = desk.counter;
    // Rows that were there when the page came are not news.
    let first = counter.with_untracked(Counter::newest);
    let row = move |notice: Notice| {
        let number = notice.number;
        let mark = Signal::derive(move || match counter.with(|counter| counter.is_unheard(number)) {
            true => Mark::Unheard,
            false if number > first => Mark::Fresh,
            false => Mark::Plain,
        });
        view! { <LiveRow notice mark /> }
    };
    let notices = move || counter.with(|counter| counter.notices.clone());
    let is_empty = move || counter.with(|counter| counter.notices.is_empty());
    view! {
        <Section title=t.feed_title>
            <Show when=move || !is_empty() fallback=move || view! { <EmptyState glyph=Glyph::Shop title=t.feed_empty_title lead=t.feed_empty /> }>
                <ol class="feed" aria-live="polite" aria-relevant="additions">
                    <For each=notices key=|notice| notice.number children=row />
                </ol>
            </Show>
        </Section>
    }
}

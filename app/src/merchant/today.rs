//! `/merchant/:number`: today's total, the payments as they come, and the switch of the sound.

use super::application::StandingNote;
use super::counter::{Counter, Line};
use super::{ShopToday, base, load_today};
use crate::pieces::{Button, EmptyState, Glyph, Icon, LinkButton, LiveRow, Look, Mark, Money, MoneySize, Section, ShopPage, ShopTab};
use crate::visitor::LoadedPage;
use crate::words::{lang, money, words};
use domain::listening::Sounding;
use domain::notice::Notice;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Without JavaScript a page of the till asks again by loading itself.
pub(super) const ASK_AGAIN: &str = r#"<noscript><meta http-equiv="refresh" content="10"></noscript>"#;

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
    /// It was on, and the system put it to sleep: a touch wakes it.
    Asleep,
}

/// Which device of the shop speaks.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser is told"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    /// Not heard yet.
    Unknown,
    Me,
    /// By name; this device shows.
    Other(String),
}

/// What somebody presses.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Press {
    Switch,
    /// Says the self-test again.
    Test,
    TakeOver,
}

/// What the parts of the page share.
#[derive(Copy, Clone)]
pub(super) struct Desk {
    pub counter: RwSignal<Counter>,
    pub line: RwSignal<Line>,
    pub sound: RwSignal<Sound>,
    /// The last thing that was said, to be read too.
    pub said: RwSignal<String>,
    pub speaker: RwSignal<Speaker>,
    /// Kept on the device.
    pub sounding: RwSignal<Sounding>,
    /// How this device is called.
    pub name: RwSignal<String>,
}

impl Desk {
    pub(super) fn new(today: &ShopToday) -> Desk {
        Desk {
            counter: RwSignal::new(Counter::new(today, None)),
            line: RwSignal::new(Line::Still),
            sound: RwSignal::new(Sound::Off),
            said: RwSignal::new(String::new()),
            speaker: RwSignal::new(Speaker::Unknown),
            sounding: RwSignal::new(Sounding::default()),
            name: RwSignal::new(String::new()),
        }
    }
}

/// Brings the page to life; the callback takes what is pressed.
pub(super) fn start(desk: Desk, today: ShopToday) -> Callback<Press> {
    #[cfg(feature = "hydrate")]
    return super::live::start(desk, today);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (desk, today);
        Callback::new(|_| ())
    }
}

#[component]
fn Today(today: ShopToday) -> impl IntoView {
    let t = &words().shop;
    let shop = today.merchant.name.clone();
    let (base, role, note) = (base(&today.merchant), today.role, today.merchant.clone());
    let payments = format!("{base}/payments");
    let (alerts, about) = (format!("{base}/alerts"), format!("{base}/about"));
    let (ask, take) = (format!("{base}/ask"), format!("{base}/take"));
    let desk = Desk::new(&today);
    let press = start(desk, today);
    let counter_mode = format!("{base}/counter");
    view! {
        <ShopPage title=t.today_title shop base role current=ShopTab::Today>
            <StandingNote merchant=note role />
            <div class="desk-grid">
                <div class="desk-side">
                    <Total desk />
                    <SoundSwitch desk press />
                    <LinkButton href=counter_mode look=Look::Line>{words().counter.open}</LinkButton>
                    <div class="till-ways">
                        <LinkButton href=ask look=Look::Soft>{words().codes.ask_title}</LinkButton>
                        <LinkButton href=take look=Look::Soft>{words().codes.take_title}</LinkButton>
                    </div>
                    <LinkButton href=alerts look=Look::Plain>{words().alerts.title}</LinkButton>
                    <LinkButton href=about look=Look::Plain>{words().joining.keep_title}</LinkButton>
                </div>
                <Feed desk payments />
            </div>
            <div inner_html=ASK_AGAIN></div>
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

/// In words, never by colour alone. Without JavaScript there is no line to speak of.
pub(super) fn connection(desk: Desk) -> (impl Fn() -> &'static str, impl Fn() -> &'static str) {
    let t = &words().shop;
    let class = move || match desk.line.get() {
        Line::Still | Line::Live => "connection with-js",
        Line::Trying => "connection with-js is-trying",
        Line::Lost => "connection with-js is-lost",
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
pub(super) fn SoundSwitch(desk: Desk, press: Callback<Press>) -> impl IntoView {
    let t = &words().shop;
    let is_on = move || desk.sound.get() == Sound::On;
    let is_asleep = move || desk.sound.get() == Sound::Asleep;
    let other = move || match desk.speaker.get() {
        // Its name comes a moment after it is known that there is one.
        Speaker::Other(name) if is_on() && !name.is_empty() => Some(name),
        _ => None,
    };
    let glyph = move || {
        let glyph = if is_on() { Glyph::SoundOn } else { Glyph::SoundOff };
        view! { <Icon glyph /> }
    };
    view! {
        <section class="card sound with-js" class:sound-on=is_on class:sound-off=move || !is_on()>
            <p class="sound-words" role="status">
                {glyph}
                <span>
                    {move || match (other(), is_on(), is_asleep()) {
                        (Some(name), ..) => words().counter.other_speaks(&name),
                        (None, true, _) => t.sound_is_on.to_owned(),
                        (None, _, true) => words().counter.asleep.to_owned(),
                        (None, ..) => t.sound_is_off.to_owned(),
                    }}
                </span>
            </p>
            <Button
                look=Look::Line
                r#type="button"
                busy=Signal::derive(move || desk.sound.get() == Sound::Starting)
                on_press=Callback::new(move |_| press.run(Press::Switch))
            >
                {move || if is_on() { t.sound_off } else { t.sound_on }}
            </Button>
            {move || other().map(|_| {
                let take = Callback::new(move |_| press.run(Press::TakeOver));
                view! { <Button look=Look::Soft r#type="button" on_press=take>{words().counter.take_over}</Button> }
            })}
            {move || (!is_on()).then(|| view! { <p class="sound-hint">{t.sound_hint}</p> })}
            <p class="sound-said" role="status" aria-live="off">
                {move || desk.said.get()}
            </p>
        </section>
    }
    .into_any()
}

#[component]
fn Feed(desk: Desk, payments: String) -> impl IntoView {
    let t = &words().shop;
    let counter = desk.counter;
    let payments = StoredValue::new(payments);
    // Rows that were there when the page came are not news.
    let first = counter.with_untracked(Counter::newest);
    let row = move |notice: Notice| {
        let number = notice.number;
        let mark = Signal::derive(move || match counter.with(|counter| counter.is_unheard(number)) {
            true => Mark::Unheard,
            false if number > first => Mark::Fresh,
            false => Mark::Plain,
        });
        let href = payments.with_value(|payments| format!("{payments}/{}", notice.payment));
        view! { <LiveRow notice href mark /> }
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

//! `/merchant/:number/counter`: counter mode, for a tablet lying beside the till. One tap starts the sound, keeps the screen on and fills it;
//! the last payment stands in letters the size of a hand. What it sounds like is kept on the device.

use super::counter::{Counter, Line};
use super::today::{ASK_AGAIN, Desk, Press, Sound, SoundSwitch, connection, start};
use super::{ShopToday, base, load_today};
use crate::pieces::{Button, Field, Glyph, Icon, LiveRow, Look, Money, MoneySize, Need, stay_awake, ticking};
use crate::visitor::LoadedPage;
use crate::words::{clock, words};
use domain::listening::{QuietHours, Sounding};
use domain::notice::{Event, Notice};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// Rows below the large one.
const BEFORE: usize = 5;

#[component]
pub fn CounterPage() -> impl IntoView {
    let params = use_params_map();
    let today = Resource::new_blocking(move || params.with(|params| params.get("number").unwrap_or_default()), load_today);
    view! {
        <LoadedPage data=today let:today>
            <AtCounter today />
        </LoadedPage>
    }
    .into_any()
}

#[component]
fn AtCounter(today: ShopToday) -> impl IntoView {
    let (w, t) = (words(), &words().counter);
    let (shop, base) = (today.merchant.name.clone(), base(&today.merchant));
    let desk = Desk::new(&today);
    let press = start(desk, today);
    stay_awake();
    let begin = Callback::new(move |press_now: Press| {
        fill_screen();
        press.run(press_now);
    });
    let (class, text) = connection(desk);
    let is_on = move || matches!(desk.sound.get(), Sound::On);
    let minute = ticking(Duration::from_secs(20));
    let is_quiet = move || is_on() && desk.sounding.get().is_quiet(minute.get());
    view! {
        <Title text=t.title />
        <div class="at-counter">
            <header class="at-counter-bar">
                <h1 class="at-counter-shop">{shop}</h1>
                <p class=class role="status">{text}</p>
                <a class="icon-button" href=base.clone() aria-label=t.leave><Icon glyph=Glyph::Close /></a>
            </header>
            <div class="pulse-line" class:is-live=move || desk.line.get() == Line::Live aria-hidden="true"></div>
            <main class="at-counter-main" id="main" tabindex="-1">
                <Last desk />
                <div class="at-counter-side">
                    <SoundSwitch desk press=begin />
                    {move || is_quiet().then(|| view! { <p class="lead" role="status">{t.quiet_now}</p> })}
                    <Settings desk press />
                    <h2 class="section-title">{t.before}</h2>
                    <Before desk base />
                    <p class="total-note">{w.shop.today_total} " " <Money amount=Signal::derive(move || desk.counter.with(Counter::net)) /></p>
                </div>
            </main>
            <div inner_html=ASK_AGAIN></div>
        </div>
    }
    .into_any()
}

/// A browser that does not fill its screen shows the page as it is.
fn fill_screen() {
    #[cfg(feature = "hydrate")]
    if let Some(page) = document().document_element() {
        let _ = page.request_fullscreen();
    }
}

#[component]
fn Last(desk: Desk) -> impl IntoView {
    let (w, t) = (words(), &words().counter);
    let last = Memo::new(move |_| desk.counter.with(|counter| counter.notices.first().cloned()));
    let figure = move |notice: Notice| {
        let is_cancelled = notice.event == Event::Cancelled;
        view! {
            <div class="at-counter-last" class:is-cancelled=is_cancelled>
                <p class="at-counter-what">{if is_cancelled { w.shop.cancelled } else { t.last }}</p>
                <p class="at-counter-amount">{is_cancelled.then_some("−")}<Money amount=notice.amount size=MoneySize::Hero /></p>
                <p class="at-counter-when">
                    <time datetime=notice.at.to_string()>{clock(notice.at)}</time>
                    <span class="at-counter-code">{w.shop.code_column} " " <b>{notice.code.to_string()}</b></span>
                </p>
            </div>
        }
        .into_any()
    };
    view! {
        <section aria-live="polite" class="at-counter-hand">
            {move || match last.get() {
                Some(notice) => figure(notice),
                None => view! { <p class="at-counter-nothing">{t.nothing_yet}</p> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Before(desk: Desk, base: String) -> impl IntoView {
    let base = StoredValue::new(base);
    let before = move || desk.counter.with(|counter| counter.notices.iter().skip(1).take(BEFORE).cloned().collect::<Vec<_>>());
    let row = move |notice: Notice| {
        let href = base.with_value(|base| format!("{base}/payments/{}", notice.payment));
        view! { <LiveRow notice href /> }
    };
    view! {
        <ol class="feed">
            <For each=before key=|notice| notice.number children=row />
        </ol>
    }
    .into_any()
}

#[component]
fn Settings(desk: Desk, press: Callback<Press>) -> impl IntoView {
    let t = &words().counter;
    let sounding = desk.sounding;
    let change = move |change: &dyn Fn(&mut Sounding)| {
        sounding.update(|sounding| {
            change(sounding);
            *sounding = sounding.sane();
        });
        keep(desk);
    };
    let slider =
        move |name: &'static str, label: &'static str, least: u8, most: u8, get: fn(&Sounding) -> u8, set: fn(&mut Sounding, u8)| {
            view! {
                <div class="field">
                    <label class="field-label" for=name>{label} " " <output>{move || format!("{}%", get(&sounding.get()))}</output></label>
                    <input
                        id=name
                        type="range"
                        min=least.to_string()
                        max=most.to_string()
                        step="5"
                        prop:value=move || get(&sounding.get()).to_string()
                        on:change:target=move |event| {
                            if let Ok(value) = event.target().value().parse() {
                                change(&|sounding| set(sounding, value));
                            }
                        }
                    />
                </div>
            }
        };
    let says = move |with_code: bool, id: &'static str, label: &'static str| {
        view! {
            <label class="choice-line" for=id>
                <input
                    id=id
                    type="radio"
                    name="says"
                    prop:checked=move || sounding.get().says_code == with_code
                    on:change=move |_| change(&|sounding| sounding.says_code = with_code)
                />
                <span>{label}</span>
            </label>
        }
    };
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kept = Memo::new(move |_| sounding.get().quiet);
    let time = |time: jiff::civil::Time| time.strftime("%H:%M").to_string();
    // What this device has kept. While one of the two fields is still empty nothing is kept, and what was typed stays.
    Effect::new(move |_| {
        if let Some(quiet) = kept.get() {
            from.set(time(quiet.from));
            to.set(time(quiet.to));
        }
    });
    let quiet_changed = move || {
        let quiet = QuietHours::parse(&from.get_untracked(), &to.get_untracked()).filter(|quiet| quiet.from != quiet.to);
        change(&|sounding| sounding.quiet = quiet);
    };
    let clock_field = move |id: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <label class="clock-field" for=id>
                <input
                    id=id
                    type="time"
                    class="field-input"
                    prop:value=move || value.get()
                    on:change:target=move |event| {
                        value.set(event.target().value());
                        quiet_changed();
                    }
                />
                <span>{label}</span>
            </label>
        }
    };
    let named = desk.name;
    Effect::new(move |was: Option<String>| {
        let name = named.get();
        if was.is_some_and(|was| was != name) {
            keep(desk);
        }
        name
    });
    view! {
        <details class="card counter-settings with-js">
            <summary class="section-title">{t.settings}</summary>
            {slider("volume", t.volume, 10, 100, |sounding| sounding.volume, |sounding, value| sounding.volume = value)}
            {slider("speed", t.speed, 80, 130, |sounding| sounding.speed, |sounding, value| sounding.speed = value)}
            <fieldset>
                <legend class="field-label">{t.says}</legend>
                {says(false, "says-amount", t.says_amount)}
                {says(true, "says-code", t.says_code)}
                <p class="field-hint">{t.says_code_hint}</p>
            </fieldset>
            <fieldset>
                <legend class="field-label">{t.quiet}</legend>
                <div class="clock-fields">{clock_field("quiet-from", t.quiet_from, from)} {clock_field("quiet-to", t.quiet_to, to)}</div>
                <p class="field-hint">{t.quiet_hint}</p>
            </fieldset>
            <Field label=t.device_name name="device-name" value=named maxlength=30 need=Need::Optional hint=t.kept />
            <Button look=Look::Line r#type="button" on_press=Callback::new(move |_| press.run(Press::Test))>{t.test}</Button>
        </details>
    }
    .into_any()
}

/// On this device.
fn keep(desk: Desk) {
    #[cfg(feature = "hydrate")]
    {
        super::telling::keep_sounding(desk.sounding.get_untracked());
        super::telling::keep_name(&desk.name.get_untracked());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = desk;
}

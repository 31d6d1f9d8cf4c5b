//! `/wait/:window`: where you stand, how long, whether it will last, and that there is nothing to do. Each change is said once to
//! those who listen; figures change silently. Without the wasm the page loads itself anew.

use super::calls::{Enter, Joined, join};
use super::proof::Proof;
use super::told::{Heard, Told};
use crate::pieces::{Banner, Button, LinkButton, Look, Page, SaleClock, Tab, Tone, ticking};
use crate::visitor::LoadedPage;
use crate::words::{self, amount, kind_name, moment, words};
use domain::room::outlook::{Chance, Outlook, Wait};
use domain::{Timestamp, WindowId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

/// Without JavaScript the place is kept by loading the page anew.
const ASK_AGAIN: &str = r#"<noscript><meta http-equiv="refresh" content="8"></noscript>"#;

/// What the living page changes.
#[derive(Copy, Clone)]
pub(super) struct Live {
    pub window: WindowId,
    pub heard: RwSignal<Heard>,
    /// Since when no answer comes, by this device's clock.
    pub lost_at: RwSignal<Option<Timestamp>>,
    /// How long one may be away and keep the place.
    pub grace_ms: i64,
}

#[component]
pub fn WaitPage() -> impl IntoView {
    let params = use_params_map();
    let window = move || params.with(|params| params.get("window")).unwrap_or_default();
    let data = Resource::new_blocking(window, join);
    view! {
        <LoadedPage data let:joined>
            <Page title=words().wait.title tab=Tab::Buy>
                <Waiting joined again=Callback::new(move |()| data.refetch()) />
            </Page>
        </LoadedPage>
    }
}

#[component]
fn Waiting(joined: Joined, again: Callback<()>) -> impl IntoView {
    let Joined { window, kind, heard, grace_ms } = joined;
    let live = Live { window: window.id, heard: RwSignal::new(heard), lost_at: RwSignal::new(None), grace_ms };
    #[cfg(feature = "hydrate")]
    super::keeping::start(live);
    let name = kind_name(words::lang(), &kind).to_owned();
    // The page is drawn anew when somebody's standing changes, not with each figure.
    let stage = Memo::new(move |_| live.heard.with(|heard| std::mem::discriminant(&heard.told)));
    view! {
        <div class="waiting">
            <p class="waiting-what">{name}</p>
            <Lost live />
            {move || {
                // Read, not only tracked: a memo that nobody has read follows nothing.
                let _ = stage.get();
                stands(live, again)
            }}
            <div inner_html=ASK_AGAIN></div>
        </div>
    }
}

fn stands(live: Live, again: Callback<()>) -> AnyView {
    let (lang, t) = (words::lang(), &words().wait);
    let heard = live.heard.get_untracked();
    let now = heard.now;
    match heard.told {
        Told::Before { joins_from, opens_at } => view! {
            <Says title=t.before_title lead=t.before(&moment(lang, joins_from, now)) />
            <div class="card waiting-card">
                <SaleClock to=opens_at now label=t.opens_in />
            </div>
            <Again again />
        }
        .into_any(),
        Told::PreQueue { opens_at, commitment, .. } => {
            let people = move || {
                live.heard.with(|heard| match heard.told {
                    Told::PreQueue { people, .. } => t.queue_people(&t.people(&grouped(people))),
                    _ => String::new(),
                })
            };
            view! {
                <Says title=t.queue_title lead=t.queue_lead(&moment(lang, opens_at, now)) />
                <div class="card waiting-card">
                    <SaleClock to=opens_at now label=t.opens_in />
                    <p class="waiting-note">{people}</p>
                </div>
                <p class="waiting-note">{t.queue_draw}</p>
                <p class="waiting-note">{t.same_place}</p>
                <details class="waiting-proof">
                    <summary>{t.proof_title}</summary>
                    <p class="waiting-note">{t.proof_lead}</p>
                    <p class="waiting-hex"><span>{t.proof_commitment}</span> <code>{commitment.to_string()}</code></p>
                </details>
            }
            .into_any()
        }
        Told::Drawing => view! { <Says title=t.drawing lead=t.nothing_to_do.to_owned() /> }.into_any(),
        Told::Waits { .. } => view! { <InLine live /> }.into_any(),
        Told::Called { place } => {
            view! { <Says title=t.called_title lead=t.called.to_owned() /> <p class="waiting-note">{t.place(&grouped(place))}</p> }
                .into_any()
        }
        Told::ComesIn { .. } => view! { <MyTurn window=live.window /> }.into_any(),
        Told::Lapsed { grace_ms } => view! {
            <Says title=t.lapsed_title lead=t.lapsed(&span(grace_ms)) />
            <Again again label=t.again />
        }
        .into_any(),
        Told::Beyond { outlook, .. } => {
            let left = amount(lang, outlook.stock.left.plus(outlook.stock.held).unwrap_or(outlook.stock.left));
            let lead = if outlook.stock.left.is_zero() && outlook.stock.held.is_zero() {
                t.sold_out.to_owned()
            } else {
                t.beyond(&left, &t.people(&grouped(outlook.ahead)))
            };
            view! {
                <Says title=t.beyond_title lead />
                <div class="actions">
                    <LinkButton href="/buy" look=Look::Soft>{t.other_sales}</LinkButton>
                    <LinkButton href="/">{words().common.go_home}</LinkButton>
                </div>
            }
            .into_any()
        }
        Told::Over { closed_at } => view! {
            <Says title=t.over_title lead=words::refused(lang, &domain::Refused::WindowClosed { closed_at }) />
            <div class="actions">
                <LinkButton href="/">{words().common.go_home}</LinkButton>
            </div>
        }
        .into_any(),
        // The living page gets one by itself.
        Told::NoTicket => view! { <Says title=t.finding lead=t.nothing_to_do.to_owned() /> <Again again /> }.into_any(),
    }
}

/// What is said once when it comes.
#[component]
fn Says(title: &'static str, #[prop(into)] lead: String) -> impl IntoView {
    view! {
        <div class="waiting-says" role="status">
            <h2 class="stage-title">{title}</h2>
            <p class="lead">{lead}</p>
        </div>
    }
}

#[component]
fn Again(again: Callback<()>, #[prop(optional)] label: Option<&'static str>) -> impl IntoView {
    let label = label.unwrap_or(words().wait.update);
    view! {
        <div class="actions">
            <button type="button" class="button button-soft with-js" on:click=move |_| again.run(())>{label}</button>
            <a class="button button-soft without-js" href="">{label}</a>
        </div>
    }
}

/// People ahead, time, stock. The figures are told to ears once, when the line begins.
#[component]
fn InLine(live: Live) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().wait);
    // The last figures stay until the page is drawn anew.
    let standing = Memo::new(move |last: Option<&Option<_>>| {
        live.heard.with(|heard| match &heard.told {
            Told::Waits { place, is_drawn, outlook, is_paused } => Some((*place, *is_drawn, *outlook, *is_paused)),
            _ => last.copied().flatten(),
        })
    });
    let with = move |say: fn(&Outlook, bool) -> String| move || standing.get().map(|(_, _, outlook, is_paused)| say(&outlook, is_paused));
    let ahead = move || standing.get().map(|(_, _, outlook, _)| grouped(outlook.ahead));
    let lasts = move || standing.get().map(|(_, _, outlook, _)| lasts_class(outlook.stock.lasts));
    let stock = move || {
        standing.get().map(|(_, _, outlook, _)| {
            let people = t.people(&grouped(u32::try_from(outlook.stock.enough_for_at_least).unwrap_or(u32::MAX)));
            t.stock(&amount(lang, outlook.stock.left), &people)
        })
    };
    let place = move || standing.get().map(|(place, ..)| t.place(&grouped(place)));
    let drawn = standing.get_untracked().and_then(|(place, is_drawn, ..)| is_drawn.then_some(place));
    let first = standing.get_untracked();
    let told_once = first.map(|(_, _, outlook, is_paused)| {
        format!("{} {}. {}", t.ahead_label, t.people(&grouped(outlook.ahead)), takes(&outlook, is_paused))
    });
    view! {
        <p class="for-ears" role="status">{told_once}</p>
        <div class="card waiting-card">
            <p class="waiting-label">{t.ahead_label}</p>
            <p class="waiting-figure">{ahead}</p>
            <p class="waiting-takes">{with(takes)}</p>
            <p class="waiting-place">{place}</p>
        </div>
        <div class=move || format!("waiting-stock {}", lasts().unwrap_or_default())>
            <p class="waiting-lasts">{with(lasts_words)}</p>
            <p class="waiting-note">{stock}</p>
            <p class="waiting-note">{with(in_time)}</p>
        </div>
        <p class="waiting-note">{t.nothing_to_do}</p>
        <p class="waiting-note">{t.keep(&span(live.grace_ms))}</p>
        <p class="waiting-note">{t.same_place}</p>
        {drawn.map(|place| view! { <Proof window=live.window place /> })}
    }
}

fn takes(outlook: &Outlook, is_paused: bool) -> String {
    let t = &words().wait;
    match outlook.wait {
        _ if is_paused => t.paused.to_owned(),
        Wait::Standing => t.standing.to_owned(),
        Wait::Called => t.called.to_owned(),
        Wait::Between { from_ms, to_ms } => {
            let (from, to) = (span(from_ms), span(to_ms.max(1_000)));
            if from == to || from_ms < 1_000 { t.takes_about(&to) } else { t.takes(&from, &to) }
        }
    }
}

fn lasts_words(outlook: &Outlook, _is_paused: bool) -> String {
    let t = &words().wait;
    let says = match outlook.stock.lasts {
        Chance::Likely => t.lasts_likely,
        Chance::Unsure => t.lasts_unsure,
        Chance::Unlikely => t.lasts_unlikely,
    };
    says.to_owned()
}

fn in_time(outlook: &Outlook, _is_paused: bool) -> String {
    let t = &words().wait;
    let says = match outlook.in_time {
        Chance::Likely => "",
        Chance::Unsure => t.in_time_unsure,
        Chance::Unlikely => t.in_time_unlikely,
    };
    says.to_owned()
}

fn lasts_class(chance: Chance) -> &'static str {
    match chance {
        Chance::Likely => "is-likely",
        Chance::Unsure => "is-unsure",
        Chance::Unlikely => "is-unlikely",
    }
}

/// The living page goes in by itself; this is for everybody else.
#[component]
fn MyTurn(window: WindowId) -> impl IntoView {
    let t = &words().wait;
    let action = ServerAction::<Enter>::new();
    let error = crate::visitor::failure(action);
    view! {
        <div class="waiting-turn">
            <Says title=t.turn_title lead=t.turn_lead.to_owned() />
            <ActionForm action>
                <input type="hidden" name="window" value=window.to_string() />
                <p class="field-error" role="alert">{move || error.get()}</p>
                <div class="actions">
                    <Button busy=action.pending()>{t.turn_button}</Button>
                </div>
            </ActionForm>
        </div>
    }
}

/// No answer comes: how long the place is still kept.
#[component]
fn Lost(live: Live) -> impl IntoView {
    let t = &words().wait;
    let tick = ticking(Duration::from_secs(1));
    let is_lost = Memo::new(move |_| live.lost_at.with(Option::is_some));
    move || {
        is_lost.get().then(|| {
            let left = move || {
                let since = live.lost_at.get().map_or(0, |lost| tick.get().as_millisecond() - lost.as_millisecond());
                t.lost(&span((live.grace_ms - since).max(0)))
            };
            view! {
                <Banner tone=Tone::Warn>
                    <p><b>{t.lost_title}</b></p>
                    <p aria-live="off">{left}</p>
                </Banner>
            }
        })
    }
}

/// "3분", "20초": whole minutes from one minute on.
fn span(ms: i64) -> String {
    let t = &words().wait;
    let seconds = (ms + 999) / 1_000;
    if seconds > 60 { t.minutes((seconds + 59) / 60) } else { t.seconds(seconds) }
}

/// "12,345"
fn grouped(count: u32) -> String {
    domain::Won::of(i64::from(count)).to_string()
}

/// For pages that lead here.
#[component]
pub(crate) fn ToRoom(window: WindowId) -> impl IntoView {
    view! { <LinkButton href=format!("/wait/{window}")>{words().wait.join}</LinkButton> }
}

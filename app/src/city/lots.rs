//! `/city/lots`: vouchers that are sold already: which end soon or have ended, what of them is breakage, and what the city does about them: more
//! time, money back at once. Every operator looks; a controller acts, and the audit log has it.

use super::fields::{Input, KindChoice, Select};
use super::frame::{CityTab, Frame, Loaded};
use super::lots_calls::{CityLots, EndingLots, ExtendLots, Measure, Taken, WaiveLots, load_city_lots};
use crate::merchant::when;
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{Banner, Button, DataTable, EmptyState, ErrorNote, Glyph, Look, Section, Tone};
use crate::visitor::failure;
use crate::words::{kind_name, lang, last_day, money, words};
use domain::application::Reason;
use domain::kind::Kind;
use domain::operator::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn CityLotsPage() -> impl IntoView {
    let query = use_query_map();
    // A page that has done something is another page.
    let done = Memo::new(move |_| query.with(|query| (query.get("done"), query.get("at"))));
    let data = Resource::new_blocking(move || done.get(), |_| load_city_lots());
    view! {
        <Loaded data let:loaded>
            <Frame title=words().expiry.city_title tab=CityTab::Settlement who=loaded.who.clone()>
                <Desk loaded done=done.get_untracked().0 />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Desk(loaded: CityLots, done: Option<String>) -> impl IntoView {
    let t = &words().expiry;
    let (extend, waive) = (ServerAction::<ExtendLots>::new(), ServerAction::<WaiveLots>::new());
    let failures = [failure(extend), failure(waive)];
    let error = move || failures.iter().find_map(|failure| failure.get());
    let CityLots { who, ending, kinds, taken } = loaded;
    let forms = who.is(Role::Controller).then(|| (extending(&ending, extend), waiving(kinds, waive)));
    let said = match done.as_deref() {
        Some("extended") => Some(t.extended),
        Some("waived") => Some(t.waived),
        _ => None,
    };
    view! {
        <p class="lead">{t.city_lead}</p>
        {said.map(|says| view! { <div role="status"><Banner tone=Tone::Good>{says}</Banner></div> })}
        {move || error().map(|message| view! { <ErrorNote message /> })}
        {listed(ending)}
        {forms}
        {measures(taken)}
    }
    .into_any()
}

fn listed(ending: Vec<EndingLots>) -> AnyView {
    let (lang, t) = (lang(), &words().expiry);
    if ending.is_empty() {
        return view! { <Section title=t.list_title><EmptyState glyph=Glyph::Ticket title=t.nothing_title lead=t.nothing /></Section> }
            .into_any();
    }
    let row = move |lots: EndingLots| {
        let state = lots.until.map(|until| t.under_way(&last_day(lang, until)));
        view! {
            <tr>
                <th scope="row">{kind_name(lang, &lots.kind).to_owned()}</th>
                <td data-label=t.column_end>{last_day(lang, lots.ends_at)}</td>
                <td class="figure" data-label=t.column_lots>{lots.lots}</td>
                <td class="figure" data-label=t.column_left>{money(lang, lots.left)}</td>
                <td class="figure" data-label=t.column_expired>{money(lang, lots.expired)}</td>
                <td data-label=t.column_state>{state}</td>
            </tr>
        }
    };
    let rows = ending.into_iter().map(row).collect_view();
    let columns = vec![
        Text(t.column_kind),
        Text(t.column_end),
        Figure(t.column_lots),
        Figure(t.column_left),
        Figure(t.column_expired),
        Text(t.column_state),
    ];
    view! {
        <Section title=t.list_title>
            <DataTable label=t.list_title columns>{rows}</DataTable>
        </Section>
    }
    .into_any()
}

fn extending(ending: &[EndingLots], extend: ServerAction<ExtendLots>) -> AnyView {
    let (lang, t) = (lang(), &words().expiry);
    let option = |lots: &EndingLots| {
        let value = format!("{}:{}", lots.kind.id, lots.ends_at.as_millisecond());
        (value, format!("{} · {}", kind_name(lang, &lots.kind), last_day(lang, lots.ends_at)))
    };
    let options: Vec<_> = ending.iter().filter(|lots| lots.until.is_none()).map(option).collect();
    let Some((chosen, _)) = options.first().cloned() else {
        return view! { <Section title=t.extend_title><p>{t.none_to_extend}</p></Section> }.into_any();
    };
    view! {
        <Section title=t.extend_title>
            <p class="small">{t.extend_lead}</p>
            <ActionForm action=extend attr:class="city-form">
                <div class="city-fields">
                    <Select label=t.which name="which" options chosen />
                    <Input label=t.until name="until" value="" r#type="date" required=true />
                    <WhyField />
                </div>
                <Button look=Look::Line busy=extend.pending()>{t.extend}</Button>
            </ActionForm>
        </Section>
    }
    .into_any()
}

fn waiving(kinds: Vec<Kind>, waive: ServerAction<WaiveLots>) -> AnyView {
    let t = &words().expiry;
    let Some(chosen) = kinds.first().map(|kind| kind.id.to_string()) else { return ().into_any() };
    view! {
        <Section title=t.waive_title>
            <p class="small">{t.waive_lead}</p>
            <ActionForm action=waive attr:class="city-form">
                <div class="city-fields">
                    <KindChoice name="kind" kinds chosen />
                    <WhyField />
                </div>
                <Button look=Look::Line busy=waive.pending()>{t.waive}</Button>
            </ActionForm>
        </Section>
    }
    .into_any()
}

#[component]
fn WhyField() -> impl IntoView {
    let t = &words().expiry;
    let most = u16::try_from(Reason::CHARS_MAX).unwrap_or(u16::MAX);
    view! { <Input label=format!("{} ({})", t.reason, t.reason_hint) name="reason" value="" maxlength=most required=true /> }
}

fn measures(taken: Vec<Taken>) -> AnyView {
    let (lang, t) = (lang(), &words().expiry);
    if taken.is_empty() {
        return view! { <Section title=t.taken_title><p>{t.taken_none}</p></Section> }.into_any();
    }
    let row = move |taken: Taken| {
        let what = match taken.measure {
            Measure::MoreTime { ended, until } => t.was_extended(&last_day(lang, ended), &last_day(lang, until)),
            Measure::MoneyBack => t.was_waived.to_owned(),
        };
        view! {
            <tr>
                <th scope="row">{when(taken.created_at)}</th>
                <td data-label=t.column_kind>{kind_name(lang, &taken.kind).to_owned()}</td>
                <td data-label=t.column_what>{what}</td>
                <td data-label=t.column_reason>{taken.reason}</td>
                <td data-label=t.column_by>{taken.operator}</td>
                <td data-label=t.column_state>{if taken.is_done { t.taken_done } else { t.taken_open }}</td>
            </tr>
        }
    };
    let rows = taken.into_iter().map(row).collect_view();
    let columns = [t.column_when, t.column_kind, t.column_what, t.column_reason, t.column_by, t.column_state];
    view! {
        <Section title=t.taken_title>
            <DataTable label=t.taken_title columns=columns.into_iter().map(Text).collect()>{rows}</DataTable>
        </Section>
    }
    .into_any()
}

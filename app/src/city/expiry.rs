//! `/city/expiry`: vouchers that end soon or have ended, what of them is breakage, and more time for them. Every operator looks; a controller
//! gives time, and the audit log has it.

use super::expiry_calls::{CityExpiry, EndingLots, ExtendLots, GivenTime, load_city_expiry};
use super::fields::{Input, Select};
use super::frame::{CityTab, Frame, Loaded};
use crate::merchant::when;
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{Banner, Button, DataTable, EmptyState, ErrorNote, Glyph, Look, Section, Tone};
use crate::visitor::failure;
use crate::words::{kind_name, lang, last_day, money, words};
use domain::application::Reason;
use domain::operator::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn CityExpiryPage() -> impl IntoView {
    let query = use_query_map();
    // A page that has done something is another page.
    let done = Memo::new(move |_| query.with(|query| (query.get("done"), query.get("at"))));
    let data = Resource::new_blocking(move || done.get(), |_| load_city_expiry());
    view! {
        <Loaded data let:loaded>
            <Frame title=words().expiry.city_title tab=CityTab::Settlement who=loaded.who.clone()>
                <Desk loaded has_extended=done.get_untracked().0.is_some_and(|done| done == "extended") />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Desk(loaded: CityExpiry, has_extended: bool) -> impl IntoView {
    let t = &words().expiry;
    let extend = ServerAction::<ExtendLots>::new();
    let error = failure(extend);
    let CityExpiry { who, ending, given } = loaded;
    let form = who.is(Role::Controller).then(|| extending(&ending, extend));
    view! {
        <p class="lead">{t.city_lead}</p>
        {has_extended.then(|| view! { <div role="status"><Banner tone=Tone::Good>{t.done}</Banner></div> })}
        {move || error.get().map(|message| view! { <ErrorNote message /> })}
        {listed(ending)}
        {form}
        {times_given(given)}
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
    let most = u16::try_from(Reason::CHARS_MAX).unwrap_or(u16::MAX);
    view! {
        <Section title=t.extend_title>
            <p class="small">{t.extend_lead}</p>
            <ActionForm action=extend attr:class="city-form">
                <div class="city-fields">
                    <Select label=t.which name="which" options chosen />
                    <Input label=t.until name="until" value="" r#type="date" required=true />
                    <Input label=format!("{} ({})", t.reason, t.reason_hint) name="reason" value="" maxlength=most required=true />
                </div>
                <Button look=Look::Line busy=extend.pending()>{t.extend}</Button>
            </ActionForm>
        </Section>
    }
    .into_any()
}

fn times_given(given: Vec<GivenTime>) -> AnyView {
    let (lang, t) = (lang(), &words().expiry);
    if given.is_empty() {
        return view! { <Section title=t.given_title><p>{t.given_none}</p></Section> }.into_any();
    }
    let row = move |time: GivenTime| {
        let state = if time.is_done { t.given_done } else { t.given_open };
        view! {
            <tr>
                <th scope="row">{when(time.created_at)}</th>
                <td data-label=t.column_kind>{kind_name(lang, &time.kind).to_owned()}</td>
                <td data-label=t.column_end>{last_day(lang, time.ended)}</td>
                <td data-label=t.column_until>{last_day(lang, time.until)}</td>
                <td data-label=t.column_reason>{time.reason}</td>
                <td data-label=t.column_by>{time.operator}</td>
                <td data-label=t.column_state>{state}</td>
            </tr>
        }
    };
    let rows = given.into_iter().map(row).collect_view();
    let columns = [t.column_when, t.column_kind, t.column_end, t.column_until, t.column_reason, t.column_by, t.column_state];
    view! {
        <Section title=t.given_title>
            <DataTable label=t.given_title columns=columns.into_iter().map(Text).collect()>{rows}</DataTable>
        </Section>
    }
    .into_any()
}

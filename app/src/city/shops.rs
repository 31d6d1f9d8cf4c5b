//! `/city/shops`: shops that wait to be let in, the longest first, and finding any other; `/city/shops/:number`: one of them, with what
//! can be decided about it. A controller decides, an auditor may look.

use super::fields::Input;
use super::frame::{CityTab, Frame, Loaded};
use super::shop_calls::{CityShops, DecideShop, File, Line, load_shop_file, load_shops};
use crate::merchant::{photo_path, standing_word};
use crate::pieces::Column::Text;
use crate::pieces::{Banner, Button, DataTable, EmptyState, ErrorNote, Facts, Glyph, Look, Tone};
use crate::visitor::failure;
use crate::words::{self, date, lang, time_of_day, words};
use domain::Timestamp;
use domain::application::{Decision, Stage};
use domain::category::Category;
use domain::merchant::Standing;
use domain::operator::Role;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn ShopsPage() -> impl IntoView {
    let query = use_query_map();
    let data = Resource::new_blocking(move || query.with(|query| query.get("find").unwrap_or_default()), load_shops);
    view! {
        <Loaded data let:loaded>
            <Frame title=words().shops.title tab=CityTab::Shops who=loaded.who.clone()>
                <Lists loaded />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Lists(loaded: CityShops) -> impl IntoView {
    let t = &words().shops;
    let CityShops { queue, found, .. } = loaded;
    let asked = found.as_ref().map(|(asked, _)| asked.clone()).unwrap_or_default();
    let found = found.map(|(_, lines)| match lines.is_empty() {
        true => view! { <EmptyState glyph=Glyph::Shop title=t.found_none /> }.into_any(),
        false => table(t.found_title, lines),
    });
    view! {
        <p class="lead">{t.lead}</p>
        <section class="card city-part">
            <h2 class="section-title">{t.queue_title}</h2>
            {match queue.is_empty() {
                true => view! { <EmptyState glyph=Glyph::Check title=t.queue_empty_title lead=t.queue_empty /> }.into_any(),
                false => table(t.queue_title, queue),
            }}
        </section>
        <section class="card city-part">
            <Form method="GET" action="/city/shops" attr:class="city-form">
                <Input label=t.find_label name="find" value=asked maxlength=60 required=true />
                <Button look=Look::Line>{t.find_button}</Button>
            </Form>
            {found}
        </section>
    }
    .into_any()
}

fn table(title: &'static str, lines: Vec<Line>) -> AnyView {
    let (lang, t) = (lang(), &words().shops);
    let row = move |line: Line| {
        let Line { shop, business_number, submitted_at } = line;
        let place = format!("{} · {}", words::district(lang, shop.district), shop.address);
        let since = submitted_at.map(when).unwrap_or_default();
        view! {
            <tr>
                <th scope="row"><a class="city-link" href=format!("/city/shops/{}", shop.number)>{shop.name}</a> " " <code>{shop.number.to_string()}</code></th>
                <td data-label=t.column_business>{business_number}</td>
                <td data-label=t.column_place>{place}</td>
                <td data-label=t.column_since>{since}</td>
                <td data-label=t.column_standing>{standing_word(words(), shop.standing)}</td>
            </tr>
        }
    };
    let columns = vec![Text(t.column_shop), Text(t.column_business), Text(t.column_place), Text(t.column_since), Text(t.column_standing)];
    view! {
        <DataTable label=title columns>{lines.into_iter().map(row).collect_view()}</DataTable>
    }
    .into_any()
}

#[component]
pub fn ShopFilePage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let number = move || params.with(|params| params.get("number").unwrap_or_default());
    // After a decision it is read anew.
    let data = Resource::new_blocking(move || (number(), query.with(|query| query.get("done"))), |(number, _)| load_shop_file(number));
    view! {
        <Loaded data let:file>
            <Frame title=file.shop.name.clone() tab=CityTab::Shops who=file.who.clone()>
                <One file />
            </Frame>
        </Loaded>
    }
}

#[component]
fn One(file: File) -> impl IntoView {
    let (lang, t) = (lang(), &words().shops);
    let action = ServerAction::<DecideShop>::new();
    let error = failure(action);
    let shop = file.shop.clone();
    let payout = match (&file.payout, file.has_payout_account) {
        (Some(masked), _) => masked.clone(),
        (None, true) => words().settling.account_registered.to_owned(),
        (None, false) => t.account_none.to_owned(),
    };
    let category = Category::parse(&shop.category).map_or_else(|| shop.category.clone(), |one| words::category(lang, one).to_owned());
    let stage = file.stage.map_or_else(String::new, |stage| format!(" · {}", words::stage(lang, stage)));
    let facts = vec![
        (t.column_standing.to_owned(), format!("{}{stage}", standing_word(words(), shop.standing))),
        (t.column_shop.to_owned(), shop.number.to_string()),
        (t.business.to_owned(), file.business_number.clone()),
        (t.owners.to_owned(), file.owners.join(", ")),
        (t.category.to_owned(), category),
        (t.column_place.to_owned(), format!("{} · {}", words::district(lang, shop.district), shop.address)),
        (t.account.to_owned(), payout),
    ];
    let photo = match file.photo {
        Some(photo) => view! {
            <figure class="shop-photo"><img src=photo_path(photo) alt=words().joining.photo_alt(&shop.name) /></figure>
        }
        .into_any(),
        None => view! { <p class="small">{t.photo_none}</p> }.into_any(),
    };
    let history = history(&file);
    view! {
        {move || error.get().map(|message| view! { <ErrorNote message /> })}
        <section class="card city-part">
            {photo}
            <Facts facts />
        </section>
        <Decide file action />
        {history}
    }
    .into_any()
}

/// What can be decided now: rules of `domain`, asked for each button.
#[component]
fn Decide(file: File, action: ServerAction<DecideShop>) -> impl IntoView {
    let t = &words().shops;
    if !file.who.is(Role::Controller) {
        return view! { <Banner>{t.only_controllers}</Banner> }.into_any();
    }
    let is_sent = file.stage.is_none_or(|stage| stage == Stage::Submitted);
    let is_possible = |decision: Decision| {
        let is_of_application = matches!(decision, Decision::Approved | Decision::SentBack);
        let fits = if decision == Decision::SentBack { file.stage == Some(Stage::Submitted) } else { is_sent || !is_of_application };
        decision.from(file.shop.standing).is_some() && fits
    };
    let number = file.shop.number.to_string();
    let form = |decision: Decision, label: &'static str, look: Look| {
        let reason = decision.needs_reason().then(|| {
            view! { <Input label=t.reason_label name="reason" value="" maxlength=300 required=true /> }
        });
        let number = number.clone();
        view! {
            <ActionForm action attr:class="city-form">
                <input type="hidden" name="number" value=number />
                <input type="hidden" name="version" value=file.version.to_string() />
                <input type="hidden" name="decision" value=decision.as_str() />
                {reason}
                <Button look busy=action.pending()>{label}</Button>
            </ActionForm>
        }
    };
    let buttons = [
        (Decision::Approved, t.approve, Look::Primary),
        (Decision::SentBack, t.send_back, Look::Line),
        (Decision::Reopened, t.reopen, Look::Primary),
        (Decision::Closed, t.close, Look::Danger),
    ];
    let forms =
        buttons.into_iter().filter(|(decision, ..)| is_possible(*decision)).map(|(decision, label, look)| form(decision, label, look));
    let forms = forms.collect_view();
    let not_sent = (!is_sent && file.shop.standing == Standing::Pending).then(|| view! { <Banner tone=Tone::Warn>{t.not_sent}</Banner> });
    view! {
        <section class="card city-part">
            <h2 class="section-title">{t.decide_title}</h2>
            <p class="small">{t.reason_hint}</p>
            {not_sent}
            {forms}
        </section>
    }
    .into_any()
}

fn history(file: &File) -> AnyView {
    let (lang, t) = (lang(), &words().shops);
    let line = |(decision, reason, operator, at): &(Decision, String, String, Timestamp)| {
        let reason = (!reason.is_empty()).then(|| format!(" · {reason}"));
        view! { <li>{when(*at)} " · " {words::decision(lang, *decision)} " · " {t.by(operator)} {reason}</li> }
    };
    let lines = file.decisions.iter().map(line).collect_view();
    view! {
        <section class="card city-part">
            <h2 class="section-title">{t.history_title}</h2>
            {file.decisions.is_empty().then(|| view! { <p class="small">{t.history_none}</p> })}
            <ul>{lines}</ul>
        </section>
    }
    .into_any()
}

fn when(at: Timestamp) -> String {
    let lang = lang();
    format!("{} {}", date(lang, at), time_of_day(lang, at))
}

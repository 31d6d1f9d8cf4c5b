//! `/city/partners`: partner apps, their keys, where they are told, and what each may sell of a window. Everybody may look, a controller
//! acts. A secret travels in a cookie to the page that shows it, once, with JavaScript or without.

use super::Operator;
use super::fields::{Input, Select};
use super::frame::{CityTab, Frame, Loaded};
use super::partner_calls::{
    CityPartners, KeyShown, KeyStanding, MakePartnerKey, PartnerShown, RevokePartnerKey, RotatePartnerKey, RotateWebhookSecret,
    SetChannelCap, SetEndpoint, WindowToCap, load_partners,
};
use crate::pieces::Column::Text;
use crate::pieces::{Banner, Button, DataTable, EmptyState, ErrorNote, Glyph, Look, Tone};
use crate::visitor::failure;
use crate::words::{amount, date, kind_name, lang, time_of_day, words};
use domain::operator::Role;
use domain::partner::Cap;
use domain::{PartnerId, Timestamp};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn PartnersPage() -> impl IntoView {
    let query = use_query_map();
    // Another key that was made is another page.
    let data = Resource::new_blocking(move || query.with(|query| query.get("shown")), |_| load_partners());
    view! {
        <Loaded data let:loaded>
            <Frame title=words().partners.title tab=CityTab::Partners who=loaded.who.clone()>
                <List loaded />
            </Frame>
        </Loaded>
    }
}

/// The forms of the page share them: what went wrong is said at the top.
#[derive(Copy, Clone)]
struct Actions {
    make: ServerAction<MakePartnerKey>,
    rotate: ServerAction<RotatePartnerKey>,
    revoke: ServerAction<RevokePartnerKey>,
    endpoint: ServerAction<SetEndpoint>,
    secret: ServerAction<RotateWebhookSecret>,
    cap: ServerAction<SetChannelCap>,
}

#[component]
fn List(loaded: CityPartners) -> impl IntoView {
    let t = &words().partners;
    let actions = Actions {
        make: ServerAction::new(),
        rotate: ServerAction::new(),
        revoke: ServerAction::new(),
        endpoint: ServerAction::new(),
        secret: ServerAction::new(),
        cap: ServerAction::new(),
    };
    let failures = [
        failure(actions.make),
        failure(actions.rotate),
        failure(actions.revoke),
        failure(actions.endpoint),
        failure(actions.secret),
        failure(actions.cap),
    ];
    let error = move || failures.iter().find_map(|failure| failure.get());
    let CityPartners { who, partners, windows, shown, .. } = loaded;
    let shown = shown.map(|secret| {
        view! {
            <Banner tone=Tone::Good>
                <p><b>{t.shown_title}</b></p>
                <p><code class="city-detail">{secret}</code></p>
                <p class="small">{t.shown_note}</p>
            </Banner>
        }
    });
    let is_empty = partners.is_empty();
    let cards = partners.into_iter().map(|partner| partner_card(partner, &who, &windows, actions)).collect_view();
    view! {
        <p class="lead">{t.lead}</p>
        {shown}
        {move || error().map(|message| view! { <ErrorNote message /> })}
        {is_empty.then(|| view! { <EmptyState glyph=Glyph::Devices title=t.none_title lead=t.none /> })}
        {cards}
        // Not a page of the application: asked of the server.
        <p><a class="city-link" rel="external" href="/partner/docs">{t.reference}</a></p>
    }
    .into_any()
}

fn partner_card(partner: PartnerShown, who: &Operator, windows: &[WindowToCap], actions: Actions) -> AnyView {
    let (lang, t) = (lang(), &words().partners);
    let is_controller = who.is(Role::Controller);
    let id = partner.id;
    let rows = partner.keys.into_iter().map(|key| key_row(key, is_controller, actions)).collect_view();
    let cap_line = |(opens_at, cap): (Timestamp, Cap)| {
        let [most, sold, held] = [cap.most, cap.sold, cap.held].map(|won| amount(lang, won));
        view! { <li>{t.cap_line(&when(opens_at), &most, &sold, &held)}</li> }
    };
    let caps = partner.caps.into_iter().map(cap_line).collect_view();
    let endpoint = partner.endpoint.clone().unwrap_or_else(|| t.no_endpoint.to_owned());
    let forms = is_controller.then(|| forms(id, partner.endpoint.unwrap_or_default(), windows, actions));
    // Each list has a name of its own.
    let keys = format!("{} {}", partner.name, t.keys);
    let columns = vec![Text(t.column_key), Text(t.column_scopes), Text(t.column_used), Text(t.column_standing), Text(t.column_do)];
    view! {
        <section class="card city-part">
            <h2 class="section-title">{partner.name}</h2>
            <p class="small">{t.account(&partner.masked)}</p>
            <p class="small city-head">{t.endpoint} ": " {endpoint} " · " {t.waiting(partner.due, partner.given_up)}</p>
            <DataTable label=keys columns>{rows}</DataTable>
            <ul>{caps}</ul>
            {forms}
        </section>
    }
    .into_any()
}

fn key_row(key: KeyShown, is_controller: bool, actions: Actions) -> AnyView {
    let t = &words().partners;
    let standing = match key.standing {
        KeyStanding::Good => t.good.to_owned(),
        KeyStanding::RunsOut(at) => t.runs_out(&when(at)),
        KeyStanding::Over => t.over.to_owned(),
        KeyStanding::Revoked => t.revoked.to_owned(),
    };
    let id = key.id;
    let (rotates, revokes) = (key.standing == KeyStanding::Good, matches!(key.standing, KeyStanding::Good | KeyStanding::RunsOut(_)));
    let rotate = (is_controller && rotates).then(|| {
        view! {
            <ActionForm action=actions.rotate>
                <input type="hidden" name="key" value=id.to_string() />
                <Button look=Look::Line busy=actions.rotate.pending()>{t.rotate}</Button>
            </ActionForm>
        }
    });
    let revoke = (is_controller && revokes).then(|| {
        view! {
            <ActionForm action=actions.revoke>
                <input type="hidden" name="key" value=id.to_string() />
                <Button look=Look::Danger busy=actions.revoke.pending()>{t.revoke}</Button>
            </ActionForm>
        }
    });
    view! {
        <tr>
            <th scope="row"><code>"pp_" {key.prefix}</code></th>
            <td data-label=t.column_scopes>{key.scopes.to_string()}</td>
            <td data-label=t.column_used>{key.used_at.map_or_else(|| t.never_used.to_owned(), when)}</td>
            <td data-label=t.column_standing>{standing}</td>
            <td data-label=t.column_do>{rotate} {revoke}</td>
        </tr>
    }
    .into_any()
}

fn forms(id: PartnerId, endpoint: String, windows: &[WindowToCap], actions: Actions) -> AnyView {
    let (lang, t) = (lang(), &words().partners);
    let scopes = [("read,buy,webhooks", t.scopes_every), ("read,buy", t.scopes_buy), ("read", t.scopes_read)];
    let scopes = scopes.map(|(value, called)| (value.to_owned(), called.to_owned())).to_vec();
    let called = |window: &WindowToCap| (window.id.to_string(), format!("{} · {}", kind_name(lang, &window.kind), when(window.opens_at)));
    let options: Vec<(String, String)> = windows.iter().map(called).collect();
    let has_endpoint = !endpoint.is_empty();
    let secret_form = has_endpoint.then(|| {
        view! {
            <ActionForm action=actions.secret>
                <input type="hidden" name="partner" value=id.to_string() />
                <Button look=Look::Line busy=actions.secret.pending()>{t.new_secret}</Button>
            </ActionForm>
        }
    });
    let cap_form = (!options.is_empty()).then(|| {
        let chosen = options[0].0.clone();
        view! {
            <ActionForm action=actions.cap attr:class="city-form">
                <input type="hidden" name="partner" value=id.to_string() />
                <div class="city-fields">
                    <Select label=t.window name="window" options chosen />
                    <Input label=t.cap_amount name="most" value="" inputmode="numeric" maxlength=24 required=true />
                </div>
                <Button look=Look::Line busy=actions.cap.pending()>{t.set_cap}</Button>
            </ActionForm>
        }
    });
    view! {
        <p class="small">{t.rotate_note}</p>
        <ActionForm action=actions.make attr:class="city-form">
            <input type="hidden" name="partner" value=id.to_string() />
            <Select label=t.scopes name="scopes" options=scopes chosen="read,buy,webhooks".to_owned() />
            <Button look=Look::Soft busy=actions.make.pending()>{t.new_key}</Button>
        </ActionForm>
        <ActionForm action=actions.endpoint attr:class="city-form">
            <input type="hidden" name="partner" value=id.to_string() />
            <Input label=t.endpoint name="url" value=endpoint maxlength=300 />
            <p class="small">{t.endpoint_hint}</p>
            <Button look=Look::Line busy=actions.endpoint.pending()>{t.set_endpoint}</Button>
        </ActionForm>
        {secret_form}
        <h3 class="section-title">{t.caps}</h3>
        <p class="small">{t.caps_note}</p>
        {cap_form}
    }
    .into_any()
}

fn when(at: Timestamp) -> String {
    format!("{} {}", date(lang(), at), time_of_day(lang(), at))
}

//! `/city/rooms/:window`: how a waiting room stands, second by second, and its controls.

use super::Operator;
use super::day::{LiveNote, RoomFigures, grouped, phase};
use super::fields::Input;
use super::frame::{Frame, Loaded};
use super::live::live;
use crate::Error;
use crate::pieces::{Banner, Button, ErrorNote, Look, Tone};
use crate::visitor::failure;
use crate::words::{self, kind_name, lang, money, words};
use domain::Timestamp;
use domain::kind::Kind;
use domain::operator::Role;
use domain::room::admission::Gate;
use domain::sale::{Pool, Window};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CityRoom {
    pub who: Operator,
    pub window: Window,
    pub kind: Kind,
    pub pool: Pool,
    pub figures: RoomFigures,
    pub now: Timestamp,
}

#[server(prefix = "/api", endpoint = "city/rooms/get")]
pub async fn load_city_room(window: String) -> Result<CityRoom, Error> {
    use super::day::room_figures;
    use crate::web::{answer, now, operator, services};
    answer(async {
        let (who, store, now) = (operator().await?, services().store, now());
        let id: domain::WindowId = window.parse().map_err(|_| Error::NotFound)?;
        // Any that there ever was: what happened in it stays to be seen.
        let rows = store.rooms(Timestamp::UNIX_EPOCH).await?;
        let row = rows.iter().find(|row| row.window.id == id).ok_or(Error::NotFound)?;
        let (window, pool, kind) = store.window(id).await?.ok_or(Error::NotFound)?;
        let figures = room_figures(&store, row, now).await?;
        Ok(CityRoom { who: Operator::from(&who), window, kind, pool, figures, now })
    })
    .await
}

/// `gate` is `open`, `paused` or `draining`; the rate is people a second. For controllers.
#[server(prefix = "/api", endpoint = "city/rooms/steer")]
pub async fn steer_room(window: String, gate: String, rate_per_s: u32, most_inside: u32) -> Result<(), Error> {
    use super::done;
    use crate::error::Input;
    use crate::web::{answer, go, now, operator, services};
    answer(async {
        let who = operator().await?;
        let window: domain::WindowId = window.parse().map_err(|_| Input::Id)?;
        let gate = Gate::parse(&gate).ok_or(Error::BadRequest)?;
        done(services().store.steer(&who, window, gate, rate_per_s, most_inside, now()).await?)?;
        go(&format!("/city/rooms/{window}"));
        Ok(())
    })
    .await
}

#[component]
pub fn RoomPage() -> impl IntoView {
    let params = use_params_map();
    let data = Resource::new_blocking(move || params.with(|params| params.get("window").unwrap_or_default()), load_city_room);
    view! {
        <Loaded data let:room>
            <Frame title=words().city.room_title who=room.who.clone()>
                <Room room />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Room(room: CityRoom) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let first = room.clone();
    let window = room.window.id.to_string();
    let live = live(room, move || load_city_room(window.clone()));
    let figure = move |of: fn(&CityRoom) -> u32| move || live.value.with(|room| grouped(of(room)));
    let title = format!("{} · {}", kind_name(lang, &first.kind), words::who(lang, first.window.who));
    view! {
        <p class="lead">{title} " · " {move || live.value.with(|room| phase(&room.window, room.now))}</p>
        <LiveNote live />
        <dl class="city-figures">
            <div class="card">
                <dt>{t.gate_now}</dt>
                <dd>{move || live.value.with(|room| words::gate(lang, room.figures.gate, room.window.phase(room.now)))}</dd>
            </div>
            <div class="card">
                <dt>{t.serving}</dt>
                <dd>{figure(|room| room.figures.serving)}</dd>
            </div>
            <div class="card">
                <dt>{t.tickets}</dt>
                <dd>{figure(|room| room.figures.tickets)}</dd>
            </div>
            <div class="card">
                <dt>{t.inside}</dt>
                <dd>{figure(|room| room.figures.inside)}</dd>
            </div>
            <div class="card">
                <dt>{t.left}</dt>
                <dd>{move || live.value.with(|room| money(lang, room.pool.left()))}</dd>
            </div>
        </dl>
        <Controls room=first />
    }
    .into_any()
}

#[component]
fn Controls(room: CityRoom) -> impl IntoView {
    let t = &words().city;
    if !room.who.is(Role::Controller) {
        return view! { <p class="small">{t.only_controllers}</p> }.into_any();
    }
    let action = ServerAction::<SteerRoom>::new();
    let (error, is_done) = (failure(action), move || matches!(action.value().get(), Some(Ok(()))) && !action.pending().get());
    let press = move |gate: Gate, look: Look, label: &'static str, note: &'static str| {
        view! {
            <div class="city-press">
                <Button look name="gate" value=gate.as_str() busy=action.pending()>{label}</Button>
                <p class="small">{note}</p>
            </div>
        }
    };
    let window = room.window.id.to_string();
    let opens = if room.figures.gate == Gate::Open { t.do_change } else { t.do_open };
    view! {
        <ActionForm action attr:class="city-form card">
            <p>{t.steer_lead}</p>
            {move || error.get().map(|message| view! { <ErrorNote message /> })}
            {move || is_done().then(|| view! { <Banner tone=Tone::Good>{t.steered}</Banner> })}
            <input type="hidden" name="window" value=window />
            <div class="city-fields">
                <Input label=t.rate name="rate_per_s" value=room.figures.rate_per_s.to_string() r#type="number" required=true />
                <Input label=t.most_inside name="most_inside" value=room.figures.most_inside.to_string() r#type="number" required=true />
            </div>
            <div class="city-presses">
                {press(Gate::Open, Look::Soft, opens, t.do_open_note)}
                {press(Gate::Paused, Look::Line, t.do_pause, t.do_pause_note)}
                {press(Gate::Draining, Look::Danger, t.do_drain, t.do_drain_note)}
            </div>
        </ActionForm>
    }
    .into_any()
}

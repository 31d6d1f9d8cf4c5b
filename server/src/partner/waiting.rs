//! Waiting in line for a window: the same line, the same draw, the same place as in our own app.

use super::caller::Caller;
use super::problem::ProblemShape;
use super::{Body, Here, Problem};
use app::waiting::{Heard, RoomView, Told};
use axum::Json;
use axum::extract::{Path, State};
use domain::partner::KeyScope;
use domain::{Refused, Timestamp, WindowId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
pub(super) struct OfPerson {
    #[schema(example = "per_0123456789abcdef0123456789abcdef")]
    person: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct OfTicket {
    /// The one of the last answer.
    ticket: String,
}

/// Where somebody stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Place {
    /// `before`: nobody can join yet. `pre_queue`: in the draw. `drawing`: the order comes any moment. `waits`, `called`, `comes_in`: ask
    /// for the pass at the last. `lapsed`: away for too long, join again. `beyond`: nothing will be left at this place. `over`: the window
    /// has closed. `no_ticket`: not a ticket of ours.
    standing: &'static str,
    /// In the order of the line, once there is one.
    place: Option<u32>,
    /// To be sent with the next renewal, by whoever has it.
    ticket: Option<String>,
    /// When to renew. Later than the grace of the line the place is lost.
    renew_in_ms: i64,
    /// How long one may be away and keep the place.
    grace_ms: i64,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Pass {
    /// Goes into the purchase, once.
    pass: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

fn place(heard: Heard, room: &RoomView) -> Place {
    let (standing, place) = match heard.told {
        Told::Before { .. } => ("before", None),
        Told::PreQueue { .. } => ("pre_queue", None),
        Told::Drawing => ("drawing", None),
        Told::Waits { place, .. } => ("waits", Some(place)),
        Told::Called { place } => ("called", Some(place)),
        Told::ComesIn { place } => ("comes_in", Some(place)),
        Told::Lapsed { .. } => ("lapsed", None),
        Told::Beyond { place, .. } => ("beyond", Some(place)),
        Told::Over { .. } => ("over", None),
        Told::NoTicket => ("no_ticket", None),
    };
    Place { standing, place, ticket: heard.ticket, renew_in_ms: heard.renew_in_ms, grace_ms: room.grace_ms }
}

impl super::Partners {
    async fn room(&self, window: &str) -> Result<RoomView, Problem> {
        let window: WindowId = window.parse().map_err(|_| no_room())?;
        self.services.rooms.find(window).await?.ok_or_else(no_room)
    }
}

fn no_room() -> Problem {
    let (ko, en) = ("줄을 서지 않고 사는 판매 시간이에요.", "Nobody waits in line for this window.");
    Problem::new(StatusCode::NOT_FOUND, "no_room", ko, en)
}

/// 줄 서기
///
/// A place in the line of a window; the one that the person has already, on whatever channel. Scope `buy`.
#[utoipa::path(post, path = "/windows/{window}/tickets", tag = "waiting", params(("window" = String, Path,)), request_body = OfPerson,
    responses((status = 200, body = Place), (status = 401, body = ProblemShape), (status = 404, body = ProblemShape),
    (status = 409, body = ProblemShape)))]
pub(super) async fn join(
    State(partners): Here,
    caller: Caller,
    Path(window): Path<String>,
    Body(of): Body<OfPerson>,
) -> Result<Json<Place>, Problem> {
    caller.needs(KeyScope::Buy)?;
    let room = partners.room(&window).await?;
    let customer = caller.customer(&partners, &of.person).await?;
    let who = room.window.who;
    if !who.admits(customer.birth_year()) {
        return Err(Refused::NotYourWindow { who }.into());
    }
    let heard = partners.services.rooms.join(room.window.id, customer.person()).await?.ok_or_else(no_room)?;
    Ok(Json(place(heard, &room)))
}

/// 자리 유지
///
/// Renews a ticket, in time to keep the place. The twin of `/room/{window}/renew`, which a person's own device may call without a key.
/// Scope `buy`.
#[utoipa::path(post, path = "/windows/{window}/renewals", tag = "waiting", params(("window" = String, Path,)), request_body = OfTicket,
    responses((status = 200, body = Place), (status = 401, body = ProblemShape), (status = 404, body = ProblemShape)))]
pub(super) async fn renew(
    State(partners): Here,
    caller: Caller,
    Path(window): Path<String>,
    Body(of): Body<OfTicket>,
) -> Result<Json<Place>, Problem> {
    caller.needs(KeyScope::Buy)?;
    let room = partners.room(&window).await?;
    let heard = partners.services.rooms.renew(room.window.id, &of.ticket, Timestamp::now()).ok_or_else(no_room)?;
    Ok(Json(place(heard, &room)))
}

/// 입장권 받기
///
/// The pass of somebody whose turn it is; asked for again it is the same. 409 `not_your_turn` before. Scope `buy`.
#[utoipa::path(post, path = "/windows/{window}/passes", tag = "waiting", params(("window" = String, Path,)), request_body = OfPerson,
    responses((status = 200, body = Pass), (status = 401, body = ProblemShape), (status = 404, body = ProblemShape),
    (status = 409, body = ProblemShape)))]
pub(super) async fn enter(
    State(partners): Here,
    caller: Caller,
    Path(window): Path<String>,
    Body(of): Body<OfPerson>,
) -> Result<Json<Pass>, Problem> {
    caller.needs(KeyScope::Buy)?;
    let (room, rooms) = (partners.room(&window).await?, &partners.services.rooms);
    let customer = caller.customer(&partners, &of.person).await?;
    match rooms.come_in(room.window.id, customer.person()).await?.ok_or_else(no_room)? {
        Ok(pass) => Ok(Json(Pass { pass: rooms.sign(&pass), expires_at: pass.expires_at })),
        Err(heard) => {
            let (ko, en) = ("아직 차례가 아니에요. 자리를 유지하며 기다려 주세요.", "It is not their turn yet. Keep renewing the place.");
            let Place { standing, place, renew_in_ms, .. } = place(heard, &room);
            let figures = json!({ "standing": standing, "place": place, "renew_in_ms": renew_in_ms });
            Err(Problem::new(StatusCode::CONFLICT, "not_your_turn", ko, en).with_figures(figures))
        }
    }
}

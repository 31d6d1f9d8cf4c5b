//! What is on sale.

use super::caller::Caller;
use super::problem::ProblemShape;
use super::{Here, Problem};
use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use domain::kind::{Kind, Scope};
use domain::partner::KeyScope;
use domain::sale::Who;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(super) struct Windows {
    windows: Vec<OnSale>,
    /// Our clock.
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
}

/// A window that is open, to come, or closed within a day.
#[derive(Serialize, ToSchema)]
pub(super) struct OnSale {
    /// 64 bits, as text.
    window: String,
    sale_ko: String,
    sale_en: String,
    kind: VoucherKind,
    #[schema(value_type = String, format = DateTime)]
    opens_at: Timestamp,
    /// Not for sale at this moment any more.
    #[schema(value_type = String, format = DateTime)]
    closes_at: Timestamp,
    /// By birth year: `anyone`, `odd` or `even`.
    who: &'static str,
    /// Neither sold nor reserved, over all channels.
    left_won: i64,
    /// What this partner may still sell of it, where it has a cap.
    channel_left_won: Option<i64>,
    /// People wait in line for it, and buy with a pass.
    has_room: bool,
    /// When one can join the line, where there is one.
    #[schema(value_type = Option<String>, format = DateTime)]
    joins_from: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct VoucherKind {
    /// 64 bits, as text.
    id: String,
    name_ko: String,
    name_en: String,
    /// 1 to 25; `null`: good in the whole city.
    district: Option<u8>,
    /// 700 is 7 %.
    discount_bp: u16,
    /// Amounts are multiples of it.
    unit_won: i64,
    /// A person's, in a calendar month, over all channels.
    month_limit_won: i64,
    /// A person's, over all channels.
    holding_cap_won: i64,
}

impl From<&Kind> for VoucherKind {
    fn from(kind: &Kind) -> VoucherKind {
        let district = match kind.scope {
            Scope::Citywide => None,
            Scope::District(district) => Some(district.number()),
        };
        VoucherKind {
            id: kind.id.to_string(),
            name_ko: kind.name_ko.clone(),
            name_en: kind.name_en.clone(),
            district,
            discount_bp: kind.discount.0,
            unit_won: kind.unit.get(),
            month_limit_won: kind.month_limit.get(),
            holding_cap_won: kind.holding_cap.get(),
        }
    }
}

fn admits(who: Who) -> &'static str {
    match who {
        Who::Anyone => "anyone",
        Who::OddBirthYears => "odd",
        Who::EvenBirthYears => "even",
    }
}

/// 판매 시간 목록
///
/// What is on sale now, soon, or was until a day ago. Scope `read`.
#[utoipa::path(get, path = "/windows", tag = "windows", responses(
    (status = 200, body = Windows), (status = 401, body = ProblemShape), (status = 403, body = ProblemShape),
    (status = 429, body = ProblemShape)))]
pub(super) async fn list(State(partners): Here, caller: Caller) -> Result<Json<Windows>, Problem> {
    let key = caller.needs(KeyScope::Read)?;
    let (services, now) = (&partners.services, Timestamp::now());
    let mut windows = Vec::new();
    for sale in services.store.on_sale(now).await? {
        for (window, pool) in &sale.windows {
            let cap = services.store.cap(window.id, key.partner()).await?;
            let room = services.rooms.view(window.id);
            windows.push(OnSale {
                window: window.id.to_string(),
                sale_ko: sale.name_ko.clone(),
                sale_en: sale.name_en.clone(),
                kind: VoucherKind::from(&sale.kind),
                opens_at: window.span.from(),
                closes_at: window.span.to(),
                who: admits(window.who),
                left_won: pool.left().get(),
                channel_left_won: cap.map(|cap| cap.left().min(pool.left()).get()),
                has_room: room.is_some(),
                joins_from: room.map(|room| room.joins_from),
            });
        }
    }
    Ok(Json(Windows { windows, now }))
}

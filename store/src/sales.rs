//! Voucher kinds, sales and their windows. Pools are created here and moved by the till.

use crate::columns;
use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::plain;
use crate::row::{self, kind_columns};
use domain::calendar::Span;
use domain::gifting;
use domain::kind::funding::Funding;
use domain::kind::terms::Terms;
use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Scope};
use domain::sale::{Pool, Who, Window};
use domain::{KindId, SaleId, Timestamp, WindowId, Won};
use sqlx::any::AnyRow;

const NAME_CHARS: usize = 60;
/// Closed windows are shown for a day: "it is over, all of it was sold".
const SHOWN_AFTER_MS: i64 = 86_400_000;

/// A kind to be created: [`Kind`] without its id.
#[derive(Clone, Debug)]
pub struct NewKind {
    pub name_ko: String,
    pub name_en: String,
    pub scope: Scope,
    pub discount: BasisPoints,
    pub unit: Won,
    pub month_limit: Won,
    pub holding_cap: Won,
    /// 1 to 100.
    pub validity_years: u8,
    pub refund_from: Percent,
    pub after_expiry: AfterExpiry,
}

/// A sale to be created.
#[derive(Clone, Debug)]
pub struct NewSale {
    pub kind: KindId,
    pub name_ko: String,
    pub name_en: String,
    pub windows: Vec<NewWindow>,
}

/// A window to be created.
#[derive(Copy, Clone, Debug)]
pub struct NewWindow {
    pub span: Span,
    pub who: Who,
    /// Face on sale.
    pub total: Won,
    /// It takes what is left of the windows before it when it opens.
    pub takes_left_over: bool,
}

impl From<(Span, Who, Won)> for NewWindow {
    fn from((span, who, total): (Span, Who, Won)) -> NewWindow {
        NewWindow { span, who, total, takes_left_over: false }
    }
}

/// A sale as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleView {
    pub sale: SaleId,
    pub name_ko: String,
    pub name_en: String,
    pub kind: Kind,
    /// By opening time.
    pub windows: Vec<(Window, Pool)>,
}

impl NewKind {
    /// As its first version has them.
    pub(crate) fn terms(&self, funding: Funding) -> Terms {
        let NewKind { discount, unit, month_limit, holding_cap, validity_years, refund_from, .. } = *self;
        Terms { discount, unit, month_limit, holding_cap, validity_years, refund_from, funding }
    }
}

impl Store {
    /// The city pays its discount.
    pub async fn create_kind(&self, new: &NewKind, now: Timestamp) -> Result<KindId> {
        let mut write = self.write().await?;
        let kind = self.insert_first_version(&mut write, new, Funding::by_city(new.discount), now).await?;
        write.commit().await?;
        Ok(kind)
    }

    /// All of them or none, each with who pays its discount. In the order they are given in.
    pub async fn create_kinds(&self, new: &[(NewKind, Funding)], now: Timestamp) -> Result<Vec<KindId>> {
        let mut write = self.write().await?;
        let mut kinds = Vec::with_capacity(new.len());
        for (new, funding) in new {
            kinds.push(self.insert_first_version(&mut write, new, *funding, now).await?);
        }
        write.commit().await?;
        Ok(kinds)
    }

    async fn insert_first_version(&self, write: &mut Write, new: &NewKind, funding: Funding, now: Timestamp) -> Result<KindId> {
        let kind = self.insert_kind(write, new, now).await?;
        crate::kinds::insert_version(write, kind, 1, None, crate::kinds::ALWAYS_MS, &new.terms(funding)).await?;
        Ok(kind)
    }

    /// Without its first version.
    pub(crate) async fn insert_kind(&self, write: &mut Write, new: &NewKind, now: Timestamp) -> Result<KindId> {
        let id = self.next_id(now);
        let insert = "INSERT INTO kind (id, name_ko, name_en, district, discount_bp, unit, month_limit, holding_cap, \
                      validity_years, refund_from, expired_upto, expired_small, expired_large, gift_month_cap) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let insert = sqlx::query(insert).bind(id).bind(plain::line(&new.name_ko, NAME_CHARS));
        let insert = insert.bind(plain::line(&new.name_en, NAME_CHARS)).bind(columns::district_code(new.scope));
        let insert = insert.bind(i64::from(new.discount.0)).bind(new.unit.get()).bind(new.month_limit.get());
        let insert = insert.bind(new.holding_cap.get()).bind(i64::from(new.validity_years)).bind(i64::from(new.refund_from.get()));
        let AfterExpiry { small_upto, small, large } = new.after_expiry;
        let insert = insert.bind(small_upto.get()).bind(i64::from(small.get())).bind(i64::from(large.get()));
        let insert = insert.bind(gifting::month_cap(new.scope).get());
        insert.execute(write.tx()).await?;
        Ok(KindId(id))
    }

    /// The sale with all its windows, or nothing.
    pub async fn create_sale(&self, new: &NewSale, now: Timestamp) -> Result<SaleId> {
        let mut write = self.write().await?;
        let (sale, _) = self.insert_sale(&mut write, new, now).await?;
        write.commit().await?;
        Ok(sale)
    }

    /// Windows in the order they are given in.
    pub(crate) async fn insert_sale(&self, write: &mut Write, new: &NewSale, now: Timestamp) -> Result<(SaleId, Vec<WindowId>)> {
        let sale = SaleId(self.next_id(now));
        let insert = "INSERT INTO sale (id, kind_id, name_ko, name_en, created_at) VALUES ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert).bind(sale.0).bind(new.kind.0).bind(plain::line(&new.name_ko, NAME_CHARS));
        insert.bind(plain::line(&new.name_en, NAME_CHARS)).bind(crate::millis(now)).execute(write.tx()).await?;
        let mut windows = Vec::with_capacity(new.windows.len());
        for NewWindow { span, who, total, takes_left_over } in &new.windows {
            let window = WindowId(self.next_id(now));
            let insert = "INSERT INTO sale_window (id, sale_id, kind_id, opens_at, closes_at, who, total, planned, takes_left_over) \
                          VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
            let insert = sqlx::query(insert).bind(window.0).bind(sale.0).bind(new.kind.0);
            let insert = insert.bind(crate::millis(span.from())).bind(crate::millis(span.to())).bind(columns::who_code(*who));
            insert.bind(total.get()).bind(i64::from(*takes_left_over)).execute(write.tx()).await?;
            windows.push(window);
        }
        Ok((sale, windows))
    }

    /// All kinds, citywide first.
    pub async fn kinds(&self) -> Result<Vec<Kind>> {
        let select = concat!("SELECT ", kind_columns!(), " FROM kind ORDER BY district, id");
        sqlx::query(select).fetch_all(self.reads()).await?.iter().map(row::kind).collect()
    }

    pub async fn kind(&self, id: KindId) -> Result<Option<Kind>> {
        let select = concat!("SELECT ", kind_columns!(), " FROM kind WHERE id = $1");
        sqlx::query(select).bind(id.0).fetch_optional(self.reads()).await?.as_ref().map(row::kind).transpose()
    }

    /// Sales with a window that is open, to come, or closed within a day, each with all its windows. By first opening.
    pub async fn on_sale(&self, now: Timestamp) -> Result<Vec<SaleView>> {
        let select = concat!(
            "SELECT sale.id AS sale_id, sale.name_ko, sale.name_en, sale_window.id, opens_at, closes_at, who, total, held, sold, ",
            kind_columns!(),
            " FROM sale_window JOIN sale ON sale.id = sale_window.sale_id JOIN kind ON kind.id = sale_window.kind_id \
             WHERE sale_window.sale_id IN (SELECT sale_id FROM sale_window WHERE closes_at > $1) \
             ORDER BY opens_at, sale_window.id"
        );
        let rows = sqlx::query(select).bind(crate::millis(now) - SHOWN_AFTER_MS).fetch_all(self.reads()).await?;
        let mut sales: Vec<SaleView> = Vec::new();
        for row in &rows {
            let sale = SaleId(row::int(row, "sale_id")?);
            let window = window_and_pool(row)?;
            match sales.iter_mut().find(|view| view.sale == sale) {
                Some(view) => view.windows.push(window),
                None => sales.push(SaleView {
                    sale,
                    name_ko: row::text(row, "name_ko")?,
                    name_en: row::text(row, "name_en")?,
                    kind: row::kind(row)?,
                    windows: vec![window],
                }),
            }
        }
        Ok(sales)
    }

    /// A window, its pool as of now, and its kind.
    pub async fn window(&self, id: WindowId) -> Result<Option<(Window, Pool, Kind)>> {
        let select = concat!(
            "SELECT sale_id, sale_window.id, opens_at, closes_at, who, total, held, sold, ",
            kind_columns!(),
            " FROM sale_window JOIN kind ON kind.id = sale_window.kind_id WHERE sale_window.id = $1"
        );
        let Some(row) = sqlx::query(select).bind(id.0).fetch_optional(self.reads()).await? else { return Ok(None) };
        let (window, pool) = window_and_pool(&row)?;
        Ok(Some((window, pool, row::kind(&row)?)))
    }
}

/// Of the columns id, sale_id, kind_id, opens_at, closes_at, who.
pub(crate) fn window(row: &AnyRow) -> Result<Window> {
    let span = Span::new(row::time(row, "opens_at")?, row::time(row, "closes_at")?);
    Ok(Window {
        id: WindowId(row::int(row, "id")?),
        sale: SaleId(row::int(row, "sale_id")?),
        kind: KindId(row::int(row, "kind_id")?),
        span: span.ok_or_else(|| Error::damaged("an empty window"))?,
        who: row::parsed(row, "who", columns::who_of)?,
    })
}

fn window_and_pool(row: &AnyRow) -> Result<(Window, Pool)> {
    let pool = Pool { total: row::won(row, "total")?, held: row::won(row, "held")?, sold: row::won(row, "sold")? };
    Ok((window(row)?, pool))
}

//! What is usually written first: a nightly job that goes from shop to shop, each in a transaction that adds up its payments of the day and
//! writes settlement and payout.

use crate::Outcome;
use domain::calendar::Day;
use sqlx::{Connection, PgConnection, Row};
use std::time::Instant;
use tokio::sync::Mutex;

pub struct Usual {
    connection: Mutex<PgConnection>,
}

impl Usual {
    /// Tables with one payment of each shop.
    pub async fn prepare(url: &str, shops: u32) -> Outcome<Usual> {
        let mut connection = PgConnection::connect(url).await?;
        let tables = format!(
            "CREATE TABLE payment (id bigserial PRIMARY KEY, merchant_id bigint NOT NULL, amount bigint NOT NULL, paid_at timestamptz NOT NULL); \
             CREATE TABLE settlement (merchant_id bigint NOT NULL, day int NOT NULL, amount bigint NOT NULL, PRIMARY KEY (merchant_id, day)); \
             CREATE TABLE payout (id bigserial PRIMARY KEY, merchant_id bigint NOT NULL, amount bigint NOT NULL, state text NOT NULL); \
             INSERT INTO payment (merchant_id, amount, paid_at) SELECT g, 100, now() FROM generate_series(1, {shops}) g; \
             CREATE INDEX payment_merchant ON payment (merchant_id, paid_at)"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(tables)).execute(&mut connection).await?;
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut connection).await?;
        Ok(Usual { connection: Mutex::new(connection) })
    }

    /// Shops a second, of so many.
    pub async fn round(&self, shops: usize, day: Day) -> Outcome<f64> {
        let mut connection = self.connection.lock().await;
        let began = Instant::now();
        for shop in 1..=i64::try_from(shops)? {
            let mut transaction = connection.begin().await?;
            let sum = "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM payment WHERE merchant_id = $1 \
                       AND paid_at >= now() - interval '1 day' AND paid_at < now() + interval '1 day'";
            let sum: i64 = sqlx::query(sum).bind(shop).fetch_one(&mut *transaction).await?.try_get(0)?;
            let settled = sqlx::query("INSERT INTO settlement VALUES ($1, $2, $3) ON CONFLICT DO NOTHING").bind(shop).bind(day.0).bind(sum);
            settled.execute(&mut *transaction).await?;
            let paid = sqlx::query("INSERT INTO payout (merchant_id, amount, state) VALUES ($1, $2, 'waiting')").bind(shop).bind(sum);
            paid.execute(&mut *transaction).await?;
            transaction.commit().await?;
        }
        Ok(shops as f64 / began.elapsed().as_secs_f64())
    }
}

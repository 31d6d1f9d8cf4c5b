//! Between nodes on one PostgreSQL database: which shops have new notices and which of their devices speaks now, told by NOTIFY and heard by
//! LISTEN. What is told are numbers and ids; notices and speakers themselves stand in the tables. NOTIFY takes a lock that all commits of the database share (PostgreSQL's documentation
//! of `pg_notify` and of its queue), so it never runs in the till's transaction: a node gathers for a moment and tells once.
//!
//! Nothing of it exists on SQLite, whose file belongs to one process.

use crate::db::Store;
use crate::error::{Error, Result};
use crate::listening::Speaks;
use domain::{DeviceId, MerchantId};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection};
use std::str::FromStr;
use std::time::Duration;

const CHANNEL: &str = "payplus_notices";
/// PostgreSQL refuses payloads of 8,000 bytes.
const PAYLOAD_MOST_BYTES: usize = 7_900;
/// For connecting, and for an answer of a line that has said nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a node tells the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    Of {
        /// These devices speak now.
        speakers: Vec<Speaks>,
        /// These shops have notices up to these numbers.
        up_to: Vec<(MerchantId, i64)>,
    },
    /// It does not know of which shops: look at all that somebody listens to.
    Look,
}

/// The end that tells: a connection of its own, so that news waits behind nobody's query.
pub struct Telling {
    options: PgConnectOptions,
    node: i64,
    /// `None` after a failure: connected anew for the next news.
    connection: Option<PgConnection>,
}

/// The end that hears, from [`Hearing::open`] on until an error; what comes after the error is heard by the next one.
pub struct Hearing {
    listener: PgListener,
    node: i64,
}

impl Store {
    /// `None` on SQLite.
    pub fn telling(&self) -> Option<Telling> {
        let options = self.postgres()?.clone().application_name("payplus tells");
        Some(Telling { options, node: self.node(), connection: None })
    }

    /// A new line to hear by. `None` on SQLite.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn hearing(&self) -> Result<Option<Hearing>> {
        let Some(options) = self.postgres() else { return Ok(None) };
        let options = options.clone().application_name("payplus hears");
        // Of one connection, which is given up when it breaks.
        let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None).acquire_timeout(PATIENCE);
        let mut listener = PgListener::connect_with(&pool.connect_with(options).await?).await?;
        // Whoever hears has to look at what was said meanwhile, so a break must not be mended unseen.
        listener.eager_reconnect(false);
        listener.ignore_pool_close_event(true);
        listener.listen(CHANNEL).await?;
        Ok(Some(Hearing { listener, node: self.node() }))
    }
}

/// How to reach PostgreSQL; `None` for another engine's URL.
pub(crate) fn options(url: &str) -> Result<PgConnectOptions> {
    Ok(PgConnectOptions::from_str(url)?.disable_statement_logging())
}

impl Telling {
    /// All of it in one transaction.
    ///
    /// # Errors
    /// When the database can't be reached; then nothing was told.
    pub async fn tell(&mut self, news: &News) -> Result<()> {
        let payloads = payloads(self.node, news);
        let told = tokio::time::timeout(PATIENCE, self.send(&payloads)).await;
        let outcome = told.unwrap_or_else(|_| Err(Error::Wire("NOTIFY took too long")));
        if outcome.is_err() {
            self.connection = None;
        }
        outcome
    }

    async fn send(&mut self, payloads: &[String]) -> Result<()> {
        if self.connection.is_none() {
            self.connection = Some(PgConnection::connect_with(&self.options).await?);
        }
        if let Some(connection) = &mut self.connection {
            let notify = sqlx::query("SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload");
            notify.bind(CHANNEL).bind(payloads).execute(connection).await?;
        }
        Ok(())
    }
}

impl Hearing {
    /// The next news of another node. Whoever drops the future of it misses nothing.
    ///
    /// # Errors
    /// When the line is broken: open another one and look at what was missed.
    pub async fn next(&mut self) -> Result<News> {
        loop {
            let heard = self.listener.try_recv().await?.ok_or_else(|| Error::Wire("the line to hear by broke"))?;
            match read(heard.payload()) {
                Some((node, _)) if node == self.node => {}
                Some((_, news)) => return Ok(news),
                // Of a node of another version: what it means stands in the table.
                None => return Ok(News::Look),
            }
        }
    }

    /// Asks for an answer: a line that is dead may say nothing for ever.
    ///
    /// # Errors
    /// When there is none.
    pub async fn check(&mut self) -> Result<()> {
        let asked = tokio::time::timeout(PATIENCE, sqlx::query("SELECT 1").execute(&mut self.listener)).await;
        asked.map_err(|_| Error::Wire("the line to hear by does not answer"))??;
        Ok(())
    }
}

/// `NODE look`, or `NODE SHOP=DEVICE SHOP= SHOP:NUMBER ...`, each at most as long as PostgreSQL takes; speakers come first, so that a page
/// knows whether to say a notice before it hears of it.
fn payloads(node: i64, news: &News) -> Vec<String> {
    let (speakers, up_to) = match news {
        News::Look => return vec![format!("{node} look")],
        News::Of { speakers, up_to } => (speakers, up_to),
    };
    let device = |speaks: &Speaks| speaks.device.map(|device| device.to_string()).unwrap_or_default();
    let speakers = speakers.iter().map(|speaks| format!(" {}={}", speaks.merchant, device(speaks)));
    let up_to = up_to.iter().map(|(shop, number)| format!(" {shop}:{number}"));
    let mut payloads: Vec<String> = Vec::new();
    for word in speakers.chain(up_to) {
        match payloads.last_mut() {
            Some(last) if last.len() + word.len() <= PAYLOAD_MOST_BYTES => last.push_str(&word),
            _ => payloads.push(format!("{node}{word}")),
        }
    }
    payloads
}

/// The node that says it, and what.
fn read(payload: &str) -> Option<(i64, News)> {
    let (node, rest) = payload.split_once(' ')?;
    let node = node.parse().ok()?;
    if rest == "look" {
        return Some((node, News::Look));
    }
    let (mut speakers, mut up_to) = (Vec::new(), Vec::new());
    for word in rest.split(' ') {
        if let Some((shop, device)) = word.split_once('=') {
            let device = if device.is_empty() { None } else { Some(device.parse::<DeviceId>().ok()?) };
            speakers.push(Speaks { merchant: MerchantId(shop.parse().ok()?), device });
        } else {
            let (shop, number) = word.split_once(':')?;
            up_to.push((MerchantId(shop.parse().ok()?), number.parse().ok()?));
        }
    }
    Some((node, News::Of { speakers, up_to }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_of_many_shops_is_told_in_as_many_payloads_as_it_takes_and_read_again() {
        for count in [1, 2, 300, 20_000] {
            let up_to: Vec<_> = (0..count).map(|shop| (MerchantId(i64::MAX - shop), shop)).collect();
            let speaks = |shop| Speaks { merchant: MerchantId(shop), device: (shop % 3 > 0).then(|| DeviceId::from_parts(1, [7; 10])) };
            let speakers: Vec<_> = (0..count).map(speaks).collect();
            let told = payloads(i64::MAX, &News::Of { speakers: speakers.clone(), up_to: up_to.clone() });
            assert!(told.iter().all(|payload| payload.len() < 8_000));
            let mut heard = (Vec::new(), Vec::new());
            for payload in &told {
                match read(payload).unwrap() {
                    (node, News::Of { speakers, up_to }) if node == i64::MAX => {
                        heard.0.extend(speakers);
                        heard.1.extend(up_to);
                    }
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(heard, (speakers, up_to));
        }
        assert_eq!(read(&payloads(7, &News::Look)[0]), Some((7, News::Look)));
        assert!(payloads(7, &News::Of { speakers: Vec::new(), up_to: Vec::new() }).is_empty());
    }

    #[test]
    fn what_nobody_of_us_says_is_not_read() {
        for odd in ["", "7", "x look", "7 ", "7 1", "7 1:", "7 1:2 ", "7 1:2,3:4", "7 1=x", "7 =", "7 1:99999999999999999999"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}

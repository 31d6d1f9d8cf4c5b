//! Data folders of earlier versions: their tables as they were then, rows in them, and the migrations since.

use crate::world::{Citizen, World, on_both_engines_with_past};
use domain::buying::{BankReason, BankSays, State};
use domain::{PersonId, PurchaseId, Timestamp, Won};
use jiff::civil::date;
use sqlx::migrate::Migrator;
use sqlx::{AnyPool, Row};
use store::{Engine, Viewer};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Person 1 bought, in this order: 50,000 (spent), 40,000 (25,000 left), 30,000 of kind 2, and of kind 1 again 20,000 (reserved),
/// 10,000 (whole), 20,000 (unknown), 60,000 (voided). `@7` is the id of the seventh. 1783992600000 is half past ten.
const BEFORE_LISTS: &str = "
INSERT INTO person (id, person_key, name, birth_date, created_at) VALUES (1, @900, 'Kim', 19900517, 1), (2, @901, 'Lee', 19900517, 1);
INSERT INTO kind (id, name_ko, name_en, district, discount_bp, unit, month_limit, holding_cap, validity_years) VALUES
  (1, '광역', 'Citywide', 0, 700, 10000, 400000, 1000000, 5), (2, '광역', 'Citywide', 0, 1000, 10000, 400000, 1000000, 5);
INSERT INTO sale (id, kind_id, name_ko, name_en, created_at) VALUES (1, 1, '7월', 'July', 1), (2, 2, '7월', 'July', 1);
INSERT INTO sale_window (id, sale_id, kind_id, opens_at, closes_at, who, total, held, sold) VALUES
  (1, 1, 1, 1783990000000, 1783999000000, 'anyone', 1000000, 40000, 100000),
  (2, 2, 2, 1783990000000, 1783999000000, 'anyone', 1000000, 0, 30000);
INSERT INTO allowance (person_id, kind_id, month, bought, held) VALUES (1, 1, 202607, 140000, 75000), (1, 2, 202607, 30000, 30000),
  (2, 1, 202606, 0, 0);
INSERT INTO purchase (id, person_id, window_id, kind_id, face, paid, fund, discount_bp, month, state, reason, created_at, decided_at, check_at)
VALUES
  (@1, 1, 1, 1, 50000, 46500, 3500, 700, 202607, 'posted', NULL, 1783992000001, 1783992000009, NULL),
  (@2, 1, 1, 1, 40000, 37200, 2800, 700, 202607, 'posted', NULL, 1783992000002, 1783992000008, NULL),
  (@3, 1, 2, 2, 30000, 27000, 3000, 1000, 202607, 'posted', NULL, 1783992000003, 1783992000007, NULL),
  (@4, 1, 1, 1, 20000, 18600, 1400, 700, 202607, 'reserved', NULL, 1783992000004, NULL, 1783992020004),
  (@5, 1, 1, 1, 10000, 9300, 700, 700, 202607, 'posted', NULL, 1783992000005, 1783992000010, NULL),
  (@6, 1, 1, 1, 20000, 18600, 1400, 700, 202607, 'unknown', NULL, 1783992000006, NULL, 1783992020006),
  (@7, 1, 1, 1, 60000, 55800, 4200, 700, 202607, 'voided', 'limit', 1783992000007, 1783992000008, NULL);
INSERT INTO lot (id, purchase_id, person_id, kind_id, district, discount_bp, face, paid, remaining, bought_at, expires_at) VALUES
  (299900000000000003, @1, 1, 1, 0, 700, 50000, 46500, 0, 1783992000009, 1941807600000),
  (299900000000000002, @2, 1, 1, 0, 700, 40000, 37200, 25000, 1783992000008, 1941807600000),
  (299900000000000001, @3, 1, 2, 0, 1000, 30000, 27000, 30000, 1783992000007, 1941807600000),
  (299900000000000004, @5, 1, 1, 0, 700, 10000, 9300, 10000, 1783992000010, 1941807600000);
INSERT INTO merchant (id, number, business_number, name, district, address, category, standing, created_at)
  VALUES (501, '00000501', '1', 'Bakery', 13, 'here', '5462', 'open', 1);
INSERT INTO payment (id, transfer_id, payer_id, merchant_id, kind_id, amount, code, created_at) VALUES (@21, 21, 1, 501, 1, 65000, 1234, 1783992600000);
INSERT INTO transfer (id, cause, subject, created_at) VALUES (1, 'buy', @1, 1783992000009), (2, 'buy', @2, 1783992000008),
  (3, 'buy', @3, 1783992000007), (5, 'buy', @5, 1783992000010), (21, 'pay', @21, 1783992600000);
INSERT INTO entry (transfer_id, line, account, owner, amount) VALUES
  (1, 1, 1010, 0, 46500), (1, 2, 5010, 1, 3500), (1, 3, 2010, 299900000000000003, -50000),
  (2, 1, 1010, 0, 37200), (2, 2, 5010, 1, 2800), (2, 3, 2010, 299900000000000002, -40000),
  (3, 1, 1010, 0, 27000), (3, 2, 5010, 2, 3000), (3, 3, 2010, 299900000000000001, -30000),
  (5, 1, 1010, 0, 9300), (5, 2, 5010, 1, 700), (5, 3, 2010, 299900000000000004, -10000),
  (21, 1, 2010, 299900000000000003, 50000), (21, 2, 2010, 299900000000000002, 15000), (21, 3, 2020, 501, -65000);
INSERT INTO notice_count (merchant_id, count) VALUES (501, 1);
INSERT INTO notice (merchant_id, number, payment_id, event, amount, code, at) VALUES (501, 1, @21, 'paid', 65000, 1234, 1783992600000);
INSERT INTO merchant_day (merchant_id, day, paid_count, paid, cancelled_count, cancelled) VALUES (501, 20260714, 1, 65000, 0, 0);
";

/// The tables as they were before 0005 (SQLite) and 0006 (PostgreSQL), with rows in them.
async fn before_lists(url: &str) {
    let pool = AnyPool::connect(url).await.unwrap();
    let sqlite = Engine::of(url).unwrap() == Engine::Sqlite;
    match sqlite {
        true => SQLITE.run_to(4, &pool).await.unwrap(),
        false => POSTGRES.run_to(5, &pool).await.unwrap(),
    }
    let mut parts = BEFORE_LISTS.split('@');
    let mut sql = parts.next().unwrap().to_owned();
    for part in parts {
        let (number, rest) = part.split_at(part.bytes().take_while(u8::is_ascii_digit).count());
        let hex = uuid(number.parse().unwrap()).simple().to_string();
        sql += &if sqlite { format!("X'{hex}'") } else { format!("'\\x{hex}'::bytea") };
        sql += rest;
    }
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await.unwrap();
    pool.close().await;
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128((0x019c_a000_0000_7000_8000 << 48) + number)
}

fn bought(number: u128) -> PurchaseId {
    uuid(number).try_into().unwrap()
}

/// What the allowance of a kind lists.
async fn listed(world: &World, kind: i64) -> Vec<i64> {
    let rows = world.rows(&format!("SELECT lots FROM allowance WHERE person_id = 1 AND kind_id = {kind}")).await;
    let bytes: Vec<u8> = rows[0].get(0);
    bytes.chunks(8).map(|id| i64::from_be_bytes(id.try_into().unwrap())).collect()
}

#[tokio::test]
async fn lists_are_filled_from_lots_and_open_purchases_and_go_on_from_there() {
    on_both_engines_with_past(before_lists, async |world| {
        const SPENT: i64 = 299_900_000_000_000_003;
        const BEGUN: i64 = 299_900_000_000_000_002;
        const OTHER_KIND: i64 = 299_900_000_000_000_001;
        const WHOLE: i64 = 299_900_000_000_000_004;
        let (person, till) = (PersonId(1), world.store.till());
        let ids = world.rows("SELECT lot_id FROM purchase ORDER BY created_at").await;
        let ids: Vec<i64> = ids.iter().map(|row| row.get(0)).collect();
        assert_eq!(ids, [SPENT, BEGUN, OTHER_KIND, 1, WHOLE, 2, 3]);
        assert_eq!((listed(world, 1).await, listed(world, 2).await), (vec![BEGUN, 1, WHOLE, 2], vec![OTHER_KIND]));
        assert_eq!(world.number("SELECT COUNT(*) FROM allowance WHERE person_id = 2 AND length(lots) = 0").await, 1);

        let lots = world.store.wallet(person, world.now).await.unwrap().lots;
        assert_eq!(lots.iter().map(|lot| lot.id.0).collect::<Vec<_>>(), [OTHER_KIND, BEGUN, WHOLE]);
        let purchases: Vec<_> = world.store.purchases(person, None, 50).await.unwrap().iter().map(|bought| bought.id).collect();
        assert_eq!(purchases, [7, 6, 5, 4, 3, 2, 1].map(bought));
        assert!(world.store.purchase(person, bought(1)).await.unwrap().unwrap().expires_at.is_some());

        // What was open is settled, and what was there is spent.
        assert_eq!(till.settle(bought(4), BankSays::Done, world.now).await.unwrap(), Some(State::Posted));
        let rejected = BankSays::Rejected(BankReason::BankLimit);
        assert_eq!(till.settle(bought(6), rejected, world.now).await.unwrap(), Some(State::Voided));
        assert_eq!(listed(world, 1).await, [BEGUN, 1, WHOLE]);
        let (birth_date, now): (_, Timestamp) = (date(1990, 5, 17), world.now);
        let citizen =
            Citizen { id: person, name: "Kim".into(), phone: world.new_phone(), birth_date, ci: "kim".into(), account: "acc".into() };
        let window = domain::WindowId(1);
        world.buy_at(&citizen, window, 10_000, now).await;
        let (paid, _) = world.pay(&citizen, &world.shop().await, 70_000).await;
        let draws = world.store.payment(Viewer::Payer(person), paid).await.unwrap().unwrap().draws;
        assert_eq!(draws.iter().map(|draw| draw.lot.0).collect::<Vec<_>>(), [OTHER_KIND, BEGUN, WHOLE, 1]);
        assert_eq!(draws.last().map(|draw| draw.amount), Some(Won::of(5_000)));
        let kinds = (listed(world, 1).await, listed(world, 2).await);
        assert_eq!((kinds.0.len(), kinds.0[0], kinds.1), (2, 1, vec![]));
    })
    .await;
}

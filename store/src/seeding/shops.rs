//! Shops that are made instead of signing up: a city's worth of them, invented, each at a place in its district.

use crate::db::Store;
use crate::error::{Error, Result};
use crate::row;
use domain::Timestamp;
use domain::business_number::BusinessNumber;
use domain::district::District;
use domain::finding::{Place, outline};
use domain::merchant_number::MerchantNumber;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

/// Rows in one statement.
const AT_ONCE: u32 = 500;
/// Of the shop numbers: these and what follows are made ones.
const FIRST_SERIAL: u32 = 2_000_000;
/// Quarters of a district where shops stand together.
const QUARTERS: u64 = 8;

/// A category code, and what such shops are called.
const TRADES: [(&str, &[&str]); 18] = [
    ("5812", &["식당", "국수", "김밥", "분식", "칼국수", "순대국", "갈비", "백반", "돈까스", "초밥", "떡볶이", "냉면"]),
    ("5812", &["치킨", "통닭", "숯불치킨", "닭강정", "족발", "곱창", "삼겹살", "횟집", "감자탕", "마라탕"]),
    ("5813", &["호프", "포차", "주막", "펍"]),
    ("5814", &["커피", "카페", "Coffee", "Cafe", "찻집", "로스터스"]),
    ("5462", &["빵집", "베이커리", "제과", "Bakery", "케이크"]),
    ("5411", &["슈퍼", "마트", "편의점", "상회", "식자재"]),
    ("5422", &["정육점", "축산", "한우"]),
    ("5499", &["과일", "야채가게", "반찬", "건어물", "떡집", "방앗간"]),
    ("5912", &["약국"]),
    ("8021", &["치과", "한의원", "의원", "내과", "안과"]),
    ("7230", &["미용실", "헤어", "Hair", "이발소", "네일"]),
    ("5651", &["옷가게", "양품", "패션", "수선"]),
    ("5942", &["책방", "서점", "문고"]),
    ("8299", &["학원", "공부방", "피아노", "미술학원", "태권도"]),
    ("5992", &["꽃집", "플라워", "화원"]),
    ("7211", &["세탁소", "크린", "빨래방"]),
    ("5251", &["철물", "공구", "전기", "인테리어"]),
    ("7997", &["헬스", "요가", "필라테스", "탁구장", "당구장"]),
];
const FIRST: [&str; 40] = [
    "행복한",
    "착한",
    "우리",
    "엄마",
    "할머니",
    "동네",
    "골목",
    "시장",
    "언덕",
    "모퉁이",
    "달빛",
    "햇살",
    "바람",
    "구름",
    "별",
    "은하수",
    "푸른",
    "하얀",
    "새봄",
    "가을",
    "첫눈",
    "한강",
    "남산",
    "북악",
    "돌담",
    "느티나무",
    "은행나무",
    "소나무",
    "참",
    "정든",
    "큰",
    "작은",
    "오래된",
    "새로운",
    "진짜",
    "소문난",
    "Seoul",
    "Moon",
    "Green",
    "Blue",
];
const SECOND: [&str; 40] = [
    "나무",
    "마을",
    "집",
    "마당",
    "부엌",
    "밥상",
    "식탁",
    "정원",
    "다락",
    "창고",
    "공방",
    "연구소",
    "이야기",
    "하루",
    "오늘",
    "아침",
    "저녁",
    "주말",
    "친구",
    "이웃",
    "가족",
    "남매",
    "형제",
    "자매",
    "삼촌",
    "이모",
    "고모",
    "선생",
    "박사",
    "장인",
    "토끼",
    "고양이",
    "강아지",
    "여우",
    "사슴",
    "제비",
    "까치",
    "나비",
    "House",
    "Table",
];

struct Made {
    number: MerchantNumber,
    business_number: BusinessNumber,
    name: String,
    district: District,
    address: String,
    category: &'static str,
    place: Place,
}

impl Store {
    /// Makes open shops until there are so many that were made. The same number gives the same shop. How many are new.
    pub async fn seed_shops(&self, count: u32, payout_account: &str, now: Timestamp) -> Result<u32> {
        let range = [FIRST_SERIAL, FIRST_SERIAL + count].map(|serial| MerchantNumber::from_serial(serial).map(|number| number.to_string()));
        let [Ok(from), Ok(to)] = range else { return Err(Error::damaged("there are no numbers for so many shops")) };
        let mut write = self.write().await?;
        let select = sqlx::query("SELECT COUNT(*) AS made FROM merchant WHERE number >= $1 AND number < $2").bind(from).bind(to);
        let there = u32::try_from(row::int(&select.fetch_one(write.tx()).await?, "made")?).unwrap_or(u32::MAX);
        for first in (there..count).step_by(AT_ONCE as usize) {
            let made = (first..count.min(first + AT_ONCE)).map(make).collect::<Result<Vec<Made>>>()?;
            let ids: Vec<i64> = made.iter().map(|_| self.next_id(now)).collect();
            let sql = format!(
                "INSERT INTO merchant (id, number, business_number, name, district, address, category, standing, payout_account, created_at) VALUES {}",
                row::lists(1, made.len(), 10)
            );
            let insert = made.iter().zip(&ids).fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (shop, id)| {
                let query = query.bind(*id).bind(shop.number.to_string()).bind(shop.business_number.digits()).bind(shop.name.clone());
                let query = query.bind(i64::from(shop.district.number())).bind(shop.address.clone()).bind(shop.category).bind("open");
                query.bind(payout_account.to_owned()).bind(crate::millis(now))
            });
            insert.execute(write.tx()).await?;
            let sql = format!("INSERT INTO notice_count (merchant_id, count) VALUES {}", row::lists(1, ids.len(), 2));
            let insert = ids.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, id| query.bind(*id).bind(0_i64));
            insert.execute(write.tx()).await?;
            let sql = format!("INSERT INTO merchant_place (merchant_id, lat_e6, lon_e6, placed_at) VALUES {}", row::lists(1, ids.len(), 4));
            let insert = made.iter().zip(&ids).fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (shop, id)| {
                let query = query.bind(*id).bind(i64::from(shop.place.lat_e6)).bind(i64::from(shop.place.lon_e6));
                query.bind(crate::millis(now))
            });
            insert.execute(write.tx()).await?;
        }
        write.commit().await?;
        Ok(count.saturating_sub(there))
    }
}

/// The shop with a number, the same each time.
fn make(number: u32) -> Result<Made> {
    let mut random = StdRng::seed_from_u64(u64::from(number));
    let pick = |random: &mut StdRng, from: &[&'static str]| from.choose(random).copied().unwrap_or_default();
    let district = District::new(u8::try_from(number % 25 + 1).unwrap_or(1)).map_err(Error::damaged)?;
    let (category, trades) = TRADES.choose(&mut random).copied().unwrap_or(TRADES[0]);
    let (first, second, trade) = (pick(&mut random, &FIRST), pick(&mut random, &SECOND), pick(&mut random, trades));
    let gap = if random.random_bool(0.5) { " " } else { "" };
    let name = match random.random_range(0..10) {
        0..=3 => format!("{first}{gap}{trade}"),
        4..=7 => format!("{first}{second}{gap}{trade}"),
        8 => format!("{second}{gap}{trade} {}호점", random.random_range(1..30)),
        _ => format!("{first} {second} {trade}({}점)", district.ko()),
    };
    let (street, lane, house) = (pick(&mut random, &SECOND), random.random_range(1..60), random.random_range(1..120));
    Ok(Made {
        number: MerchantNumber::from_serial(FIRST_SERIAL + number).map_err(Error::damaged)?,
        business_number: BusinessNumber::from_first_nine(130_000_000 + number).ok_or_else(|| Error::damaged("no business number"))?,
        name,
        district,
        address: format!("서울 {} {street}로{lane}길 {house}", district.ko()),
        category,
        place: place(&mut random, district),
    })
}

/// Half of them about the middle of a quarter, within some hundred metres; the others anywhere.
fn place(random: &mut StdRng, district: District) -> Place {
    let quarter = random.random_range(0..QUARTERS) * 25 + u64::from(district.number());
    let mut of_quarter = StdRng::seed_from_u64(quarter);
    let middle = outline::somewhere_in(district, || of_quarter.random());
    let mut around = || random.random_range(-3_000..3_000);
    let beside = Place { lat_e6: middle.lat_e6 + around(), lon_e6: middle.lon_e6 + around() };
    if random.random_bool(0.5) && outline::contains(district, beside) {
        beside
    } else {
        outline::somewhere_in(district, || random.random())
    }
}

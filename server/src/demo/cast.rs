//! Who and what the demo is made of. Invented; the phone numbers belong to nobody, the sandbox plays them.

use domain::district::District;
use domain::merchant::Standing;
use jiff::civil::{Date, date};

/// Of everybody in the demo.
pub const PIN: &str = "246810";

pub struct Person {
    pub name: &'static str,
    pub phone: &'static str,
    pub birth_date: Date,
    /// Bank code and number.
    pub bank: (&'static str, &'static str),
    pub says: &'static str,
}

const fn person(name: &'static str, phone: &'static str, birth_date: Date, number: &'static str, says: &'static str) -> Person {
    Person { name, phone, birth_date, bank: ("088", number), says }
}

pub const CITIZEN: Person =
    person("김하늘", "010-2345-6701", date(1990, 5, 14), "110-234-567801", "시민: 상품권 두 장과 결제 내역이 있어요");
pub const NEW_CITIZEN: Person =
    person("정하윤", "010-2345-6705", date(1987, 9, 30), "110-234-567805", "시민: 아직 산 것이 없어요 (홀수 해 출생)");
/// Bought five years ago.
pub const LONG_AGO: Person =
    person("윤복순", "010-2345-6707", date(1950, 4, 2), "110-234-567807", "시민: 곧 끝나는 상품권과 기간이 끝난 상품권이 있어요");
pub const OWNER: Person =
    person("박도윤", "010-2345-6702", date(1984, 11, 3), "110-234-567802", "사장님: 모퉁이커피, 망원책방, 달빛세탁소");
pub const CASHIER: Person = person("이서준", "010-2345-6703", date(1999, 7, 21), "110-234-567803", "직원: 모퉁이커피에서 일해요");
pub const OTHER_OWNER: Person = person("최지우", "010-2345-6704", date(1979, 2, 8), "110-234-567804", "사장님: 강남구와 종로구의 가게");

/// Paid at the shops before today; nobody signs in as.
pub const REGULAR: Person = person("한가온", "010-2345-6706", date(1982, 3, 9), "110-234-567806", "단골손님");

pub struct Shop {
    /// Of the shop number.
    pub serial: u32,
    pub name: &'static str,
    pub district: u8,
    pub address: &'static str,
    pub category: &'static str,
    pub standing: Standing,
    /// Latitude and longitude.
    pub place: (f64, f64),
}

const fn shop(
    serial: u32,
    name: &'static str,
    district: u8,
    address: &'static str,
    category: &'static str,
    standing: Standing,
    place: (f64, f64),
) -> Shop {
    Shop { serial, name, district, address, category, standing, place }
}

const JONGNO: u8 = 1;
const MAPO: u8 = 14;
const GANGNAM: u8 = 23;

pub const CAFE: Shop = shop(1001, "모퉁이커피", MAPO, "서울 마포구 망원동 골목길 12", "5814", Standing::Open, (37.5563, 126.9036));

pub const BOOKS: Shop = shop(1002, "망원책방", MAPO, "서울 마포구 망원동 시장길 7, 2층", "5942", Standing::Open, (37.5571, 126.9055));

pub const OF_OWNER: [Shop; 3] =
    [CAFE, BOOKS, shop(1003, "달빛세탁소", MAPO, "서울 마포구 망원동 골목길 30", "7211", Standing::Closed, (37.5552, 126.9012))];

pub const OF_OTHER_OWNER: [Shop; 5] = [
    shop(1004, "논현국수", GANGNAM, "서울 강남구 논현동 언덕길 5", "5812", Standing::Open, (37.5112, 127.0286)),
    shop(1005, "가로수꽃집", GANGNAM, "서울 강남구 신사동 나무길 18", "5992", Standing::Open, (37.5219, 127.0228)),
    PHARMACY,
    shop(1007, "한옥분식", JONGNO, "서울 종로구 계동 돌담길 3", "5812", Standing::Open, (37.5812, 126.9871)),
    shop(1008, "새봄빵집", GANGNAM, "서울 강남구 역삼동 모퉁이길 1", "5462", Standing::Pending, (37.4998, 127.0372)),
];

pub const PHARMACY: Shop = shop(1006, "돌담약국", JONGNO, "서울 종로구 계동 돌담길 9", "5912", Standing::Open, (37.5808, 126.9868));
/// Name, category, district and address of the shop that waits for the city.
pub const WAITING: (&str, &str, &str, &str) = ("햇살만두", "5812", "14", "서울 마포구 망원동 시장길 21, 1층");
/// The first nine digits of its business number.
pub const WAITING_BUSINESS: u32 = 120_819_001;

impl Shop {
    pub fn district(&self) -> District {
        District::new(self.district).expect("written above, and there are 25")
    }

    pub fn says(&self) -> &'static str {
        match self.standing {
            Standing::Open => "열려 있어요",
            Standing::Closed => "문을 닫았어요: 결제가 거절돼요",
            Standing::Pending => "승인을 기다려요: QR이 없고 결제가 거절돼요",
        }
    }
}

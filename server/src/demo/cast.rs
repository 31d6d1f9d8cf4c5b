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
pub const OWNER: Person =
    person("박도윤", "010-2345-6702", date(1984, 11, 3), "110-234-567802", "사장님: 모퉁이커피, 망원책방, 달빛세탁소");
pub const CASHIER: Person = person("이서준", "010-2345-6703", date(1999, 7, 21), "110-234-567803", "직원: 모퉁이커피에서 일해요");
pub const OTHER_OWNER: Person = person("최지우", "010-2345-6704", date(1979, 2, 8), "110-234-567804", "사장님: 강남구와 종로구의 가게");

pub struct Shop {
    /// Of the shop number.
    pub serial: u32,
    pub name: &'static str,
    pub district: u8,
    pub address: &'static str,
    pub category: &'static str,
    pub standing: Standing,
}

const fn shop(serial: u32, name: &'static str, district: u8, address: &'static str, category: &'static str, standing: Standing) -> Shop {
    Shop { serial, name, district, address, category, standing }
}

const JONGNO: u8 = 1;
const MAPO: u8 = 14;
const GANGNAM: u8 = 23;

pub const CAFE: Shop = shop(1001, "모퉁이커피", MAPO, "서울 마포구 망원동 골목길 12", "5814", Standing::Open);

pub const OF_OWNER: [Shop; 3] = [
    CAFE,
    shop(1002, "망원책방", MAPO, "서울 마포구 망원동 시장길 7, 2층", "5942", Standing::Open),
    shop(1003, "달빛세탁소", MAPO, "서울 마포구 망원동 골목길 30", "7211", Standing::Closed),
];

pub const OF_OTHER_OWNER: [Shop; 5] = [
    shop(1004, "논현국수", GANGNAM, "서울 강남구 논현동 언덕길 5", "5812", Standing::Open),
    shop(1005, "가로수꽃집", GANGNAM, "서울 강남구 신사동 나무길 18", "5992", Standing::Open),
    PHARMACY,
    shop(1007, "한옥분식", JONGNO, "서울 종로구 계동 돌담길 3", "5812", Standing::Open),
    shop(1008, "새봄빵집", GANGNAM, "서울 강남구 역삼동 모퉁이길 1", "5462", Standing::Pending),
];

pub const PHARMACY: Shop = shop(1006, "돌담약국", JONGNO, "서울 종로구 계동 돌담길 9", "5912", Standing::Open);

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

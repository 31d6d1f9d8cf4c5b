//! The 25 districts (자치구) of the city.

use serde::{Deserialize, Serialize};

/// A district, numbered 1 to 25 in the order of the city's own statistics.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct District(u8);

#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no district number {0}")]
pub struct NoSuchDistrict(pub u8);

const NAMES: [(&str, &str); 25] = [
    ("종로구", "Jongno-gu"),
    ("중구", "Jung-gu"),
    ("용산구", "Yongsan-gu"),
    ("성동구", "Seongdong-gu"),
    ("광진구", "Gwangjin-gu"),
    ("동대문구", "Dongdaemun-gu"),
    ("중랑구", "Jungnang-gu"),
    ("성북구", "Seongbuk-gu"),
    ("강북구", "Gangbuk-gu"),
    ("도봉구", "Dobong-gu"),
    ("노원구", "Nowon-gu"),
    ("은평구", "Eunpyeong-gu"),
    ("서대문구", "Seodaemun-gu"),
    ("마포구", "Mapo-gu"),
    ("양천구", "Yangcheon-gu"),
    ("강서구", "Gangseo-gu"),
    ("구로구", "Guro-gu"),
    ("금천구", "Geumcheon-gu"),
    ("영등포구", "Yeongdeungpo-gu"),
    ("동작구", "Dongjak-gu"),
    ("관악구", "Gwanak-gu"),
    ("서초구", "Seocho-gu"),
    ("강남구", "Gangnam-gu"),
    ("송파구", "Songpa-gu"),
    ("강동구", "Gangdong-gu"),
];

impl District {
    pub const MAPO: District = District(14);
    pub const GANGNAM: District = District(23);

    pub fn new(number: u8) -> Result<District, NoSuchDistrict> {
        if (1..=25).contains(&number) { Ok(District(number)) } else { Err(NoSuchDistrict(number)) }
    }

    pub fn all() -> impl Iterator<Item = District> {
        (1..=25).map(District)
    }

    pub fn number(self) -> u8 {
        self.0
    }

    pub fn ko(self) -> &'static str {
        NAMES[usize::from(self.0) - 1].0
    }

    pub fn en(self) -> &'static str {
        NAMES[usize::from(self.0) - 1].1
    }
}

impl TryFrom<u8> for District {
    type Error = NoSuchDistrict;
    fn try_from(number: u8) -> Result<District, NoSuchDistrict> {
        District::new(number)
    }
}

impl From<District> for u8 {
    fn from(district: District) -> u8 {
        district.0
    }
}

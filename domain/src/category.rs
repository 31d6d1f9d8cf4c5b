//! What a shop sells, as the codes that card networks share (MCC, ISO 18245) and a word for each that people know.

use serde::{Deserialize, Serialize};

/// One of the categories that a shop may choose.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Category(usize);

/// Code, Korean, English. In the order in which they are offered: what there is most of comes first, what is left over last.
const CATEGORIES: [(&str, &str, &str); 27] = [
    ("5812", "음식점", "Restaurant"),
    ("5814", "카페·간편식", "Café or snack bar"),
    ("5462", "빵집", "Bakery"),
    ("5813", "주점", "Bar"),
    ("5411", "슈퍼마켓", "Supermarket"),
    ("5499", "편의점·식료품점", "Convenience or food shop"),
    ("5422", "정육점", "Butcher"),
    ("5912", "약국", "Pharmacy"),
    ("8011", "병원·의원", "Doctor"),
    ("8021", "치과", "Dentist"),
    ("8043", "안경원", "Optician"),
    ("7230", "미용실·이발소", "Hair and beauty"),
    ("7211", "세탁소", "Laundry"),
    ("5651", "옷가게", "Clothing"),
    ("5661", "신발 가게", "Shoes"),
    ("5977", "화장품 가게", "Cosmetics"),
    ("5942", "서점", "Bookshop"),
    ("5943", "문구점", "Stationery"),
    ("5992", "꽃집", "Florist"),
    ("5251", "철물점", "Hardware"),
    ("5732", "전자 제품 가게", "Electronics"),
    ("5995", "반려동물 용품점", "Pet shop"),
    ("0742", "동물 병원", "Veterinary"),
    ("8299", "학원·교습소", "Classes and tutoring"),
    ("7997", "체육 시설", "Sports"),
    ("7538", "자동차 정비소", "Car repair"),
    ("5999", "그 밖의 가게", "Other shop"),
];

impl Category {
    pub fn all() -> impl Iterator<Item = Category> {
        (0..CATEGORIES.len()).map(Category)
    }

    /// By its code; `None` for one that shops can't choose.
    pub fn parse(code: &str) -> Option<Category> {
        CATEGORIES.iter().position(|(known, ..)| *known == code).map(Category)
    }

    /// Four digits.
    pub fn code(self) -> &'static str {
        CATEGORIES[self.0].0
    }

    pub fn ko(self) -> &'static str {
        CATEGORIES[self.0].1
    }

    pub fn en(self) -> &'static str {
        CATEGORIES[self.0].2
    }
}

/// A code that no category has.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no category has this code")]
pub struct NoSuchCategory;

impl TryFrom<String> for Category {
    type Error = NoSuchCategory;
    fn try_from(code: String) -> Result<Category, NoSuchCategory> {
        Category::parse(&code).ok_or(NoSuchCategory)
    }
}

impl From<Category> for String {
    fn from(category: Category) -> String {
        category.code().to_owned()
    }
}

use domain::category::Category;
use domain::qr::Mcc;
use std::collections::BTreeSet;

#[test]
fn each_category_has_one_code_that_a_qr_can_carry_and_words_of_its_own() {
    let all: Vec<Category> = Category::all().collect();
    for category in &all {
        assert!(Mcc::parse(category.code()).is_ok(), "{}", category.code());
        assert_eq!(Category::parse(category.code()), Some(*category));
        let text = serde_json::to_string(category).unwrap();
        assert_eq!(serde_json::from_str::<Category>(&text).unwrap(), *category);
    }
    for words in [Category::code, Category::ko, Category::en] {
        let distinct: BTreeSet<_> = all.iter().map(|category| words(*category)).collect();
        assert_eq!(distinct.len(), all.len());
    }
}

#[test]
fn other_codes_are_no_category() {
    for code in ["", "5813 ", "0000", "7995", "58", "５８１２"] {
        assert_eq!(Category::parse(code), None, "{code}");
    }
    assert!(serde_json::from_str::<Category>("\"7995\"").is_err());
}

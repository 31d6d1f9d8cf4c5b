use super::{entries, found, ids, name, named, shops};
use domain::category::Category;
use domain::finding::{Directory, Needle, Rank, TEXT_CHARS_MAX, TooLong, Trade, fold};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

#[test]
fn names_are_compared_without_blanks_signs_and_case() {
    for (one, other) in [
        ("모퉁이 커피", "모퉁이커피"),
        ("Café LUNA(본점)", "café luna 본점"),
        ("ＧＳ　２５", "gs25"),
        ("㈜한강", "주한강"),
        ("다방·1988", "다방 1988"),
        // As some systems write it: each syllable in parts.
        ("\u{110e}\u{1175}\u{110f}\u{1175}\u{11ab}", "치킨"),
        // Consonants that became one letter while they were typed.
        ("ㄳ", "ㄱㅅ"),
        ("ㅄ", "ㅂㅅ"),
        ("ﾡ", "ㄱ"),
    ] {
        assert_eq!(fold(one).symbols(), fold(other).symbols(), "{one} and {other}");
    }
    assert!(fold(" -·()😀 ").symbols().is_empty());
}

#[test]
fn how_well_a_name_fits() {
    use Rank::{Exact, Inside, Prefix, WordStart};
    for (typed, name, rank) in [
        ("치킨", "치킨", Some(Exact)),
        ("치킨", "치킨나라", Some(Prefix)),
        ("치킨", "행복한 치킨", Some(WordStart)),
        ("치킨", "행복한치킨", Some(Inside)),
        ("치킨", "행복한치킨 치킨집", Some(WordStart)),
        ("치킨", "치 킨", Some(Exact)),
        ("치킨", "킨치", None),
        ("치", "김치찌개", Some(Inside)),
        ("ㅊㅋ", "치킨", Some(Exact)),
        ("ㅊㅋ", "행복한치킨", Some(Inside)),
        ("ㅊ킨", "치킨나라", Some(Prefix)),
        ("치ㅋ", "치킨", Some(Exact)),
        ("ㅊㅋㄴㄹ", "치킨나라", Some(Exact)),
        ("ㄲㅋ", "김치킨", None),
        ("ㅋㅋ", "ㅋㅋ치킨", Some(Prefix)),
        ("ㅋㅊ", "ㅋㅋ치킨", Some(Inside)),
        // A syllable is no consonant, and no other syllable.
        ("크", "ㅋㅋ치킨", None),
        ("치키", "치킨", None),
        ("cafe", "CAFE Luna", Some(Prefix)),
        ("LUNA", "Cafe Luna", Some(WordStart)),
        ("una", "Cafe Luna", Some(Inside)),
        ("편의점", "CU편의점", Some(WordStart)),
        ("25", "GS25", Some(Inside)),
        ("!", "치킨!", None),
    ] {
        assert_eq!(Rank::of(&fold(typed), &fold(name)), rank, "{typed} in {name}");
    }
}

#[test]
fn the_best_comes_first_and_equals_by_name() {
    let directory = Directory::of(shops(&["행복한치킨", "치킨", "치킨나라", "행복한 치킨", "치킨공방", "김밥", "치킨"]));
    assert_eq!(found(&directory, &named("치킨")), [2, 7, 5, 3, 4, 1]);
    assert_eq!(found(&directory, &named("ㅊㅋ")), [2, 7, 5, 3, 4, 1]);
    assert_eq!(found(&directory, &named("ㄱㅂ")), [6, 5]);
    assert_eq!(found(&directory, &named("ㄱ")), [6, 5]);
    assert_eq!(found(&directory, &named("한")), [1, 4]);
    assert_eq!(found(&directory, &named("!?")), [0; 0]);
    assert_eq!(found(&directory, &named("")).len(), 7);
    let page = directory.search(&named("치킨"), None, 2, 3);
    assert_eq!((page.total, ids(&page)), (6, vec![5, 3, 4]));
    assert_eq!(directory.search(&named("치킨"), None, 6, 3).hits, []);
}

#[test]
fn what_is_typed_has_an_end() {
    assert_eq!(Needle::parse("  "), Ok(None));
    assert!(Needle::parse(&"가".repeat(TEXT_CHARS_MAX)).unwrap().is_some());
    assert_eq!(Needle::parse(&"가".repeat(TEXT_CHARS_MAX + 1)), Err(TooLong));
}

#[test]
fn every_code_is_of_a_category() {
    for (code, trade) in [
        ("5812", Trade::Meals),
        ("5814", Trade::Cafes),
        ("5411", Trade::Groceries),
        ("5912", Trade::Health),
        ("7230", Trade::Beauty),
        ("5651", Trade::Clothing),
        ("5942", Trade::Learning),
        ("7211", Trade::Living),
        ("7997", Trade::Leisure),
        ("9399", Trade::Other),
        ("", Trade::Other),
        ("five", Trade::Other),
    ] {
        assert_eq!(Trade::of_code(code), trade, "{code}");
    }
    // What shops choose from has a place, and "other" is only what they call so.
    for category in Category::all() {
        assert_eq!(Trade::of_code(category.code()) == Trade::Other, category.code() == "5999", "{}", category.en());
    }
    for trade in Trade::ALL {
        assert_eq!(Trade::parse(trade.as_str()), Some(trade));
    }
    assert_eq!(Trade::parse("Meals"), None);
}

fn initials_of(name: &str) -> String {
    const INITIALS: [char; 19] =
        ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
    let initial = |c: char| if ('가'..='힣').contains(&c) { INITIALS[(c as usize - '가' as usize) / 588] } else { c };
    name.nfc().map(initial).collect()
}

proptest! {
    #[test]
    fn every_name_is_found_by_each_of_its_parts_and_their_initials(names in prop::collection::vec(name(), 1..12), pick in any::<prop::sample::Index>(), from in 0..8usize, length in 1..8usize) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let directory = Directory::of(shops(&names));
        let at = pick.index(names.len());
        let part: String = names[at].nfc().skip(from).take(length).collect();
        let mixed: String = part.chars().zip(initials_of(&part).chars()).enumerate().map(|(at, (c, initial))| if at % 2 == 0 { c } else { initial }).collect();
        for typed in [part.clone(), initials_of(&part), mixed] {
            if !fold(&typed).symbols().is_empty() {
                let found = found(&directory, &named(&typed));
                prop_assert!(found.contains(&(at as i64 + 1)), "{typed:?} of {:?}", names[at]);
            }
        }
    }

    /// Walking through all names says the same as the index: who, and in which order.
    #[test]
    fn nothing_else_is_claimed(entries in entries(), typed in name(), cut in 1..4usize) {
        let typed: String = typed.chars().take(cut).collect();
        let needle = fold(&typed);
        let mut expected: Vec<_> = entries.iter().filter_map(|entry| Some((Rank::of(&needle, &entry.name)?, entry.name.symbols().to_vec(), entry.id.0))).collect();
        expected.sort();
        let expected: Vec<i64> = expected.into_iter().map(|(.., id)| id).collect();
        let directory = Directory::of(entries.clone());
        if !typed.trim().is_empty() {
            prop_assert_eq!(found(&directory, &named(&typed)), expected, "{}", typed);
        }
    }
}

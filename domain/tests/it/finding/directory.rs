use super::{entries, found, named, shop, shops};
use domain::MerchantId;
use domain::calendar::Day;
use domain::finding::{Directory, Entry, Place, Wish};
use proptest::prelude::*;

#[test]
fn shops_come_change_and_go() {
    let mut directory = Directory::of(shops(&["가", "나", "다"]));
    let all = |directory: &mut Directory, open: Vec<Entry>| directory.refresh(MerchantId(0), MerchantId(i64::MAX), open);
    assert_eq!(all(&mut directory, shops(&["가", "나", "다"])), 0);
    assert_eq!(all(&mut directory, vec![shop(1, "가"), shop(3, "다")]), 1);
    assert_eq!(found(&directory, &Wish::default()), [1, 3]);
    assert_eq!(all(&mut directory, shops(&["라", "나", "다", "가"])), 3);
    assert_eq!(found(&directory, &Wish::default()), [4, 2, 3, 1]);
    assert_eq!(found(&directory, &named("ㄹ")), [1]);
    assert_eq!((directory.len(), directory.last_id()), (4, Some(MerchantId(4))));
    let paid = Entry { paid_on: Some(Day(20_260_714)), ..shop(2, "나") };
    assert_eq!(directory.refresh(MerchantId(1), MerchantId(2), vec![paid]), 1);
    assert_eq!(found(&directory, &Wish { paid_since: Some(Day(20_260_714)), ..Wish::default() }), [2]);
    assert_eq!(directory.refresh(MerchantId(2), MerchantId(i64::MAX), vec![]), 2);
    assert_eq!(found(&directory.anew(), &Wish::default()), [2, 1]);
}

/// What is left when `later` is all that is open between two ids.
fn after(earlier: &[Entry], later: &[Entry], (after, upto): (i64, i64)) -> (Vec<Entry>, Vec<Entry>) {
    let is_between = |entry: &&Entry| entry.id.0 > after && entry.id.0 <= upto;
    let page: Vec<Entry> = later.iter().filter(is_between).cloned().collect();
    let kept = earlier.iter().filter(|entry| !is_between(entry)).cloned();
    (kept.chain(page.clone()).collect(), page)
}

proptest! {
    /// However shops change, and whichever of them are looked at: it is as if the index had been made now.
    #[test]
    fn a_refreshed_directory_is_one_made_anew(first in entries(), pages in prop::collection::vec((entries(), 0..60i64, 0..60i64), 0..4)) {
        let mut directory = Directory::of(first.clone());
        let mut open = first;
        for (later, from, length) in pages {
            let page;
            (open, page) = after(&open, &later, (from, from + length));
            directory.refresh(MerchantId(from), MerchantId(from + length), page);
        }
        let expected = Directory::of(open.clone());
        for directory in [&directory, &directory.anew()] {
            prop_assert_eq!(directory.len(), open.len());
            prop_assert_eq!(directory.last_id(), open.iter().map(|entry| entry.id).max().max(directory.last_id()));
            for typed in ["", "가", "ㄱ", "ㅊㅋ", "a", "치킨"] {
                prop_assert_eq!(found(directory, &named(typed)), found(&expected, &named(typed)), "{}", typed);
            }
            let paid = Wish { paid_since: Some(Day(20_260_601)), ..Wish::default() };
            prop_assert_eq!(found(directory, &paid), found(&expected, &paid));
            let here = Place::from_degrees(37.56, 126.99);
            let near = |directory: &Directory| directory.search(&Wish::default(), here, 0, 100);
            prop_assert_eq!(near(directory), near(&expected));
        }
    }
}

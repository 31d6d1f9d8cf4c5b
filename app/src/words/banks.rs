//! The banks whose accounts can be linked, by the code that all banks share.

use super::Lang;

/// Code, name in Korean, name in English; the most used first.
const BANKS: [(&str, &str, &str); 7] = [
    ("004", "KB국민은행", "KB Kookmin Bank"),
    ("088", "신한은행", "Shinhan Bank"),
    ("020", "우리은행", "Woori Bank"),
    ("081", "하나은행", "Hana Bank"),
    ("011", "NH농협은행", "NH NongHyup Bank"),
    ("090", "카카오뱅크", "KakaoBank"),
    ("092", "토스뱅크", "Toss Bank"),
];

/// Code and name of each.
pub fn banks(lang: Lang) -> impl Iterator<Item = (&'static str, &'static str)> {
    BANKS.into_iter().map(move |(code, ko, en)| match lang {
        Lang::Ko => (code, ko),
        Lang::En => (code, en),
    })
}

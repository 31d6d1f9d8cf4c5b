//! Amounts as each language writes them.

use super::Lang;
use domain::Won;
use domain::kind::BasisPoints;

/// "93,000원", "₩93,000".
pub fn money(lang: Lang, won: Won) -> String {
    match lang {
        Lang::Ko => format!("{won}원"),
        Lang::En => format!("₩{won}"),
    }
}

/// As people say it inside a sentence: whole units of 만 and 억 in Korean ("10만 원", "25억 원"), digits otherwise.
pub fn amount(lang: Lang, won: Won) -> String {
    const MAN: i64 = 10_000;
    const EOK: i64 = 100_000_000;
    let figure = won.get();
    if lang == Lang::En || figure == 0 || figure % MAN != 0 {
        return money(lang, won);
    }
    let grouped = |part: i64| Won::new(part).map(|won| won.to_string()).unwrap_or_default();
    match (figure / EOK, figure % EOK / MAN) {
        (0, man) => format!("{}만 원", grouped(man)),
        (eok, 0) => format!("{}억 원", grouped(eok)),
        (eok, man) => format!("{}억 {}만 원", grouped(eok), grouped(man)),
    }
}

/// What a chip of the amount pad says: "+1만", "+10k".
pub fn chip(lang: Lang, step: Won) -> String {
    match lang {
        Lang::Ko if step.get() % 10_000 == 0 => format!("+{}만", step.get() / 10_000),
        Lang::Ko if step.get() % 1_000 == 0 => format!("+{}천", step.get() / 1_000),
        Lang::En if step.get() % 1_000 == 0 => format!("+{}k", step.get() / 1_000),
        Lang::Ko | Lang::En => format!("+{step}"),
    }
}

/// "7%", "7.5%".
pub fn percent(points: BasisPoints) -> String {
    match (points.0 / 100, points.0 % 100) {
        (whole, 0) => format!("{whole}%"),
        (whole, part) if part % 10 == 0 => format!("{whole}.{}%", part / 10),
        (whole, part) => format!("{whole}.{part:02}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_they_are_said() {
        let table = [
            (0, "0원", "₩0"),
            (93_000, "93,000원", "₩93,000"),
            (100_000, "10만 원", "₩100,000"),
            (12_000_000, "1,200만 원", "₩12,000,000"),
            (2_500_000_000, "25억 원", "₩2,500,000,000"),
            (120_000_000, "1억 2,000만 원", "₩120,000,000"),
        ];
        for (won, ko, en) in table {
            assert_eq!(amount(Lang::Ko, Won::of(won)), ko);
            assert_eq!(amount(Lang::En, Won::of(won)), en);
        }
        assert_eq!(percent(BasisPoints(700)), "7%");
        assert_eq!(percent(BasisPoints(750)), "7.5%");
        assert_eq!(percent(BasisPoints(705)), "7.05%");
        assert_eq!(chip(Lang::Ko, Won::of(50_000)), "+5만");
    }
}

//! Figures of takings in words: signed amounts, changes, and why a filter can't be taken.

use super::Lang;
use super::money::money;
use domain::Won;
use domain::calendar::Day;
use domain::takings::filter::{FilterError, Kept, Wanted};
use domain::takings::{Preset, RangeError};

/// An amount that may be less than nothing: "−5,000원".
pub fn signed_money(lang: Lang, won: i64) -> String {
    let amount = Won::new(won.saturating_abs()).unwrap_or(Won::MAX);
    if won < 0 { format!("−{}", money(lang, amount)) } else { money(lang, amount) }
}

/// As short as an axis needs it, whole or with one digit behind the point: "1.5만", "2억", "15k", "1.5M".
pub fn short_money(lang: Lang, won: i64) -> String {
    let units: &[(i64, &str)] = match lang {
        Lang::Ko => &[(100_000_000, "억"), (10_000, "만")],
        Lang::En => &[(1_000_000_000, "bn"), (1_000_000, "M"), (1_000, "k")],
    };
    let (sign, size) = (if won < 0 { "−" } else { "" }, won.saturating_abs());
    match units.iter().find(|(unit, _)| size >= *unit) {
        None => format!("{sign}{size}"),
        Some((unit, name)) => match size % unit * 10 / unit {
            0 => format!("{sign}{}{name}", size / unit),
            tenth => format!("{sign}{}.{tenth}{name}", size / unit),
        },
    }
}

/// Of a change in thousandths: "12.5%". The sign is the sentence's.
pub fn permille(change: i64) -> String {
    let size = change.saturating_abs();
    match size % 10 {
        0 => format!("{}%", size / 10),
        tenth => format!("{}.{tenth}%", size / 10),
    }
}

/// "7월 14일", "14 July".
pub fn of_day(lang: Lang, day: Day) -> String {
    day.span().map(|span| super::day(lang, span.from())).unwrap_or_default()
}

/// "7월 14일 화요일", "Tuesday 14 July".
pub fn of_weekday(lang: Lang, day: Day) -> String {
    day.span().map(|span| super::weekday_day(lang, span.from())).unwrap_or_default()
}

/// "화요일", "Tuesday".
pub fn weekday_name(lang: Lang, day: Day) -> String {
    let whole = of_weekday(lang, day);
    let name = match lang {
        Lang::Ko => whole.rsplit(' ').next(),
        Lang::En => whole.split(' ').next(),
    };
    name.unwrap_or_default().to_owned()
}

/// What is left of a payment, in a word or two.
pub fn kept(lang: Lang, kept: Kept) -> &'static str {
    let t = &lang.words().takings;
    match kept {
        Kept::Whole => t.state_paid,
        Kept::Part => t.state_part,
        Kept::Nothing => t.state_cancelled,
    }
}

/// A state that is looked for.
pub fn wanted(lang: Lang, wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Is(of) => kept(lang, of),
        Wanted::Cancelled => lang.words().takings.state_any_cancelled,
    }
}

pub fn preset(lang: Lang, preset: Preset) -> &'static str {
    let t = &lang.words().takings;
    match preset {
        Preset::Today => t.preset_today,
        Preset::Yesterday => t.preset_yesterday,
        Preset::Week => t.preset_week,
        Preset::Month => t.preset_month,
        Preset::LastMonth => t.preset_last_month,
    }
}

pub fn filter_error(lang: Lang, error: FilterError) -> &'static str {
    let t = &lang.words().takings;
    match error {
        FilterError::Days(RangeError::NotADay) => t.no_days,
        FilterError::Days(RangeError::Backwards) => t.backwards,
        FilterError::Days(RangeError::TooLong) => t.too_long,
        FilterError::Hour => t.no_hour,
        FilterError::Kind => t.no_kind,
        FilterError::Amount => t.no_amount,
        FilterError::State => t.no_state,
        FilterError::Search => t.no_search,
        FilterError::OnlyToday => t.only_today,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_axes_are_short_and_signed() {
        let table = [
            (0, "0", "0"),
            (500, "500", "500"),
            (10_000, "1만", "10k"),
            (15_000, "1.5만", "15k"),
            (-120_000, "−12만", "−120k"),
            (150_000_000, "1.5억", "150M"),
            (2_000_000_000, "20억", "2bn"),
        ];
        for (won, ko, en) in table {
            assert_eq!((short_money(Lang::Ko, won).as_str(), short_money(Lang::En, won).as_str()), (ko, en));
        }
        assert_eq!(signed_money(Lang::Ko, -5_000), "−5,000원");
        assert_eq!(signed_money(Lang::En, 5_000), "₩5,000");
        assert_eq!(signed_money(Lang::Ko, i64::MIN), format!("−{}원", Won::MAX));
        assert_eq!((permille(125), permille(-100), permille(0)), ("12.5%".into(), "10%".into(), "0%".into()));
    }

    #[test]
    fn days_are_named() {
        let day = Day(20_260_714);
        assert_eq!((weekday_name(Lang::Ko, day), weekday_name(Lang::En, day)), ("화요일".into(), "Tuesday".into()));
        assert_eq!(of_day(Lang::Ko, day), "7월 14일");
        assert_eq!(of_day(Lang::Ko, Day(0)), "");
    }
}

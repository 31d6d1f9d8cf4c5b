//! Today beside the same weekday of the weeks before. It moves with the stream of the shop's notices.

use super::figures;
use crate::pieces::chart::Bars;
use crate::words::{self, Lang, lang, permille, signed_money, words};
use domain::calendar::Day;
use domain::notice::{Event, Notice};
use domain::takings::filter::PaymentFilter;
use domain::takings::{DayRange, Today, change, hour_of};
use leptos::prelude::*;

/// How the page hears of payments.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
pub(super) enum Line {
    /// Rendered by the server.
    Still,
    Live,
    Lost,
}

/// What a notice does to the day.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
// Read in the browser; the server renders the beginning.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
pub(super) enum Heard {
    Counted,
    /// Counted before.
    Known,
    /// The day is over: the page is out of date.
    AnotherDay,
}

/// Counts a notice, once. What the weeks before had by now is not asked again for each: it is as of when the page was made.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
pub(super) fn hear(today: &mut Today, notice: &Notice) -> Heard {
    if notice.number <= today.last_number {
        return Heard::Known;
    }
    today.last_number = notice.number;
    if Day::of(notice.at) != today.day {
        return Heard::AnotherDay;
    }
    let hour = &mut today.hours[usize::from(hour_of(notice.at)) % 24];
    for sums in [hour, &mut today.so_far] {
        let (count, sum) = match notice.event {
            Event::Paid => (&mut sums.paid_count, &mut sums.paid),
            Event::Cancelled => (&mut sums.cancelled_count, &mut sums.cancelled),
        };
        *count += 1;
        *sum = sum.plus(notice.amount).unwrap_or(domain::Won::MAX);
    }
    Heard::Counted
}

#[component]
pub(super) fn TodayCard(today: Today, base: String, number: String) -> impl IntoView {
    let (lang, t) = (lang(), &words().takings);
    let day = today.day;
    let of_today = DayRange::of_day(day).ok();
    let payments = of_today.map(|range| figures::link(&base, &PaymentFilter::of_days(range)));
    let cancelled_link = of_today.map(|range| figures::cancelled(&base, range));
    let line = RwSignal::new(Line::Still);
    let today = RwSignal::new(today);
    #[cfg(feature = "hydrate")]
    super::live::start(today, line, number);
    #[cfg(not(feature = "hydrate"))]
    let _ = number;
    let net = move || today.with(|today| signed_money(lang, today.so_far.net()));
    let count = move || t.count(today.with(|today| today.so_far.paid_count));
    let cancelled = move || {
        let (count, won) = today.with(|today| (today.so_far.cancelled_count, today.so_far.cancelled));
        (count > 0).then(|| format!("{} {} · {}", t.cancelled, t.count(count), words::money(lang, won)))
    };
    let points = Signal::derive(move || {
        let Some(range) = of_today else { return Vec::new() };
        today.with(|today| figures::hours(lang, &base, range, &today.hours, today.before.first().map(|before| &before.hours)))
    });
    view! {
        <section class="card takings-today">
            <h2 class="total-label">{t.today_title}</h2>
            <p class="total-figure">
                <a class="takings-hero" href=payments.clone()>{net}</a>
            </p>
            <p class="total-note">
                <a class="chart-link" href=payments>{count}</a>
                {move || cancelled().map(|cancelled| view! { " · "<a class="chart-link" href=cancelled_link.clone()>{cancelled}</a> })}
            </p>
            <ul class="comparisons">
                <li>{move || today.with(|today| beside_last_week(lang, today))}</li>
                <li>{move || today.with(|today| beside_average(lang, today))}</li>
            </ul>
            <p class="small" role="status">
                {move || match line.get() {
                    Line::Still => "",
                    Line::Live => t.live,
                    Line::Lost => t.live_lost,
                }}
            </p>
        </section>
        <section class="card">
            <h2 class="total-label">{t.today_hours}</h2>
            <Bars title=t.today_hours column=t.column_hour points />
            <p class="small">{t.marker}</p>
        </section>
    }
    .into_any()
}

fn beside_last_week(lang: Lang, today: &Today) -> String {
    let t = &lang.words().takings;
    let Some(before) = today.before.first() else { return t.no_comparison.to_owned() };
    let sentence = t.last_week(&words::weekday_name(lang, before.day), &signed_money(lang, before.so_far.net()));
    format!("{sentence} · {}", comparison(lang, today.so_far.net(), Some(before.so_far.net())))
}

fn beside_average(lang: Lang, today: &Today) -> String {
    let t = &lang.words().takings;
    let Some(average) = today.average_so_far() else { return t.no_comparison.to_owned() };
    let sentence = t.average(&words::weekday_name(lang, today.day), &signed_money(lang, average));
    format!("{sentence} · {}", comparison(lang, today.so_far.net(), Some(average)))
}

fn comparison(lang: Lang, now: i64, before: Option<i64>) -> String {
    let t = &lang.words().takings;
    match before.and_then(|before| change(now, before)) {
        None => t.no_comparison.to_owned(),
        Some(0) => t.same.to_owned(),
        Some(more) if more > 0 => t.more(&permille(more)),
        Some(less) => t.less(&permille(less)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::paying::Code;
    use domain::takings::{DayBefore, Sums};
    use domain::{PaymentId, Timestamp, Won};

    fn noon() -> Timestamp {
        "2026-07-14T12:10:00+09:00".parse().expect("a time")
    }

    fn today() -> Today {
        Today { day: Day::of(noon()), so_far: Sums::default(), hours: [Sums::default(); 24], last_number: 5, before: vec![] }
    }

    fn notice(number: i64, event: Event, won: i64) -> Notice {
        let payment = PaymentId::from_parts(1_760_000_000_000, [7; 10]);
        Notice { number, payment, event, amount: Won::of(won), code: Code::from_random(7), at: noon() }
    }

    #[test]
    fn a_notice_moves_the_day_once() {
        let mut today = today();
        assert_eq!(hear(&mut today, &notice(6, Event::Paid, 5_000)), Heard::Counted);
        assert_eq!(hear(&mut today, &notice(6, Event::Paid, 5_000)), Heard::Known);
        assert_eq!(hear(&mut today, &notice(7, Event::Cancelled, 2_000)), Heard::Counted);
        assert_eq!(
            (today.so_far.net(), today.hours[12].net(), today.so_far.paid_count, today.so_far.cancelled_count),
            (3_000, 3_000, 1, 1)
        );
        let tomorrow = Notice { at: noon() + jiff::SignedDuration::from_hours(24), ..notice(8, Event::Paid, 9) };
        assert_eq!(hear(&mut today, &tomorrow), Heard::AnotherDay);
        assert_eq!(today.so_far.net(), 3_000);
    }

    #[test]
    fn comparisons_are_sentences() {
        let mut today = today();
        assert_eq!(beside_last_week(Lang::Ko, &today), "비교할 매출이 없어요");
        hear(&mut today, &notice(6, Event::Paid, 11_000));
        let whole = Sums { paid_count: 2, paid: Won::of(30_000), ..Sums::default() };
        let so_far = Sums { paid_count: 1, paid: Won::of(10_000), ..Sums::default() };
        today.before = vec![DayBefore { day: Day(20_260_707), so_far, whole, hours: [Sums::default(); 24] }];
        assert_eq!(beside_last_week(Lang::Ko, &today), "지난주 화요일 이 시각까지 10,000원 · 10% 많아요");
        assert_eq!(beside_average(Lang::En, &today), "Average of the last four Tuesdays: ₩10,000 · 10% more");
        assert_eq!(comparison(Lang::En, 5, Some(10)), "50% less");
        assert_eq!(comparison(Lang::En, 10, Some(10)), "the same");
    }
}

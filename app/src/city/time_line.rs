//! The day as a line of time: a lane for each group of people, the waiting rooms before their windows, a lane for each suspended
//! feature. Drawn with attributes in per cent, so that it is as wide as its place and its letters stay as they are.

use crate::words::{self, amount, lang, words};
use domain::Timestamp;
use domain::calendar::{Day, in_seoul};
use domain::plan::{Feature, Hours, Plan, PlannedWindow};
use domain::sale::Who;
use leptos::prelude::*;

const LANE: u32 = 44;
const HEAD: u32 = 26;
const HOUR: u16 = 60;

/// What part of the day is shown: whole hours around everything that happens.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Shown {
    from: u16,
    to: u16,
}

impl Shown {
    fn of(plan: &Plan) -> Shown {
        let before = room_minutes(plan);
        let hours = plan.windows.iter().map(|window| window.hours).chain(plan.suspensions.iter().map(|one| one.hours));
        let (from, to) = hours.fold((18 * HOUR, 9 * HOUR), |(from, to), hours| {
            (from.min(hours.from.minutes().saturating_sub(before)), to.max(hours.to.minutes()))
        });
        let from = from / HOUR * HOUR;
        Shown { from, to: to.max(from + HOUR).div_ceil(HOUR) * HOUR }
    }

    /// "41.66%" of the line.
    fn at(self, minute: u16) -> String {
        let (past, all) = (u32::from(minute.clamp(self.from, self.to) - self.from), u32::from(self.to - self.from));
        percent(past * 10_000 / all)
    }

    fn width(self, from: u16, to: u16) -> String {
        let length = u32::from(to.clamp(self.from, self.to)).saturating_sub(u32::from(from.clamp(self.from, self.to)));
        percent(length * 10_000 / u32::from(self.to - self.from))
    }
}

fn percent(of_ten_thousand: u32) -> String {
    format!("{}.{:02}%", of_ten_thousand / 100, of_ten_thousand % 100)
}

fn room_minutes(plan: &Plan) -> u16 {
    let ms = plan.room.map_or(0, |figures| figures.pre_queue_opens_before_ms);
    u16::try_from(ms / 60_000).unwrap_or(0)
}

/// `now` draws a line on the same day.
#[component]
pub(super) fn TimeLine(plan: Plan, now: Timestamp) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let shown = Shown::of(&plan);
    let people: Vec<Who> = [Who::OddBirthYears, Who::EvenBirthYears, Who::Anyone]
        .into_iter()
        .filter(|who| plan.windows.iter().any(|window| window.who == *who))
        .collect();
    let features: Vec<Feature> =
        Feature::ALL.into_iter().filter(|feature| plan.suspensions.iter().any(|one| one.feature == *feature)).collect();
    let lanes = u32::try_from(people.len() + features.len()).unwrap_or(0).max(1);
    let top = |lane: usize| HEAD + u32::try_from(lane).unwrap_or(0) * LANE;
    let before = room_minutes(&plan);
    let windows = plan.windows.iter().map(|window| {
        let lane = people.iter().position(|who| *who == window.who).unwrap_or(0);
        let opens = window.hours.from.minutes();
        let waits = (before > 0).then(|| bar("line-room", shown, opens.saturating_sub(before), opens, top(lane), ""));
        let label = label(window, words::amount(lang, window.amount), t.pools_short);
        view! { {waits} {bar("line-window", shown, opens, window.hours.to.minutes(), top(lane), &label)} }
    });
    let suspensions = plan.suspensions.iter().map(|one| {
        let lane = people.len() + features.iter().position(|feature| *feature == one.feature).unwrap_or(0);
        let (from, to) = (one.hours.from.minutes(), one.hours.to.minutes());
        bar("line-suspended", shown, from, to, top(lane), words::feature(lang, one.feature))
    });
    let names = people.iter().map(|who| words::who(lang, *who)).chain(features.iter().map(|feature| words::feature(lang, *feature)));
    let names = names.map(|name| view! { <li>{name}</li> }).collect_view();
    let hours = (shown.from / HOUR..=shown.to / HOUR).map(|hour| {
        let x = shown.at(hour * HOUR);
        let anchor = if hour * HOUR == shown.to { "end" } else { "start" };
        view! {
            <line class="line-hour" x1=x.clone() x2=x.clone() y1="0" y2="100%"></line>
            <text class="line-clock" x=x y="16" dx=if anchor == "end" { "-4" } else { "4" } text-anchor=anchor>{hour}</text>
        }
    });
    let is_today = Day::of(now) == plan.day;
    let minute = in_seoul(now).time();
    let minute = u16::try_from(i32::from(minute.hour()) * 60 + i32::from(minute.minute())).unwrap_or(0);
    let mark = is_today.then(|| {
        let x = shown.at(minute);
        view! { <line class="line-now" x1=x.clone() x2=x y1="0" y2="100%"></line> }
    });
    view! {
        <div class="time-line">
            <ul class="line-names" aria-hidden="true">{names}</ul>
            <div class="line-scroll" tabindex="0" role="region" aria-label=t.preview>
                <svg class="line" height=(HEAD + lanes * LANE).to_string() role="img" aria-label=t.time_line(&summary(&plan))>
                    {hours.collect_view()} {windows.collect_view()} {suspensions.collect_view()} {mark}
                </svg>
            </div>
        </div>
    }
    .into_any()
}

fn bar(class: &'static str, shown: Shown, from: u16, to: u16, top: u32, label: &str) -> impl IntoView + use<> {
    let (x, width) = (shown.at(from), shown.width(from, to));
    view! {
        <rect class=class x=x.clone() width=width y=(top + 4).to_string() height=(LANE - 10).to_string() rx="6"></rect>
        <text class="line-label" x=x y=(top + 26).to_string() dx="8">{label.to_owned()}</text>
    }
}

fn label(window: &PlannedWindow, amount: String, pools: &str) -> String {
    match (window.amount.is_zero(), window.pools_left_over) {
        (true, true) => pools.to_owned(),
        (false, true) => format!("{amount} {pools}"),
        (_, false) => amount,
    }
}

/// For those who listen: every window and suspension in a line.
fn summary(plan: &Plan) -> String {
    let (lang, t) = (lang(), &words().city);
    let hours = |hours: Hours| format!("{}-{}", hours.from, hours.to);
    let windows = plan.windows.iter().map(|window| {
        format!("{} {} {}", hours(window.hours), words::who(lang, window.who), label(window, amount(lang, window.amount), t.pools_short))
    });
    let suspensions = plan.suspensions.iter().map(|one| format!("{} {}", hours(one.hours), words::feature(lang, one.feature)));
    windows.chain(suspensions).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::plan::Clock;
    use domain::{KindId, Won};

    #[test]
    fn the_line_shows_whole_hours_around_what_happens() {
        let plan = Plan::by_parity(KindId(1), (String::new(), String::new()), Day(20220728), Won::of(20_000), Won::of(10_000));
        let shown = Shown::of(&plan);
        assert_eq!(shown, Shown { from: 9 * 60, to: 24 * 60 });
        assert_eq!(
            (shown.at(9 * 60), shown.at(24 * 60), shown.width(9 * 60, 24 * 60)),
            ("0.00%".into(), "100.00%".into(), "100.00%".into())
        );
        assert_eq!(shown.width(10 * 60, 14 * 60), "26.66%");
    }

    #[test]
    fn whatever_the_hours_something_is_shown() {
        let mut plan = Plan::by_parity(KindId(1), (String::new(), String::new()), Day(20220728), Won::of(20_000), Won::of(10_000));
        plan.windows.truncate(1);
        plan.suspensions.clear();
        for (from, to) in [(0, 0), (24, 24), (24, 0), (0, 24), (23, 24)] {
            plan.windows[0].hours = Hours { from: Clock::at(from, 0), to: Clock::at(to, 0) };
            let shown = Shown::of(&plan);
            assert!(shown.from < shown.to && shown.to <= 1_500, "{shown:?}");
            assert!(shown.width(from * 60, to * 60).ends_with('%'));
        }
    }
}

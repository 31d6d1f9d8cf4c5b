use super::{at, window};
use domain::calendar::Span;
use domain::room::presence::{Outages, Verdict, absent_ms, verdict};
use domain::room::{Phase, Settings};
use proptest::prelude::*;

fn span(from_ms: i64, to_ms: i64) -> Span {
    Span::new(at(from_ms), at(to_ms)).unwrap()
}

fn judge(renewed_ms: i64, now_ms: i64, outages: &Outages) -> Verdict {
    let settings = Settings::default();
    verdict(&Phase::of(&window(), &settings, at(now_ms)), &settings, at(renewed_ms), at(now_ms), outages)
}

#[test]
fn the_grace_is_thirty_seconds_and_no_more() {
    for (renewed_ms, now_ms, expected) in [
        (1_000, 1_000, Verdict::Keeps),
        (1_000, 31_000, Verdict::Keeps),
        (1_000, 31_001, Verdict::ToTheEnd),
        (1_000, 61_000, Verdict::ToTheEnd),
        (9_000, 1_000, Verdict::Keeps),
        (-20_000, 10_000, Verdict::Keeps),
        (-20_000, 10_001, Verdict::ToTheEnd),
        (-600_000, -1, Verdict::Keeps),
        (-600_000, 0, Verdict::ToTheEnd),
    ] {
        assert_eq!(judge(renewed_ms, now_ms, &Outages::NONE), expected, "{renewed_ms} to {now_ms}");
    }
}

#[test]
fn what_the_service_was_away_is_nobodys_absence() {
    let outages = Outages::new([span(50_000, 90_000), span(10_000, 40_000), span(80_000, 100_000), span(20_000, 30_000)]);
    for (renewed_ms, now_ms, absent) in [
        (0, 5_000, 5_000),
        (0, 10_000, 10_000),
        (0, 25_000, 10_000),
        (0, 45_000, 15_000),
        (0, 100_000, 20_000),
        (0, 120_000, 40_000),
        (60_000, 95_000, 0),
        (20_000, 50_000, 10_000),
        (50_000, 20_000, 0),
    ] {
        assert_eq!(absent_ms(at(renewed_ms), at(now_ms), &outages), absent, "{renewed_ms} to {now_ms}");
    }
    assert_eq!(judge(0, 105_000, &outages), Verdict::Keeps);
    assert_eq!(judge(0, 110_001, &outages), Verdict::ToTheEnd);
}

#[test]
fn spans_that_touch_are_one() {
    assert_eq!(Outages::new([span(5, 9), span(1, 5)]), Outages::new([span(1, 9)]));
    assert_eq!(Outages::new([span(1, 9), span(2, 3)]), Outages::new([span(1, 9)]));
}

fn any_outages() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0i64..400, 1i64..60), 0..8)
        .prop_map(|spans| spans.into_iter().map(|(from, length)| (from * 1_000, (from + length) * 1_000)).collect())
}

proptest! {
    #[test]
    fn an_absence_is_the_time_in_which_the_service_was_there(spans in any_outages(), renewed in 0i64..500, absent in 0i64..100) {
        let now = renewed + absent;
        let away = |second: i64| spans.iter().any(|(from, to)| (from / 1_000..to / 1_000).contains(&second));
        let there = (renewed..now).filter(|second| !away(*second)).count() as i64;
        let outages = Outages::new(spans.iter().map(|(from, to)| span(*from, *to)));
        prop_assert_eq!(absent_ms(at(renewed * 1_000), at(now * 1_000), &outages), there * 1_000);
    }

    /// A page that renews every ten seconds, and tries every two while nobody answers, keeps its place through all outages.
    #[test]
    fn an_outage_is_never_punished(spans in any_outages(), start in 0i64..10_000) {
        let outages = Outages::new(spans.iter().map(|(from, to)| span(*from, *to)));
        let answered = |ms: i64| !spans.iter().any(|(from, to)| (*from..*to).contains(&ms));
        let (mut renewed, mut now) = (start, start);
        while now < 500_000 {
            if answered(now) {
                prop_assert_eq!(judge(renewed, now, &outages), Verdict::Keeps);
                renewed = now;
                now += 10_000;
            } else {
                now += 2_000;
            }
        }
    }

    #[test]
    fn an_outage_only_ever_helps(spans in any_outages(), renewed in 0i64..500_000, absent in 0i64..100_000) {
        let outages = Outages::new(spans.iter().map(|(from, to)| span(*from, *to)));
        let (renewed_at, now) = (at(renewed), at(renewed + absent));
        prop_assert!(absent_ms(renewed_at, now, &outages) <= absent_ms(renewed_at, now, &Outages::NONE));
    }
}

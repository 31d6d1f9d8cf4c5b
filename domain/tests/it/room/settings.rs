use super::{at, place, window};
use domain::room::{Figures, MOST_PLACES, NotSettings as No, Phase, Place, Settings};

#[test]
fn the_figures_of_the_specification_make_a_room() {
    let settings = Settings::new(Figures::default()).unwrap();
    assert_eq!(settings, Settings::default());
    assert_eq!((settings.grace_ms, settings.pass_life_ms), (30_000, 300_000));
}

#[test]
fn each_figure_has_its_bounds() {
    type Change = fn(&mut Figures);
    let cases: [(Change, Option<No>); 22] = [
        (|figures| figures.pre_queue_opens_before_ms = -1, Some(No::PreQueue)),
        (|figures| figures.pre_queue_opens_before_ms = 0, None),
        (|figures| figures.pre_queue_opens_before_ms = 24 * 3_600_000 + 1, Some(No::PreQueue)),
        (|figures| figures.grace_ms = 5_999, Some(No::Grace)),
        (|figures| figures.grace_ms = 600_001, Some(No::Grace)),
        (|figures| figures.grace_ms = i64::MIN, Some(No::Grace)),
        (|figures| figures.grace_ms = 29_999, Some(No::Renewals)),
        (|figures| figures.renew_near_ms = 999, Some(No::Renewals)),
        (|figures| figures.renew_near_ms = 10_000, None),
        (|figures| figures.renew_near_ms = 10_001, Some(No::Renewals)),
        (|figures| figures.renew_far_ms = 10_001, Some(No::Renewals)),
        (|figures| figures.renew_far_ms = 1_999, Some(No::Renewals)),
        (|figures| figures.rate_per_s = 0, Some(No::Rate)),
        (|figures| figures.rate_per_s = 100_000, None),
        (|figures| figures.rate_per_s = 100_001, Some(No::Rate)),
        (|figures| figures.most_inside = 0, Some(No::MostInside)),
        (|figures| figures.most_inside = 1, None),
        (|figures| figures.most_inside = 1_000_001, Some(No::MostInside)),
        (|figures| figures.pass_life_ms = 29_999, Some(No::PassLife)),
        (|figures| figures.pass_life_ms = 30_000, None),
        (|figures| figures.pass_life_ms = 3_600_000, None),
        (|figures| figures.pass_life_ms = 3_600_001, Some(No::PassLife)),
    ];
    for (number, (change, refused)) in cases.into_iter().enumerate() {
        let mut figures = Figures::default();
        change(&mut figures);
        assert_eq!(Settings::new(figures).err(), refused, "case {number}");
        let json = serde_json::to_string(&figures).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&json).is_err(), refused.is_some(), "case {number}");
    }
}

#[test]
fn a_room_follows_the_clock_of_its_window() {
    let phase = |ms| Phase::of(&window(), &Settings::default(), at(ms));
    let half_an_hour = 30 * 60_000;
    let before = Phase::Before { pre_queue_opens_at: at(-half_an_hour) };
    assert_eq!(phase(-24 * 3_600_000), before);
    assert_eq!(phase(-half_an_hour - 1), before);
    assert_eq!(phase(-half_an_hour), Phase::PreQueue { opens_at: at(0) });
    assert_eq!(phase(-1), Phase::PreQueue { opens_at: at(0) });
    assert_eq!(phase(0), Phase::Open { closes_at: window().to() });
    assert_eq!(phase(super::FOUR_HOURS_MS - 1), Phase::Open { closes_at: window().to() });
    assert_eq!(phase(super::FOUR_HOURS_MS), Phase::Over { closed_at: window().to() });
    let json = serde_json::to_string(&before).unwrap();
    assert_eq!(serde_json::from_str::<Phase>(&json).unwrap(), before);
}

#[test]
fn places_count_from_one() {
    assert_eq!(Place::FIRST, place(1));
    for no_place in [0, MOST_PLACES + 1, u32::MAX] {
        assert!(Place::new(no_place).is_err());
        assert!(serde_json::from_str::<Place>(&no_place.to_string()).is_err());
    }
    assert_eq!(serde_json::to_string(&place(MOST_PLACES)).unwrap(), MOST_PLACES.to_string());
}

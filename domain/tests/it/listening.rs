use domain::listening::{ACKS_MOST, Ack, Claim, GONE_AFTER, QuietHours, Sounding, Speaker, Told, Wants, Word, decide};
use domain::{DeviceId, Timestamp};
use jiff::ToSpan;
use proptest::prelude::*;

fn device(number: u8) -> DeviceId {
    DeviceId::from_parts(1, [number; 10])
}

fn now() -> Timestamp {
    "2026-07-14T10:30:00+09:00".parse().unwrap()
}

fn speaker(number: u8, heard: i64, seconds_ago: i64) -> Option<Speaker> {
    Some(Speaker { device: device(number), heard, seen_at: now() - seconds_ago.seconds() })
}

fn word(number: u8, wants: Wants, heard: Option<i64>) -> Word {
    Word { device: device(number), wants, heard, seen: None }
}

#[test]
fn one_speaks_and_the_others_show() {
    // Who speaks, who asks and what it wants and has heard; who speaks then, and what the shop has heard. The newest notice is 20.
    let table = [
        (None, (1, Wants::Speak, Some(7)), Some((1, 7))),
        (None, (1, Wants::Speak, None), Some((1, 20))),
        (None, (1, Wants::Show, Some(7)), None),
        (speaker(1, 7, 3), (2, Wants::Speak, Some(9)), Some((1, 7))),
        (speaker(1, 7, 3), (2, Wants::Show, Some(9)), Some((1, 7))),
        (speaker(1, 7, 3), (2, Wants::TakeOver, Some(9)), Some((2, 7))),
        (speaker(1, 7, 3), (1, Wants::Speak, Some(9)), Some((1, 9))),
        (speaker(1, 7, 3), (1, Wants::Speak, Some(5)), Some((1, 7))),
        (speaker(1, 7, 3), (1, Wants::Speak, Some(99)), Some((1, 20))),
        (speaker(1, 7, 3), (1, Wants::Show, Some(99)), Some((1, 20))),
        (speaker(1, 7, 44), (2, Wants::Speak, Some(9)), Some((1, 7))),
        (speaker(1, 7, 45), (2, Wants::Speak, Some(9)), Some((2, 7))),
        (speaker(1, 7, 45), (2, Wants::Show, Some(9)), Some((1, 7))),
        // A page that is new goes on where somebody has just stopped, and tells nothing older.
        (speaker(1, 7, 3), (1, Wants::Speak, None), Some((1, 7))),
        (speaker(1, 7, 3), (1, Wants::Show, None), Some((1, 7))),
        (speaker(1, 7, 3), (2, Wants::Speak, None), Some((1, 7))),
        (speaker(1, 7, 3), (2, Wants::TakeOver, None), Some((2, 7))),
        (speaker(1, 7, 45), (1, Wants::Speak, None), Some((1, 20))),
        (speaker(1, 7, 45), (2, Wants::TakeOver, None), Some((2, 20))),
    ];
    for (current, (asks, wants, heard), expected) in table {
        let then = decide(current, word(asks, wants, heard), 20, now());
        assert_eq!(
            then.map(|then| (then.device, then.heard)),
            expected.map(|(number, heard)| (device(number), heard)),
            "{current:?} {wants:?}"
        );
    }
}

#[test]
fn a_device_is_given_what_nobody_has_heard_and_only_while_it_speaks() {
    let held = Claim { after: 2, up_to: 5 };
    // Who speaks, and up to where the shop has heard; what the first device says; what is its own then. The newest notice is 20.
    let table = [
        (speaker(1, 5, 3), (Wants::Speak, Some(8)), (2, 8)),
        (speaker(1, 5, 60), (Wants::Speak, Some(8)), (2, 8)),
        (speaker(1, 5, 3), (Wants::TakeOver, Some(8)), (2, 8)),
        (speaker(1, 5, 3), (Wants::Speak, Some(99)), (2, 20)),
        // Another one said 6 and 7.
        (speaker(1, 7, 3), (Wants::Speak, Some(8)), (7, 8)),
        // The same word again; nothing new; nothing at all; silence.
        (speaker(1, 8, 3), (Wants::Speak, Some(8)), (2, 5)),
        (speaker(1, 5, 3), (Wants::Speak, Some(5)), (2, 5)),
        (speaker(1, 5, 3), (Wants::Speak, None), (2, 5)),
        (speaker(1, 5, 3), (Wants::Show, Some(8)), (2, 5)),
        // Another one speaks, or did until now; nobody ever did.
        (speaker(2, 5, 3), (Wants::Speak, Some(8)), (2, 5)),
        (speaker(2, 5, 60), (Wants::Speak, Some(8)), (2, 5)),
        (speaker(2, 5, 3), (Wants::TakeOver, Some(8)), (2, 5)),
        (None, (Wants::Speak, Some(8)), (2, 5)),
    ];
    for (current, (wants, heard), (after, up_to)) in table {
        assert_eq!(held.then(current, word(1, wants, heard), 20), Claim { after, up_to }, "{current:?} {wants:?} {heard:?}");
    }
}

#[test]
fn a_new_page_tells_what_came_after_its_sound_was_turned_on_however_late_its_word_is() {
    // Who speaks; what the page had seen; what the shop has heard then. The newest notice is 20.
    let table = [
        (None, Some(18), 18),
        (None, Some(99), 20),
        (speaker(1, 7, 45), Some(18), 18),
        (speaker(2, 7, 45), Some(18), 18),
        // Somebody was telling just now, and is gone on with.
        (speaker(1, 7, 3), Some(18), 7),
    ];
    for (current, seen, heard) in table {
        let then = decide(current, Word { seen, ..word(1, Wants::Speak, None) }, 20, now()).unwrap();
        assert_eq!((then.device, then.heard), (device(1), heard), "{current:?} {seen:?}");
    }
}

#[test]
fn whoever_turns_the_sound_off_leaves_the_word_to_the_next_at_once() {
    let off = decide(speaker(1, 7, 3), word(1, Wants::Show, Some(8)), 20, now());
    let next = decide(off, word(2, Wants::Speak, Some(3)), 20, now()).unwrap();
    assert_eq!((next.device, next.heard), (device(2), 8));
    assert!(off.unwrap().seen_at + GONE_AFTER <= now());
}

#[test]
fn quiet_hours_go_over_midnight_and_are_half_open() {
    let quiet = |from, to| Sounding { quiet: QuietHours::parse(from, to), ..Sounding::default() };
    let at = |time: &str| -> Timestamp { format!("2026-07-14T{time}+09:00").parse().unwrap() };
    for (from, to, time, expected) in [
        ("22:00", "08:30", "22:00:00", true),
        ("22:00", "08:30", "08:29:59", true),
        ("22:00", "08:30", "08:30:00", false),
        ("13:00", "14:00", "13:30:00", true),
        ("13:00", "14:00", "14:00:00", false),
        ("09:00", "09:00", "09:00:00", false),
    ] {
        assert_eq!(quiet(from, to).is_quiet(at(time)), expected, "{from} {to} {time}");
    }
    assert!(!Sounding::default().is_quiet(now()));
    for wrong in [("", "08:00"), ("25:00", "08:00"), ("8", "9"), ("08:61", "09:00")] {
        assert_eq!(QuietHours::parse(wrong.0, wrong.1), None, "{wrong:?}");
    }
    assert_eq!(
        Sounding { volume: 0, speed: 255, ..Sounding::default() }.sane(),
        Sounding { volume: 10, speed: 130, ..Sounding::default() }
    );
}

proptest! {
    /// Devices come and go, fall silent and take over, ask and lose answers: no notice is given to two, and none is left behind.
    #[test]
    fn each_notice_is_given_to_one(words in prop::collection::vec((1..4u8, 0..10u8, 0..3i64, 0..60i64), 1..120)) {
        let (mut current, mut newest, mut at) = (None, 0, now());
        let mut claims = [Claim::default(); 4];
        let mut given: Vec<(u8, i64)> = Vec::new();
        for (number, what, more, seconds) in words {
            (newest, at) = (newest + more, at + seconds.seconds());
            let wants = match what {
                0 => Wants::Show,
                1 => Wants::TakeOver,
                _ => Wants::Speak,
            };
            let said = word(number, wants, Some(newest));
            let held = &mut claims[usize::from(number)];
            let then = held.then(current, said, newest);
            if then != *held {
                given.extend((held.up_to.max(then.after) + 1..=then.up_to).map(|notice| (number, notice)));
                *held = then;
            }
            let before = current.map_or(0, |current: Speaker| current.heard);
            current = decide(current, said, newest, at);
            let heard = current.map_or(0, |current| current.heard);
            // The first one that ever speaks, and one that says it is silent, begin at what they name.
            if heard > before && !given.iter().any(|(_, notice)| *notice == heard) {
                given.extend((before + 1..=heard).map(|notice| (0, notice)));
            }
        }
        let mut numbers: Vec<i64> = given.iter().map(|(_, notice)| *notice).collect();
        numbers.sort_unstable();
        let heard = current.map_or(0, |current| current.heard);
        prop_assert_eq!(numbers, (1..=heard).collect::<Vec<_>>());
    }

    #[test]
    fn words_of_devices_read_back(list in prop::collection::vec((1..i64::MAX, any::<bool>(), 0..86_400_000i64), 0..ACKS_MOST)) {
        let told = |spoken| if spoken { Told::Spoken } else { Told::Shown };
        let acks: Vec<Ack> = list.into_iter().map(|(number, spoken, waited_ms)| Ack { number, told: told(spoken), waited_ms }).collect();
        prop_assert_eq!(Ack::parse_list(&Ack::list(&acks)), Some(acks));
    }

    #[test]
    fn whatever_else_comes_is_no_list(text in "[0-9sv,가-힣-]{0,40}") {
        // Never panics.
        let _ = Ack::parse_list(&text);
    }
}

#[test]
fn lists_that_are_none() {
    for wrong in ["0s1", "-1s1", "1x1", "1s", "s1", "1s-1", "1s99999999999", "1s1;2s2"] {
        assert_eq!(Ack::parse_list(wrong), None, "{wrong}");
    }
    assert_eq!(Ack::parse_list(""), Some(Vec::new()));
    assert_eq!(Ack::parse_list(&vec!["1s1"; ACKS_MOST + 1].join(",")), None);
}

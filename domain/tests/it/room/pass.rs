use super::{FOUR_HOURS_MS, at, flipped, key, mangled, place, window};
use domain::room::{Pass, PassRefused as No, Pseudonym, RoomKey, Settings, Ticket};
use domain::{PersonId, WindowId};
use proptest::prelude::*;

const WINDOW: WindowId = WindowId(3);
const PERSON: PersonId = PersonId(1_234);

fn admit(ms: i64) -> Option<Pass> {
    Pass::admit(WINDOW, &window(), &Settings::default(), PERSON, place(77), at(ms))
}

fn check(token: &str, ms: i64) -> Result<Pass, No> {
    Pass::check(&key(), token, WINDOW, PERSON, at(ms))
}

#[test]
fn a_pass_lives_five_minutes_and_never_outlives_its_window() {
    for (admitted_ms, expires_ms) in
        [(0, 300_000), (1_000, 301_000), (FOUR_HOURS_MS - 10_000, FOUR_HOURS_MS), (FOUR_HOURS_MS - 1, FOUR_HOURS_MS)]
    {
        let pass = admit(admitted_ms).unwrap();
        assert_eq!((pass.admitted_at, pass.expires_at), (at(admitted_ms), at(expires_ms)));
        let token = pass.sign(&key());
        assert_eq!(check(&token, admitted_ms), Ok(pass));
        assert_eq!(check(&token, expires_ms - 1), Ok(pass));
        assert_eq!(check(&token, expires_ms), Err(No::Expired { expired_at: at(expires_ms) }));
        assert_eq!(Pass::read(&key(), &token), Ok(pass));
    }
}

#[test]
fn nobody_is_admitted_while_the_window_is_closed() {
    for ms in [-3_600_000, -1, FOUR_HOURS_MS, FOUR_HOURS_MS + 1] {
        assert_eq!(admit(ms), None);
    }
}

#[test]
fn a_pass_is_for_one_window_one_person_and_one_key() {
    let token = admit(0).unwrap().sign(&key());
    assert_eq!(token.len(), 94);
    assert_eq!(Pass::check(&key(), &token, WindowId(4), PERSON, at(1)), Err(No::OtherWindow));
    assert_eq!(Pass::check(&key(), &token, WINDOW, PersonId(1), at(1)), Err(No::OtherPerson));
    assert_eq!(Pass::check(&RoomKey::new([8; 32]), &token, WINDOW, PERSON, at(1)), Err(No::Forged));
}

#[test]
fn a_ticket_is_no_pass() {
    let token = Ticket::new(WINDOW, Pseudonym::of(&key(), WINDOW, PERSON), Some(place(77)), at(0)).sign(&key());
    assert_eq!(check(&token, 0), Err(No::Forged));
    assert_eq!(check(&token[..94], 0), Err(No::Forged));
}

#[test]
fn a_mangled_pass_is_refused() {
    for text in mangled(&admit(0).unwrap().sign(&key())) {
        assert_eq!(check(&text, 0), Err(No::Forged), "{:.200}", text);
    }
}

proptest! {
    #[test]
    fn any_flipped_bit_is_a_forgery(bit in 0usize..94 * 8) {
        prop_assert_eq!(check(&flipped(&admit(0).unwrap().sign(&key()), bit), 0), Err(No::Forged));
    }

    #[test]
    fn a_pass_is_good_from_admission_to_expiry_and_no_longer(admitted_ms in 0..FOUR_HOURS_MS, later_ms in 0..2 * FOUR_HOURS_MS) {
        let pass = admit(admitted_ms).unwrap();
        prop_assert!(pass.expires_at <= window().to());
        let good = check(&pass.sign(&key()), admitted_ms + later_ms).is_ok();
        prop_assert_eq!(good, later_ms < 300_000 && window().contains(at(admitted_ms + later_ms)));
    }

    #[test]
    fn no_text_panics(text in "\\PC*", tokenish in "[A-Za-z0-9_-]{94}") {
        prop_assert_eq!(check(&text, 0), Err(No::Forged));
        prop_assert_eq!(check(&tokenish, 0), Err(No::Forged));
    }
}

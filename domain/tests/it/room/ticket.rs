use super::{at, flipped, key, mangled, place};
use domain::room::{Pass, Place, Pseudonym, RoomKey, Settings, Ticket, TicketRefused as No};
use domain::{PersonId, WindowId};
use proptest::prelude::*;

const WINDOW: WindowId = WindowId(3);
const PERSON: PersonId = PersonId(1_234);

fn ticket() -> Ticket {
    Ticket::new(WINDOW, Pseudonym::of(&key(), WINDOW, PERSON), Some(place(77)), at(5_000))
}

#[test]
fn a_ticket_is_read_as_it_was_signed() {
    let token = ticket().sign(&key());
    assert_eq!(token.len(), 104);
    assert!(token.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c)), "{token}");
    assert_eq!(Ticket::read(&key(), WINDOW, &token), Ok(ticket()));
}

#[test]
fn renewing_moves_the_time_and_never_the_place() {
    let undrawn = Ticket { place: None, ..ticket() };
    assert_eq!(undrawn.renewed(None, at(9_000)), Ticket { renewed_at: at(9_000), ..undrawn });
    let drawn = undrawn.renewed(Some(place(5)), at(9_000));
    assert_eq!((drawn.place, drawn.joined_at, drawn.renewed_at), (Some(place(5)), at(5_000), at(9_000)));
    assert_eq!(drawn.renewed(Some(place(1)), at(10_000)).place, Some(place(5)));
}

#[test]
fn a_ticket_is_for_one_window_one_key_and_one_person() {
    let token = ticket().sign(&key());
    assert_eq!(Ticket::read(&key(), WindowId(4), &token), Err(No::OtherWindow));
    assert_eq!(Ticket::read(&RoomKey::new([8; 32]), WINDOW, &token), Err(No::Forged));
    assert!(ticket().is_of(&key(), PERSON));
    assert!(!ticket().is_of(&key(), PersonId(1_235)));
}

#[test]
fn a_person_has_one_pseudonym_a_window() {
    let of = |key: RoomKey, window, person| Pseudonym::of(&key, WindowId(window), PersonId(person));
    let own = of(key(), 3, 1_234);
    assert_eq!(own, of(key(), 3, 1_234));
    for other in [of(key(), 3, 1_235), of(key(), 4, 1_234), of(key(), 1_234, 3), of(RoomKey::new([8; 32]), 3, 1_234)] {
        assert_ne!(own, other);
    }
    assert_eq!(own.to_string().len(), 32);
    assert_eq!(own.to_string().parse(), Ok(own));
    assert_eq!(serde_json::from_str::<Pseudonym>(&serde_json::to_string(&own).unwrap()).unwrap(), own);
    assert!(own.to_string()[1..].parse::<Pseudonym>().is_err());
}

#[test]
fn a_pass_is_no_ticket() {
    let pass = Pass::admit(WINDOW, &super::window(), &Settings::default(), PERSON, place(77), at(1)).unwrap();
    assert_eq!(Ticket::read(&key(), WINDOW, &pass.sign(&key())), Err(No::Forged));
}

#[test]
fn a_mangled_ticket_is_refused() {
    for text in mangled(&ticket().sign(&key())) {
        assert_eq!(Ticket::read(&key(), WINDOW, &text), Err(No::Forged), "{:.200}", text);
    }
}

proptest! {
    #[test]
    fn every_ticket_survives_its_signature(
        window: i64,
        pseudonym: [u8; 16],
        place in 0u32..=16_000_000,
        joined in 0i64..1 << 40, after in 0i64..1 << 40,
    ) {
        let window = WindowId(window);
        let joined = Ticket::new(window, Pseudonym(pseudonym), Place::new(place).ok(), at(joined));
        let ticket = joined.renewed(None, at(after));
        prop_assert_eq!(Ticket::read(&key(), window, &ticket.sign(&key())), Ok(ticket));
    }

    #[test]
    fn any_flipped_bit_is_a_forgery(bit in 0usize..104 * 8) {
        prop_assert_eq!(Ticket::read(&key(), WINDOW, &flipped(&ticket().sign(&key()), bit)), Err(No::Forged));
    }

    #[test]
    fn halves_of_two_tickets_make_none(cut in 1usize..104, other in 1u32..1_000) {
        let (token, other) = (ticket().sign(&key()), Ticket { place: Some(place(other)), ..ticket() }.sign(&key()));
        let swapped = format!("{}{}", &token[..cut], &other[cut..]);
        let read = Ticket::read(&key(), WINDOW, &swapped);
        prop_assert!(read == Err(No::Forged) || swapped == token || swapped == other);
    }

    #[test]
    fn no_text_panics(text in "\\PC*", tokenish in "[A-Za-z0-9_-]{104}", bytes: Vec<u8>) {
        let lossy = String::from_utf8_lossy(&bytes);
        for text in [text.as_str(), tokenish.as_str(), &lossy] {
            prop_assert_eq!(Ticket::read(&key(), WINDOW, text), Err(No::Forged));
        }
    }
}

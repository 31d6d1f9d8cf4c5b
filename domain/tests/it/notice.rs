use domain::notice::{Event, Listener, Notice, Say};
use domain::paying::Code;
use domain::{PaymentId, Timestamp, Won};
use proptest::prelude::*;

fn notice(number: i64) -> Notice {
    Notice {
        number,
        payment: PaymentId::from_parts(number.unsigned_abs(), [0; 10]),
        event: if number % 5 == 0 { Event::Cancelled } else { Event::Paid },
        amount: Won::of(number * 1_000),
        code: Code::from_random(7),
        at: Timestamp::UNIX_EPOCH,
    }
}

fn gap(count: usize, paid: i64, cancelled: i64) -> Say {
    Say::Gap { count, paid: Won::of(paid), cancelled: Won::of(cancelled) }
}

#[test]
fn one_is_said_in_full_and_several_as_one_sentence() {
    let mut listener = Listener::after(3);
    assert_eq!(listener.hear(&[]), Say::Nothing);
    assert_eq!(listener.hear(&[notice(2), notice(3)]), Say::Nothing);
    assert_eq!(listener.hear(&[notice(4)]), Say::One(notice(4)));
    assert_eq!(listener.hear(&[notice(4)]), Say::Nothing);
    assert_eq!(listener.hear(&[notice(4), notice(5), notice(5)]), Say::One(notice(5)));
    assert_eq!(listener.hear(&[notice(10), notice(6), notice(8), notice(6), notice(7), notice(9)]), gap(5, 30_000, 10_000));
    assert_eq!(listener.last(), 10);
}

#[test]
fn a_sum_beyond_every_amount_is_no_panic() {
    let most = |number| Notice { amount: Won::MAX, ..notice(number) };
    assert_eq!(Listener::default().hear(&[most(1), most(2)]), gap(2, Won::MAX.get(), 0));
}

#[test]
fn stored_events_are_read_back() {
    for event in [Event::Paid, Event::Cancelled] {
        assert_eq!(Event::parse(event.as_str()), Some(event));
    }
    assert_eq!(Event::parse("refunded"), None);
}

proptest! {
    #[test]
    fn together_in_any_order_they_are_the_same_sentence(
        numbers in prop::collection::vec(1..30i64, 0..20).prop_shuffle(), last in 0..30i64,
    ) {
        let arrived: Vec<Notice> = numbers.iter().copied().map(notice).collect();
        let mut sorted = arrived.clone();
        sorted.sort_by_key(|notice| notice.number);
        sorted.dedup();
        let (mut one, mut other) = (Listener::after(last), Listener::after(last));
        prop_assert_eq!(one.hear(&arrived), other.hear(&sorted));
        prop_assert_eq!(one.last(), other.last());
        prop_assert_eq!(one.hear(&arrived), Say::Nothing);
    }

    #[test]
    fn however_a_stream_is_cut_and_repeated_each_is_told_once(cuts in prop::collection::vec((0..6usize, 0..4usize), 1..20)) {
        let mut listener = Listener::default();
        let (mut sent, mut told, mut won) = (0, 0, 0);
        for (new, again) in cuts {
            let from = sent - again.min(sent);
            sent += new;
            let arrived: Vec<Notice> = (from + 1..=sent).map(|number| notice(i64::try_from(number).unwrap())).collect();
            match listener.hear(&arrived) {
                Say::Nothing => prop_assert_eq!(new, 0),
                Say::One(notice) => (told, won) = (told + 1, won + notice.amount.get()),
                Say::Gap { count, paid, cancelled } => (told, won) = (told + count, won + paid.get() + cancelled.get()),
            }
        }
        prop_assert_eq!(told, sent);
        prop_assert_eq!(won, (1..=i64::try_from(sent).unwrap()).sum::<i64>() * 1_000);
    }
}

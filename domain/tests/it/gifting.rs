use domain::district::District;
use domain::gifting::{Back, Card, Held, Message, PARTS_MAX, Part, Receiver, Room, State, TooLong, WAITS, Wish};
use domain::gifting::{accept, back, decide, lot_of, month_cap};
use domain::kind::{BasisPoints, Percent, Price, Scope};
use domain::phone::Phone;
use domain::refunding::{self, Quote, quote};
use domain::spending::{Draw, Lot};
use domain::{EscrowId, GiftId, KindId, LotId, PersonId, RefundId, Refused, Timestamp, Won};
use jiff::ToSpan;

mod conserved;

fn now() -> Timestamp {
    "2026-07-14T10:30:00+09:00".parse().unwrap()
}

/// Of kind 1, bought for 93 percent of its face.
fn lot(id: i64, face: i64) -> Lot {
    Lot {
        id: LotId(id),
        kind: KindId(1),
        scope: Scope::Citywide,
        face: Won::of(face),
        paid: Won::of(face * 93 / 100),
        discount: BasisPoints(700),
        left: Won::of(face),
        refunded: Won::ZERO,
        expired: Won::ZERO,
        given: Won::ZERO,
        gift: None,
        refund_from: Some(Percent::new(60)),
        after_expiry: Percent::new(95),
        bought_at: now() - 24.hours(),
        expires_at: now() + (90 * 24).hours(),
    }
}

fn phone(person: i64) -> Phone {
    Phone::parse(&format!("010-0000-000{person}")).unwrap()
}

fn receiver(person: i64) -> Receiver {
    Receiver { person: PersonId(person), phone: phone(person) }
}

fn part(lot: i64, amount: i64) -> Part {
    Part { lot: LotId(lot), amount: Won::of(amount) }
}

/// Of person 1, to whoever has the link, at once.
fn wish(parts: &[(i64, i64)]) -> Wish {
    Wish {
        id: GiftId::from_parts(1, [0; 10]),
        sender: PersonId(1),
        kind: KindId(1),
        parts: parts.iter().map(|(lot, amount)| part(*lot, *amount)).collect(),
        to: None,
        card: Card::Birthday,
        message: Message::default(),
        deliver_at: None,
    }
}

fn amount(left: i64) -> Refused {
    Refused::GiftAmount { left: Won::of(left) }
}

#[test]
fn whole_won_out_of_chosen_lots_are_given_and_of_each_as_much_as_was_chosen() {
    let lots = [lot(1, 100_000), lot(2, 50_000), Lot { left: Won::of(30_000), ..lot(3, 70_000) }];
    let table: [(&[(i64, i64)], i64); 5] = [
        (&[(1, 1)], 1),
        (&[(1, 100_000)], 100_000),
        (&[(1, 60_000), (2, 50_000)], 110_000),
        // In the order in which they were chosen, and no more than is left of one.
        (&[(3, 30_000), (1, 1)], 30_001),
        (&[(3, 30_000), (2, 50_000), (1, 100_000)], 180_000),
    ];
    for (parts, sum) in table {
        let agreed = decide(&lots, &wish(parts), phone(1), now()).unwrap();
        assert_eq!((agreed.amount, wish(parts).amount()), (Won::of(sum), Some(Won::of(sum))), "{parts:?}");
        let drawn = parts.iter().map(|(lot, amount)| Draw { lot: LotId(*lot), kind: KindId(1), amount: Won::of(*amount) });
        assert_eq!(agreed.draws, drawn.collect::<Vec<_>>(), "{parts:?}");
    }
    // To a phone too, whoever has it.
    assert!(decide(&lots, &Wish { to: Some(phone(2)), ..wish(&[(1, 1)]) }, phone(1), now()).is_ok());
}

#[test]
fn what_can_not_be_given_is_refused_with_what_could() {
    let ends_at = |id: i64, at: Timestamp| Lot { expires_at: at, ..lot(id, 10_000) };
    let lots = [
        lot(1, 100_000),
        Lot { left: Won::of(30_000), ..lot(2, 70_000) },
        Lot { left: Won::ZERO, ..lot(3, 10_000) },
        Lot { kind: KindId(2), ..lot(4, 10_000) },
        ends_at(5, now()),
        ends_at(6, now() + 48.hours()),
    ];
    let later = |hours: i64| Wish { deliver_at: Some(now() + hours.hours()), ..wish(&[(6, 1)]) };
    let table = [
        // To oneself: whatever else is wrong with it.
        (Wish { to: Some(phone(1)), ..wish(&[(1, 1)]) }, Refused::GiftToYourself),
        (Wish { to: Some(phone(1)), deliver_at: Some(now() + (120 * 24).hours()), ..wish(&[]) }, Refused::GiftToYourself),
        (Wish { deliver_at: Some(now() + (60 * 24).hours() + 1.milliseconds()), ..wish(&[]) }, Refused::GiftTooFarAhead),
        // Amounts.
        (wish(&[(1, 0)]), amount(100_000)),
        (wish(&[(1, 100_001)]), amount(100_000)),
        (wish(&[(2, 30_001)]), amount(30_000)),
        (wish(&[(3, 1)]), amount(0)),
        (wish(&[(1, 1), (2, 30_001)]), amount(30_000)),
        // Twice out of the same lot, even if it has enough.
        (wish(&[(1, 1), (1, 1)]), amount(0)),
        (wish(&[(1, 1), (2, 1), (1, 1)]), amount(0)),
        // Lots: not theirs, of another kind, over by now, over at its delivery.
        (wish(&[(9, 1)]), Refused::NoSuchLot),
        (wish(&[(1, 1), (9, 1)]), Refused::NoSuchLot),
        (wish(&[(4, 1)]), Refused::NoSuchLot),
        (Wish { kind: KindId(3), ..wish(&[(1, 1)]) }, Refused::NoSuchLot),
        (Wish { kind: KindId(2), ..wish(&[(4, 1), (1, 1)]) }, Refused::NoSuchLot),
        (wish(&[(5, 1)]), Refused::NoSuchLot),
        (later(48), Refused::NoSuchLot),
        (later(49), Refused::NoSuchLot),
    ];
    for (wish, refused) in table {
        assert_eq!(decide(&lots, &wish, phone(1), now()), Err(refused), "{wish:?}");
    }
    assert_eq!(decide(&[], &wish(&[]), phone(1), now()), Err(amount(0)), "nothing chosen");
    assert!(decide(&lots, &later(47), phone(1), now()).is_ok());
    assert!(decide(&lots, &Wish { kind: KindId(2), ..wish(&[(4, 1)]) }, phone(1), now()).is_ok());
}

#[test]
fn a_gift_is_of_twenty_lots_at_most_and_of_no_more_than_there_can_be() {
    let lots: Vec<Lot> = (1..=21).map(|id| lot(id, 10_000)).collect();
    let parts: Vec<(i64, i64)> = (1..=21).map(|id| (id, 10_000)).collect();
    assert_eq!(decide(&lots, &wish(&parts[..PARTS_MAX]), phone(1), now()).unwrap().amount, Won::of(200_000));
    assert_eq!(decide(&lots, &wish(&parts), phone(1), now()), Err(amount(210_000)));
    let huge = [1, 2].map(|id| Lot { face: Won::MAX, left: Won::MAX, ..lot(id, 1) });
    let all = wish(&[(1, Won::MAX.get()), (2, Won::MAX.get())]);
    assert_eq!(all.amount(), None);
    assert_eq!(decide(&huge, &all, phone(1), now()), Err(Refused::GiftAmount { left: Won::MAX }));
}

#[test]
fn it_is_delivered_at_once_or_up_to_sixty_days_ahead_and_waits_seven_days_from_then() {
    let day = 24.hours();
    let table = [
        (None, now()),
        // Its time was there already when it came.
        (Some(now() - day), now()),
        (Some(now()), now()),
        (Some(now() + 1.milliseconds()), now() + 1.milliseconds()),
        (Some(now() + (60 * 24).hours()), now() + (60 * 24).hours()),
    ];
    for (deliver_at, delivers_at) in table {
        let agreed = decide(&[lot(1, 10_000)], &Wish { deliver_at, ..wish(&[(1, 1)]) }, phone(1), now()).unwrap();
        assert_eq!((agreed.delivers_at, agreed.ends_at), (delivers_at, delivers_at + (7 * 24).hours()), "{deliver_at:?}");
    }
    // A lot that ends while the gift waits may be given: whoever hurries can use it.
    let short = Lot { expires_at: now() + 1.milliseconds(), ..lot(1, 10_000) };
    assert_eq!(decide(&[short], &wish(&[(1, 1)]), phone(1), now()).unwrap().ends_at, now() + WAITS);
}

/// 30,000 of person 1, delivered now; if it was accepted, by person 2.
fn gift(to: Option<Phone>, state: State) -> Held {
    Held {
        sender: PersonId(1),
        to,
        amount: Won::of(30_000),
        state,
        receiver: (state == State::Accepted).then_some(PersonId(2)),
        delivers_at: now(),
        ends_at: now() + WAITS,
    }
}

const NAMED: bool = true;
const LINK: bool = false;

fn to(is_named: bool) -> Option<Phone> {
    is_named.then(|| phone(2))
}

/// Before it is delivered, as it is, in the last moment, at its end, long after it.
fn times(from: usize, to: usize) -> impl Iterator<Item = Timestamp> {
    let end = now() + WAITS;
    let times = [now() - 1.milliseconds(), now(), end - 1.milliseconds(), end, end + (24 * 30).hours()];
    times.into_iter().take(to).skip(from)
}
const EARLY: (usize, usize) = (0, 1);
const WHILE: (usize, usize) = (1, 3);
const AFTER: (usize, usize) = (3, 5);
const EVER: (usize, usize) = (0, 5);

#[test]
fn who_may_accept_a_gift_in_which_state_and_when() {
    let room = Room { held: Won::ZERO, holding_cap: Won::of(1_000_000), received: Won::ZERO, month_cap: Won::of(1_000_000) };
    let (none, over, own) = (Err(Refused::NoSuchGift), Err(Refused::GiftOver), Err(Refused::GiftToYourself));
    let all = |outcome: &Result<bool, Refused>| std::array::from_fn::<_, 5, _>(|_| outcome.clone());
    // Waiting, accepted, declined, taken back, returned.
    let for_them = |waiting: Result<bool, Refused>| [waiting, Ok(false), over.clone(), over.clone(), over.clone()];
    let for_anyone = |waiting: Result<bool, Refused>| [waiting, over.clone(), over.clone(), over.clone(), over.clone()];
    let early = [none.clone(), Ok(false), none.clone(), none.clone(), none.clone()];
    let table = [
        (NAMED, 2, EARLY, early.clone()),
        (NAMED, 2, WHILE, for_them(Ok(true))),
        (NAMED, 2, AFTER, for_them(over.clone())),
        (NAMED, 3, EVER, all(&none)),
        // As if it did not exist, to its sender too.
        (NAMED, 1, EVER, all(&none)),
        (LINK, 2, EARLY, early),
        (LINK, 2, WHILE, for_them(Ok(true))),
        (LINK, 2, AFTER, for_them(over.clone())),
        (LINK, 3, EARLY, all(&none)),
        (LINK, 3, WHILE, for_anyone(Ok(true))),
        (LINK, 3, AFTER, for_anyone(over.clone())),
        (LINK, 1, EARLY, all(&none)),
        (LINK, 1, WHILE, all(&own)),
        (LINK, 1, AFTER, all(&own)),
    ];
    for (is_named, who, (from, until), outcomes) in table {
        for (state, outcome) in State::ALL.into_iter().zip(outcomes) {
            for at in times(from, until) {
                let found = accept(&gift(to(is_named), state), &receiver(who), &room, at);
                assert_eq!(found, outcome, "{state:?}, named: {is_named}, by {who} at {at}");
            }
        }
    }
}

#[test]
fn how_a_gift_comes_back_in_which_state_and_when() {
    let (none, over, own) = (Err(Refused::NoSuchGift), Err(Refused::GiftOver), Err(Refused::GiftToYourself));
    let all = |outcome: &Result<Option<State>, Refused>| std::array::from_fn::<_, 5, _>(|_| outcome.clone());
    // Waiting, accepted, declined, taken back, returned: the same again changes nothing.
    let comes = |state: State, waiting: Option<State>| {
        State::ALL.map(|was| match was {
            State::Waiting => Ok(waiting),
            was if was == state => Ok(None),
            _ => Err(Refused::GiftOver),
        })
    };
    let declined = |who: i64| Back::Declined { by: receiver(who) };
    let taken = |who: i64| Back::TakenBack { by: PersonId(who) };
    let declines = comes(State::Declined, Some(State::Declined));
    let takes = comes(State::TakenBack, Some(State::TakenBack));
    let table = [
        (NAMED, declined(2), EARLY, all(&none)),
        (NAMED, declined(2), WHILE, declines.clone()),
        (NAMED, declined(3), EVER, all(&none)),
        (NAMED, declined(1), EVER, all(&none)),
        (LINK, declined(3), EARLY, all(&none)),
        (LINK, declined(3), WHILE, declines.clone()),
        (LINK, declined(1), EARLY, all(&none)),
        (LINK, declined(1), WHILE, all(&own)),
        // Its sender may at any time: on its way, while it waits, and before it is returned by itself.
        (NAMED, taken(1), EVER, takes.clone()),
        (LINK, taken(1), EVER, takes),
        (NAMED, taken(2), EVER, all(&none)),
        (LINK, taken(3), EVER, all(&none)),
        (NAMED, Back::Returned, EARLY, comes(State::Returned, None)),
        (NAMED, Back::Returned, WHILE, comes(State::Returned, None)),
        (NAMED, Back::Returned, AFTER, comes(State::Returned, Some(State::Returned))),
        (LINK, Back::Returned, AFTER, comes(State::Returned, Some(State::Returned))),
    ];
    for (is_named, how, (from, until), outcomes) in table {
        for (state, outcome) in State::ALL.into_iter().zip(outcomes) {
            for at in times(from, until) {
                assert_eq!(back(&gift(to(is_named), state), how, at), outcome, "{state:?}, named: {is_named}, {how:?} at {at}");
            }
        }
    }
    // Declined after its end it comes back or is over: in no case does it go elsewhere.
    for at in times(3, 5) {
        for state in State::ALL {
            let found = back(&gift(None, state), declined(2), at);
            assert!(found.as_ref().is_ok_and(|to| to.is_none_or(State::is_back)) || found == over, "{state:?} at {at}: {found:?}");
        }
    }
}

#[test]
fn accepting_passes_no_cap_and_says_how_much_would_fit() {
    let month = |left: i64, cap: i64| Err(Refused::GiftMonthCap { left: Won::of(left), cap: Won::of(cap) });
    let holding = |left: i64, cap: i64| Err(Refused::GiftHoldingCap { left: Won::of(left), cap: Won::of(cap) });
    // Held, cap; received this month, cap. The gift is of 30,000.
    let table = [
        ((0, 30_000), (0, 30_000), Ok(true)),
        ((70_000, 100_000), (20_000, 50_000), Ok(true)),
        ((70_001, 100_000), (20_000, 50_000), holding(29_999, 100_000)),
        ((70_000, 100_000), (20_001, 50_000), month(29_999, 50_000)),
        // Both: the one that only the next month ends.
        ((70_001, 100_000), (20_001, 50_000), month(29_999, 50_000)),
        // Above it by a payment that was cancelled, or since the city has lowered it.
        ((120_000, 100_000), (0, 50_000), holding(0, 100_000)),
        ((0, 100_000), (60_000, 50_000), month(0, 50_000)),
        ((0, 0), (0, 50_000), holding(0, 0)),
        ((0, 100_000), (0, 0), month(0, 0)),
    ];
    for ((held, holding_cap), (received, month_cap), outcome) in table {
        let [held, holding_cap, received, month_cap] = [held, holding_cap, received, month_cap].map(Won::of);
        let room = Room { held, holding_cap, received, month_cap };
        assert_eq!(accept(&gift(None, State::Waiting), &receiver(2), &room, now()), outcome, "{room:?}");
        // Whose it is already, theirs it stays.
        assert_eq!(accept(&gift(None, State::Accepted), &receiver(2), &room, now()), Ok(false), "{room:?}");
    }
    assert_eq!(month_cap(Scope::Citywide), Won::of(1_000_000));
    assert_eq!(month_cap(Scope::District(District::MAPO)), Won::of(1_500_000));
}

#[test]
fn the_receivers_lot_is_a_share_of_the_senders() {
    // Face, paid, of which is given; what that had cost.
    let table = [
        (100_000, 93_000, 100_000, 93_000),
        (100_000, 93_000, 60_000, 55_800),
        (100_000, 93_000, 33_333, 30_999),
        (100_000, 93_000, 2, 1),
        (100_000, 93_000, 1, 0),
        (100_000, 0, 60_000, 0),
        (10_005, 9_305, 4_002, 3_722),
        (99, 99, 98, 98),
    ];
    for (face, paid, amount, cost) in table {
        let origin =
            Lot { paid: Won::of(paid), left: Won::ZERO, refunded: Won::of(1), expired: Won::of(2), given: Won::of(amount), ..lot(1, face) };
        for (keeps_refund, refund_from) in [(true, Some(Percent::new(60))), (false, None)] {
            let amount = Won::of(amount);
            let theirs = lot_of(EscrowId(5), &Part { lot: LotId(1), amount }, &origin, LotId(7), keeps_refund).unwrap();
            // All else is the origin's: kind, scope, discount, when it was bought, and when it ends.
            let expected =
                Lot { id: LotId(7), face: amount, paid: Won::of(cost), left: amount, refund_from, gift: Some(EscrowId(5)), ..lot(1, face) };
            assert_eq!(theirs, expected);
            assert_eq!(quote(&theirs, now()).back(), Some(Won::of(cost)).filter(|cost| keeps_refund && !cost.is_zero()));
        }
    }
    // Bought through a partner: no money for the receiver either.
    let partners = Lot { refund_from: None, ..lot(1, 10_000) };
    assert_eq!(lot_of(EscrowId(5), &part(1, 1), &partners, LotId(7), true).unwrap().refund_from, None);
    assert_eq!(lot_of(EscrowId(5), &part(1, 1), &Lot { face: Won::ZERO, ..lot(1, 1) }, LotId(7), true), None);
}

#[test]
fn a_message_is_what_was_written_over_several_lines_without_what_no_one_sees() {
    let table = [
        ("", ""),
        (" \r\n\t ", ""),
        ("  생일 축하해!  ", "생일 축하해!"),
        ("one\r\ntwo\nthree\r\n\r\nfive", "one\ntwo\nthree\n\nfive"),
        ("\n\nin between\n\n", "in between"),
        // A carriage return alone, a tab, a bell, an escape, a zero, and one of the other block of controls.
        ("a\rb\tc\u{7}d\u{1b}[31me\0f\u{85}g", "abcd[31mefg"),
        ("\u{0} a \u{0}", "a"),
        ("<b>bold</b> & 'so'", "<b>bold</b> & 'so'"),
    ];
    for (typed, plain) in table {
        let message = Message::parse(typed).unwrap();
        assert_eq!((message.as_str(), message.is_empty()), (plain, plain.is_empty()), "{typed:?}");
        assert_eq!(Message::parse(message.as_str()).as_ref(), Ok(&message), "what is stored is read as it was");
    }
    // Characters, not bytes; the ends of lines count, the spaces around it and what is left out do not.
    for unit in ["a", "가", "🎂"] {
        assert_eq!(Message::parse(&unit.repeat(200)).unwrap().as_str(), unit.repeat(200));
        assert_eq!(Message::parse(&unit.repeat(201)), Err(TooLong));
    }
    let lines = "a\r\n".repeat(100);
    assert!(Message::parse(&lines).is_ok() && Message::parse(&format!("{lines}b")).is_err_and(|error| error == TooLong));
    assert!(Message::parse(&format!("  {}\u{7}\n", "a".repeat(200))).is_ok());
    let sent = serde_json::to_string(&Message::parse("두 줄\r\n로").unwrap()).unwrap();
    assert_eq!((sent.as_str(), serde_json::from_str::<Message>(&sent).unwrap().as_str()), ("\"두 줄\\n로\"", "두 줄\n로"));
    assert!(serde_json::from_str::<Message>(&format!("{:?}", "a".repeat(201))).is_err(), "no way around it");
}

#[test]
fn cards_and_states_are_read_as_they_are_stored() {
    for card in Card::ALL {
        assert_eq!(Card::parse(card.as_str()), Some(card));
    }
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(state));
        assert_eq!(state.is_back(), !matches!(state, State::Waiting | State::Accepted));
    }
    assert_eq!(State::ALL.map(State::as_str), ["waiting", "accepted", "declined", "taken_back", "returned"]);
    assert_eq!((Card::parse("Plain"), Card::parse(""), State::parse("gone"), Card::default()), (None, None, None, Card::Plain));
}

#[test]
fn what_is_given_is_neither_spent_nor_left_to_refund() {
    let now_comes = |face: i64, paid: i64| Quote::Now(Price { face: Won::of(face), paid: Won::of(paid), fund: Won::of(face - paid) });
    let after = |spend: i64, back: i64| Quote::After { spend: Won::of(spend), back: Won::of(back) };
    // Of 100,000 for 93,000, refundable from 60 percent on: given, spent.
    let table = [
        ((0, 0), now_comes(100_000, 93_000)),
        ((1, 0), now_comes(99_999, 92_999)),
        ((60_000, 0), now_comes(40_000, 37_200)),
        ((99_999, 0), Quote::Nothing),
        ((100_000, 0), Quote::Nothing),
        ((10_000, 30_000), after(30_000, 27_900)),
        ((10_000, 59_999), after(1, 27_900)),
        ((10_000, 60_000), now_comes(30_000, 27_900)),
        // What was given brings nobody nearer to a refund: there is not enough to spend any more.
        ((40_000, 1), Quote::Nothing),
        ((60_000, 1), Quote::Nothing),
        ((40_000, 60_000), Quote::Nothing),
    ];
    for ((given, spent), expected) in table {
        let lot = Lot { left: Won::of(100_000 - given - spent), given: Won::of(given), ..lot(1, 100_000) };
        assert_eq!((lot.spent(), quote(&lot, now())), (Won::of(spent), expected), "{given} given, {spent} spent");
        // The month limit comes back for a lot of which nothing went elsewhere only.
        if let Some(back) = expected.back() {
            let wish = refunding::Wish { id: RefundId::from_parts(1, [0; 10]), person: PersonId(1), lot: LotId(1), back };
            assert_eq!(refunding::decide(&lot, &wish, now()).unwrap().is_whole, (given, spent) == (0, 0));
        }
    }
    // After its end too: 95 percent of what the rest had cost.
    let rest = Lot { left: Won::of(60_000), given: Won::of(40_000), ..lot(1, 100_000) };
    let price = Price { face: Won::of(57_210), paid: Won::of(53_010), fund: Won::of(4_200) };
    assert_eq!(quote(&rest, rest.expires_at), Quote::Expired { price, kept: Won::of(2_790) });
}

//! Gifts among three people, played at random beside a model of plain numbers.

use super::{lot, now, part, phone, receiver, wish};
use domain::gifting::{Back, Held, Room, State, WAITS, Wish, accept, back, decide, lot_of};
use domain::spending::Lot;
use domain::{EscrowId, LotId, PersonId, Timestamp, Won};
use proptest::prelude::*;

/// Of each of three people, and what each may hold and receive.
const BOUGHT: [i64; 3] = [100_000, 50_000, 7];
const HELD_MOST: i64 = 120_000;
const MONTH_MOST: i64 = 60_000;

#[derive(Clone, Debug)]
enum Act {
    Give { from: usize, to: Option<usize>, parts: Vec<(usize, i64)> },
    Accept { gift: usize, by: usize },
    Decline { gift: usize, by: usize },
    TakeBack { gift: usize, by: usize },
    Return { gift: usize, is_late: bool },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let amount = prop_oneof![1 => Just(0), 6 => 1..40_000i64, 2 => 1..110_000i64];
    let parts = prop::collection::vec((0..9usize, amount), 1..4);
    let (gift, by) = (0..8usize, 0..3usize);
    let act = prop_oneof![
        6 => (by.clone(), prop::option::of(by.clone()), parts).prop_map(|(from, to, parts)| Act::Give { from, to, parts }),
        4 => (gift.clone(), by.clone()).prop_map(|(gift, by)| Act::Accept { gift, by }),
        1 => (gift.clone(), by.clone()).prop_map(|(gift, by)| Act::Decline { gift, by }),
        1 => (gift.clone(), by).prop_map(|(gift, by)| Act::TakeBack { gift, by }),
        1 => (gift, any::<bool>()).prop_map(|(gift, is_late)| Act::Return { gift, is_late }),
    ];
    prop::collection::vec(act, 1..40)
}

/// A lot in plain numbers beside the one that the rule sees. Nothing is paid with any, so what it does not have was given.
struct Purse {
    owner: usize,
    left: i64,
    given: i64,
    lot: Lot,
}

struct Sent {
    from: usize,
    to: Option<usize>,
    parts: Vec<(usize, i64)>,
    sum: i64,
    state: State,
    by: Option<usize>,
}

#[derive(Default)]
struct Town {
    purses: Vec<Purse>,
    sent: Vec<Sent>,
    received: [i64; 3],
}

fn person(who: usize) -> i64 {
    i64::try_from(who).unwrap() + 1
}

impl Town {
    fn new() -> Town {
        let purse = |(owner, face): (usize, i64)| Purse { owner, left: face, given: 0, lot: lot(person(owner), face) };
        Town { purses: BOUGHT.into_iter().enumerate().map(purse).collect(), ..Town::default() }
    }

    fn held(&self, who: usize) -> i64 {
        let purses = self.purses.iter().filter(|purse| purse.owner == who).map(|purse| purse.left);
        purses.sum::<i64>()
            + self.sent.iter().filter(|gift| gift.from == who && gift.state == State::Waiting).map(|gift| gift.sum).sum::<i64>()
    }

    fn held_as_seen(&self, gift: &Sent) -> Held {
        let receiver = gift.by.map(|by| PersonId(person(by)));
        let to = gift.to.map(|to| phone(person(to)));
        Held { sender: PersonId(person(gift.from)), amount: Won::of(gift.sum), receiver, ..super::gift(to, gift.state) }
    }

    fn give(&mut self, from: usize, to: Option<usize>, parts: &[(usize, i64)]) -> Result<(), TestCaseError> {
        let parts: Vec<(usize, i64)> = parts.iter().map(|(at, amount)| (at % self.purses.len(), *amount)).collect();
        let named: Vec<(i64, i64)> = parts.iter().map(|(at, amount)| (self.purses[*at].lot.id.0, *amount)).collect();
        let wish = Wish { sender: PersonId(person(from)), to: to.map(|to| phone(person(to))), ..wish(&named) };
        let theirs: Vec<Lot> = self.purses.iter().filter(|purse| purse.owner == from).map(|purse| purse.lot).collect();
        let decided = decide(&theirs, &wish, phone(person(from)), now());

        let is_once = |at: usize| parts.iter().filter(|(other, _)| *other == at).count() == 1;
        let is_there =
            |&(at, amount): &(usize, i64)| self.purses[at].owner == from && is_once(at) && (1..=self.purses[at].left).contains(&amount);
        prop_assert_eq!(decided.is_ok(), to != Some(from) && parts.iter().all(is_there), "{:?}", decided);
        let Ok(agreed) = decided else { return Ok(()) };
        let sum: i64 = parts.iter().map(|(_, amount)| amount).sum();
        prop_assert_eq!((agreed.amount.get(), agreed.draws.len()), (sum, parts.len()));
        for (draw, (at, amount)) in agreed.draws.iter().zip(&parts) {
            self.move_out(*at, *amount, draw.amount);
        }
        self.sent.push(Sent { from, to, parts, sum, state: State::Waiting, by: None });
        Ok(())
    }

    fn move_out(&mut self, at: usize, amount: i64, drawn: Won) {
        let purse = &mut self.purses[at];
        (purse.left, purse.given) = (purse.left - amount, purse.given + amount);
        purse.lot.left = purse.lot.left.minus(drawn).unwrap();
        purse.lot.given = purse.lot.given.plus(drawn).unwrap();
    }

    fn accept(&mut self, at: usize, by: usize) -> Result<(), TestCaseError> {
        let Some(gift) = self.sent.get(at) else { return Ok(()) };
        let room = Room {
            held: Won::of(self.held(by)),
            holding_cap: Won::of(HELD_MOST),
            received: Won::of(self.received[by]),
            month_cap: Won::of(MONTH_MOST),
        };
        let decided = accept(&self.held_as_seen(gift), &receiver(person(by)), &room, now());
        let fits = self.held(by) + gift.sum <= HELD_MOST && self.received[by] + gift.sum <= MONTH_MOST;
        let is_theirs = gift.to.is_none_or(|to| to == by) && gift.from != by;
        prop_assert_eq!(decided == Ok(true), gift.state == State::Waiting && is_theirs && fits, "{:?}", decided);
        prop_assert_eq!(decided == Ok(false), gift.by == Some(by));
        if decided != Ok(true) {
            return Ok(());
        }
        for (origin, amount) in gift.parts.clone() {
            let id = person(self.purses.len());
            let lot = lot_of(EscrowId(person(at)), &part(0, amount), &self.purses[origin].lot, LotId(id), false).unwrap();
            self.purses.push(Purse { owner: by, left: amount, given: 0, lot });
        }
        let gift = &mut self.sent[at];
        (gift.state, gift.by) = (State::Accepted, Some(by));
        self.received[by] += gift.sum;
        prop_assert!(self.held(by) <= HELD_MOST && self.received[by] <= MONTH_MOST);
        Ok(())
    }

    fn back(&mut self, at: usize, how: Back, at_time: Timestamp, may: impl Fn(&Sent) -> bool) -> Result<(), TestCaseError> {
        let Some(gift) = self.sent.get(at) else { return Ok(()) };
        let decided = back(&self.held_as_seen(gift), how, at_time);
        let comes = decided.as_ref().is_ok_and(Option::is_some);
        prop_assert_eq!(comes, gift.state == State::Waiting && may(gift), "{:?}", decided);
        let Ok(Some(state)) = decided else { return Ok(()) };
        for (origin, amount) in gift.parts.clone() {
            let purse = &mut self.purses[origin];
            (purse.left, purse.given) = (purse.left + amount, purse.given - amount);
            purse.lot.left = purse.lot.left.plus(Won::of(amount)).unwrap();
            purse.lot.given = purse.lot.given.minus(Won::of(amount)).unwrap();
        }
        self.sent[at].state = state;
        Ok(())
    }

    fn act(&mut self, act: Act) -> Result<(), TestCaseError> {
        match act {
            Act::Give { from, to, parts } => self.give(from, to, &parts),
            Act::Accept { gift, by } => self.accept(gift, by),
            Act::Decline { gift, by } => self.back(gift, Back::Declined { by: receiver(person(by)) }, now(), |gift| {
                gift.to.is_none_or(|to| to == by) && gift.from != by
            }),
            Act::TakeBack { gift, by } => self.back(gift, Back::TakenBack { by: PersonId(person(by)) }, now(), |gift| gift.from == by),
            Act::Return { gift, is_late } => self.back(gift, Back::Returned, if is_late { now() + WAITS } else { now() }, |_| is_late),
        }
    }
}

proptest! {
    /// Whatever is given, accepted, and comes back: what was bought is what people have left and what waits, to the won.
    #[test]
    fn gifts_make_and_lose_no_won(acts in acts()) {
        let mut town = Town::new();
        for act in acts {
            town.act(act)?;
            let given = |at: usize, state: &dyn Fn(State) -> bool| -> i64 {
                let of = town.sent.iter().filter(|gift| state(gift.state)).flat_map(|gift| &gift.parts);
                of.filter(|(origin, _)| *origin == at).map(|(_, amount)| amount).sum()
            };
            let waiting: i64 = town.sent.iter().filter(|gift| gift.state == State::Waiting).map(|gift| gift.sum).sum();
            let left: i64 = town.purses.iter().map(|purse| purse.left).sum();
            prop_assert_eq!(left + waiting, BOUGHT.iter().sum::<i64>());
            for (at, Purse { left, given: out, lot, .. }) in town.purses.iter().enumerate() {
                prop_assert!(*left >= 0 && *out >= 0);
                prop_assert_eq!((lot.left.get(), lot.given.get()), (*left, *out), "lot {}", at);
                prop_assert_eq!(left + out, lot.face.get(), "nothing of it is spent");
                prop_assert_eq!(lot.spent(), Won::ZERO);
                prop_assert_eq!(*out, given(at, &|state| !state.is_back()), "what waits and what others have");
            }
            // Rounded down, each and so all together: nobody's lots cost more than they did before they were given.
            let cost = |owned: &dyn Fn(&Purse) -> bool| -> i64 {
                let of = town.purses.iter().filter(|purse| owned(purse));
                of.map(|purse| Won::of(purse.left).share(purse.lot.paid.get(), purse.lot.face.get()).unwrap().get()).sum()
            };
            prop_assert!(cost(&|_| true) <= BOUGHT.iter().map(|face| face * 93 / 100).sum::<i64>());
        }
    }
}

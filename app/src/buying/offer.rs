//! A sale as one person sees it: which of its windows is the own one, what is in stock, and the most that may be bought now, or
//! why nothing may. Decided by the rules of `domain`, on the server and, for hints, in the browser.

use domain::buying::{self, Allowance, Facts};
use domain::calendar::Month;
use domain::kind::{Kind, Price};
use domain::sale::{self, Phase, Pool, Window};
use domain::{Refused, Timestamp, Won};
use serde::{Deserialize, Serialize};

/// What a sale offers to the person who looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub kind: Kind,
    /// All windows of the sale, by opening time.
    pub windows: Vec<Window>,
    /// The one that matters to this person now.
    pub window: Window,
    pub pool: Pool,
    pub allowance: Allowance,
    /// The most that may be bought now, or why nothing may.
    pub most: Result<Won, Refused>,
    /// `None`: nobody waits here.
    pub room: Option<Entry>,
}

/// Where somebody stands before a sale with a waiting room.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// The room can be entered from this moment on.
    Outside { joins_from: Timestamp },
    /// With a pass.
    Inside { until: Timestamp },
}

impl Entry {
    /// Of the pass, for somebody who has one.
    pub fn pass_until(self) -> Option<Timestamp> {
        match self {
            Entry::Inside { until } => Some(until),
            Entry::Outside { .. } => None,
        }
    }
}

/// Where an offer stands in the list: what can be bought comes first, what is over comes last.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Buyable,
    Open,
    ToCome,
    Over,
}

impl Offer {
    /// `None` for a sale without windows.
    pub fn of(kind: Kind, windows: &[(Window, Pool)], allowance: Allowance, birth_year: i16, now: Timestamp) -> Option<Offer> {
        let all: Vec<Window> = windows.iter().map(|(window, _)| window.clone()).collect();
        let window = sale::mine(&all, birth_year, now).or_else(|| nearest(&all, now))?.clone();
        let pool = windows.iter().find(|(each, _)| each.id == window.id).map(|(_, pool)| *pool)?;
        let most =
            buying::most_now(&Facts { kind: &kind, window: &window, pool: &pool, allowance: &allowance, cap: None, birth_year }, now);
        Some(Offer { kind, windows: all, window, pool, allowance, most, room: None })
    }

    /// What `face` would cost, or why it would be refused. A hint: the till decides on the rows as they are then.
    pub fn price(&self, face: Won, birth_year: i16, now: Timestamp) -> Result<Price, Refused> {
        let Offer { kind, window, pool, allowance, .. } = self;
        buying::price_now(&Facts { kind, window, pool, allowance, cap: None, birth_year }, face, now)
    }

    /// Bought of this kind in the month of `now`.
    pub fn bought(&self, now: Timestamp) -> Won {
        self.allowance.bought_in(Month::of(now))
    }

    pub fn month_left(&self, now: Timestamp) -> Won {
        self.allowance.month_left(&self.kind, Month::of(now))
    }

    /// Could this person buy but for the room, or soon?
    fn waits(&self, now: Timestamp) -> bool {
        match self.window.phase(now) {
            Phase::Before { .. } => matches!(self.most, Ok(_) | Err(Refused::NotYetOpen { .. })),
            Phase::Open { .. } => matches!(self.most, Ok(_) | Err(Refused::AllReserved { .. })),
            Phase::Closed { .. } => false,
        }
    }

    /// Is the waiting room where this person goes next?
    pub fn leads_to_room(&self, now: Timestamp) -> bool {
        matches!(self.room, Some(Entry::Outside { joins_from }) if joins_from <= now) && self.waits(now)
    }

    /// Of 26 kinds most are of districts that the person has nothing to do with.
    fn is_new_to_them(&self) -> bool {
        self.allowance.held.is_zero() && self.allowance.bought.is_zero()
    }

    fn rank(&self, now: Timestamp) -> Rank {
        match (&self.most, self.window.phase(now)) {
            (Ok(_), _) => Rank::Buyable,
            (Err(_), Phase::Open { .. }) => Rank::Open,
            (Err(_), Phase::Before { .. }) => Rank::ToCome,
            (Err(_), Phase::Closed { .. }) => Rank::Over,
        }
    }
}

/// For somebody whom no window of the sale admits: the open one, else the next, else the last.
fn nearest(windows: &[Window], now: Timestamp) -> Option<&Window> {
    let open = windows.iter().find(|window| window.span.contains(now));
    let next = || windows.iter().filter(|window| window.span.from() > now).min_by_key(|window| window.span.from());
    let last = || windows.iter().max_by_key(|window| window.span.to());
    open.or_else(next).or_else(last)
}

/// As people look for them: what can be bought, what is open, what comes next, what is over; each with the kinds first that the person holds
/// or has bought. A sale that is over is left out when there is another one of its kind.
pub fn in_order(mut offers: Vec<Offer>, now: Timestamp) -> Vec<Offer> {
    offers.sort_by_key(|offer| (offer.rank(now), offer.is_new_to_them(), offer.window.span.from(), offer.kind.id));
    let kinds_ahead: Vec<_> = offers.iter().filter(|offer| offer.rank(now) != Rank::Over).map(|offer| offer.kind.id).collect();
    offers.retain(|offer| offer.rank(now) != Rank::Over || !kinds_ahead.contains(&offer.kind.id));
    offers
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::calendar::Span;
    use domain::kind::{AfterExpiry, BasisPoints, Percent, Scope};
    use domain::sale::Who;
    use domain::{KindId, SaleId, WindowId};

    fn at(hour: u8) -> Timestamp {
        // Ten in Seoul is one in Greenwich.
        format!("2025-11-22T{:02}:00:00Z", hour - 9).parse().expect("a timestamp")
    }

    fn kind(id: i64) -> Kind {
        Kind {
            id: KindId(id),
            name_ko: "서울사랑상품권".into(),
            name_en: "Seoul".into(),
            scope: Scope::Citywide,
            discount: BasisPoints(700),
            unit: Won::of(10_000),
            month_limit: Won::of(400_000),
            holding_cap: Won::of(1_000_000),
            validity_years: 5,
            refund_from: Percent::new(60),
            after_expiry: AfterExpiry::MODEL_TERMS,
        }
    }

    fn window(id: i64, from: u8, to: u8, who: Who) -> (Window, Pool) {
        let span = Span::new(at(from), at(to)).expect("a span");
        let pool = Pool { total: Won::of(1_000_000), held: Won::ZERO, sold: Won::ZERO };
        (Window { id: WindowId(id), sale: SaleId(1), kind: KindId(1), span, who }, pool)
    }

    fn sale_day() -> Vec<(Window, Pool)> {
        vec![window(1, 10, 14, Who::OddBirthYears), window(2, 14, 18, Who::EvenBirthYears), window(3, 18, 20, Who::Anyone)]
    }

    #[test]
    fn everybody_sees_the_own_window() {
        let most = |year, hour| {
            let offer = Offer::of(kind(1), &sale_day(), Allowance::NONE, year, at(hour)).expect("an offer");
            (offer.window.id.0, offer.most)
        };
        assert_eq!(most(1991, 11), (1, Ok(Won::of(400_000))));
        assert_eq!(most(1990, 11), (2, Err(Refused::NotYetOpen { opens_at: at(14) })));
        assert_eq!(most(1991, 15), (3, Err(Refused::NotYetOpen { opens_at: at(18) })));
        assert_eq!(most(1990, 21), (3, Err(Refused::WindowClosed { closed_at: at(20) })));
    }

    #[test]
    fn a_sale_for_others_is_shown_as_theirs() {
        let windows = [window(1, 10, 14, Who::OddBirthYears)];
        let offer = Offer::of(kind(1), &windows, Allowance::NONE, 1990, at(11)).expect("an offer");
        assert_eq!(offer.most, Err(Refused::NotYourWindow { who: Who::OddBirthYears }));
    }

    #[test]
    fn a_hint_is_the_decision_of_the_till() {
        let bought = Allowance { month: Month::of(at(11)), bought: Won::of(300_000), held: Won::of(300_000) };
        let offer = Offer::of(kind(1), &sale_day(), bought, 1991, at(11)).expect("an offer");
        assert_eq!(offer.most, Ok(Won::of(100_000)));
        assert_eq!(offer.price(Won::of(100_000), 1991, at(11)).map(|price| price.paid), Ok(Won::of(93_000)));
        let limit = Refused::MonthLimit { left: Won::of(100_000), limit: Won::of(400_000) };
        assert_eq!(offer.price(Won::of(110_000), 1991, at(11)), Err(limit));
    }

    #[test]
    fn what_can_be_bought_comes_first_and_what_is_over_goes() {
        let offer = |id, windows: &[(Window, Pool)]| Offer::of(kind(id), windows, Allowance::NONE, 1991, at(15)).expect("an offer");
        let over = [window(7, 10, 12, Who::Anyone)];
        let open = [window(8, 12, 20, Who::Anyone)];
        let listed = in_order(vec![offer(1, &over), offer(2, &over), offer(1, &sale_day()), offer(3, &open)], at(15));
        let windows: Vec<i64> = listed.iter().map(|offer| offer.window.id.0).collect();
        assert_eq!(windows, [8, 3, 7]);
        assert_eq!(listed.last().map(|offer| offer.kind.id), Some(KindId(2)));
    }

    #[test]
    fn of_many_kinds_the_own_ones_come_first() {
        let open = [window(8, 12, 20, Who::Anyone)];
        let offer = |id, allowance| Offer::of(kind(id), &open, allowance, 1991, at(15)).expect("an offer");
        let held = Allowance { month: Month::of(at(11)), bought: Won::ZERO, held: Won::of(10_000) };
        let full = Allowance { held: Won::of(1_000_000), ..held };
        let offers = vec![offer(1, Allowance::NONE), offer(2, Allowance::NONE), offer(3, held), offer(4, full)];
        let kinds: Vec<i64> = in_order(offers, at(15)).iter().map(|offer| offer.kind.id.0).collect();
        assert_eq!(kinds, [3, 1, 2, 4], "but what can't be bought stays behind what can");
    }
}

//! What a person holds, summed up by kind; what of it ends soon; what can be claimed of what has ended.

use domain::expiring::ends_soon;
use domain::kind::Kind;
use domain::refunding::quote;
use domain::spending::Lot;
use domain::{Timestamp, Won};
use serde::{Deserialize, Serialize};

/// All lots of one kind that something is left of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub kind: Kind,
    pub left: Won,
    /// How much less than their face these lots cost.
    pub saved: Won,
    /// The nearest end of one of them.
    pub expires_at: Timestamp,
    /// What ends then, if that is soon ([`ends_soon`]); else zero.
    pub ending: Won,
}

impl Held {
    /// By kind, the nearest expiry first. A lot of a kind that is not in `kinds` is left out.
    pub fn of(lots: &[Lot], kinds: &[Kind], now: Timestamp) -> Vec<Held> {
        let mut held: Vec<Held> = Vec::new();
        for lot in lots {
            // Of what was not refunded.
            let kept = lot.face.left_after(lot.refunded);
            let saved = kept.share(lot.face.left_after(lot.paid).get(), lot.face.get()).unwrap_or(Won::ZERO);
            if let Some(held) = held.iter_mut().find(|held| held.kind.id == lot.kind) {
                held.left = held.left.plus(lot.left).unwrap_or(Won::MAX);
                held.saved = held.saved.plus(saved).unwrap_or(Won::MAX);
                held.expires_at = held.expires_at.min(lot.expires_at);
            } else if let Some(kind) = kinds.iter().find(|kind| kind.id == lot.kind) {
                held.push(Held { kind: kind.clone(), left: lot.left, saved, expires_at: lot.expires_at, ending: Won::ZERO });
            }
        }
        for held in held.iter_mut().filter(|held| ends_soon(held.expires_at, now)) {
            let next = lots.iter().filter(|lot| lot.kind == held.kind.id && lot.expires_at == held.expires_at);
            held.ending = Won::sum(next.map(|lot| lot.left)).unwrap_or(Won::MAX);
        }
        held.sort_by_key(|held| (held.expires_at, held.kind.id));
        held
    }

    /// Of all kinds.
    pub fn balance(held: &[Held]) -> Won {
        Won::sum(held.iter().map(|held| held.left)).unwrap_or(Won::MAX)
    }
}

/// What would come back of the lots of one kind whose time is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimable {
    pub kind: Kind,
    pub back: Won,
}

impl Claimable {
    /// By kind, in the order of `expired`; nothing of those that give nothing.
    pub fn of(expired: &[(Lot, Kind)], now: Timestamp) -> Vec<Claimable> {
        let mut claimable: Vec<Claimable> = Vec::new();
        for (lot, kind) in expired {
            let Some(back) = quote(lot, now).back() else { continue };
            match claimable.iter_mut().find(|claimable| claimable.kind.id == kind.id) {
                Some(claimable) => claimable.back = claimable.back.plus(back).unwrap_or(Won::MAX),
                None => claimable.push(Claimable { kind: kind.clone(), back }),
            }
        }
        claimable
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kind::{AfterExpiry, BasisPoints, Percent, Scope};
    use domain::{KindId, LotId};

    fn kind(id: i64) -> Kind {
        Kind {
            id: KindId(id),
            name_ko: String::new(),
            name_en: String::new(),
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

    fn lot(id: i64, kind: i64, face: i64, left: i64, expires: &str) -> Lot {
        Lot {
            id: LotId(id),
            kind: KindId(kind),
            scope: Scope::Citywide,
            face: Won::of(face),
            paid: Won::of(face * 93 / 100),
            discount: BasisPoints(700),
            left: Won::of(left),
            refunded: Won::ZERO,
            refund_from: Some(Percent::new(60)),
            expired: Won::ZERO,
            given: Won::ZERO,
            gift: None,
            after_expiry: Percent::new(95),
            bought_at: Timestamp::UNIX_EPOCH,
            expires_at: expires.parse().expect("a timestamp"),
        }
    }

    #[test]
    fn lots_are_summed_up_by_kind() {
        let lots = [
            lot(1, 1, 100_000, 40_000, "2030-11-22T15:00:00Z"),
            lot(2, 2, 50_000, 50_000, "2029-11-22T15:00:00Z"),
            lot(3, 1, 100_000, 100_000, "2030-01-22T15:00:00Z"),
            lot(4, 9, 10_000, 10_000, "2030-01-22T15:00:00Z"),
        ];
        let now = "2029-10-23T15:00:00Z".parse().expect("a timestamp");
        let held = Held::of(&lots, &[kind(1), kind(2)], now);
        let figures: Vec<_> = held.iter().map(|held| (held.kind.id.0, held.left.get(), held.saved.get())).collect();
        assert_eq!(figures, [(2, 50_000, 3_500), (1, 140_000, 14_000)]);
        assert_eq!(held[1].expires_at, lots[2].expires_at);
        assert_eq!(held.iter().map(|held| held.ending.get()).collect::<Vec<_>>(), [50_000, 0], "30 days to the second");
        let in_time = Held::of(&lots, &[kind(1), kind(2)], now - jiff::SignedDuration::from_secs(1));
        assert!(in_time.iter().all(|held| held.ending.is_zero()));
        assert_eq!(Held::balance(&held), Won::of(190_000));
        assert_eq!(Held::balance(&[]), Won::ZERO);
    }

    #[test]
    fn what_has_ended_can_be_claimed_by_kind() {
        let expired = [
            (lot(1, 1, 100_000, 100_000, "2030-01-22T15:00:00Z"), kind(1)),
            (Lot { expired: Won::of(40_000), ..lot(2, 1, 100_000, 0, "2030-01-22T15:00:00Z") }, kind(1)),
            (Lot { refund_from: None, ..lot(3, 2, 50_000, 50_000, "2030-01-22T15:00:00Z") }, kind(2)),
        ];
        let claimable = Claimable::of(&expired, "2030-01-22T15:00:00Z".parse().expect("a timestamp"));
        // 95 % of 93,000 and of 37,200; of a partner's lot nothing.
        assert_eq!(claimable.iter().map(|claim| (claim.kind.id.0, claim.back.get())).collect::<Vec<_>>(), [(1, 88_350 + 35_340)]);
    }
}

//! Rows, newest first, put into the months of Seoul.

use super::Row;
use domain::calendar::Month;

/// In the order they come.
pub(super) fn by_month(rows: Vec<Row>) -> Vec<(Month, Vec<Row>)> {
    let mut months: Vec<(Month, Vec<Row>)> = Vec::new();
    for row in rows {
        let month = Month::of(row.at());
        match months.last_mut() {
            Some((last, rows)) if *last == month => rows.push(row),
            _ => months.push((month, vec![row])),
        }
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::buying::{Purchase, State};
    use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Price, Scope};
    use domain::{KindId, PurchaseId, Won};

    fn bought(at: &str) -> Row {
        let kind = Kind {
            id: KindId(1),
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
        };
        Row::Bought(Purchase {
            id: PurchaseId::from_parts(1, [0; 10]),
            price: Price::of(Won::of(10_000), kind.discount),
            kind,
            state: State::Posted,
            reason: None,
            created_at: at.parse().expect("a timestamp"),
            decided_at: None,
            expires_at: None,
        })
    }

    #[test]
    fn months_end_at_midnight_in_seoul() {
        let rows = vec![bought("2025-11-30T15:00:00Z"), bought("2025-11-30T14:59:59Z"), bought("2025-11-01T00:00:00Z")];
        let months: Vec<_> = by_month(rows).into_iter().map(|(month, rows)| (month.0, rows.len())).collect();
        assert_eq!(months, [(202_512, 1), (202_511, 2)]);
        assert!(by_month(Vec::new()).is_empty());
    }
}

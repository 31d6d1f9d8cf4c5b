//! Which lots of a person are live: something is left of them, or their purchase is reserved or unknown. The allowance of
//! each kind lists them, and only the till writes the list; a lot that is spent is found through the index `lot_spent`.

use crate::db::Store;
use crate::error::Result;
use crate::row;
use domain::{LotId, PersonId};

/// Bytes of an id.
const ID: usize = size_of::<i64>();

/// The column `allowance.lots`: 8 bytes an id, big-endian, in order of reservation. At most the holding cap in units and a few
/// that are partly spent.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct LotList(Vec<u8>);

impl LotList {
    /// `None`: these are not whole ids.
    pub(crate) fn parse(bytes: &[u8]) -> Option<LotList> {
        bytes.len().is_multiple_of(ID).then(|| LotList(bytes.to_vec()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = LotId> {
        self.0.as_chunks().0.iter().map(|id| LotId(i64::from_be_bytes(*id)))
    }

    pub(crate) fn push(&mut self, lot: LotId) {
        self.0.extend(lot.0.to_be_bytes());
    }

    /// Afterwards it is not listed, whether or not it was.
    pub(crate) fn remove(&mut self, lot: LotId) {
        let at = self.ids().position(|id| id == lot);
        if let Some(at) = at {
            self.0.drain(at * ID..(at + 1) * ID);
        }
    }
}

impl Store {
    /// The live lots of a person, of all kinds. What is read of them in a second statement may have been spent meanwhile:
    /// that statement alone says what is left.
    pub(crate) async fn live_lots(&self, person: PersonId) -> Result<Vec<LotId>> {
        let select = sqlx::query("SELECT lots FROM allowance WHERE person_id = $1").bind(person.0);
        let mut live = Vec::new();
        for row in &select.fetch_all(self.reads()).await? {
            let lots = LotList::parse(&row::bytes(row, "lots")?).ok_or_else(|| row::damaged("allowance.lots"))?;
            live.extend(lots.ids());
        }
        Ok(live)
    }
}

/// `$4, $5, $6` for three lots from the fourth place on; nothing is in the list of none.
pub(crate) fn places(first: usize, lots: &[LotId]) -> String {
    match lots.len() {
        0 => "NULL".to_owned(),
        count => (first..first + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ids: &[i64]) -> LotList {
        let mut list = LotList::default();
        ids.iter().for_each(|id| list.push(LotId(*id)));
        list
    }

    #[test]
    fn lots_are_listed_in_the_order_in_which_they_come() {
        let mut lots = list(&[7, i64::MAX, 2]);
        assert_eq!(lots.as_bytes()[..8], [0, 0, 0, 0, 0, 0, 0, 7]);
        assert!(LotList::parse(lots.as_bytes()) == Some(lots.clone()));
        lots.remove(LotId(i64::MAX));
        lots.remove(LotId(3));
        assert_eq!(lots.ids().collect::<Vec<_>>(), [LotId(7), LotId(2)]);
        assert!(LotList::parse(&[0; 12]).is_none());
    }

    #[test]
    fn places_are_numbered_from_the_first() {
        assert_eq!(places(4, &[LotId(1), LotId(2), LotId(3)]), "$4, $5, $6");
        assert_eq!(places(4, &[]), "NULL");
    }
}

//! What is asked for, as it stands in an address or a form, and what it means.

use super::refused::FindingRefused;
use crate::Error;
use domain::Timestamp;
use domain::district::District;
use domain::finding::{Needle, Place, Trade, Usable, Wish, lately};
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

/// As typed and chosen. Empty is anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Part of a name.
    pub q: String,
    /// The number of a district.
    pub district: String,
    pub trade: String,
    /// `1`: only where one of my vouchers is taken.
    pub mine: String,
    /// `1`: only shops that were paid lately.
    pub lately: String,
}

/// Where somebody is, in degrees.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Here {
    pub lat: f64,
    pub lon: f64,
}

impl Asked {
    /// Of an address.
    pub fn of(query: &ParamsMap) -> Asked {
        let of = |name| query.get(name).unwrap_or_default();
        Asked { q: of("q"), district: of("district"), trade: of("trade"), mine: of("mine"), lately: of("lately") }
    }

    /// As an address, on this page or as a map.
    pub fn href(&self, page: u32, is_map: bool) -> String {
        let mut query = ParamsMap::new();
        for (name, value) in self.fields().into_iter().filter(|(_, value)| !value.is_empty()) {
            query.insert(name, value.clone());
        }
        if page > 1 {
            query.insert("page", page.to_string());
        }
        if is_map {
            query.insert("view", "map".to_owned());
        }
        format!("/shops{}", query.to_query_string())
    }

    pub fn fields(&self) -> [(&'static str, &String); 5] {
        [("q", &self.q), ("district", &self.district), ("trade", &self.trade), ("mine", &self.mine), ("lately", &self.lately)]
    }

    pub fn is_mine(&self) -> Result<bool, Error> {
        flag(&self.mine)
    }

    /// `usable`: where the vouchers of whoever asks are taken.
    pub fn parse(&self, usable: Option<Usable>, now: Timestamp) -> Result<Wish, Error> {
        let name = Needle::parse(&self.q).map_err(|_| FindingRefused::TooLong)?;
        Ok(Wish {
            name,
            district: chosen(&self.district, |text| District::new(text.parse().ok()?).ok())?,
            trade: chosen(&self.trade, Trade::parse)?,
            usable: usable.filter(|_| self.mine == "1"),
            paid_since: flag(&self.lately)?.then(|| lately(now)),
        })
    }
}

impl Here {
    /// As coarse as it may be.
    pub fn parse(self) -> Result<Place, Error> {
        Place::from_degrees(self.lat, self.lon).map(Place::blurred).ok_or(Error::BadRequest)
    }
}

fn chosen<T>(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Error> {
    if text.is_empty() { Ok(None) } else { parse(text).map(Some).ok_or(Error::BadRequest) }
}

fn flag(text: &str) -> Result<bool, Error> {
    match text {
        "" => Ok(false),
        "1" => Ok(true),
        _ => Err(Error::BadRequest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(q: &str, district: &str, trade: &str, flags: [&str; 2]) -> Asked {
        let [mine, lately] = flags.map(str::to_owned);
        Asked { q: q.to_owned(), district: district.to_owned(), trade: trade.to_owned(), mine, lately }
    }

    #[test]
    fn what_can_be_asked() {
        let now = Timestamp::UNIX_EPOCH;
        let usable = Some(Usable::default());
        let all = asked("ㅊㅋ", "14", "meals", ["1", "1"]).parse(usable, now).expect("fine");
        assert_eq!((all.district, all.trade, all.usable), (Some(District::MAPO), Some(Trade::Meals), usable));
        assert!(all.name.is_some() && all.paid_since.is_some());
        assert_eq!(asked(" ", "", "", ["", ""]).parse(usable, now), Ok(Wish::default()));
    }

    #[test]
    fn what_cannot_be_asked() {
        let bad = [
            asked("", "0", "", ["", ""]),
            asked("", "26", "", ["", ""]),
            asked("", "mapo", "", ["", ""]),
            asked("", "", "food", ["", ""]),
            asked("", "", "", ["", "yes"]),
        ];
        for asked in bad {
            assert_eq!(asked.parse(None, Timestamp::UNIX_EPOCH), Err(Error::BadRequest), "{asked:?}");
        }
        assert_eq!(asked("", "", "", ["2", ""]).is_mine(), Err(Error::BadRequest));
        let long = asked(&"가".repeat(41), "", "", ["", ""]).parse(None, Timestamp::UNIX_EPOCH);
        assert_eq!(long, Err(Error::Finding(FindingRefused::TooLong)));
        assert_eq!(Here { lat: f64::INFINITY, lon: 0.0 }.parse(), Err(Error::BadRequest));
    }

    #[test]
    fn an_address_holds_what_was_asked() {
        assert_eq!(Asked::default().href(1, false), "/shops");
        assert_eq!(asked("a b", "14", "", ["1", ""]).href(2, true), "/shops?q=a%20b&district=14&mine=1&page=2&view=map");
    }
}

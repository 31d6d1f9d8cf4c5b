//! Looking something up in the own history: by a shop's name, an amount, what happened, and the month. What was typed is parsed once, here.

use crate::amount_input::parse_won;
use crate::calendar::Month;
use crate::finding::{Folded, Rank, TEXT_CHARS_MAX, fold};
use crate::won::Won;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum What {
    Bought,
    Paid,
    Refunded,
    /// Given to others, or received from them.
    Gift,
}

impl What {
    pub const ALL: [What; 4] = [What::Paid, What::Bought, What::Refunded, What::Gift];

    /// As in a link.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Bought => "bought",
            What::Paid => "paid",
            What::Refunded => "refunded",
            What::Gift => "gift",
        }
    }

    pub fn parse(text: &str) -> Option<What> {
        What::ALL.into_iter().find(|what| what.as_str() == text)
    }
}

/// Part of a name, or an amount, or both: a shop may be called 7942. Compared as shops are found: without case and blanks, and ㅊㅋ fits
/// every syllable that begins so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    name: Folded,
    /// What was typed is an amount too: "32,000원", "3만 2천".
    pub amount: Option<Won>,
}

impl Sought {
    /// Does a name have it?
    pub fn is_in(&self, name: &str) -> bool {
        Rank::of(&self.name, &fold(name)).is_some()
    }
}

/// As typed and chosen. What is empty was not asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub q: String,
    pub what: String,
    /// "2026-07".
    pub month: String,
}

impl Typed {
    /// Was nothing asked about? Then the whole history is meant.
    pub fn is_empty(&self) -> bool {
        [&self.q, &self.what, &self.month].into_iter().all(|text| text.trim().is_empty())
    }
}

/// All of it has to fit; what is `None` was not asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub sought: Option<Sought>,
    pub what: Option<What>,
    pub month: Option<Month>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    #[error("more than {TEXT_CHARS_MAX} letters")]
    TooLong,
    /// Only links of ours name it.
    #[error("nothing of that kind happens")]
    What,
    #[error("not a month")]
    Month,
}

impl Search {
    pub fn parse(typed: &Typed) -> Result<Search, SearchError> {
        let q = typed.q.trim();
        if q.chars().count() > TEXT_CHARS_MAX {
            return Err(SearchError::TooLong);
        }
        let amount = parse_won(q).ok().and_then(|won| Won::new(won).ok());
        let sought = (!q.is_empty()).then(|| Sought { name: fold(q), amount });
        let what = match typed.what.trim() {
            "" => None,
            what => Some(What::parse(what).ok_or(SearchError::What)?),
        };
        let month = match typed.month.trim() {
            "" => None,
            month => Some(Month::parse(month).ok_or(SearchError::Month)?),
        };
        Ok(Search { sought, what, month })
    }

    pub fn wants(&self, what: What) -> bool {
        self.what.is_none_or(|wanted| wanted == what)
    }
}

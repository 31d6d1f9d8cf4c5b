//! Why nothing was looked for, or not placed.

use crate::words::Lang;
use domain::finding::TEXT_CHARS_MAX;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FindingRefused {
    /// 422.
    #[error("more than {TEXT_CHARS_MAX} letters")]
    TooLong,
    /// Where a shop is was not typed as degrees. 422.
    #[error("no place")]
    NoPlace,
    /// A shop can't be there. 422.
    #[error("not in its district")]
    NotInDistrict,
    /// The server has just started. 503.
    #[error("the index is being made")]
    NotReady,
    /// 429.
    #[error("too often, again in {seconds} s")]
    TooOften { seconds: u32 },
}

impl FindingRefused {
    pub fn status(&self) -> u16 {
        match self {
            FindingRefused::TooLong | FindingRefused::NoPlace | FindingRefused::NotInDistrict => 422,
            FindingRefused::NotReady => 503,
            FindingRefused::TooOften { .. } => 429,
        }
    }

    pub fn retry_after_s(&self) -> Option<u64> {
        match self {
            FindingRefused::TooLong | FindingRefused::NoPlace | FindingRefused::NotInDistrict => None,
            FindingRefused::NotReady => Some(2),
            FindingRefused::TooOften { seconds } => Some(u64::from(*seconds)),
        }
    }

    pub fn say(&self, lang: Lang) -> String {
        let t = &lang.words().finding;
        match self {
            FindingRefused::TooLong => t.too_long(TEXT_CHARS_MAX),
            FindingRefused::NoPlace => t.place_hint.to_owned(),
            FindingRefused::NotInDistrict => t.place_elsewhere.to_owned(),
            FindingRefused::NotReady => t.not_ready.to_owned(),
            FindingRefused::TooOften { seconds } => t.too_often(*seconds),
        }
    }
}

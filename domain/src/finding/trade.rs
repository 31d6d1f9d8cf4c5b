//! What a shop sells, in the few words that people choose from.

use serde::{Deserialize, Serialize};

/// Several merchant category codes (ISO 18245) make one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Trade {
    Meals,
    Cafes,
    Groceries,
    Health,
    Beauty,
    Clothing,
    Learning,
    Living,
    Leisure,
    Other,
}

impl Trade {
    pub const ALL: [Trade; 10] = [
        Trade::Meals,
        Trade::Cafes,
        Trade::Groceries,
        Trade::Health,
        Trade::Beauty,
        Trade::Clothing,
        Trade::Learning,
        Trade::Living,
        Trade::Leisure,
        Trade::Other,
    ];

    /// Of a merchant category code, whatever it is.
    pub fn of_code(code: &str) -> Trade {
        match code.parse().unwrap_or(0_u16) {
            5811..=5813 => Trade::Meals,
            5814 | 5441 | 5451 | 5462 => Trade::Cafes,
            5300..=5331 | 5399..=5422 | 5499 | 5921 => Trade::Groceries,
            5912 | 5975 | 5976 | 8011..=8099 | 742 => Trade::Health,
            5977 | 7230 | 7297 | 7298 => Trade::Beauty,
            5611..=5699 | 5931 | 5944 | 5948 | 7251 | 7296 => Trade::Clothing,
            5942 | 5943 | 8211..=8299 => Trade::Learning,
            5200..=5271 | 5511..=5599 | 5712..=5735 | 5992 | 5995 | 7210..=7217 | 7531..=7549 | 7622..=7699 => Trade::Living,
            5940 | 5941 | 5945..=5947 | 7011 | 7221 | 7829..=7999 => Trade::Leisure,
            _ => Trade::Other,
        }
    }

    /// As in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Trade::Meals => "meals",
            Trade::Cafes => "cafes",
            Trade::Groceries => "groceries",
            Trade::Health => "health",
            Trade::Beauty => "beauty",
            Trade::Clothing => "clothing",
            Trade::Learning => "learning",
            Trade::Living => "living",
            Trade::Leisure => "leisure",
            Trade::Other => "other",
        }
    }

    pub fn parse(text: &str) -> Option<Trade> {
        Trade::ALL.into_iter().find(|trade| trade.as_str() == text)
    }
}

//! Features that pause while a sale is on and resume by themselves (specification, "The sale day"). Paying at shops is none of them.

use serde::{Deserialize, Serialize};

/// What a sale may suspend.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Feature {
    /// New members. Signing in goes on.
    SignUp,
    /// Looking for shops.
    Finder,
    Gifts,
}

impl Feature {
    pub const ALL: [Feature; 3] = [Feature::SignUp, Feature::Finder, Feature::Gifts];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Feature::SignUp => "sign_up",
            Feature::Finder => "finder",
            Feature::Gifts => "gifts",
        }
    }

    pub fn parse(text: &str) -> Option<Feature> {
        Feature::ALL.into_iter().find(|feature| feature.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_reads_back_as_stored() {
        for feature in Feature::ALL {
            assert_eq!(Feature::parse(feature.as_str()), Some(feature));
        }
        assert_eq!(Feature::parse("paying"), None);
    }
}

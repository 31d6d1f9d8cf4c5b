//! Every sentence that people read, in one place per language: [`ko`] and [`en`] (with their folders), both filling the list in [`table`].
//!
//! To add a sentence: a line in [`table`], a line in [`ko`], a line in [`en`]; the crate does not compile until all three
//! are there. Sentences are plain, in 해요체, blame nobody and name the next step. Figures, days and times are written by
//! [`money`] and [`time`]; an expected "no" of the rules becomes a sentence in [`refused`] and its neighbours.

mod banks;
mod city;
mod en;
mod finding;
mod kinds;
mod ko;
mod money;
mod refusals;
mod shops;
mod table;
mod takings;
mod time;

pub use banks::banks;
pub use city::{feature, gate, measure_refused, partner_refused, plan_field, plan_problem, plan_refused, plan_state, role};
pub use finding::{category, count, distance, trade};
pub use kinds::{change_field, change_problem, change_refused, change_state, funder, funding};
pub use money::{amount, chip, money, percent};
pub use refusals::{amount_error, bank_reason, phone_error, pin_refused, qr_error, refused, shop_number_error};
pub use shops::{application_refused, business_number_error, business_state, decision, part, shop_refused, staff_refused, stage};
pub use table::*;
pub use takings::{filter_error, kept, of_day, of_weekday, permille, preset, short_money, signed_money, wanted, weekday_name};
pub use time::{brief, clock, countdown, date, day, expires, last_day, moment, month, time_of_day, weekday_day};

use domain::buying::State;
use domain::district::District;
use domain::kind::{Kind, Scope};
use domain::sale::Who;
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

/// A language that Pay+ speaks.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    #[default]
    Ko,
    En,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Ko, Lang::En];

    /// As in the `lang` attribute, in cookies and in `Accept-Language`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ko => "ko",
            Lang::En => "en",
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::Ko => "한국어",
            Lang::En => "English",
        }
    }

    /// `None` for a language that we don't speak.
    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The sentences of this language.
    pub fn words(self) -> &'static Words {
        match self {
            Lang::Ko => &ko::WORDS,
            Lang::En => &en::WORDS,
        }
    }
}

/// The language of the person who looks: from the context that the router provides, else Korean.
pub fn lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}

/// The sentences of the language of the person who looks.
pub fn words() -> &'static Words {
    lang().words()
}

/// The name of a district: "마포구", "Mapo-gu".
pub fn district(lang: Lang, district: District) -> &'static str {
    match lang {
        Lang::Ko => district.ko(),
        Lang::En => district.en(),
    }
}

/// The name of a voucher kind.
pub fn kind_name(lang: Lang, kind: &Kind) -> &str {
    match lang {
        Lang::Ko => &kind.name_ko,
        Lang::En => &kind.name_en,
    }
}

/// Where a kind is taken: "서울 전역", "마포구".
pub fn scope(lang: Lang, scope: Scope) -> &'static str {
    match scope {
        Scope::Citywide => lang.words().voucher.citywide,
        Scope::District(own) => district(lang, own),
    }
}

/// Whom a window is for: "짝수 해에 태어난 분".
pub fn who(lang: Lang, who: Who) -> &'static str {
    let t = &lang.words().buy;
    match who {
        Who::Anyone => t.who_anyone,
        Who::OddBirthYears => t.who_odd,
        Who::EvenBirthYears => t.who_even,
    }
}

/// Where a purchase stands, in a word or two.
pub fn state(lang: Lang, state: State) -> &'static str {
    let t = &lang.words().progress;
    match state {
        State::Reserved => t.state_reserved,
        State::Unknown => t.state_unknown,
        State::Posted => t.state_posted,
        State::Voided => t.state_voided,
        State::Refunding => t.state_refunding,
        State::Refunded => t.state_refunded,
    }
}

/// Where a purchase stands, as a sentence that says what to do.
pub fn state_sentence(lang: Lang, state: State) -> &'static str {
    let t = &lang.words().progress;
    match state {
        State::Reserved => t.says_reserved,
        State::Unknown => t.says_unknown,
        State::Posted => t.says_posted,
        State::Voided => t.says_voided,
        State::Refunding => t.says_refunding,
        State::Refunded => t.says_refunded,
    }
}

/// Where a refund stands: in a word, and as a sentence.
pub fn refund_state(lang: Lang, state: domain::refunding::State) -> (&'static str, &'static str) {
    use domain::refunding::State;
    let t = &lang.words().refund;
    match state {
        State::Reserved => (t.state_reserved, t.says_reserved),
        State::Unknown => (t.state_unknown, t.says_unknown),
        State::Posted => (t.state_posted, t.says_posted),
        State::Voided => (t.state_voided, t.says_voided),
    }
}

/// Where a gift stands, in a word.
pub fn gift_state(lang: Lang, state: domain::gifting::State) -> &'static str {
    use domain::gifting::State;
    let t = &lang.words().gift;
    match state {
        State::Waiting => t.state_waiting,
        State::Accepted => t.state_accepted,
        State::Declined => t.state_declined,
        State::TakenBack => t.state_taken_back,
        State::Returned => t.state_returned,
    }
}

/// Why the bank did not take a refund.
pub fn bank_reason_of_refund(lang: Lang, reason: domain::buying::BankReason) -> &'static str {
    use domain::buying::BankReason;
    let t = &lang.words().refund;
    match reason {
        BankReason::AccountClosed => t.reason_closed,
        BankReason::BankLimit => t.reason_limit,
        BankReason::InsufficientFunds | BankReason::NotReached | BankReason::Other => t.reason_other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_hangul(c: char) -> bool {
        ('\u{AC00}'..='\u{D7A3}').contains(&c)
    }

    /// The names of things and signs that are the same in both languages.
    const SAME: [&str; 3] = ["common.brand", "me.korean", "me.english"];

    #[test]
    fn english_sentences_have_no_hangul_and_korean_ones_have() {
        for (name, text) in Lang::En.words().all().into_iter().filter(|(name, _)| !SAME.contains(&name.as_str())) {
            assert!(!text.is_empty() && !text.chars().any(is_hangul), "{name}: {text}");
        }
        for (name, text) in Lang::Ko.words().all().into_iter().filter(|(name, _)| !SAME.contains(&name.as_str())) {
            assert!(text.chars().any(is_hangul), "{name}: {text}");
        }
    }

    #[test]
    fn a_language_is_found_by_its_code() {
        assert!(Lang::ALL.into_iter().all(|lang| Lang::parse(lang.code()) == Some(lang)));
        assert_eq!(Lang::parse("xx"), None);
    }
}

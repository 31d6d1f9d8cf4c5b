//! A shop asks to be taken in (가맹점 신청): what it tells of itself, how far the asking has come, and why it can't go on.
//!
//! The order of things: the business number with the tax service's word, what the shop is, a picture, an account that one won was
//! sent to. Whoever asks may leave at any point and come back. Then the city decides; what it sends back is mended and sent again.

use crate::category::Category;
use crate::district::District;
use crate::merchant::Standing;
use crate::operator::Role;
use crate::typed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far an application has come.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// Being written.
    Draft,
    /// With the city.
    Submitted,
    /// The city wants something mended.
    SentBack,
    Approved,
    /// The shop that came of it was closed by the city.
    Closed,
}

impl Stage {
    pub const ALL: [Stage; 5] = [Stage::Draft, Stage::Submitted, Stage::SentBack, Stage::Approved, Stage::Closed];

    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::Submitted => "submitted",
            Stage::SentBack => "sent_back",
            Stage::Approved => "approved",
            Stage::Closed => "closed",
        }
    }

    pub fn parse(text: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// What the city looks at must not change under its eyes.
    pub fn may_be_written(self) -> bool {
        matches!(self, Stage::Draft | Stage::SentBack)
    }

    /// Picture and account of an open shop may change too: the picture is seen by every payer, and the account proves itself.
    pub fn may_be_kept_up(self) -> bool {
        self.may_be_written() || self == Stage::Approved
    }
}

/// What the National Tax Service (국세청) says of a business number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BusinessState {
    /// 계속사업자.
    Continuing,
    /// 휴업자.
    Suspended,
    /// 폐업자.
    Closed,
    NotRegistered,
}

impl BusinessState {
    pub const ALL: [BusinessState; 4] =
        [BusinessState::Continuing, BusinessState::Suspended, BusinessState::Closed, BusinessState::NotRegistered];

    /// The code of the service's answer (`b_stt_cd`); empty for a number that it does not know.
    pub fn parse(code: &str) -> Option<BusinessState> {
        match code {
            "01" => Some(BusinessState::Continuing),
            "02" => Some(BusinessState::Suspended),
            "03" => Some(BusinessState::Closed),
            "" => Some(BusinessState::NotRegistered),
            _ => None,
        }
    }
}

pub const NAME_CHARS_MAX: usize = 40;
pub const ADDRESS_CHARS_MIN: usize = 5;
pub const ADDRESS_CHARS_MAX: usize = 100;

/// What payers see of a shop. Only [`About::parse`] makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub name: String,
    pub category: Category,
    pub district: District,
    pub address: String,
}

/// A field of [`About`] that can't be taken.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    Name,
    Category,
    District,
    Address,
}

impl About {
    /// As typed and chosen; the first field that is wrong.
    pub fn parse(name: &str, category: &str, district: &str, address: &str) -> Result<About, Field> {
        Ok(About {
            name: line(name, 1, NAME_CHARS_MAX).ok_or(Field::Name)?,
            category: Category::parse(category).ok_or(Field::Category)?,
            district: district.parse().ok().and_then(|number| District::new(number).ok()).ok_or(Field::District)?,
            address: line(address, ADDRESS_CHARS_MIN, ADDRESS_CHARS_MAX).ok_or(Field::Address)?,
        })
    }
}

/// One line without marks that nobody sees: with those one shop could look like another.
fn line(typed: &str, least_chars: usize, most_chars: usize) -> Option<String> {
    if typed.chars().nth(4 * ADDRESS_CHARS_MAX).is_some() {
        return None;
    }
    let visible: String = typed.chars().filter(|c| !typed::is_invisible(*c)).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_fine = (least_chars..=most_chars).contains(&line.chars().count()) && !line.chars().any(char::is_control);
    (is_fine && line.chars().any(char::is_alphanumeric)).then_some(line)
}

/// The city's reason for sending back or closing; the shop reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    pub const CHARS_MAX: usize = 300;

    /// `None`: empty, or longer than anybody reads.
    pub fn parse(typed: &str) -> Option<Reason> {
        line(typed, 2, Reason::CHARS_MAX).map(Reason)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A part of an application, in the order in which they are asked for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    About,
    Photo,
    /// An account to which one won was sent, and whose owner told the code.
    Payout,
}

/// What of an application is there.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub about: bool,
    pub photo: bool,
    pub payout: bool,
}

impl Done {
    /// What is still asked for: none, and it can be sent.
    pub fn missing(self) -> Vec<Part> {
        let parts = [(Part::About, self.about), (Part::Photo, self.photo), (Part::Payout, self.payout)];
        parts.into_iter().filter(|(_, done)| !done).map(|(part, _)| part).collect()
    }
}

/// What stands before the code in the name of whoever sends the one won.
pub const SENDER: &str = "Pay+";
/// Digits of the code.
pub const CODE_DIGITS: usize = 4;

/// The code of one won: what the owner reads in the bank's app after [`SENDER`].
#[derive(Copy, Clone, PartialEq, Eq)]
pub struct WonCode(u16);

impl WonCode {
    /// Out of a keyed hash: the same transfer always has the same code, so it can be sent again as it was.
    pub fn from_hash(hash: &[u8; 32]) -> WonCode {
        let number = u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]]);
        WonCode(u16::try_from(number % 10_000).unwrap_or(0))
    }

    /// As typed: spaces and full-width digits are welcome, and so is the whole sender's name.
    pub fn parse(typed: &str) -> Option<WonCode> {
        let plain = typed::plain(typed)?.replace([' ', '-'], "");
        let digits = plain.strip_prefix(SENDER).unwrap_or(&plain);
        (digits.len() == CODE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok().map(WonCode))?
    }

    /// The name that the bank shows: `Pay+ 0417`.
    pub fn sender(self) -> String {
        format!("{SENDER} {:04}", self.0)
    }
}

impl std::fmt::Debug for WonCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WonCode(hidden)")
    }
}

/// Why an application did not go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApplicationRefused {
    /// The tax service says something else than that the business goes on.
    #[error("the business is {0:?}")]
    NotContinuing(BusinessState),
    /// A shop of this business is here, or on its way.
    #[error("this business has a shop here")]
    NumberTaken,
    #[error("the field {0:?} can't be taken")]
    Field(Field),
    /// It lies with the city, or was decided.
    #[error("it is {0:?}")]
    In(Stage),
    #[error("missing: {0:?}")]
    Missing(Vec<Part>),
    /// Enough unfinished ones of one person.
    #[error("too many unfinished applications")]
    TooMany,
    #[error("no picture of a kind that we take")]
    NotAPicture,
    #[error("a picture has at most {most_mb} MB and is not larger than our screens by far")]
    PictureTooLarge { most_mb: u32 },
    #[error("the picture is too small to be recognised")]
    PictureTooSmall,
    /// No one won is on its way, its time is up, or it was guessed at too often: send another.
    #[error("no code is waited for")]
    NoCode,
    #[error("wrong code, {tries_left} tries left")]
    CodeWrong { tries_left: u32 },
    /// The bank did not take the one won.
    #[error("the account does not take money")]
    AccountRejects,
    /// Enough one wons for now.
    #[error("no one won until {until}")]
    TooOften { until: Timestamp },
    /// The id of the one won was used for another account.
    #[error("this id was used for something else")]
    IdReused,
}

/// Why an operator could not decide about a shop.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ShopRefused {
    #[error("the role {0:?} is needed")]
    NotYourRole(Role),
    #[error("there is no such shop")]
    NoSuchShop,
    /// The owner has changed it, or somebody else has decided, since it was read.
    #[error("changed meanwhile")]
    Changed,
    #[error("the shop is {0:?}")]
    In(Standing),
    /// Whoever is sent back or closed is told why.
    #[error("a reason is needed")]
    NoReason,
    /// "A shop gets no QR without a verified payout account."
    #[error("no verified payout account")]
    NotVerified,
    /// Another shop of the same business has come since.
    #[error("the business has another shop")]
    NumberTaken,
}

/// What the city did to a shop.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Decision {
    Approved,
    SentBack,
    Closed,
    Reopened,
}

impl Decision {
    pub const ALL: [Decision; 4] = [Decision::Approved, Decision::SentBack, Decision::Closed, Decision::Reopened];

    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Approved => "approved",
            Decision::SentBack => "sent_back",
            Decision::Closed => "closed",
            Decision::Reopened => "reopened",
        }
    }

    pub fn parse(text: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.as_str() == text)
    }

    /// Only good news needs no reason.
    pub fn needs_reason(self) -> bool {
        matches!(self, Decision::SentBack | Decision::Closed)
    }

    /// Where it leads from here; `None`: not from here. (Whoever never opened can be closed too: a number is not kept by somebody who
    /// does not go on.)
    pub fn from(self, standing: Standing) -> Option<Standing> {
        match (self, standing) {
            (Decision::Approved, Standing::Pending) | (Decision::Reopened, Standing::Closed) => Some(Standing::Open),
            (Decision::SentBack, Standing::Pending) => Some(Standing::Pending),
            (Decision::Closed, Standing::Open | Standing::Pending) => Some(Standing::Closed),
            _ => None,
        }
    }
}

//! The shop's QR code: EMVCo merchant-presented mode (EMV QRCPS-MPM 1.1), written and read.
//!
//! A printed code carries the shop, a code on a screen also an amount and a once-only nonce. A phone's ordinary camera
//! can't open an EMVCo code, so a sticker may carry the link to the payment page instead: [`scan`] reads both. What is
//! in a code is a claim: the page shows what the server knows about the merchant number, never the name from the code.

mod objects;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use crate::merchant_number::{MerchantNumber, MerchantNumberError};
use crate::typed::is_invisible;
use objects::{Objects, put, put_some};
pub use objects::{Tag, crc16};

/// More characters than any code of ours has (about 340); a scanned text beyond it is not looked at.
pub const CODE_MAX_CHARS: usize = 512;
/// Object 54 has room for thirteen digits.
pub const AMOUNT_MAX_WON: i64 = 9_999_999_999_999;
/// What makes a merchant account template (26 to 51) ours: its sub-object 00.
const OUR_ID: &str = "kr.payplus";
const NONCE_MAX_CHARS: usize = 40;

const FORMAT: Tag = Tag::root(0);
const INITIATION: Tag = Tag::root(1);
const ACCOUNT: Tag = Tag::root(26);
const ACCOUNT_ID: Tag = Tag::sub(26, 0);
const ACCOUNT_MERCHANT: Tag = Tag::sub(26, 1);
const ACCOUNT_NONCE: Tag = Tag::sub(26, 2);
const MCC: Tag = Tag::root(52);
const CURRENCY: Tag = Tag::root(53);
const AMOUNT: Tag = Tag::root(54);
const COUNTRY: Tag = Tag::root(58);
const NAME: Tag = Tag::root(59);
const CITY: Tag = Tag::root(60);
const ADDITIONAL: Tag = Tag::root(62);
const BILL: Tag = Tag::sub(62, 1);
const REFERENCE: Tag = Tag::sub(62, 5);
const TERMINAL: Tag = Tag::sub(62, 7);
const PURPOSE: Tag = Tag::sub(62, 8);
const CRC: Tag = Tag::root(63);
const LOCAL: Tag = Tag::root(64);
const LOCAL_LANGUAGE: Tag = Tag::sub(64, 0);
const LOCAL_NAME: Tag = Tag::sub(64, 1);
const LOCAL_CITY: Tag = Tag::sub(64, 2);

/// What a shop's code says. What [`parse`](Self::parse) returns, [`format`](Self::format) writes back, and the reverse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerchantQr {
    pub merchant: MerchantNumber,
    pub initiation: Initiation,
    pub mcc: Mcc,
    /// Whole won, `1..=`[`AMOUNT_MAX_WON`]. A dynamic code has one, a static code may.
    pub amount_won: Option<i64>,
    /// Makes a dynamic code payable once: 1 to 40 of `A-Z a-z 0-9 - _`. Object 26-02.
    pub nonce: Option<String>,
    /// Printable ASCII, 1 to 25 characters.
    pub name: String,
    /// Printable ASCII, 1 to 15 characters.
    pub city: String,
    /// The name in Hangul, 1 to 25 characters.
    pub local_name: Option<String>,
    /// The city in Hangul, 1 to 15 characters; only together with a local name.
    pub local_city: Option<String>,
    /// The shop's bill number, 1 to 25 characters. Object 62-01.
    pub bill: Option<String>,
    /// The shop's reference, 1 to 25 characters. Object 62-05.
    pub reference: Option<String>,
    /// The counter, 1 to 25 characters. Object 62-07.
    pub terminal: Option<String>,
    /// 1 to 25 characters. Object 62-08.
    pub purpose: Option<String>,
}

/// Object 01. A code without it is static, as a sticker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Initiation {
    /// `"11"`: the same code for every payment.
    Static,
    /// `"12"`: a new code for each payment; carries amount and nonce.
    Dynamic,
}

/// Merchant category code (ISO 18245): four digits, written and serialised so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mcc(u16);

/// What a camera or a scanner at the counter read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scanned {
    Code(Box<MerchantQr>),
    /// A link to the payment page: a shop, nothing else.
    Link(MerchantNumber),
}

/// Why a scanned text is no code of a shop, or why a code can't be written.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum QrError {
    #[error("longer than {CODE_MAX_CHARS} characters")]
    TooLong,
    #[error("not a payment code")]
    NotEmv,
    /// A sound code that another scheme pays: people get a sentence of its own for it.
    #[error("a payment code of another scheme")]
    NotOurs,
    #[error("the code does not end in a checksum: it was not read to its end")]
    MissingCrc,
    #[error("the checksum is wrong: the code is damaged or was changed")]
    WrongCrc,
    #[error("where an object of the code should begin there are no two digits")]
    BadId { template: Option<u8> },
    #[error("object {tag} has an impossible length")]
    BadLength { tag: Tag },
    #[error("object {tag} appears twice")]
    Duplicate { tag: Tag },
    #[error("object {tag} is missing")]
    Missing { tag: Tag },
    #[error("object {tag} holds what it must not hold")]
    BadValue { tag: Tag },
    #[error("an amount is 1 to 13 digits of whole won, above zero")]
    BadAmount,
    #[error("the code asks for another currency than won")]
    UnsupportedCurrency,
    #[error("the code is of another country than Korea")]
    UnsupportedCountry,
    #[error(transparent)]
    BadMerchantNumber(#[from] MerchantNumberError),
}

/// Reads what was scanned: an EMVCo code, or a link `https://<any host>/pay/<merchant number>` whose query and fragment
/// are ignored. Any host, because only the number is taken from it: the link is never followed. Space around is ignored
/// since scanners end with a line break.
pub fn scan(scanned: &str) -> Result<Scanned, QrError> {
    let text = scanned.trim();
    refuse_long(text)?;
    match path_of_link(text) {
        Some(path) => merchant_of_path(path).map(Scanned::Link),
        None => MerchantQr::parse(text).map(|code| Scanned::Code(Box::new(code))),
    }
}

impl Scanned {
    pub fn merchant(&self) -> MerchantNumber {
        match self {
            Self::Code(code) => code.merchant,
            Self::Link(merchant) => *merchant,
        }
    }
}

impl Scanned {
    /// What makes a code on a shop's screen payable once.
    pub fn nonce(&self) -> Option<&str> {
        match self {
            Self::Code(code) => code.nonce.as_deref(),
            Self::Link(_) => None,
        }
    }
}

impl MerchantQr {
    /// The code that a shop prints. Never fails to format: a `shop_name` in Hangul goes into the language template (cut
    /// to 25 characters), and the ASCII name that the format demands is then made of the merchant number.
    pub fn printed(merchant: MerchantNumber, mcc: Mcc, shop_name: &str) -> Self {
        let cut: String = shop_name.chars().filter(|c| !is_unprintable(*c)).take(25).collect();
        let shown = cut.trim();
        let is_ascii = !shown.is_empty() && shown.is_ascii();
        let is_local = !shown.is_empty() && !is_ascii;
        Self {
            merchant,
            initiation: Initiation::Static,
            mcc,
            amount_won: None,
            nonce: None,
            name: if is_ascii { shown.to_owned() } else { format!("PAYPLUS {merchant}") },
            city: "SEOUL".to_owned(),
            local_name: is_local.then(|| shown.to_owned()),
            local_city: is_local.then(|| "서울".to_owned()),
            bill: None,
            reference: None,
            terminal: None,
            purpose: None,
        }
    }

    /// The same shop's code for one payment of `amount_won`, told apart by `nonce`. Its three minutes are the server's to keep.
    pub fn once(self, amount_won: i64, nonce: &str) -> Self {
        Self { initiation: Initiation::Dynamic, amount_won: Some(amount_won), nonce: Some(nonce.to_owned()), ..self }
    }

    /// Reads a code. Unknown objects are skipped; anything known must be right. Never panics, whatever the text.
    pub fn parse(code: &str) -> Result<Self, QrError> {
        refuse_long(code)?;
        if !code.starts_with("000201") {
            return Err(QrError::NotEmv);
        }
        check_crc(code)?;
        let root = Objects::read(code, None)?;
        if root.all.last().is_none_or(|(id, _)| *id != CRC.id) {
            return Err(QrError::MissingCrc);
        }
        let ours = our_account(&root)?;
        // Only their being there once matters: the values were looked at above.
        root.required(FORMAT.id)?;
        root.required(CRC.id)?;
        if root.required(CURRENCY.id)? != "410" {
            return Err(QrError::UnsupportedCurrency);
        }
        if root.required(COUNTRY.id)? != "KR" {
            return Err(QrError::UnsupportedCountry);
        }
        let additional = Objects::read(root.one(ADDITIONAL.id)?.unwrap_or_default(), Some(ADDITIONAL.id))?;
        let (local_name, local_city) = korean_names(&root)?;
        let code = Self {
            merchant: MerchantNumber::parse(ours.required(ACCOUNT_MERCHANT.id)?)?,
            initiation: Initiation::parse(root.one(INITIATION.id)?)?,
            mcc: Mcc::parse(root.required(MCC.id)?)?,
            amount_won: root.one(AMOUNT.id)?.map(parse_amount).transpose()?,
            nonce: ours.owned(ACCOUNT_NONCE.id)?,
            name: root.required(NAME.id)?.to_owned(),
            city: root.required(CITY.id)?.to_owned(),
            local_name,
            local_city,
            bill: additional.owned(BILL.id)?,
            reference: additional.owned(REFERENCE.id)?,
            terminal: additional.owned(TERMINAL.id)?,
            purpose: additional.owned(PURPOSE.id)?,
        };
        code.check()?;
        Ok(code)
    }

    /// Writes the code, objects in ascending order, the checksum last.
    pub fn format(&self) -> Result<String, QrError> {
        self.check()?;
        let mut account = String::new();
        put(&mut account, ACCOUNT_ID, OUR_ID)?;
        put(&mut account, ACCOUNT_MERCHANT, &self.merchant.to_string())?;
        put_some(&mut account, ACCOUNT_NONCE, self.nonce.as_deref())?;

        let mut additional = String::new();
        put_some(&mut additional, BILL, self.bill.as_deref())?;
        put_some(&mut additional, REFERENCE, self.reference.as_deref())?;
        put_some(&mut additional, TERMINAL, self.terminal.as_deref())?;
        put_some(&mut additional, PURPOSE, self.purpose.as_deref())?;

        let mut code = String::new();
        put(&mut code, FORMAT, "01")?;
        put(&mut code, INITIATION, self.initiation.as_str())?;
        put(&mut code, ACCOUNT, &account)?;
        put(&mut code, MCC, &self.mcc.to_string())?;
        put(&mut code, CURRENCY, "410")?;
        put_some(&mut code, AMOUNT, self.amount_won.map(|won| won.to_string()).as_deref())?;
        put(&mut code, COUNTRY, "KR")?;
        put(&mut code, NAME, &self.name)?;
        put(&mut code, CITY, &self.city)?;
        put_some(&mut code, ADDITIONAL, Some(additional.as_str()).filter(|text| !text.is_empty()))?;
        if let Some(local_name) = &self.local_name {
            let mut local = String::new();
            put(&mut local, LOCAL_LANGUAGE, "ko")?;
            put(&mut local, LOCAL_NAME, local_name)?;
            put_some(&mut local, LOCAL_CITY, self.local_city.as_deref())?;
            put(&mut code, LOCAL, &local)?;
        }
        code.push_str("6304");
        let crc = crc16(code.as_bytes());
        code.push_str(&format!("{crc:04X}"));
        Ok(code)
    }

    /// What both directions demand, so that everything that is read can be written and the reverse.
    fn check(&self) -> Result<(), QrError> {
        if self.amount_won.is_some_and(|won| !(1..=AMOUNT_MAX_WON).contains(&won)) {
            return Err(QrError::BadAmount);
        }
        if self.initiation == Initiation::Dynamic {
            self.amount_won.ok_or(QrError::Missing { tag: AMOUNT })?;
            self.nonce.as_ref().ok_or(QrError::Missing { tag: ACCOUNT_NONCE })?;
        }
        if self.local_city.is_some() && self.local_name.is_none() {
            return Err(QrError::Missing { tag: LOCAL_NAME });
        }
        let is_nonce_char = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_text_char = |c: char| !is_unprintable(c);
        let is_ascii_char = |c: char| matches!(c, ' '..='~');
        check_text(ACCOUNT_NONCE, self.nonce.as_deref(), NONCE_MAX_CHARS, is_nonce_char)?;
        check_text(NAME, Some(&self.name), 25, is_ascii_char)?;
        check_text(CITY, Some(&self.city), 15, is_ascii_char)?;
        check_text(LOCAL_NAME, self.local_name.as_deref(), 25, is_text_char)?;
        check_text(LOCAL_CITY, self.local_city.as_deref(), 15, is_text_char)?;
        check_text(BILL, self.bill.as_deref(), 25, is_text_char)?;
        check_text(REFERENCE, self.reference.as_deref(), 25, is_text_char)?;
        check_text(TERMINAL, self.terminal.as_deref(), 25, is_text_char)?;
        check_text(PURPOSE, self.purpose.as_deref(), 25, is_text_char)
    }
}

impl Initiation {
    fn parse(value: Option<&str>) -> Result<Self, QrError> {
        match value {
            None | Some("11") => Ok(Self::Static),
            Some("12") => Ok(Self::Dynamic),
            Some(_) => Err(QrError::BadValue { tag: INITIATION }),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Static => "11",
            Self::Dynamic => "12",
        }
    }
}

impl Mcc {
    /// Exactly four ASCII digits.
    pub fn parse(text: &str) -> Result<Self, QrError> {
        let bad = QrError::BadValue { tag: MCC };
        if text.len() != 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(bad);
        }
        text.parse().map(Self).map_err(|_| bad)
    }
}

impl fmt::Display for Mcc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

impl TryFrom<String> for Mcc {
    type Error = QrError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Mcc> for String {
    fn from(mcc: Mcc) -> Self {
        mcc.to_string()
    }
}

fn refuse_long(text: &str) -> Result<(), QrError> {
    if text.chars().nth(CODE_MAX_CHARS).is_some() { Err(QrError::TooLong) } else { Ok(()) }
}

/// The checksum comes before anything is believed, also the lengths; so it is looked for at the very end.
fn check_crc(code: &str) -> Result<(), QrError> {
    let (covered, written) = code.len().checked_sub(4).and_then(|at| code.split_at_checked(at)).ok_or(QrError::MissingCrc)?;
    if !covered.ends_with("6304") || !written.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(QrError::MissingCrc);
    }
    let written = u16::from_str_radix(written, 16).map_err(|_| QrError::MissingCrc)?;
    if written == crc16(covered.as_bytes()) { Ok(()) } else { Err(QrError::WrongCrc) }
}

/// A code may carry the accounts of several schemes in 26 to 51. The others' may be as broken as they like.
fn our_account<'a>(root: &Objects<'a>) -> Result<Objects<'a>, QrError> {
    let is_ours = |value: &str| value.starts_with(&format!("00{:02}{OUR_ID}", OUR_ID.len()));
    let mut ours = root.all.iter().filter(|(id, value)| (26..=51).contains(id) && is_ours(value));
    let (id, value) = ours.next().ok_or(QrError::NotOurs)?;
    if let Some((second, _)) = ours.next() {
        return Err(QrError::Duplicate { tag: Tag::root(*second) });
    }
    let account = Objects::read(value, Some(*id))?;
    account.required(ACCOUNT_ID.id)?;
    Ok(account)
}

/// Name and city of the language template, when its language is Korean.
fn korean_names(root: &Objects<'_>) -> Result<(Option<String>, Option<String>), QrError> {
    let Some(template) = root.one(LOCAL.id)? else { return Ok((None, None)) };
    let local = Objects::read(template, Some(LOCAL.id))?;
    if local.required(LOCAL_LANGUAGE.id)? != "ko" {
        return Ok((None, None));
    }
    Ok((Some(local.required(LOCAL_NAME.id)?.to_owned()), local.owned(LOCAL_CITY.id)?))
}

/// "30000" and nothing else: no sign, no fraction, no zero in front, no digits of other scripts.
fn parse_amount(text: &str) -> Result<i64, QrError> {
    let is_plain = text.len() <= 13 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if !is_plain {
        return Err(QrError::BadAmount);
    }
    text.parse().map_err(|_| QrError::BadAmount)
}

fn check_text(tag: Tag, text: Option<&str>, max_chars: usize, is_allowed: impl Fn(char) -> bool) -> Result<(), QrError> {
    let Some(text) = text else { return Ok(()) };
    if !(1..=max_chars).contains(&text.chars().count()) {
        return Err(QrError::BadLength { tag });
    }
    if text.trim().is_empty() || !text.chars().all(is_allowed) {
        return Err(QrError::BadValue { tag });
    }
    Ok(())
}

fn is_unprintable(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// What follows the host of a web link, without query and fragment. `None`: not a web link.
fn path_of_link(text: &str) -> Option<&str> {
    let after_scheme = ["https://", "http://"].iter().find_map(|scheme| {
        let begin = text.get(..scheme.len())?;
        begin.eq_ignore_ascii_case(scheme).then(|| text.get(scheme.len()..))?
    })?;
    let end = after_scheme.find(['?', '#']).unwrap_or(after_scheme.len());
    let (address, _) = after_scheme.split_at_checked(end)?;
    Some(address.find('/').and_then(|slash| address.get(slash..)).filter(|path| path.len() < address.len()).unwrap_or_default())
}

/// A link of another shape belongs to somebody else; eight digits in our place are ours, and may be wrong.
fn merchant_of_path(path: &str) -> Result<MerchantNumber, QrError> {
    let number = path.strip_prefix("/pay/").ok_or(QrError::NotOurs)?;
    match MerchantNumber::parse(number.strip_suffix('/').unwrap_or(number)) {
        Err(MerchantNumberError::NotEightDigits) => Err(QrError::NotOurs),
        other => Ok(other?),
    }
}

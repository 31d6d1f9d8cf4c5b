//! Data objects of the EMVCo format: two digits of id, two of length, the value; a value may hold such objects itself.
//! Lengths count characters, not bytes, and every length here is hostile until it was measured.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::QrError;

/// Where a value stands: an id of the code, or a sub-id inside a template. Displayed as `"54"` or `"26-01"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tag {
    pub template: Option<u8>,
    pub id: u8,
}

impl Tag {
    pub(super) const fn root(id: u8) -> Self {
        Self { template: None, id }
    }

    pub(super) const fn sub(template: u8, id: u8) -> Self {
        Self { template: Some(template), id }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.template {
            Some(template) => write!(f, "{template:02}-{:02}", self.id),
            None => write!(f, "{:02}", self.id),
        }
    }
}

/// The objects of one level, in their order. Ids nobody asks for are simply never looked at.
pub(super) struct Objects<'a> {
    template: Option<u8>,
    pub(super) all: Vec<(u8, &'a str)>,
}

impl<'a> Objects<'a> {
    pub(super) fn read(text: &'a str, template: Option<u8>) -> Result<Self, QrError> {
        let mut all = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (id, after) = two_digits(rest).ok_or(QrError::BadId { template })?;
            let tag = Tag { template, id };
            let (length, after) = two_digits(after).ok_or(QrError::BadLength { tag })?;
            let (value, after) = split_chars(after, usize::from(length)).ok_or(QrError::BadLength { tag })?;
            all.push((id, value));
            rest = after;
        }
        Ok(Self { template, all })
    }

    /// The only value under `id`. Twice is an error: two readers could believe two different ones.
    pub(super) fn one(&self, id: u8) -> Result<Option<&'a str>, QrError> {
        let tag = Tag { template: self.template, id };
        let mut values = self.all.iter().filter(|(other, _)| *other == id).map(|(_, value)| *value);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(QrError::Duplicate { tag }),
            (Some(""), None) => Err(QrError::BadLength { tag }),
            (value, None) => Ok(value),
        }
    }

    pub(super) fn required(&self, id: u8) -> Result<&'a str, QrError> {
        self.one(id)?.ok_or(QrError::Missing { tag: Tag { template: self.template, id } })
    }

    pub(super) fn owned(&self, id: u8) -> Result<Option<String>, QrError> {
        Ok(self.one(id)?.map(str::to_owned))
    }
}

/// Appends one object. Values of 1 to 99 characters fit.
pub(super) fn put(code: &mut String, tag: Tag, value: &str) -> Result<(), QrError> {
    let length = value.chars().count();
    if !(1..=99).contains(&length) {
        return Err(QrError::BadLength { tag });
    }
    code.push_str(&format!("{:02}{length:02}{value}", tag.id));
    Ok(())
}

pub(super) fn put_some(code: &mut String, tag: Tag, value: Option<&str>) -> Result<(), QrError> {
    value.map_or(Ok(()), |value| put(code, tag, value))
}

fn two_digits(text: &str) -> Option<(u8, &str)> {
    match text.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => Some(((tens - b'0') * 10 + ones - b'0', text.get(2..)?)),
        _ => None,
    }
}

/// The first `count` characters, and the rest. `None`: there are fewer.
fn split_chars(text: &str, count: usize) -> Option<(&str, &str)> {
    let at = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(count)?;
    text.split_at_checked(at)
}

/// CRC-16/CCITT-FALSE: polynomial 0x1021, initial 0xFFFF, nothing reflected, nothing xored at the end. Of `"123456789"`: 0x29B1.
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 })
    })
}

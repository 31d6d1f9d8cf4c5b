//! Members: the accounts of verified humans, and their settings.

use crate::db::Store;
use crate::error::Result;
use crate::pins::PinProof;
use crate::plain;
use crate::row;
use domain::phone::Phone;
use domain::{PersonId, Timestamp};
use jiff::civil::Date;

/// The longest token of an account that a bank may give us.
const BANK_ACCOUNT_CHARS: usize = 200;
const BANK_MASKED_CHARS: usize = 60;

/// What a member reads.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    Ko,
    En,
}

impl Language {
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Ko => "ko",
            Language::En => "en",
        }
    }

    pub fn parse(text: &str) -> Option<Language> {
        [Language::Ko, Language::En].into_iter().find(|language| language.as_str() == text)
    }
}

/// The size of text that a member asked for.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum TextSize {
    #[default]
    Normal,
    Large,
}

/// A linked bank account.
#[derive(Clone, PartialEq, Eq)]
pub struct Bank {
    /// The bank's token: what a debit is asked of. Never shown.
    pub account: String,
    /// What may be shown: "신한 110-***-4567".
    pub masked: String,
}

impl std::fmt::Debug for Bank {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bank(hidden)")
    }
}

impl Bank {
    /// As kept: one line each.
    pub(crate) fn plain(&self) -> Bank {
        Bank { account: plain::line(&self.account, BANK_ACCOUNT_CHARS), masked: plain::line(&self.masked, BANK_MASKED_CHARS) }
    }
}

/// An account as its owner sees it. Personal: it neither debugs nor logs more than the person's number.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    /// From the verified identity; its year decides the window.
    pub birth_date: Date,
    /// `None` when the number has gone to somebody else: signing in again takes an enrolment.
    pub phone: Option<Phone>,
    /// The linked bank account, masked.
    pub bank_masked: Option<String>,
    pub language: Language,
    pub text_size: TextSize,
    pub created_at: Timestamp,
}

impl Member {
    pub fn birth_year(&self) -> i16 {
        self.birth_date.year()
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Member({})", self.person)
    }
}

impl Store {
    /// `None`: no such member.
    pub async fn member(&self, person: PersonId) -> Result<Option<Member>> {
        let select = "SELECT person.id, name, birth_date, phone, bank_masked, language, large_text, member.created_at \
                      FROM member JOIN person ON person.id = member.person_id WHERE member.person_id = $1";
        let Some(row) = sqlx::query(select).bind(person.0).fetch_optional(self.reads()).await? else { return Ok(None) };
        Ok(Some(Member {
            person,
            name: row::text(&row, "name")?,
            birth_date: row::date(&row, "birth_date")?,
            phone: Phone::parse(&row::text(&row, "phone")?).ok(),
            bank_masked: row::text_if_any(&row, "bank_masked")?,
            language: row::parsed(&row, "language", Language::parse)?,
            text_size: if row::int(&row, "large_text")? == 0 { TextSize::Normal } else { TextSize::Large },
            created_at: row::time(&row, "created_at")?,
        }))
    }

    /// Whose phone it is. For use after the phone was proven ([`crate::PhoneProof`]) only: the answer tells whether it is registered.
    pub async fn member_by_phone(&self, phone: Phone) -> Result<Option<PersonId>> {
        let select = sqlx::query("SELECT person_id FROM member WHERE phone = $1").bind(phone.digits());
        let row = select.fetch_optional(self.reads()).await?;
        row.map(|row| row::int(&row, "person_id").map(PersonId)).transpose()
    }

    pub async fn set_language(&self, person: PersonId, language: Language) -> Result<()> {
        let mut write = self.write().await?;
        let update = sqlx::query("UPDATE member SET language = $2 WHERE person_id = $1").bind(person.0).bind(language.as_str());
        update.execute(write.tx()).await?;
        write.commit().await
    }

    pub async fn set_text_size(&self, person: PersonId, size: TextSize) -> Result<()> {
        let mut write = self.write().await?;
        let update = sqlx::query("UPDATE member SET large_text = $2 WHERE person_id = $1").bind(person.0);
        update.bind(i64::from(size == TextSize::Large)).execute(write.tx()).await?;
        write.commit().await
    }

    /// Links a bank account, or another one instead. Purchases under way keep the account they were sent to.
    pub async fn link_bank(&self, proof: PinProof, bank: &Bank) -> Result<()> {
        let bank = bank.plain();
        let mut write = self.write().await?;
        let update = sqlx::query("UPDATE member SET bank_account = $2, bank_masked = $3 WHERE person_id = $1");
        update.bind(proof.person().0).bind(bank.account).bind(bank.masked).execute(write.tx()).await?;
        write.commit().await
    }

    /// The bank's token of the linked account, for a debit.
    pub async fn bank_account(&self, person: PersonId) -> Result<Option<String>> {
        let select = sqlx::query("SELECT bank_account FROM member WHERE person_id = $1").bind(person.0);
        let row = select.fetch_optional(self.reads()).await?;
        Ok(row.map(|row| row::text_if_any(&row, "bank_account")).transpose()?.flatten())
    }
}

//! One entrance for signing up and signing in, one question a screen: phone, code, then either in, or the PIN (an unknown
//! device), or identity, PIN and bank account (a new member, or the way back for one who lost phone or PIN).
//!
//! What was answered lies in the store under the enrolment cookie; each page asks [`steps`] whether it may be shown. No
//! answer tells whether a phone is registered before the code proved that it is the asker's.

mod bank;
mod code;
mod confirm;
mod identity;
pub mod next;
mod phone;
mod pin;
mod session;
pub(crate) mod steps;
mod welcome;

pub use bank::{AccountFields, BankPage, FinishLater, FinishWithBank};
pub use code::{CheckCode, CodePage, SendAgain};
pub use confirm::{ConfirmPage, ConfirmPin};
pub use identity::{IdentityPage, VerifyIdentity};
pub use phone::{SendCode, StartPage};
pub use pin::{ChoosePin, PinPage};
pub use session::{ForgetPin, SignOut};
pub use welcome::WelcomePage;

#[cfg(feature = "ssr")]
pub(crate) use bank::account_of;

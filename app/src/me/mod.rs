//! My settings: who I am here, the linked account, language and size of the text, where I am signed in, and what Pay+ is
//! made of.

mod bank;
mod profile;
mod sessions;
mod settings;

pub use bank::{LinkBank, LinkBankPage};
pub use profile::MePage;
pub use sessions::{EndOtherSessions, EndSession, SessionsPage};
pub use settings::{ChooseLanguage, ChooseTextSize};

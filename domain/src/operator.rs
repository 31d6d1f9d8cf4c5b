//! City operators and what each may do. "Who plans a sale can't alone release it."

use serde::{Deserialize, Serialize};
use std::fmt;

/// What an operator may do. One person may have several.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Writes plans of sales, and throws drafts away.
    Planner,
    /// Releases what others planned, cancels what was released, steers waiting rooms.
    Controller,
    /// Reads the audit log.
    Auditor,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Planner, Role::Controller, Role::Auditor];

    /// As stored, and as on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Planner => "planner",
            Role::Controller => "controller",
            Role::Auditor => "auditor",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Role::Planner => 1,
            Role::Controller => 2,
            Role::Auditor => 4,
        }
    }
}

/// The roles of an operator: at least one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Roles(u8);

impl Roles {
    /// `"planner,controller"`: names with commas between them. `None` for an unknown one and for none at all.
    pub fn parse(text: &str) -> Option<Roles> {
        let role = |name: &str| Role::ALL.into_iter().find(|role| role.as_str() == name.trim());
        let bits = text.split(',').try_fold(0, |bits, name| Some(bits | role(name)?.bit()))?;
        Some(Roles(bits))
    }

    pub fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Role::as_str).collect();
        f.write_str(&names.join(","))
    }
}

/// The name that an operator signs in with: 3 to 32 of `a-z`, `0-9`, `.`, `_`, `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Login(String);

impl Login {
    pub fn parse(text: &str) -> Option<Login> {
        let text = text.trim().to_lowercase();
        let is_fine = (3..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        is_fine.then_some(Login(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

//! The operators of the demo. Their password and secrets are published here, so they open nothing but a demo: they are made only by
//! one, and their codes are shown only where a sandbox stands behind.

use domain::totp::TotpSecret;

pub const PASSWORD: &str = "city-demo-2022";

pub struct DemoOperator {
    pub login: &'static str,
    pub name: &'static str,
    /// As [`domain::operator::Roles::parse`] reads them.
    pub roles: &'static str,
    pub totp: TotpSecret,
}

pub const OPERATORS: [DemoOperator; 3] = [
    DemoOperator { login: "planner", name: "윤계획", roles: "planner", totp: TotpSecret::new(*b"pay+ demo planner  1") },
    DemoOperator { login: "controller", name: "한승인", roles: "controller", totp: TotpSecret::new(*b"pay+ demo controller") },
    DemoOperator { login: "auditor", name: "서감사", roles: "auditor", totp: TotpSecret::new(*b"pay+ demo auditor  3") },
];

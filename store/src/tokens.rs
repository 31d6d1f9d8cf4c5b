//! Secrets that the server hands out: 256 random bits each. Only their keyed hashes are kept.

use crate::keys::{Keys, Purpose};
use rand::TryRngCore;
use rand::rngs::OsRng;

/// What a cookie or a link holds: proof of a session, of a known device, of an enrolment under way, of an invitation. Whoever holds it is let in, so
/// it neither displays nor debugs itself; [`Token::expose`] gives the text for the cookie or the link.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

/// What a token is for, so that one handed out for a device can't be shown as a session.
#[derive(Copy, Clone)]
pub(crate) enum TokenOf {
    Session,
    Device,
    Enrolment,
    /// An operator between password and code.
    OperatorEntry,
    OperatorSession,
    /// An invitation to the staff of a shop.
    Invitation,
}

impl Token {
    pub(crate) fn random() -> Token {
        Token(random())
    }

    /// 64 lower-case hexadecimal digits, and nothing else is a token.
    pub fn parse(text: &str) -> Option<Token> {
        let mut token = [0; 32];
        hex::decode_to_slice(text, &mut token).ok()?;
        Some(Token(token))
    }

    /// For the cookie or the link, and for nothing else.
    pub fn expose(&self) -> String {
        hex::encode(self.0)
    }

    pub(crate) fn hash(&self, keys: &Keys, of: TokenOf) -> Vec<u8> {
        let of: &[u8] = match of {
            TokenOf::Session => b"session",
            TokenOf::Device => b"device",
            TokenOf::Enrolment => b"enrolment",
            TokenOf::OperatorEntry => b"operator entry",
            TokenOf::OperatorSession => b"operator session",
            TokenOf::Invitation => b"invitation",
        };
        keys.hash(Purpose::Token, &[of, &self.0]).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// From the operating system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives randomness");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_from_its_text_only() {
        let token = Token::random();
        assert_eq!(Token::parse(&token.expose()), Some(token.clone()));
        for wrong in ["", "abc", &token.expose()[..63], &format!("{}0", token.expose()), "가나다", &"g".repeat(64)] {
            assert_eq!(Token::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_hides_itself_and_serves_one_purpose() {
        let (token, keys) = (Token::random(), Keys::new([7; 32]));
        assert!(!format!("{token:?}").contains(&token.expose()));
        assert_ne!(token.hash(&keys, TokenOf::Session), token.hash(&keys, TokenOf::Device));
    }
}

//! Bytes that are published: people and JSON see hexadecimal digits, two a byte, lower case; upper case is read too.

/// The text is not as many hexadecimal digits as it should be.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the right number of hexadecimal digits")]
pub struct NotHex;

macro_rules! hexed {
    ($($name:ident)*) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::room::NotHex;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::room::hexed::bytes(text).map($name)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::room::NotHex;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(bytes: $name) -> String {
                bytes.to_string()
            }
        }
    )*};
}
pub(super) use hexed;

pub(super) fn bytes<const N: usize>(text: &str) -> Result<[u8; N], NotHex> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| NotHex)?;
    Ok(bytes)
}

//! The server key: everything that is hashed before it is stored is hashed with keys derived from it. It lives outside of the
//! database, so that a stolen database alone opens nothing. Losing it ends all sessions and PINs.

use rand::TryRngCore;
use rand::rngs::OsRng;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// 256 bits. Neither displays nor debugs.
#[derive(Clone)]
pub struct ServerKey([u8; 32]);

/// The key can't be used. Never repeats it.
#[derive(Debug, thiserror::Error)]
pub enum BadServerKey {
    #[error("the server key has 64 hexadecimal digits; this one has not")]
    Malformed,
    #[error("{0} may be read by others than its owner: chmod 600 it, and think about who has read it")]
    Readable(PathBuf),
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
}

impl ServerKey {
    pub fn parse(hex: &str) -> Result<ServerKey, BadServerKey> {
        let mut key = [0; 32];
        hex::decode_to_slice(hex.trim(), &mut key).map_err(|_| BadServerKey::Malformed)?;
        Ok(ServerKey(key))
    }

    /// The key in `file`, made and written there at the first call with mode 600.
    pub fn kept_in(file: &Path) -> Result<ServerKey, BadServerKey> {
        let failed = |error| BadServerKey::Io(file.to_owned(), error);
        match make(file) {
            Ok(key) => return Ok(key),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        let mut kept = File::open(file).map_err(failed)?;
        if kept.metadata().map_err(failed)?.mode() & 0o077 != 0 {
            return Err(BadServerKey::Readable(file.to_owned()));
        }
        let mut hex = String::new();
        kept.read_to_string(&mut hex).map_err(failed)?;
        ServerKey::parse(&hex)
    }

    pub fn expose(&self) -> [u8; 32] {
        self.0
    }
}

/// Written beside and linked into place, so that a crash leaves no half a key and of two starts at once one wins.
fn make(file: &Path) -> io::Result<ServerKey> {
    if file.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut key = [0; 32];
    OsRng.try_fill_bytes(&mut key).map_err(io::Error::other)?;
    let draft = file.with_extension(format!("key.{}", std::process::id()));
    let mut kept = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    kept.write_all(hex::encode(key).as_bytes())?;
    kept.sync_all()?;
    let linked = std::fs::hard_link(&draft, file);
    std::fs::remove_file(&draft)?;
    linked?;
    Ok(ServerKey(key))
}

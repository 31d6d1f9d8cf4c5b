//! What a browser does with a push message: RFC 8291 over RFC 8188, one record. Written after the RFCs and not with the sender's crate, so
//! that the two prove each other.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes128Gcm, KeyInit, Nonce};
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey, ecdh};
use sha2::Sha256;

const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = 65;
const TAG_BYTES: usize = 16;

/// `None`: not written for this device, or damaged.
pub(crate) fn decrypt(secret: &SecretKey, auth: &[u8; 16], body: &[u8]) -> Option<Vec<u8>> {
    // Salt, record size, length of the key, the sender's key; then the record.
    let (salt, rest) = body.split_at_checked(SALT_BYTES)?;
    let (size, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first()?;
    let (sender, record) = rest.split_at_checked(usize::from(*length)).filter(|(key, _)| key.len() == KEY_BYTES)?;
    let size = usize::try_from(u32::from_be_bytes(*size)).ok()?;
    if record.len() > size || record.len() <= TAG_BYTES {
        return None;
    }
    let key = PublicKey::from_sec1_bytes(sender).ok()?;
    let shared = ecdh::diffie_hellman(secret.to_nonzero_scalar(), key.as_affine());
    let mine = secret.public_key().to_encoded_point(false);
    let info = [b"WebPush: info\0".as_slice(), mine.as_bytes(), sender].concat();
    let mut keying = [0; 32];
    Hkdf::<Sha256>::new(Some(auth.as_slice()), shared.raw_secret_bytes().as_slice()).expand(&info, &mut keying).ok()?;
    let derived = Hkdf::<Sha256>::new(Some(salt), &keying);
    let (mut content_key, mut nonce) = ([0; 16], [0; 12]);
    derived.expand(b"Content-Encoding: aes128gcm\0", &mut content_key).ok()?;
    derived.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
    let cipher = Aes128Gcm::new_from_slice(&content_key).ok()?;
    let mut clear = cipher.decrypt(Nonce::from_slice(&nonce), record).ok()?;
    // Zeros of padding, and before them the delimiter of the last record.
    while clear.last() == Some(&0) {
        clear.pop();
    }
    (clear.pop() == Some(2)).then_some(clear)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn decoded(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_rfc_is_read_and_nothing_near_it() {
        let secret = SecretKey::from_slice(&decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")).unwrap();
        let auth: [u8; 16] = decoded("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap();
        let body = decoded(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        );
        assert_eq!(decrypt(&secret, &auth, &body).unwrap(), b"When I grow up, I want to be a watermelon");
        assert_eq!(decrypt(&secret, &[0; 16], &body), None, "another device");
        for at in 0..body.len() {
            let mut changed = body.clone();
            changed[at] ^= 1;
            // The record's size says only how much at most.
            assert!((16..20).contains(&at) || decrypt(&secret, &auth, &changed).is_none(), "byte {at}");
            assert_eq!(decrypt(&secret, &auth, &body[..at]), None, "cut at {at}");
        }
    }
}

//! What people, and people who mean harm, type into the forms of the entrance: a status, a sentence, and nothing changed.

use crate::world::{PIN, on_both_engines};
use app::Error;
use app::error::Input;
use app::words::Lang;
use domain::Timestamp;

#[tokio::test]
async fn phones_that_are_none() {
    on_both_engines(async |world| {
        let browser = world.browser();
        let long = "0".repeat(10_000);
        for phone in ["", "abc", "02-123-4567", "010-1234", "0101234567890", "+1 555 0100", "😀", "<b>", "' OR 1=1 --", &long] {
            let error = browser.post("/api/start/phone", &[("phone", phone)]).await.error();
            assert!(matches!(error, Error::Input(Input::Phone(_))), "{phone}: {error:?}");
            for lang in Lang::ALL {
                assert!(!error.say(lang, Timestamp::now()).is_empty());
            }
        }
        assert!(world.sandbox.sandbox.messages(None).is_empty());
    })
    .await;
}

#[tokio::test]
async fn names_are_kept_as_text_and_never_as_markup() {
    on_both_engines(async |world| {
        for (name, shown) in
            [("김하늘 😀", "김하늘 😀"), ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("O'Brien \"&\" Söhne", "O'Brien")]
        {
            let (browser, phone) = (world.browser(), world.new_phone());
            world.sign_up(&browser, phone, name).await;
            let page = browser.open("/me").await;
            page.is_ok().says(shown);
            assert!(!page.text.contains("<script>alert"), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn names_and_birth_dates_that_are_none() {
    on_both_engines(async |world| {
        let (browser, phone) = (world.browser(), world.new_phone());
        browser.post("/api/start/phone", &[("phone", &phone.digits())]).await.is_ok();
        let code = world.code_for(phone).await;
        browser.post("/api/start/code", &[("code", &code)]).await.is_ok();
        let long = "a".repeat(10_000);
        let send = async |name: &str, birth: &str| browser.post("/api/start/identity", &[("name", name), ("birth_date", birth)]).await;
        for name in ["", "   ", &long] {
            assert_eq!(send(name, "19900514").await.error(), Error::Input(Input::Name), "{}", name.len());
        }
        // More than any form of ours sends.
        send(&"가".repeat(10_000), "19900514").await.refuses(&Error::TooLarge);
        for birth in ["", "1990", "19901332", "19900230", "00000000", "abcdefgh", "29990101", "１９９"] {
            let error = send("김하늘", birth).await.error();
            assert!(matches!(error, Error::Input(Input::BirthDate | Input::TooYoung)), "{birth}: {error:?}");
        }
        browser.post("/api/start/pin", &[("pin", PIN), ("again", PIN)]).await.refuses(&Error::FormExpired);
    })
    .await;
}

#[tokio::test]
async fn accounts_that_are_none() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let long = "1".repeat(10_000);
        for (bank, account) in [
            ("088", ""),
            ("088", "12"),
            ("088", "가나다"),
            ("999", "110123456789"),
            ("", "110123456789"),
            ("088", &long),
            ("<b>", "110123456789"),
        ] {
            let error = citizen.browser.post("/api/me/bank", &[("bank", bank), ("account", account), ("pin", PIN)]).await.error();
            assert!(matches!(error, Error::Input(Input::Account | Input::Bank) | Error::AccountFailed), "{bank} {account}: {error:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn ids_that_are_none() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        for id in ["", "x", "0", "-1", "../../etc", "9b2d4c1e-6a52-4a3c-9d43-8f2a6f0e7f11", &crate::world::new_id(), "😀"] {
            for path in ["/api/purchases/get", "/api/pay/payment"] {
                let status = citizen.browser.post(path, &[("id", id)]).await.error().status();
                assert!([400, 404].contains(&status), "{path} {id}: {status}");
            }
        }
        for page in ["/buy/x", "/payments/x", "/pay/x", "/merchant/x", "/merchant/x/qr"] {
            let status = citizen.browser.open(page).await.status;
            assert!(status.is_client_error(), "{page}: {status}");
        }
        citizen.browser.post("/api/me/sessions/end", &[("id", "x")]).await.refuses(&Error::Input(Input::Id));
        citizen.browser.post("/api/me/sessions/end", &[("id", "1")]).await.refuses(&Error::NotFound);
    })
    .await;
}

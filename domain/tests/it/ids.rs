use domain::{PaymentId, PersonId, PurchaseId};
use proptest::prelude::*;

#[test]
fn only_version_seven_is_taken() {
    let good = "019818a8-9c00-7000-8000-0123456789ab";
    assert_eq!(good.parse::<PurchaseId>().unwrap().to_string(), good);
    for bad in [
        "",
        "1",
        "019818a8-9c00-4000-8000-0123456789ab",
        "019818a8-9c00-1000-8000-0123456789ab",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "019818a8-9c00-7000-8000-0123456789a",
        "019818a8-9c00-7000-8000-0123456789abc",
        "019818a8-9c00-7000-8000-0123456789ag",
        "'; DROP TABLE purchase; --",
        "０19818a8-9c00-7000-8000-0123456789ab",
    ] {
        assert!(bad.parse::<PurchaseId>().is_err(), "{bad}");
        assert!(serde_json::from_value::<PaymentId>(bad.into()).is_err(), "{bad}");
    }
    for length in [0, 1, 15, 17, 1_000] {
        assert!(PaymentId::from_bytes(&vec![0x77; length]).is_err());
    }
}

#[test]
fn a_number_given_by_the_server_is_read_as_it_is_shown() {
    for number in [0, 1, -1, i64::MAX, i64::MIN] {
        assert_eq!(PersonId(number).to_string().parse::<PersonId>(), Ok(PersonId(number)));
        assert_eq!(serde_json::to_string(&PersonId(number)).unwrap(), number.to_string());
    }
    for bad in ["", "9223372036854775808", "1.0", "0x1", " 1"] {
        assert!(bad.parse::<PersonId>().is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn an_id_survives_text_bytes_and_json(ms in 0u64..1 << 48, random: [u8; 10]) {
        let id = PurchaseId::from_parts(ms, random);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(PurchaseId::from_bytes(id.uuid().as_bytes()), Ok(id));
        prop_assert_eq!(serde_json::from_str::<PurchaseId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    }

    #[test]
    fn later_ids_are_greater(ms in 0u64..(1 << 48) - 1, one: [u8; 10], other: [u8; 10]) {
        prop_assert!(PurchaseId::from_parts(ms, one) < PurchaseId::from_parts(ms + 1, other));
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = text.parse::<PaymentId>();
    }
}

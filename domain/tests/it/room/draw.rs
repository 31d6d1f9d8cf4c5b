use domain::room::draw::{Commitment, Drawn, Recount, Seed, order, rank_of, verify};
use domain::room::{Place, Pseudonym};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn list(count: u32) -> Vec<Pseudonym> {
    let pseudonym = |number: u32| {
        let mut bytes = [0; 16];
        bytes[5..9].copy_from_slice(&number.to_be_bytes());
        Pseudonym(bytes)
    };
    (0..count).map(pseudonym).collect()
}

fn bytes(list: &[Pseudonym]) -> Vec<u8> {
    list.iter().flat_map(|pseudonym| pseudonym.0).collect()
}

fn seed() -> impl Strategy<Value = Seed> {
    any::<[u8; 32]>().prop_map(Seed)
}

/// Ascending and each once, as pseudonyms are.
fn any_list() -> impl Strategy<Value = Vec<Pseudonym>> {
    prop::collection::btree_set(any::<[u8; 16]>(), 0..80).prop_map(|set: BTreeSet<_>| set.into_iter().map(Pseudonym).collect())
}

/// Computed apart from this code (Python's hashlib): an order drawn years ago can still be proved.
#[test]
fn the_order_is_that_of_sha_256() {
    let seed = Seed([0; 32]);
    let published = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
    assert_eq!(seed.commitment().to_string(), published);
    assert_eq!(order(&seed, &list(8)), [2, 3, 1, 6, 4, 8, 5, 7]);
}

#[test]
fn a_seed_is_proved_by_its_commitment_alone() {
    let (seed, other) = (Seed([1; 32]), Seed([2; 32]));
    let commitment = seed.commitment();
    assert!(verify(&commitment, &seed) && !verify(&commitment, &other));
    assert_eq!(commitment.to_string().parse(), Ok(commitment));
    assert_eq!(seed.reveal().parse(), Ok(seed.clone()));
    assert_eq!(serde_json::from_str::<Commitment>(&serde_json::to_string(&commitment).unwrap()).unwrap(), commitment);
    assert_eq!(format!("{seed:?}"), "Seed(hidden)");
    for bad in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &"가".repeat(32)] {
        assert!(bad.parse::<Seed>().is_err() && bad.parse::<Commitment>().is_err(), "{bad}");
    }
}

#[test]
fn a_damaged_list_gives_no_place() {
    let (seed, list) = (Seed([1; 32]), list(3));
    assert_eq!(rank_of(&seed, &[], list[0]), None);
    assert_eq!(rank_of(&seed, &bytes(&list)[..47], list[0]), None);
    assert_eq!(rank_of(&seed, &bytes(&list[1..]), list[0]), None);
}

#[test]
fn a_person_listed_twice_has_one_lot() {
    let (seed, once) = (Seed([1; 32]), list(20));
    let twice = Drawn::new(&seed, [once.clone(), once.clone()].concat());
    assert_eq!((twice.count(), twice.list_bytes()), (20, bytes(&once)));
    assert!(once.iter().zip(order(&seed, &once)).all(|(own, rank)| twice.place_of(*own).map(Place::get) == Some(rank)));
}

#[test]
fn a_hundred_thousand_take_twenty_bytes_each() {
    let seed = Seed([3; 32]);
    let drawn = Drawn::new(&seed, list(100_000));
    assert_eq!((drawn.count(), drawn.bytes()), (100_000, 2_000_000));
    let own = list(100_000)[4_711];
    assert_eq!(rank_of(&seed, &drawn.list_bytes(), own), drawn.place_of(own));
}

#[test]
fn the_lot_favours_nobody() {
    let tickets = list(100);
    let mut sums = vec![0u32; 100];
    for seed in 0..200 {
        for (sum, rank) in sums.iter_mut().zip(order(&Seed([seed; 32]), &tickets)) {
            *sum += rank;
        }
    }
    // The mean rank of 200 draws has a standard deviation of 2.04 around 50.5.
    assert!(sums.iter().all(|sum| (40 * 200..61 * 200).contains(sum)), "{sums:?}");
}

proptest! {
    #[test]
    fn an_order_is_a_permutation_whatever_the_order_of_the_list(
        seed in seed(),
        (list, shuffled) in any_list().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
    ) {
        let ranks = order(&seed, &list);
        let mut sorted = ranks.clone();
        sorted.sort_unstable();
        prop_assert!(sorted.iter().copied().eq(1..=list.len() as u32));
        let of_shuffled = order(&seed, &shuffled);
        for (pseudonym, rank) in shuffled.iter().zip(&of_shuffled) {
            let at = list.binary_search(pseudonym).unwrap();
            prop_assert_eq!(ranks[at], *rank);
        }
        let drawn = Drawn::new(&seed, shuffled.clone());
        prop_assert_eq!(drawn.list_bytes(), bytes(&list));
        for (pseudonym, rank) in shuffled.iter().zip(&of_shuffled) {
            prop_assert_eq!(drawn.place_of(*pseudonym).map(Place::get), Some(*rank));
        }
    }

    #[test]
    fn a_page_counts_the_place_that_was_drawn(seed in seed(), list in any_list(), stranger: [u8; 16], piece in 1usize..50) {
        for (own, rank) in list.iter().zip(order(&seed, &list)).take(8) {
            prop_assert_eq!(rank_of(&seed, &bytes(&list), *own).map(Place::get), Some(rank));
            let mut recount = Recount::new(&seed, *own);
            for piece in bytes(&list).chunks(piece * 16) {
                prop_assert_eq!(recount.read(piece), Some(()));
            }
            prop_assert_eq!(recount.place().map(Place::get), Some(rank));
        }
        let stranger = Pseudonym(stranger);
        prop_assert_eq!(rank_of(&seed, &bytes(&list), stranger).is_some(), list.contains(&stranger));
        prop_assert_eq!(Drawn::new(&seed, list.clone()).place_of(stranger).is_some(), list.contains(&stranger));
    }

    #[test]
    fn no_list_panics(seed in seed(), list: Vec<u8>, own: [u8; 16]) {
        let _ = rank_of(&seed, &list, Pseudonym(own));
    }
}

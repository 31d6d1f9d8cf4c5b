use domain::merchant::Role::{self, Cashier, Manager, Owner};

#[test]
fn an_owner_gives_every_role_and_a_manager_makes_cashiers() {
    for (role, gives) in [(Owner, vec![Cashier, Manager, Owner]), (Manager, vec![Cashier]), (Cashier, vec![])] {
        assert_eq!(role.gives().collect::<Vec<_>>(), gives, "{role:?}");
    }
}

#[test]
fn nobody_ends_the_job_of_an_owner_or_of_an_equal() {
    let may: Vec<(Role, Role)> =
        Role::ALL.into_iter().flat_map(|one| Role::ALL.map(|other| (one, other))).filter(|(one, other)| one.may_change(*other)).collect();
    assert_eq!(may, [(Manager, Cashier), (Owner, Cashier), (Owner, Manager)]);
}

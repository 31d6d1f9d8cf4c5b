use domain::operator::{Login, Role, Roles};

#[test]
fn roles_are_read_from_names() {
    let both = Roles::parse("controller, planner").unwrap();
    assert_eq!(both.to_string(), "planner,controller");
    assert!(both.has(Role::Planner) && both.has(Role::Controller) && !both.has(Role::Auditor));
    for role in Role::ALL {
        assert_eq!(Roles::parse(role.as_str()).unwrap().iter().collect::<Vec<_>>(), [role]);
    }
    for wrong in ["", "owner", "planner,", "planner;auditor"] {
        assert_eq!(Roles::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn logins_are_short_and_plain() {
    assert_eq!(Login::parse(" Planner.1 ").unwrap().as_str(), "planner.1");
    for wrong in ["", "ab", "a b c", "계획담당", "a'--", &"a".repeat(33)] {
        assert!(Login::parse(wrong).is_none(), "{wrong}");
    }
}

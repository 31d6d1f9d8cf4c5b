//! Sentences of shops that sign up, of those who let them in, and of their staff, that name a state or a refusal.

use super::{Lang, moment};
use domain::Timestamp;
use domain::application::{ApplicationRefused, BusinessState, Decision, Field, Part, ShopRefused, Stage};
use domain::business_number::BusinessNumberError;
use domain::merchant::{Role, Standing};
use domain::staff::StaffRefused;

pub fn stage(lang: Lang, stage: Stage) -> &'static str {
    let t = &lang.words().joining;
    match stage {
        Stage::Draft => t.stage_draft,
        Stage::Submitted => t.stage_submitted,
        Stage::SentBack => t.stage_sent_back,
        Stage::Approved => t.stage_approved,
        Stage::Closed => t.stage_closed,
    }
}

pub fn decision(lang: Lang, decision: Decision) -> &'static str {
    let t = &lang.words().joining;
    match decision {
        Decision::Approved => t.decided_approved,
        Decision::SentBack => t.decided_sent_back,
        Decision::Closed => t.decided_closed,
        Decision::Reopened => t.decided_reopened,
    }
}

pub fn part(lang: Lang, part: Part) -> &'static str {
    let t = &lang.words().joining;
    match part {
        Part::About => t.part_about,
        Part::Photo => t.part_photo,
        Part::Payout => t.part_payout,
    }
}

/// What the tax service says of a business, as a sentence.
pub fn business_state(lang: Lang, state: BusinessState) -> &'static str {
    let t = &lang.words().joining;
    match state {
        BusinessState::Continuing => t.state_continuing,
        BusinessState::Suspended => t.not_continuing_suspended,
        BusinessState::Closed => t.not_continuing_closed,
        BusinessState::NotRegistered => t.not_continuing_unknown,
    }
}

pub fn business_number_error(lang: Lang, error: &BusinessNumberError) -> &'static str {
    let t = &lang.words().joining;
    match error {
        BusinessNumberError::NotDigits => t.tax_not_digits,
        BusinessNumberError::WrongLength { .. } => t.tax_length,
        BusinessNumberError::WrongCheckDigit => t.tax_check,
        BusinessNumberError::NeverIssued => t.tax_never,
    }
}

/// Why an application did not go on, and what can be done.
pub fn application_refused(lang: Lang, refused: &ApplicationRefused, now: Timestamp) -> String {
    let t = &lang.words().joining;
    let says = match refused {
        ApplicationRefused::NotContinuing(state) => business_state(lang, *state),
        ApplicationRefused::NumberTaken => t.number_taken,
        ApplicationRefused::Field(Field::Name) => t.field_name,
        ApplicationRefused::Field(Field::Category) => t.field_category,
        ApplicationRefused::Field(Field::District) => t.field_district,
        ApplicationRefused::Field(Field::Address) => t.field_address,
        ApplicationRefused::In(is) => return t.not_now(stage(lang, *is)),
        ApplicationRefused::Missing(parts) => {
            let parts: Vec<&str> = parts.iter().map(|missing| part(lang, *missing)).collect();
            return t.missing(&parts.join(", "));
        }
        ApplicationRefused::TooMany => t.too_many,
        ApplicationRefused::NotAPicture => t.not_a_picture,
        ApplicationRefused::PictureTooLarge { most_mb } => return t.picture_too_large(*most_mb),
        ApplicationRefused::PictureTooSmall => t.picture_too_small,
        ApplicationRefused::NoCode => t.no_code,
        ApplicationRefused::CodeWrong { tries_left } => return t.code_wrong(*tries_left),
        ApplicationRefused::AccountRejects => t.account_rejects,
        ApplicationRefused::TooOften { until } => return t.too_often(&moment(lang, *until, now)),
        ApplicationRefused::IdReused => t.id_reused,
    };
    says.to_owned()
}

/// Why nothing was decided about a shop.
pub fn shop_refused(lang: Lang, refused: ShopRefused) -> String {
    let (t, words) = (&lang.words().shops, lang.words());
    let says = match refused {
        ShopRefused::NotYourRole(needed) => return words.city.not_your_role(super::role(lang, needed)),
        ShopRefused::NoSuchShop => t.no_such,
        ShopRefused::Changed => t.changed,
        ShopRefused::In(standing) => {
            let standing = match standing {
                Standing::Pending => words.shop.standing_pending,
                Standing::Open => words.shop.standing_open,
                Standing::Closed => words.shop.standing_closed,
            };
            return t.is_now(standing);
        }
        ShopRefused::NoReason => t.no_reason,
        ShopRefused::NotVerified => t.not_verified,
        ShopRefused::NumberTaken => t.number_taken,
    };
    says.to_owned()
}

/// Why nothing was changed about the staff of a shop.
pub fn staff_refused(lang: Lang, refused: StaffRefused) -> String {
    let (t, shop) = (&lang.words().staff, &lang.words().shop);
    let says = match refused {
        StaffRefused::NotYours => t.not_yours,
        StaffRefused::NoSuchStaff => t.no_such,
        StaffRefused::LastOwner => t.last_owner,
        StaffRefused::InvitationOver => t.over,
        StaffRefused::AlreadyStaff(role) => {
            let role = match role {
                Role::Cashier => shop.role_cashier,
                Role::Manager => shop.role_manager,
                Role::Owner => shop.role_owner,
            };
            return t.already(role);
        }
        StaffRefused::Full => t.full,
        StaffRefused::ShopClosed => t.shop_closed,
    };
    says.to_owned()
}

//! The policies as they are deployed: inside the executable, so that what was proved is what runs.

/// The words of the policies.
pub(crate) const SCHEMA: &str = include_str!("../policies/schema.cedarschema");

/// Name and text of each file.
pub(crate) const FILES: [(&str, &str); 10] = [
    ("access", include_str!("../policies/access.cedar")),
    ("casework", include_str!("../policies/casework.cedar")),
    ("directory", include_str!("../policies/directory.cedar")),
    ("food", include_str!("../policies/food.cedar")),
    ("housing", include_str!("../policies/housing.cedar")),
    ("intake", include_str!("../policies/intake.cedar")),
    ("projections", include_str!("../policies/projections.cedar")),
    ("referrals", include_str!("../policies/referrals.cedar")),
    ("sealed", include_str!("../policies/sealed.cedar")),
    ("vault", include_str!("../policies/vault.cedar")),
];

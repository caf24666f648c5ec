//! Who may ask what of cards, meals and parcels. Beside the role, each door asks that the caller
//! acts for the store, canteen or unit in whose name it is done. A card answers in its ATS only.

use trama_events::codes::Role;
use trama_platform::doors::Action;

/// Workers who know which household needs what.
const WORKERS: &[Role] = &[Role::InfoDesk, Role::CaseManager, Role::HubProfessional];

/// Everybody behind the counter of a store.
const STORES: &[Role] =
    &[Role::Volunteer, Role::InfoDesk, Role::CaseManager, Role::HubProfessional];

/// Everybody who hands out meals.
const SERVERS: &[Role] = &[
    Role::Volunteer,
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::FacilityOperator,
    Role::CaseManager,
    Role::HubProfessional,
];

/// Issuing, renewing, suspending, resuming and closing a card.
pub(crate) const KEEP_CARDS: Action = Action {
    name: "food.keep_cards",
    roles: WORKERS,
    why: "a card belongs to a household that a worker knows; volunteers never learn whose it is",
    second_factor: false,
};

/// Crediting and spending points, and looking at a card.
pub(crate) const USE_CARDS: Action = Action {
    name: "food.use_cards",
    roles: STORES,
    why: "the store sees a card's number, points and household size, and nothing else",
    second_factor: false,
};

/// Recording meals.
pub(crate) const SERVE_MEALS: Action = Action {
    name: "food.serve_meals",
    roles: SERVERS,
    why: "whoever hands out meals counts them; nobody who eats has to say a name",
    second_factor: false,
};

/// Meaning a parcel for a household.
pub(crate) const ASSIGN_PARCELS: Action = Action {
    name: "food.assign_parcels",
    roles: WORKERS,
    why: "a worker decides which household gets a parcel",
    second_factor: false,
};

/// Handing a parcel over.
pub(crate) const DELIVER_PARCELS: Action = Action {
    name: "food.deliver_parcels",
    roles: STORES,
    why: "whoever hands a parcel over says so, and needs no name for it",
    second_factor: false,
};

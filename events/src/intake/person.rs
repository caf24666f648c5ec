//! A person's record, and which records are one person.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::Date;
use utoipa::ToSchema;

use super::{EngagementStage, LinkReason, UnlinkReason};
use crate::codes::{Ethos, Gender, IdentifierKind, IdentityStatus};
use crate::fact::facts;
use crate::ids::{LinkId, PersonId, ServiceId, StaffId};
use crate::short_code::ShortCode;

/// What happens to a person's record. Names and identifier values are never here.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PersonEvent {
    /// A service met a person and opened a record.
    PersonRegistered {
        /// The record's id; it stays valid for ever, linked or not.
        person: PersonId,
        /// The short code by which people speak of her.
        code: ShortCode,
        /// How much is known of who she is.
        status: IdentityStatus,
        /// Service that registered her.
        service: ServiceId,
        /// Year of birth, when said: 1900 to this year.
        birth_year: Option<u16>,
        /// Gender, as stated.
        gender: Gender,
        /// Language spoken, ISO 639-1.
        language: Option<String>,
    },
    /// A unit knows her under an alias, kept as an opaque code; unique inside that unit only.
    AliasRecorded {
        /// The unit that uses the alias.
        service: ServiceId,
        /// Opaque code of the alias, 1 to 40 symbols; never a name.
        alias_code: String,
    },
    /// An identifier exists. Its value is in the vault, never here.
    IdentifierAdded {
        /// Which kind.
        kind: IdentifierKind,
        /// Last day on which it is valid, when it ends.
        valid_to: Option<Date>,
    },
    /// An identifier ran out without a successor.
    IdentifierExpired {
        /// Which kind.
        kind: IdentifierKind,
    },
    /// A better identifier replaced this one: nothing is due when it runs out.
    IdentifierSuperseded {
        /// Which kind was replaced.
        kind: IdentifierKind,
    },
    /// Somebody saw a document: the person is identified.
    PersonIdentified {
        /// Whether her stay in Italy is known to be lawful; `None` when nobody asked. The registry
        /// office decides what follows, never we.
        lawful_stay: Option<bool>,
    },
    /// The privacy notice was given and explained.
    PrivacyNoticeGiven {
        /// In which language, ISO 639-1.
        language: String,
    },
    /// Where she sleeps, as she or the worker says.
    HousingSituationRecorded {
        /// ETHOS situation.
        ethos: Ethos,
    },
    /// An earlier entry on the housing situation was wrong; both stay visible.
    HousingSituationCorrected {
        /// Sequence number, in this person's record, of the entry that was wrong.
        corrects: u32,
        /// ETHOS situation as it was in truth.
        ethos: Ethos,
    },
    /// Trust grew or fell: an optional phase, never a precondition.
    EngagementProgressed {
        /// The phase reached.
        stage: EngagementStage,
    },
    /// Whoever does not accompany her does not find her: not by name, nor in a household, a journey
    /// or the feed. It says neither why nor where she is. Somebody may follow her, she may be a
    /// witness whom the State protects, or flee from who works in the network; where she sleeps may
    /// be at home, in another city, or in a house whose address nobody has.
    NotToBeFoundDeclared {
        /// Which worker says so. What several say stands until each of it is lifted.
        said_by: StaffId,
    },
    /// What a worker said holds no more. She may be found again, as everybody else, once nobody's does.
    NotToBeFoundLifted {
        /// Which worker had said so.
        said_by: StaffId,
    },
}

facts!(PersonEvent, Intake, "person");

/// A judgement on whether two records are one person. A link, not a merge: both ids stay.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LinkEvent {
    /// The two records are one person.
    PersonsLinked {
        /// The pair's id, the same in either order.
        link: LinkId,
        /// The record that stays in front: the older one unless said otherwise.
        canonical: PersonId,
        /// The other record.
        other: PersonId,
        /// What speaks for it, at least one.
        reasons: Vec<LinkReason>,
    },
    /// They are two people: the pair is never proposed again.
    PersonsDeclaredDifferent {
        /// The pair's id.
        link: LinkId,
        /// One record.
        canonical: PersonId,
        /// The other record.
        other: PersonId,
    },
    /// Somebody looked at the pair and could not say.
    MatchLeftOpen {
        /// The pair's id.
        link: LinkId,
        /// One record.
        canonical: PersonId,
        /// The other record.
        other: PersonId,
    },
    /// They are two people after all; both histories are restored exactly, and the pair is never
    /// proposed again.
    PersonsUnlinked {
        /// The pair's id.
        link: LinkId,
        /// The record that was in front.
        canonical: PersonId,
        /// The other record.
        other: PersonId,
        /// Why.
        reason: UnlinkReason,
    },
}

facts!(LinkEvent, Intake, "link");

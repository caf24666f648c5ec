use time::OffsetDateTime;
use trama_events::ids::PersonId;
use trama_platform::permit::{Guard, Relation};
use trama_platform::ties::{
    Acquaintance, Between, Bodies, Finding, FindingEach, FindingGround, Standings, Ties, Unsure,
};

use super::find::{Asker, Relations};
use super::found::{self, RelationKind, RelationsFound};

impl Acquaintance for Relations {
    fn between<'a>(&'a self, asked: Between<'a>) -> Finding<'a> {
        Box::pin(async move {
            let person = [asked.person];
            self.with_each(asked, &person).await?.pop().flatten().ok_or(Unsure)
        })
    }

    fn with_each<'a>(&'a self, asked: Between<'a>, persons: &'a [PersonId]) -> FindingEach<'a> {
        Box::pin(async move {
            let worker = Asker {
                staff: asked.staff,
                organisation: asked.organisation,
                services: asked.services,
            };
            let found = self.of_each(worker, persons, asked.now).await.map_err(|why| {
                tracing::warn!(error = %why, "nobody can say now who may see whom");
                Unsure
            })?;
            Ok(persons.iter().zip(found).map(|(person, found)| whole(found, *person)).collect())
        })
    }

    fn ground<'a>(&'a self, asked: Between<'a>, records: &'a [PersonId]) -> FindingGround<'a> {
        Box::pin(async move {
            Relations::ground(self, &asked, records).await.map_err(|why| {
                tracing::warn!(error = %why, "nobody can say now who may be brought in");
                Unsure
            })
        })
    }

    fn standings<'a>(&'a self, records: &'a [PersonId], until: OffsetDateTime) -> Standings<'a> {
        Box::pin(async move {
            self.standing(records, until).await.map_err(|why| {
                tracing::warn!(error = %why, "nobody can say now who had to do with whom");
                Unsure
            })
        })
    }

    fn can_tell(&self) -> bool {
        self.is_in_time()
    }

    fn confidential_bodies(&self) -> Bodies<'_> {
        Box::pin(async move {
            self.all_confidential().await.map_err(|why| {
                tracing::warn!(error = %why, "nobody can say now which bodies are confidential");
                Unsure
            })
        })
    }
}

fn whole(found: RelationsFound, person: PersonId) -> Option<Ties> {
    if found.incomplete {
        tracing::error!("an event of a person could not be taken: nobody may see her");
        return None;
    }
    Some(ties(found, person))
}

fn ties(found: RelationsFound, person: PersonId) -> Ties {
    let minor = found.minor();
    let hidden = found.protected || !found.hidden_by.is_empty();
    let guard = if hidden { Guard::Guarded { keeper: found.keeper } } else { Guard::Open };
    let records = if found.records.is_empty() { vec![person] } else { found.records };
    Ties {
        records,
        registered: found.registered,
        sealed_by: found.sealed_by,
        relations: found.relations.iter().filter_map(permitted_as).collect(),
        profession: found.profession,
        consents: found.consents.iter().map(|consent| consent.scope).collect(),
        agreements: found.agreements,
        handed_over: found.handed_over,
        forced: found.forced,
        minor,
        past: found.past,
        guard,
        hidden_by: found.hidden_by,
        given: found.given,
        sent_here: found.sent_here,
    }
}

/// The relation as the policies speak of it. That a service holds a case is no relation of
/// everybody in it: its manager and the team have one, the others what their body recorded.
pub(super) fn permitted_as(found: &found::Relation) -> Option<Relation> {
    match found.kind {
        RelationKind::CaseManager | RelationKind::CaseTeam if found.covering.is_some() => {
            Some(Relation::Cover)
        }
        RelationKind::CaseManager => Some(Relation::CaseManager),
        RelationKind::CaseTeam => Some(Relation::CaseTeam),
        RelationKind::CaseService => None,
        RelationKind::ReferralReceived => Some(Relation::ReferralReceived),
        RelationKind::ReferralSent => Some(Relation::ReferralSent),
        RelationKind::Stay | RelationKind::Night | RelationKind::Waiting => Some(Relation::Stay),
        RelationKind::OwnRecord => Some(Relation::OwnRecord),
        RelationKind::Meeting => Some(Relation::Meeting),
        RelationKind::Guardian => Some(Relation::Guardian),
    }
}

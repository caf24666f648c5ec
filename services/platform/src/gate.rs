//! The gate: who comes in, what she may ask, and what of a person she may see.
//!
//! A token or a session says who somebody is; the directory's events say what she may; the log says
//! how she has to do with a person; the policies decide; the access log writes it down. Only then
//! is anything read. What she may not see looks like what does not exist, and takes as long.

mod forced;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use futures::future::try_join_all;
use time::OffsetDateTime;
use trama_events::codes::{Purpose, Section};
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_permit::{
    Asking, Circumstances, Deed, Part, Policies, Relation, Sections, Subject, Worker,
};

use crate::access::{AccessLog, Decision, Entry, ROWS_MAX};
use crate::caller::{Caller, Keys, NotLetIn, Presented};
use crate::clock::{Clock, random_id, real_now};
use crate::doors::Action;
use crate::failure::Problem;
use crate::staff::{Membership, Staff, Standing, Wanted, Who};
use crate::ties::{Acquaintance, Between, Ties};

pub use forced::Forcing;

/// Everything that a gate asks.
#[derive(Clone)]
pub struct Guards {
    /// With which keys tokens are checked.
    pub keys: Keys,
    /// The domain's clock.
    pub clock: Clock,
    /// Who may act in which role.
    pub staff: Staff,
    /// Who may see what.
    pub policies: Arc<Policies>,
    /// How workers have to do with persons.
    pub ties: Arc<dyn Acquaintance>,
    /// Who looked.
    pub access: AccessLog,
}

/// The gate of every door and page. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    guards: Arc<Guards>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

/// A person's record as it is open to a reader. That it was opened is written down.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Every record that is this person.
    pub records: Vec<PersonId>,
    /// What may be shown.
    pub sections: Sections,
}

/// Somebody whom a search found, as far as a reader may know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The person.
    pub person: PersonId,
    /// Whether the reader may know that she is there.
    pub listed: bool,
    /// Whether the reader may see the class of data that was asked for.
    pub shown: bool,
}

impl Gate {
    /// A gate that asks these guards.
    pub fn new(guards: Guards) -> Self {
        Self { guards: Arc::new(guards) }
    }

    /// The domain's clock.
    pub fn clock(&self) -> &Clock {
        &self.guards.clock
    }

    /// Who may act, and when that changes.
    pub fn staff(&self) -> &Staff {
        &self.guards.staff
    }

    /// The policies as they hold.
    pub fn policies(&self) -> &Policies {
        &self.guards.policies
    }

    /// The access log.
    pub fn access(&self) -> &AccessLog {
        &self.guards.access
    }

    /// Whoever has a valid token and, for the action, a role that may.
    ///
    /// # Errors
    ///
    /// 401 without a valid token or with an account that may nothing; 403 with a role that may not:
    /// roles are no secret; 503 while nobody can say who may.
    pub async fn permit(&self, headers: &HeaderMap, action: &Action) -> Result<Caller, Problem> {
        let presented = self.bearer(headers).await?;
        let caller = self.caller(&presented, headers)?;
        self.may(&caller, action).await?;
        Ok(caller)
    }

    /// Who a bearer token says that she is.
    ///
    /// # Errors
    ///
    /// 401, whatever is wrong with the token.
    pub async fn bearer(&self, headers: &HeaderMap) -> Result<Presented, Problem> {
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| not_let_in(NotLetIn))?;
        self.guards.keys.present(token, real_now()).await.map_err(not_let_in)
    }

    /// What she may act for now, by the directory.
    ///
    /// # Errors
    ///
    /// As [`Self::permit`]; 400 for a purpose that is none.
    pub fn caller(&self, presented: &Presented, headers: &HeaderMap) -> Result<Caller, Problem> {
        let membership = self.membership(presented)?;
        let stated = stated_purpose(headers)?;
        Ok(Caller {
            staff: membership.staff,
            organisation: membership.organisation,
            ats: membership.ats,
            role: membership.role,
            services: membership.services,
            purpose: stated.unwrap_or(Purpose::Care),
            stated,
            second_factor: presented.second_factor,
            session: presented.session.clone(),
            request_id: request_id(headers),
            let_in_until: presented.until,
        })
    }

    fn membership(&self, presented: &Presented) -> Result<Membership, Problem> {
        match self.guards.staff.membership(presented.who(), &presented.wanted()) {
            Standing::Active(membership) => Ok(membership),
            Standing::Unsure => {
                let detail = "we cannot tell now who may act: try again in a moment";
                Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unsure", detail))
            }
            Standing::Suspended
            | Standing::Ended
            | Standing::NoSuchMembership
            | Standing::Unknown => Err(not_let_in(NotLetIn)),
        }
    }

    /// Whether her role may ask this. A refusal is written down.
    ///
    /// # Errors
    ///
    /// 403, with the reason why these roles; 503 when it cannot be written down.
    pub async fn may(&self, caller: &Caller, action: &Action) -> Result<(), Problem> {
        if action.roles.contains(&caller.role) {
            return must_be_certain(caller, action);
        }
        let entry = Entry {
            sections: vec!["door".to_owned()],
            ..Entry::by(caller, &caller.session, action.name, real_now())
        };
        self.guards.access.write(entry).await?;
        let detail = format!("your role may not do this ({}): {}", action.name, action.why);
        Err(Problem::new(StatusCode::FORBIDDEN, "role_may_not", detail))
    }

    /// Opens a person's record for reading some classes of her data: decides, and has it written
    /// down, before anything of it is read.
    ///
    /// # Errors
    ///
    /// 404 when none of the classes is open, whether she exists or not; 403 `purpose_needed` when
    /// one would be with a purpose, also for whoever does not exist; 503 when nobody can say who
    /// may, or when it cannot be written down.
    pub async fn open(
        &self,
        caller: &Caller,
        action: &Action,
        person: PersonId,
        asked: &[Section],
    ) -> Result<Opened, Problem> {
        let ties = self.ties(caller, person).await?;
        let asking = asking(caller, person, &ties);
        let (sections, forced) = forced::open_now(self.policies(), &asking, &ties, asked);
        let open: BTreeSet<Section> = sections.open().keys().copied().collect();
        let entry = Entry {
            person: Some(person),
            sections: codes(if open.is_empty() {
                asked.to_vec()
            } else {
                open.iter().copied().collect()
            }),
            decision: if open.is_empty() { Decision::Denied } else { Decision::Allowed },
            policies: sections.policies().iter().take(POLICIES_MAX).cloned().collect(),
            explained: explains(&ties.relations),
            forced,
            ..Entry::by(caller, &caller.session, action.name, real_now())
        };
        self.guards.access.write(entry).await?;
        if !open.is_empty() {
            return Ok(Opened { records: ties.records, sections });
        }
        Err(self.closed(caller, asking, asked))
    }

    /// The same answer for whoever may not see her and for whoever does not exist.
    fn closed(&self, caller: &Caller, mut asking: Asking, asked: &[Section]) -> Problem {
        if caller.stated.is_some() {
            return Problem::not_found();
        }
        // Asked of a person without ties, so that the answer does not tell whether she exists.
        asking.subject = Subject::new(asking.subject.person);
        asking.circumstances =
            Circumstances { purpose: Some(Purpose::Care), ..Circumstances::default() };
        if !self.guards.policies.sections_of(&asking, asked).is_empty() {
            let detail = "no open case, referral or stay explains this reading: state a purpose \
                          with the Purpose header (care, emergency, planning, audit or \
                          administration); it is written down";
            return Problem::new(StatusCode::FORBIDDEN, "purpose_needed", detail);
        }
        Problem::not_found()
    }

    /// Whether she may do something with a person's record as a whole. A refusal is written down.
    ///
    /// # Errors
    ///
    /// 404 when she may not, whether the person exists or not; 503 as [`Self::open`].
    pub async fn may_with(
        &self,
        caller: &Caller,
        action: &Action,
        person: PersonId,
        deed: Deed,
    ) -> Result<Ties, Problem> {
        let ties = self.ties(caller, person).await?;
        let decision = self.may_now(caller, person, &ties, deed);
        let entry = Entry {
            person: Some(person),
            sections: vec![deed.code().to_owned()],
            decision: if decision.allowed { Decision::Allowed } else { Decision::Denied },
            policies: decision.policies.into_iter().take(POLICIES_MAX).collect(),
            explained: explains(&ties.relations),
            ..Entry::by(caller, &caller.session, action.name, real_now())
        };
        self.guards.access.write(entry).await?;
        if decision.allowed { Ok(ties) } else { Err(Problem::not_found()) }
    }

    /// Break-glass opens a record for reading and for nothing else.
    fn may_now(
        &self,
        caller: &Caller,
        person: PersonId,
        ties: &Ties,
        deed: Deed,
    ) -> trama_permit::Decision {
        let mut asking = asking(caller, person, ties);
        asking.circumstances.forced = false;
        self.guards.policies.may_with_person(&asking, deed)
    }

    /// Of people who were found by a search: who may be shown as being there, and of whom one class
    /// of data. All are written down, also those who are not shown.
    ///
    /// # Errors
    ///
    /// 503 when nobody can say who may, or when it cannot be written down.
    pub async fn found(
        &self,
        caller: &Caller,
        action: &Action,
        people: &[PersonId],
        section: Section,
    ) -> Result<Vec<Found>, Problem> {
        let ties = try_join_all(people.iter().map(|person| self.ties(caller, *person))).await?;
        let mut found = Vec::with_capacity(people.len());
        let mut entries = Vec::with_capacity(people.len());
        for (&person, ties) in people.iter().zip(&ties) {
            let listed = self.may_now(caller, person, ties, Deed::List);
            let asking = asking(caller, person, ties);
            let (open, _) = forced::open_now(self.policies(), &asking, ties, &[section]);
            let shown = listed.allowed && open.reads(section);
            let named = if shown { section.code() } else { Deed::List.code() };
            entries.push(Entry {
                person: Some(person),
                sections: vec![named.to_owned()],
                decision: if listed.allowed { Decision::Allowed } else { Decision::Denied },
                policies: listed.policies,
                explained: explains(&ties.relations),
                listed: true,
                ..Entry::by(caller, &caller.session, action.name, real_now())
            });
            found.push(Found { person, listed: listed.allowed, shown });
        }
        if entries.is_empty() {
            entries.push(Entry {
                sections: vec!["search".to_owned()],
                decision: Decision::Allowed,
                explained: true,
                ..Entry::by(caller, &caller.session, action.name, real_now())
            });
        }
        self.guards.access.write_all(entries).await?;
        Ok(found)
    }

    /// Writes down that these people stood in a list of one's own service, before it leaves.
    ///
    /// # Errors
    ///
    /// 503 when it cannot be written down.
    pub async fn listed(
        &self,
        caller: &Caller,
        action: &Action,
        people: impl IntoIterator<Item = PersonId>,
        section: Section,
    ) -> Result<(), Problem> {
        let people: BTreeSet<PersonId> = people.into_iter().collect();
        let entry = |person| Entry {
            person: Some(person),
            sections: vec![section.code().to_owned()],
            decision: Decision::Allowed,
            explained: true,
            listed: true,
            ..Entry::by(caller, &caller.session, action.name, real_now())
        };
        let entries: Vec<Entry> = people.into_iter().map(entry).collect();
        for page in entries.chunks(ROWS_MAX) {
            self.guards.access.write_all(page.to_vec()).await?;
        }
        Ok(())
    }

    /// Writes down that a record of one's own service was opened, before it leaves.
    ///
    /// # Errors
    ///
    /// 503 when it cannot be written down.
    pub async fn own(
        &self,
        caller: &Caller,
        action: &Action,
        person: PersonId,
        section: Section,
    ) -> Result<(), Problem> {
        let entry = Entry {
            person: Some(person),
            sections: vec![section.code().to_owned()],
            decision: Decision::Allowed,
            explained: true,
            ..Entry::by(caller, &caller.session, action.name, real_now())
        };
        self.guards.access.write(entry).await?;
        Ok(())
    }

    /// How she has to do with a person now.
    ///
    /// # Errors
    ///
    /// 503 while nobody can say.
    pub async fn ties(&self, caller: &Caller, person: PersonId) -> Result<Ties, Problem> {
        let now = self.guards.clock.now();
        let asked = Between {
            staff: caller.staff,
            organisation: caller.organisation,
            services: &caller.services,
            person,
            on: rome::day_of(now),
            now,
        };
        self.guards.ties.between(asked).await.map_err(|unsure| {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unsure", unsure.to_string())
        })
    }
}

/// Actions that need a second factor whatever they show: what a stolen password must not open.
const CERTAIN: [&str; 4] = ["sealed.desk", "vault.erase", "vault.hold", "directory.staff"];

fn must_be_certain(caller: &Caller, action: &Action) -> Result<(), Problem> {
    if caller.second_factor || !CERTAIN.contains(&action.name) {
        return Ok(());
    }
    let detail = "this needs a second factor: sign in again with it";
    Err(Problem::new(StatusCode::FORBIDDEN, "second_factor_needed", detail))
}

/// Most policies in a row of the access log.
const POLICIES_MAX: usize = 32;

fn codes(sections: Vec<Section>) -> Vec<String> {
    sections.into_iter().map(|section| section.code().to_owned()).collect()
}

/// Whether a relation explains a reading. That somebody wrote something once does not.
fn explains(relations: &[Relation]) -> bool {
    relations.iter().any(|relation| *relation != Relation::OwnRecord)
}

fn asking(caller: &Caller, person: PersonId, ties: &Ties) -> Asking {
    Asking {
        worker: Worker {
            staff: caller.staff,
            organisation: caller.organisation,
            role: caller.role,
            part: Part::of(caller.role, ties.profession),
            services: caller.services.iter().copied().collect(),
            suspended: false,
            second_factor: caller.second_factor,
        },
        subject: Subject { person, minor: ties.minor, guard: ties.guard, sealed_by: None },
        circumstances: Circumstances {
            purpose: caller.stated,
            relations: ties.relations.iter().copied().collect(),
            consents: ties.consents.iter().copied().collect(),
            forced: !ties.forced.is_empty(),
            agreements: ties.agreements.clone(),
            handed_over: ties.handed_over.iter().copied().collect(),
        },
    }
}

fn not_let_in(not: NotLetIn) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "no_valid_token", not.to_string())
}

fn stated_purpose(headers: &HeaderMap) -> Result<Option<Purpose>, Problem> {
    let Some(named) = headers.get("purpose") else { return Ok(None) };
    named.to_str().ok().and_then(|name| name.parse().ok()).map(Some).ok_or_else(|| {
        let detail = "the Purpose header is care, emergency, planning, audit or administration";
        Problem::new(StatusCode::BAD_REQUEST, "unknown_purpose", detail)
    })
}

/// The caller's own request id when it is short and plain, else one of ours.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|id| id.to_str().ok());
    let alone = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let plain = |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(alone);
    given.filter(plain).map_or_else(|| random_id().to_string(), ToOwned::to_owned)
}

/// The moment a request came in, on the domain's clock.
#[derive(Debug, Clone, Copy)]
pub struct Now(pub OffsetDateTime);

/// A caller with the gate through which she came: how a handler opens a person's record.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Who asks.
    pub caller: Caller,
    /// Through which door.
    pub action: Action,
    gate: Gate,
}

impl Reader {
    /// A reader that has passed the gate of this action.
    pub fn new(gate: Gate, caller: Caller, action: Action) -> Self {
        Self { caller, action, gate }
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Whether the directory still says that she may act as she did when she came in.
    pub fn still_acts(&self) -> bool {
        let caller = &self.caller;
        let wanted =
            Wanted { role: Some(caller.role), ats: Some(caller.ats.clone()), ..Wanted::default() };
        match self.gate.guards.staff.membership(Who::Staff(caller.staff), &wanted) {
            Standing::Active(now) => {
                now.organisation == caller.organisation && now.services == caller.services
            }
            Standing::Suspended
            | Standing::Ended
            | Standing::NoSuchMembership
            | Standing::Unknown
            | Standing::Unsure => false,
        }
    }

    /// Whether something of a person is still open to her, when nothing is shown: not written down.
    pub async fn still_sees(&self, person: PersonId, asked: &[Section]) -> bool {
        let Ok(ties) = self.gate.ties(&self.caller, person).await else { return false };
        let asking = asking(&self.caller, person, &ties);
        !forced::open_now(self.gate.policies(), &asking, &ties, asked).0.is_empty()
    }

    /// [`Gate::open`] for this reader.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn open(&self, person: PersonId, asked: &[Section]) -> Result<Opened, Problem> {
        self.gate.open(&self.caller, &self.action, person, asked).await
    }

    /// [`Gate::may_with`] for this reader.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn may_with(&self, person: PersonId, deed: Deed) -> Result<Ties, Problem> {
        self.gate.may_with(&self.caller, &self.action, person, deed).await
    }

    /// [`Gate::found`] for this reader.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn found(
        &self,
        people: &[PersonId],
        section: Section,
    ) -> Result<Vec<Found>, Problem> {
        self.gate.found(&self.caller, &self.action, people, section).await
    }

    /// [`Gate::own`] for this reader.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn own(&self, person: PersonId, section: Section) -> Result<(), Problem> {
        self.gate.own(&self.caller, &self.action, person, section).await
    }

    /// [`Gate::listed`] for this reader.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn listed(
        &self,
        people: impl IntoIterator<Item = PersonId>,
        section: Section,
    ) -> Result<(), Problem> {
        self.gate.listed(&self.caller, &self.action, people, section).await
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Problem;

    /// The gate put it there; a route without a gate has no reader and answers nothing.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_found)
    }
}

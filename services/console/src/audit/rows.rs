//! `GET /registro`: who looked at whom, by who, person, body, purpose, decision and force.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use strum::VariantArray as _;
use time::{Date, OffsetDateTime};
use trama_events::codes::Purpose;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_events::rome;
use trama_platform::clock::real_now;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::codes_of;
use trama_projections::network::listed_services;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::frame::Frame;
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words};
use trama_ui::words::{InWords as _, State as Look};

use super::words::{purpose, role, sections, worker};
use super::{Days, Leaf, NoPerson, Tab, Wrong, frame, person_of, tabs};
use crate::api::Api;
use crate::gate::{Visitor, encode};
use crate::{Console, answer, names};

/// Rows of the log on a page.
const ROWS: i64 = 100;
/// Parts of a record that a row names.
const PARTS: usize = 3;

/// Which accesses. Ids and codes alone: no name stands in an address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    dal: Option<String>,
    al: Option<String>,
    #[serde(default)]
    ente: String,
    #[serde(default)]
    scopo: String,
    #[serde(default)]
    esito: String,
    #[serde(default)]
    codice: String,
    #[serde(default)]
    operatore: String,
    #[serde(default)]
    forzati: String,
    dopo: Option<i64>,
}

/// One row of the log, as the door tells it.
#[derive(Debug, Deserialize)]
struct Row {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    staff: StaffId,
    organisation: OrganisationId,
    role: String,
    person: Option<PersonId>,
    sections: Vec<String>,
    purpose: String,
    decision: String,
    explained: bool,
    forced: bool,
    listed: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Rows {
    items: Vec<Row>,
    next: Option<i64>,
}

/// Accesses of one worker to one record within a minute, for one purpose and with one answer.
#[derive(Debug)]
struct Seen {
    when: String,
    body: String,
    role: String,
    worker: String,
    by_worker: String,
    code: Option<String>,
    by_code: Option<String>,
    what: String,
    /// The first parts and how many more, where there are many.
    brief: Option<String>,
    times: Option<String>,
    purpose: String,
    badges: Vec<Badge>,
}

/// Something among which is chosen.
#[derive(Debug)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Debug, Template)]
#[template(path = "audit_rows.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    wanted: Wanted,
    from: String,
    to: String,
    bodies: Vec<Choice>,
    purposes: Vec<Choice>,
    decisions: Vec<Choice>,
    is_filtered: bool,
    wrong: Option<Wrong>,
    period: String,
    seen: Vec<Seen>,
    older: Option<String>,
}

/// `GET /registro`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let language = visitor.preferences.language;
    let words = language.words();
    let today = rome::day_of(real_now());
    let (wanted, unread) = match wanted {
        Ok(Query(wanted)) => (wanted, false),
        Err(_) => (Wanted::default(), true),
    };
    let unread = unread.then(|| Wrong { field: "dal", why: words.audit_wrong_filter() });
    let asked = match (unread, asked(&console, &wanted, today, words).await) {
        (Some(wrong), _) | (None, Err(No::Because(wrong))) => Err(wrong),
        (None, Err(No::Unread(error))) => return answer::unread(&console, Some(&visitor), error),
        (None, Ok(query)) => Ok(query),
    };
    let api = Api::new(&console, &visitor, Some(Purpose::Audit));
    let (found, wrong) = match asked {
        Err(wrong) => (Rows::default(), Some(wrong)),
        Ok(query) => match api.get::<Rows>(&format!("/api/access/rows?{query}")).await {
            Ok(found) => (found, None),
            Err(problem) => return answer::closed(&console, &visitor, &problem),
        },
    };
    match page(&console, &visitor, (wanted, wrong), &found).await {
        Ok(page) => answer::page(Wrong::status(page.wrong.as_ref()), &page),
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

enum No {
    Because(Wrong),
    Unread(sqlx::Error),
}

/// What the door is asked.
async fn asked(
    console: &Console,
    wanted: &Wanted,
    today: Date,
    words: &Words,
) -> Result<String, No> {
    let because = |field, why| No::Because(Wrong { field, why });
    let days = Days::asked(wanted.dal.as_deref(), wanted.al.as_deref(), today);
    let days = days.ok_or_else(|| because("dal", words.audit_wrong_days()))?;
    let mut query = format!("{}&limit={ROWS}", days.query());
    let mut add = |name: &str, value: String| {
        query.extend(["&", name, "=", &encode(&value)]);
    };
    if !wanted.operatore.trim().is_empty() {
        let staff = wanted.operatore.trim().parse::<StaffId>();
        let staff = staff.map_err(|_| because("operatore", words.audit_wrong_worker()))?;
        add("staff", staff.to_string());
    }
    if !wanted.ente.is_empty() {
        let body = wanted.ente.parse::<OrganisationId>();
        add(
            "organisation",
            body.map_err(|_| because("ente", words.audit_wrong_filter()))?.to_string(),
        );
    }
    if !wanted.scopo.is_empty() {
        let purpose = wanted.scopo.parse::<Purpose>();
        let purpose = purpose.map_err(|_| because("scopo", words.audit_wrong_filter()))?;
        add("purpose", purpose.code().to_owned());
    }
    match wanted.esito.as_str() {
        "" => {}
        "allowed" | "denied" => add("decision", wanted.esito.clone()),
        _ => return Err(because("esito", words.audit_wrong_filter())),
    }
    if !wanted.forzati.is_empty() {
        add("forced", "true".to_owned());
    }
    if let Some(after) = wanted.dopo {
        add("after", after.to_string());
    }
    if !wanted.codice.trim().is_empty() {
        let person = person_of(console, wanted.codice.trim()).await.map_err(|no| match no {
            NoPerson::NotACode => because("codice", words.audit_wrong_code()),
            NoPerson::Nobody => because("codice", words.audit_wrong_nobody()),
            NoPerson::Unread(error) => No::Unread(error),
        })?;
        add("person", person.to_string());
    }
    Ok(query)
}

async fn page(
    console: &Console,
    visitor: &Visitor,
    (wanted, wrong): (Wanted, Option<Wrong>),
    found: &Rows,
) -> Result<Page, Problem> {
    let language = visitor.preferences.language;
    let words = language.words();
    let today = rome::day_of(real_now());
    let api = Api::new(console, visitor, Some(Purpose::Audit));
    let people: Vec<PersonId> = found.items.iter().filter_map(|row| row.person).collect();
    let pool = &console.models.pool;
    let codes = codes_of(pool, &people).await.map_err(Failure::<Never>::from)?;
    let bodies = names::bodies(&api, found.items.iter().map(|row| row.organisation)).await?;
    let known = Known { codes, bodies, language, today, wanted: &wanted };
    let days = Days::asked(wanted.dal.as_deref(), wanted.al.as_deref(), today);
    let days = days.unwrap_or(Days { from: today, to: today });
    let short = |day| dates::short(day, today);
    Ok(Page {
        frame: frame(console, visitor, Leaf::Rows),
        tabs: tabs(words, Leaf::Rows),
        from: days.from.to_string(),
        to: days.to.to_string(),
        bodies: listed_bodies(console, &wanted.ente).await,
        purposes: Purpose::VARIANTS.iter().map(|one| choice_of(*one, &wanted, language)).collect(),
        decisions: decisions(&wanted, words),
        is_filtered: wanted.is_filtered(),
        period: words.audit_period(short(days.from), short(days.to)),
        seen: known.together(&found.items),
        older: found.next.map(|next| wanted.address(&[("dopo", next.to_string())])),
        wanted,
        wrong,
    })
}

fn choice_of(purpose: Purpose, wanted: &Wanted, language: Language) -> Choice {
    Choice {
        value: purpose.code().to_owned(),
        label: purpose.words_in(language).to_owned(),
        chosen: purpose.code() == wanted.scopo,
    }
}

fn decisions(wanted: &Wanted, words: &Words) -> Vec<Choice> {
    let choice = |value: &str, label| Choice {
        value: value.to_owned(),
        label,
        chosen: value == wanted.esito,
    };
    vec![choice("allowed", words.audit_allowed()), choice("denied", words.audit_denied())]
}

/// The bodies with a public name, each once. The register opens without this choice too.
async fn listed_bodies(console: &Console, chosen: &str) -> Vec<Choice> {
    let services = listed_services(&console.models.pool).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the bodies cannot be listed now");
        Vec::new()
    });
    let bodies: BTreeMap<String, String> = services
        .into_iter()
        .map(|service| (service.organisation_name, service.organisation.to_string()))
        .collect();
    let choice = |(label, value): (String, String)| {
        let is_chosen = value == chosen;
        Choice { value, label, chosen: is_chosen }
    };
    bodies.into_iter().map(choice).collect()
}

impl Wanted {
    fn is_filtered(&self) -> bool {
        let fields =
            [&self.ente, &self.scopo, &self.esito, &self.codice, &self.operatore, &self.forzati];
        fields.iter().any(|field| !field.is_empty())
    }

    /// This page with some fields changed.
    fn address(&self, changed: &[(&str, String)]) -> String {
        let own = [
            ("dal", self.dal.clone().unwrap_or_default()),
            ("al", self.al.clone().unwrap_or_default()),
            ("ente", self.ente.clone()),
            ("scopo", self.scopo.clone()),
            ("esito", self.esito.clone()),
            ("codice", self.codice.trim().to_owned()),
            ("operatore", self.operatore.trim().to_owned()),
            ("forzati", self.forzati.clone()),
        ];
        let kept = own.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
        let all = kept.chain(changed).filter(|(_, value)| !value.is_empty());
        let fields: Vec<String> =
            all.map(|(name, value)| format!("{name}={}", encode(value))).collect();
        format!("/registro?{}", fields.join("&"))
    }
}

struct Known<'a> {
    codes: BTreeMap<PersonId, String>,
    bodies: BTreeMap<OrganisationId, String>,
    language: Language,
    today: Date,
    wanted: &'a Wanted,
}

impl Known<'_> {
    fn together(&self, rows: &[Row]) -> Vec<Seen> {
        rows.chunk_by(Row::is_one_with).map(|rows| self.seen(rows)).collect()
    }

    fn seen(&self, rows: &[Row]) -> Seen {
        let (row, words) = (&rows[0], self.language.words());
        let code = row.person.and_then(|person| self.codes.get(&person)).cloned();
        let by = |name, value: String| self.wanted.address(&[(name, value)]);
        let unnamed = row.person.map(|_| words.audit_no_code());
        let what = sections(rows.iter().flat_map(|row| &row.sections), self.language);
        Seen {
            when: dates::short_with_time(row.at, self.today),
            body: self
                .bodies
                .get(&row.organisation)
                .cloned()
                .unwrap_or_else(|| words.audit_body_gone()),
            role: role(&row.role, self.language),
            worker: worker(row.staff, words),
            by_worker: by("operatore", row.staff.to_string()),
            by_code: code.as_ref().map(|code| by("codice", code.clone())),
            code: code.or(unnamed),
            brief: brief(&what, words),
            what,
            times: (rows.len() > 1).then(|| words.audit_times(rows.len())),
            purpose: purpose(&row.purpose, self.language),
            badges: badges(row, words),
        }
    }
}

/// A whole record has some fifteen parts: a row names the first.
fn brief(what: &str, words: &Words) -> Option<String> {
    let parts: Vec<&str> = what.split(", ").collect();
    let more = parts.len().saturating_sub(PARTS);
    (more > 1).then(|| words.audit_what_more(parts[..PARTS].join(", "), more))
}

fn badges(row: &Row, words: &Words) -> Vec<Badge> {
    let mut badges = Vec::new();
    if row.forced {
        badges.push(Badge::new(Look::Refused, words.audit_forced()).with(Glyph::Triangle));
    }
    if row.decision == "denied" {
        badges.push(Badge::new(Look::Refused, words.audit_refused()));
    }
    if row.listed {
        badges.push(Badge::new(Look::Neutral, words.audit_listed()));
    } else if row.person.is_some() && !row.explained && !row.forced {
        badges.push(Badge::new(Look::Waiting, words.audit_unexplained()));
    }
    badges
}

impl Row {
    fn is_one_with(&self, other: &Self) -> bool {
        let minute = |row: &Self| row.at.unix_timestamp().div_euclid(60);
        let whose = |row: &Self| (row.staff, row.organisation, row.person);
        let how = |row: &Self| (row.forced, row.listed, row.explained);
        minute(self) == minute(other)
            && whose(self) == whose(other)
            && how(self) == how(other)
            && self.role == other.role
            && self.purpose == other.purpose
            && self.decision == other.decision
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_was_asked_and_changes_one_thing() {
        let wanted = Wanted {
            dal: Some("2026-01-01".into()),
            scopo: "care".into(),
            codice: " 7K2FM-Q ".into(),
            ..Wanted::default()
        };
        let older = wanted.address(&[("dopo", "17".into())]);
        assert_eq!(older, "/registro?dal=2026-01-01&scopo=care&codice=7K2FM-Q&dopo=17");
        let other = wanted.address(&[("codice", String::new())]);
        assert_eq!(other, "/registro?dal=2026-01-01&scopo=care");
    }
}

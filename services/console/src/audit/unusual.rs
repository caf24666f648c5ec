//! `GET /registro/insoliti`: what is unusual about accesses, rule by rule.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use time::OffsetDateTime;
use trama_events::codes::Purpose;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_events::rome;
use trama_platform::access::Rule;
use trama_platform::clock::real_now;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::codes_of;
use trama_ui::dates;
use trama_ui::frame::Frame;
use trama_ui::language::Words;

use super::words::{role, worker};
use super::{Days, Leaf, Tab, Wrong, frame, tabs};
use crate::api::Api;
use crate::gate::Visitor;
use crate::{Console, answer, names};

/// Findings on a page.
const FINDINGS: i64 = 100;

/// Which days, and which part.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    dal: Option<String>,
    al: Option<String>,
    dopo: Option<i64>,
}

/// A finding, as the door tells it.
#[derive(Debug, Deserialize)]
struct Finding {
    rule: Rule,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    staff: StaffId,
    organisation: OrganisationId,
    role: String,
    person: Option<PersonId>,
}

#[derive(Debug, Deserialize)]
struct Unknown {}

#[derive(Debug, Default, Deserialize)]
struct Unusual {
    items: Vec<Finding>,
    next: Option<i64>,
    surname_unknown: Vec<Unknown>,
}

/// A finding in words.
#[derive(Debug)]
struct Told {
    when: String,
    why: String,
    worker: String,
    href: String,
    body: String,
    role: String,
    code: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "audit_unusual.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    from: String,
    to: String,
    wrong: Option<Wrong>,
    period: String,
    told: Vec<Told>,
    unknown: Option<String>,
    later: Option<String>,
}

/// `GET /registro/insoliti`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let words = visitor.preferences.language.words();
    let today = rome::day_of(real_now());
    let wanted = wanted.ok().map(|Query(wanted)| wanted);
    let days = wanted
        .as_ref()
        .and_then(|wanted| Days::asked(wanted.dal.as_deref(), wanted.al.as_deref(), today));
    let Some(days) = days else {
        let wrong = Wrong { field: "dal", why: words.audit_wrong_days() };
        let none = (Days { from: today, to: today }, Some(wrong));
        return match page(&console, &visitor, none, &Unusual::default()).await {
            Ok(page) => answer::page(Wrong::status(page.wrong.as_ref()), &page),
            Err(problem) => answer::closed(&console, &visitor, &problem),
        };
    };
    let after = wanted.and_then(|wanted| wanted.dopo);
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    let path = format!("/api/access/unusual?{}&limit={FINDINGS}{after}", days.query());
    let api = Api::new(&console, &visitor, Some(Purpose::Audit));
    let found = match api.get::<Unusual>(&path).await {
        Ok(found) => page(&console, &visitor, (days, None), &found).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(page) => answer::page(Wrong::status(None), &page),
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

async fn page(
    console: &Console,
    visitor: &Visitor,
    (days, wrong): (Days, Option<Wrong>),
    found: &Unusual,
) -> Result<Page, Problem> {
    let language = visitor.preferences.language;
    let words = language.words();
    let today = rome::day_of(real_now());
    let people: Vec<PersonId> = found.items.iter().filter_map(|one| one.person).collect();
    let pool = &console.models.pool;
    let codes = codes_of(pool, &people).await.map_err(Failure::<Never>::from)?;
    let api = Api::new(console, visitor, Some(Purpose::Audit));
    let bodies = names::bodies(&api, found.items.iter().map(|one| one.organisation)).await?;
    let told = |one: &Finding| {
        let day = rome::day_of(one.at);
        let body = bodies.get(&one.organisation).cloned();
        Told {
            when: dates::short_with_time(one.at, today),
            why: why(one.rule, words),
            worker: worker(one.staff, words),
            href: format!("/registro?dal={day}&al={day}&operatore={}", one.staff),
            body: body.unwrap_or_else(|| words.audit_body_gone()),
            role: role(&one.role, language),
            code: one.person.and_then(|person| codes.get(&person)).cloned(),
        }
    };
    let unknown = found.surname_unknown.len();
    let short = |day| dates::short(day, today);
    let later = |next| format!("/registro/insoliti?dal={}&al={}&dopo={next}", days.from, days.to);
    Ok(Page {
        frame: frame(console, visitor, Leaf::Unusual),
        tabs: tabs(words, Leaf::Unusual),
        from: days.from.to_string(),
        to: days.to.to_string(),
        wrong,
        period: words.audit_unusual_period(short(days.from), short(days.to)),
        told: found.items.iter().map(told).collect(),
        unknown: (unknown > 0).then(|| words.audit_surname_unknown(unknown)),
        later: found.next.map(later),
    })
}

fn why(rule: Rule, words: &Words) -> String {
    match rule {
        Rule::NoCase => words.audit_rule_no_case(),
        Rule::SameSurname => words.audit_rule_surname(),
        Rule::AtNight => words.audit_rule_night(),
        Rule::ManyInARow => words.audit_rule_many(),
        Rule::RepeatedDenials => words.audit_rule_denials(),
        Rule::TooManySearches => words.audit_rule_searches(),
    }
}

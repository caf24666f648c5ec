//! The commands of one day. Ids and keys follow from profile, seed and number, so that a second
//! run asks the same again.

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, Time};
use trama_events::ids::{EmergencyId, MealId, PersonId};
use trama_events::rome;

use super::Command;
use super::plan::{Day, Meals, Report};
use crate::client::Actor;
use crate::commands::load::catalogue::{place_id, service_id};

/// Commands that follow each other.
pub(super) type Chain = Vec<Command>;

const PIS: &str = "pis-bari";
const WINTER_BEDS: &str = "emergenza-freddo-bari";
const WINTER_PLACES: usize = 40;
const CANTEEN: &str = "mensa-bari";

impl Day {
    /// Who gets a record today.
    pub(super) fn people(&self, plan: &str, who: &Actor) -> Vec<Chain> {
        let known = self.reports.iter().filter_map(|report| Some((report, report.person?)));
        known
            .map(|(report, number)| {
                let status = if report.draw % 3 == 0 { "declared" } else { "anonymous" };
                let gender = if report.draw % 5 == 0 { "female" } else { "male" };
                let body = json!({
                    "person": person(plan, number), "service": service_id(PIS), "status": status,
                    "gender": gender, "occurred_at": moment(self.date, report.minute),
                });
                vec![command(who, "/api/intake/persons", format!("{plan}-person-{number}"), body)]
            })
            .collect()
    }

    /// Each report with what follows from it.
    pub(super) fn emergencies(&self, plan: &str, who: &Actor) -> Vec<Chain> {
        // Another seed begins elsewhere, so that two winters in one installation find each its beds.
        let mut beds = self.first_bed;
        self.reports
            .iter()
            .map(|report| {
                let bed = report.placed.then(|| {
                    beds += 1;
                    1 + (beds - 1) % WINTER_PLACES
                });
                self.emergency(plan, who, report, bed)
            })
            .collect()
    }

    fn emergency(&self, plan: &str, who: &Actor, report: &Report, bed: Option<usize>) -> Chain {
        let number = report.number;
        let id = EmergencyId::derived(&["simulate", plan, &number.to_string()]);
        let known = report.person.map(|number| person(plan, number));
        let at = |minutes: u16| moment(self.date, report.minute + minutes);
        let door = |door: &str| format!("/api/intake/emergencies/{id}/{door}");
        let key = |step: &str| format!("{plan}-emergency-{number}-{step}");
        let reported = json!({
            "emergency": id, "service": service_id(PIS), "channel": channel(report.draw), "person": known,
            "shelter_requested": report.shelter_requested, "lone_child": false, "occurred_at": at(0),
        });
        let level = ["low", "high", "critical"]
            [usize::from(report.shelter_requested) + usize::from(bed.is_some())];
        let assessed = json!({ "level": level, "person": known, "occurred_at": at(5) });
        let mut chain = vec![
            command(who, "/api/intake/emergencies", key("report"), reported),
            command(who, &door("assess"), key("assess"), assessed),
        ];
        if let (Some(person), Some(bed)) = (known, bed) {
            let unit = json!({ "unit": service_id("unita-di-strada-bari"), "occurred_at": at(10) });
            chain.push(command(who, &door("dispatch"), key("dispatch"), unit));
            let arrival = json!({
                "person": person, "facility": service_id(WINTER_BEDS), "night": self.date,
                "place": place_id(&format!("{WINTER_BEDS}/freddo/{bed}")), "occurred_at": at(30),
            });
            chain.push(command(who, "/api/housing/nights/arrive", key("arrive"), arrival));
        }
        let mut closed = ending(report);
        closed["occurred_at"] = at(40).into();
        chain.push(command(who, &door("close"), key("close"), closed));
        chain
    }

    /// Each record of meals.
    pub(super) fn meals(&self, plan: &str, who: &Actor) -> Vec<Chain> {
        let served = |meals: &Meals| {
            let number = meals.number;
            let recipient = match meals.to {
                Ok(known) => json!({ "person": person(plan, known) }),
                Err(count) => json!({ "anonymous": count }),
            };
            let body = json!({
                "meal": MealId::derived(&["simulate", plan, &number.to_string()]),
                "service": service_id(CANTEEN), "recipient": recipient,
                "occurred_at": moment(self.date, meals.minute),
            });
            vec![command(who, "/api/food/meals", format!("{plan}-meal-{number}"), body)]
        };
        self.meals.iter().map(served).collect()
    }
}

fn command(who: &Actor, path: &str, key: String, body: Value) -> Command {
    Command { who: who.clone(), path: path.to_owned(), key, body }
}

fn person(plan: &str, number: u32) -> PersonId {
    PersonId::derived(&["simulate", plan, &number.to_string()])
}

/// A minute of a day in Rome.
fn moment(day: Date, minute: u16) -> String {
    let at = rome::at(day, Time::MIDNIGHT + Duration::minutes(minute.into()));
    at.format(&Rfc3339).unwrap_or_default()
}

fn channel(draw: u32) -> &'static str {
    match draw % 10 {
        0..=5 => "pis_line",
        6 | 7 => "police",
        8 => "hospital",
        _ => "phone",
    }
}

/// A bed; another service; or why nobody takes over.
fn ending(report: &Report) -> Value {
    if report.placed {
        return json!({ "outcome": "sheltered", "handover": service_id(WINTER_BEDS) });
    }
    match report.draw % 4 {
        0 => json!({ "outcome": "unfounded", "reason": "person_refused" }),
        1 => json!({ "outcome": "unfounded", "reason": "not_found" }),
        2 => json!({ "outcome": "handed_over", "handover": service_id("segretariato-bari") }),
        _ => json!({ "outcome": "handed_over", "handover": service_id("ssp-bari") }),
    }
}

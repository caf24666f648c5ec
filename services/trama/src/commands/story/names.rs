//! Names in a story. `$kind:name` is an id: of the directory for services, organisations, units,
//! places and users; of the story for everything that the story makes, e.g. `$person:man`.
//! `$kept:slip` is what an earlier step of the story kept of its answer. `$night` is the night of the step's moment, `$day` its day.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use trama_events::ids::{
    AgreementId, CardId, CaseId, ConsentId, ContactId, CountId, DeliveryId, EmergencyId,
    EncounterId, GoalId, HouseholdId, MealId, ParcelId, PersonId, ReferralId, StayId, WaitingId,
};
use trama_events::rome;
use uuid::Uuid;

use super::script::Moment;
use crate::commands::demo::users::{staff_id, user};
use crate::commands::load::catalogue::{Catalogue, organisation_id, place_id, service_id, unit_id};

/// Everything that a name may mean.
pub(super) struct Names {
    catalogue: Catalogue,
    /// What steps kept, in `stories.kept` of the data directory: a story that is told in two goes
    /// needs it again. Only invented people's, so no secret.
    kept: BTreeMap<String, String>,
    file: PathBuf,
}

impl Names {
    pub(super) fn read(dir: &Path) -> anyhow::Result<Self> {
        let file = dir.join("stories.kept");
        let kept = match std::fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(_) => BTreeMap::new(),
        };
        Ok(Self { catalogue: Catalogue::read()?, kept, file })
    }

    /// Keeps parts of an answer under the names that the step gives them.
    pub(super) fn keep(&mut self, moment: &Moment, answer: &Value) -> anyhow::Result<()> {
        for (name, place) in &moment.step.keeps {
            let part = answer.pointer(place).and_then(Value::as_str);
            let part = part.ok_or_else(|| anyhow::anyhow!("nothing is at {place}: {answer}"))?;
            self.kept.insert(format!("{}/{name}", moment.story), part.to_owned());
        }
        if !moment.step.keeps.is_empty() {
            std::fs::write(&self.file, serde_json::to_vec(&self.kept)?)?;
        }
        Ok(())
    }

    /// The value with every name in it resolved.
    pub(super) fn resolve(&self, value: &Value, moment: &Moment) -> anyhow::Result<Value> {
        Ok(match value {
            Value::String(text) if text.starts_with("$places:") => self.places(text)?,
            Value::String(text) => Value::String(self.text(text, moment)?),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.resolve(item, moment));
                Value::Array(items.collect::<anyhow::Result<_>>()?)
            }
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), self.resolve(value, moment)?)));
                Value::Object(fields.collect::<anyhow::Result<_>>()?)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        })
    }

    fn text(&self, text: &str, moment: &Moment) -> anyhow::Result<String> {
        let mut parts = text.split('$');
        let mut resolved = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            // A place's name has slashes, and stands in a body only.
            let whole = part.starts_with("place:") || part.starts_with("unit:");
            let end = if whole { None } else { part.find(['/', '?', '&']) };
            let (name, rest) = part.split_at(end.unwrap_or(part.len()));
            resolved.push_str(&self.name(name, moment)?);
            resolved.push_str(rest);
        }
        Ok(resolved)
    }

    fn name(&self, name: &str, moment: &Moment) -> anyhow::Result<String> {
        match name {
            "night" => return Ok(rome::night_of(moment.at).to_string()),
            "day" => return Ok(rome::day_of(moment.at).to_string()),
            _ => {}
        }
        let (kind, label) =
            name.split_once(':').ok_or_else(|| anyhow::anyhow!("${name} means nothing"))?;
        if kind == "kept" {
            let kept = self.kept.get(&format!("{}/{label}", moment.story)).cloned();
            return kept.ok_or_else(|| anyhow::anyhow!("no step kept {label}"));
        }
        let id = match kind {
            "service" => self.known_service(label)?,
            "organisation" => organisation_id(label).0,
            "unit" => unit_id(label).0,
            "place" => place_id(label).0,
            "user" => staff_id(&user(label)?.username).0,
            _ => of_the_story(kind, &moment.story, label)?,
        };
        Ok(id.to_string())
    }

    fn known_service(&self, slug: &str) -> anyhow::Result<Uuid> {
        anyhow::ensure!(self.catalogue.service(slug).is_some(), "there is no service {slug}");
        Ok(service_id(slug).0)
    }

    /// `$places:house/unit/1..15`.
    fn places(&self, text: &str) -> anyhow::Result<Value> {
        let wrong = || anyhow::anyhow!("{text} is not written $places:house/unit/1..15");
        let path = text.strip_prefix("$places:").ok_or_else(wrong)?;
        let (unit, range) = path.rsplit_once('/').ok_or_else(wrong)?;
        let (first, last) = range.split_once("..").ok_or_else(wrong)?;
        self.known_service(unit.split('/').next().unwrap_or_default())?;
        let numbers = first.parse::<u16>()?..=last.parse::<u16>()?;
        let place = |number| Value::String(place_id(&format!("{unit}/{number}")).to_string());
        Ok(Value::Array(numbers.map(place).collect()))
    }
}

fn of_the_story(kind: &str, story: &str, label: &str) -> anyhow::Result<Uuid> {
    let from = ["story", story, label];
    Ok(match kind {
        "person" => PersonId::derived(&from).0,
        "household" => HouseholdId::derived(&from).0,
        "contact" => ContactId::derived(&from).0,
        "encounter" => EncounterId::derived(&from).0,
        "emergency" => EmergencyId::derived(&from).0,
        "delivery" => DeliveryId::derived(&from).0,
        "count" => CountId::derived(&from).0,
        "case" => CaseId::derived(&from).0,
        "goal" => GoalId::derived(&from).0,
        "stay" => StayId::derived(&from).0,
        "waiting" => WaitingId::derived(&from).0,
        "card" => CardId::derived(&from).0,
        "meal" => MealId::derived(&from).0,
        "parcel" => ParcelId::derived(&from).0,
        "referral" => ReferralId::derived(&from).0,
        "consent" => ConsentId::derived(&from).0,
        "agreement" => AgreementId::derived(&from).0,
        _ => anyhow::bail!("${kind}:{label} means nothing"),
    })
}

/// The id of a person of a story, e.g. to say which page to open.
pub(crate) fn person_of(story: &str, label: &str) -> PersonId {
    PersonId::derived(&["story", story, label])
}

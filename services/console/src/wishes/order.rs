//! What a form of the page asks, as the door that it is for takes it. Pure.

use serde_json::{Value, json};
use strum::VariantArray as _;
use time::Date;
use time::format_description::well_known::Iso8601;
use trama_events::ids::{OrganisationId, PersonId, ServiceId, WishId};
use trama_events::intake::{Viewer, WishForm};
use trama_ui::language::Words;

use super::{Looking, nothing};
use crate::gate::Fields;
use crate::told::Wrong;

/// Where it stands how she said that something is to be seen again.
pub(super) const LIFTED: &str = "modo-togli";

/// What was filled in, as it was.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// Which form: `apri`, `servizio`, `voce`, `chiudi` or `togli`.
    pub(super) step: String,
    /// To whom: `ente-<id>` or `servizio-<id>`.
    pub(super) to: String,
    pub(super) from: String,
    pub(super) until: String,
    /// `servizio-<id>`.
    pub(super) service: String,
    /// An entry, behind the record on which it stands: `<person>/<context>/<position>`.
    pub(super) entry: String,
    pub(super) form: String,
    /// The decision that is closed or lifted.
    pub(super) wish: String,
}

/// A command for a door.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    pub(super) door: String,
    pub(super) body: Value,
    /// At which field a refusal stands.
    pub(super) field: &'static str,
    /// What is said once it is done.
    word: &'static str,
    /// Whether it makes a decision, which the list may not have at once.
    pub(super) is_new: bool,
}

/// Why a form is no command.
#[derive(Debug)]
pub(super) enum Unclear {
    /// Something is missing or not readable.
    Fields(Vec<Wrong>),
    /// The page has no such form.
    NoForm,
}

impl Draft {
    pub(super) fn of(fields: &Fields) -> Self {
        let text = |name| fields.text(name).to_owned();
        Self {
            step: text("passo"),
            to: text("a"),
            from: text("dal"),
            until: text("al"),
            service: text("servizio"),
            entry: text("voce"),
            form: text("modo"),
            wish: text("scelta"),
        }
    }

    fn form(&self, field: &'static str, wrong: &mut Vec<Wrong>, words: &Words) -> Option<WishForm> {
        let form = WishForm::VARIANTS.iter().copied().find(|form| form.code() == self.form);
        if form.is_none() {
            wrong.push(Wrong::new(field, &words.wishes_wrong_form()));
        }
        form
    }

    fn opens(&self, person: PersonId, words: &Words) -> Result<Order, Unclear> {
        let mut wrong = Vec::new();
        let to = viewer(&self.to);
        if to.is_none() {
            wrong.push(Wrong::new("a", &words.wishes_wrong_whom()));
        }
        let from = day(&self.from, "dal", &mut wrong, words);
        let until = day(&self.until, "al", &mut wrong, words);
        match (to, self.form("modo-apri", &mut wrong, words)) {
            (Some(to), Some(form)) if wrong.is_empty() => Ok(Order {
                door: format!("/api/intake/persons/{person}/childhood"),
                body: json!({ "to": to, "from": from, "until": until, "form": form }),
                field: "a",
                word: "aperta",
                is_new: true,
            }),
            _ => Err(Unclear::Fields(wrong)),
        }
    }

    fn obscures_service(&self, person: PersonId, words: &Words) -> Result<Order, Unclear> {
        let mut wrong = Vec::new();
        let service = match viewer(&self.service) {
            Some(Viewer::Service(service)) => Some(service),
            Some(Viewer::Organisation(_)) | None => None,
        };
        if service.is_none() {
            wrong.push(Wrong::new("servizio", &words.wishes_wrong_service()));
        }
        match (service, self.form("modo-servizio", &mut wrong, words)) {
            (Some(service), Some(form)) => {
                Ok(obscures(person, &json!({ "service": service }), form, "servizio"))
            }
            _ => Err(Unclear::Fields(wrong)),
        }
    }

    fn obscures_entry(&self, words: &Words) -> Result<Order, Unclear> {
        let mut wrong = Vec::new();
        let named = self.entry.split_once('/');
        let named = named.and_then(|(person, entry)| Some((person.parse().ok()?, entry)));
        if named.is_none() {
            wrong.push(Wrong::new("voce", &words.wishes_wrong_entry()));
        }
        match (named, self.form("modo-voce", &mut wrong, words)) {
            (Some((person, entry)), Some(form)) => {
                Ok(obscures(person, &json!({ "entry": entry }), form, "voce"))
            }
            _ => Err(Unclear::Fields(wrong)),
        }
    }
}

impl Order {
    /// Where it leads once it is done.
    pub(super) fn then(&self, looking: &Looking<'_>, done: Option<WishId>) -> String {
        let fresh = done.map(|wish| format!("&scelta={wish}")).unwrap_or_default();
        looking.href(&format!("esito={}{fresh}", self.word))
    }
}

/// The command that a form is.
pub(super) fn order(
    person: PersonId,
    draft: &Draft,
    fields: &Fields,
    words: &Words,
) -> Result<Order, Unclear> {
    match draft.step.as_str() {
        "apri" => draft.opens(person, words),
        "servizio" => draft.obscures_service(person, words),
        "voce" => draft.obscures_entry(words),
        "chiudi" => {
            let (record, wish) = decision(fields)?;
            Ok(Order {
                door: format!("/api/intake/persons/{record}/childhood/{wish}/close"),
                body: nothing(),
                field: "scelte",
                word: "richiusa",
                is_new: false,
            })
        }
        "togli" => {
            let (record, wish) = decision(fields)?;
            let mut wrong = Vec::new();
            let form = draft.form(LIFTED, &mut wrong, words).ok_or(Unclear::Fields(wrong))?;
            Ok(Order {
                door: format!("/api/intake/persons/{record}/obscurings/{wish}/lift"),
                body: json!({ "form": form }),
                field: LIFTED,
                word: "tolta",
                is_new: false,
            })
        }
        _ => Err(Unclear::NoForm),
    }
}

fn obscures(person: PersonId, what: &Value, form: WishForm, field: &'static str) -> Order {
    Order {
        door: format!("/api/intake/persons/{person}/obscurings"),
        body: json!({ "what": what, "form": form }),
        field,
        word: "oscurata",
        is_new: true,
    }
}

/// On which record, and which: the page itself wrote both.
fn decision(fields: &Fields) -> Result<(PersonId, WishId), Unclear> {
    let record = fields.text("scheda").parse().map_err(|_| Unclear::NoForm)?;
    let wish = fields.text("scelta").parse().map_err(|_| Unclear::NoForm)?;
    Ok((record, wish))
}

/// Whom a choice names.
fn viewer(text: &str) -> Option<Viewer> {
    let (kind, id) = text.split_once('-')?;
    match kind {
        "ente" => Some(Viewer::Organisation(id.parse::<OrganisationId>().ok()?)),
        "servizio" => Some(Viewer::Service(id.parse::<ServiceId>().ok()?)),
        _ => None,
    }
}

/// The choice that names somebody.
pub(super) fn named(viewer: Viewer) -> String {
    match viewer {
        Viewer::Organisation(body) => format!("ente-{body}"),
        Viewer::Service(service) => format!("servizio-{service}"),
    }
}

/// A day, or none where the field is empty.
fn day(text: &str, field: &'static str, wrong: &mut Vec<Wrong>, words: &Words) -> Option<Date> {
    if text.is_empty() {
        return None;
    }
    let day = Date::parse(text, &Iso8601::DATE).ok();
    if day.is_none() {
        wrong.push(Wrong::new(field, &words.wishes_wrong_day()));
    }
    day
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use trama_ui::language::Language;

    use super::*;

    fn ana() -> PersonId {
        PersonId::derived(&["ana"])
    }

    fn fields_of(unclear: Unclear) -> Vec<&'static str> {
        match unclear {
            Unclear::Fields(wrong) => wrong.iter().map(|wrong| wrong.field).collect(),
            Unclear::NoForm => vec!["no form"],
        }
    }

    fn ordered(draft: &Draft) -> Result<Order, Vec<&'static str>> {
        order(ana(), draft, &Fields::default(), Language::English.words()).map_err(fields_of)
    }

    #[test]
    fn each_form_is_the_command_of_one_door() {
        let service = ServiceId::derived(&["desk"]);
        let draft = |step: &str| Draft {
            step: step.into(),
            to: named(Viewer::Service(service)),
            until: "2026-12-31".into(),
            service: named(Viewer::Service(service)),
            entry: format!("{}/intake/7", ana()),
            form: "signed".into(),
            ..Draft::default()
        };
        let opened = ordered(&draft("apri")).unwrap();
        assert_eq!(opened.door, format!("/api/intake/persons/{}/childhood", ana()));
        let body = json!({ "to": { "service": service }, "from": null,
            "until": date!(2026 - 12 - 31), "form": "signed" });
        assert_eq!(opened.body, body);
        let all = ordered(&draft("servizio")).unwrap();
        assert_eq!(all.door, format!("/api/intake/persons/{}/obscurings", ana()));
        assert_eq!(all.body, json!({ "what": { "service": service }, "form": "signed" }));
        let one = ordered(&draft("voce")).unwrap();
        assert_eq!(one.body, json!({ "what": { "entry": "intake/7" }, "form": "signed" }));
    }

    #[test]
    fn what_is_missing_or_not_readable_is_said_at_its_own_field() {
        let empty = |step: &str| Draft { step: step.into(), ..Draft::default() };
        assert_eq!(ordered(&empty("apri")).unwrap_err(), ["a", "modo-apri"]);
        assert_eq!(ordered(&empty("servizio")).unwrap_err(), ["servizio", "modo-servizio"]);
        assert_eq!(ordered(&empty("voce")).unwrap_err(), ["voce", "modo-voce"]);
        let odd = Draft { from: "ieri".into(), until: "mai".into(), ..empty("apri") };
        assert_eq!(ordered(&odd).unwrap_err(), ["a", "dal", "al", "modo-apri"]);
    }

    #[test]
    fn a_form_that_the_page_does_not_have_is_none() {
        for step in ["", "cancella", "chiudi", "togli"] {
            let draft = Draft { step: step.into(), ..Draft::default() };
            assert_eq!(ordered(&draft).unwrap_err(), ["no form"], "{step}");
        }
    }
}

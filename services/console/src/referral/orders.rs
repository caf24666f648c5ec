//! What a form of a referral asks for: the door, what is said there, and what cannot be. Pure.

use serde_json::{Value, json};
use time::PrimitiveDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use trama_events::codes::{DatasetSection, DeclineReason, DeclinedBy, NeedMet, NextStep};
use trama_events::referrals::WithdrawalReason;
use trama_events::rome;
use trama_ui::language::Words;

use super::moves::Move;
use crate::gate::Fields;
use crate::told::Wrong;

/// A command, as its door takes it.
#[derive(Debug, PartialEq)]
pub(super) struct Order {
    /// The form's word for it.
    pub(super) word: &'static str,
    pub(super) door: &'static str,
    pub(super) body: Value,
    /// At which field a refusal is told.
    pub(super) field: &'static str,
}

/// Why a form is no command.
#[derive(Debug, PartialEq)]
pub(super) enum Unclear {
    /// None of ours.
    NoForm,
    /// Something is missing or wrong.
    Fields(Vec<Wrong>),
}

fn wrong(field: &'static str, why: &str) -> Unclear {
    Unclear::Fields(vec![Wrong::new(field, why)])
}

/// The command that a form asks for.
pub(super) fn order(fields: &Fields, words: &Words) -> Result<Order, Unclear> {
    let it = Move::of_word(fields.text("mossa")).ok_or(Unclear::NoForm)?;
    let order = |door, field, body| Ok(Order { word: it.word(), door, body, field });
    match it {
        Move::See => Err(Unclear::NoForm),
        Move::Accept => order("/accept", "mosse", json!({})),
        Move::RecordVisitHeld => order("/first-visit/held", "mosse", json!({})),
        Move::RecordVisitMissed => order("/first-visit/missed", "mosse", json!({})),
        Move::RequestInfo => {
            let body = sections(fields, "sezioni", &words.referral_wrong_ask())?;
            order("/request-info", "sezioni", body)
        }
        Move::GiveInfo => {
            let body = sections(fields, "aggiungi", &words.referral_wrong_give())?;
            order("/give-info", "aggiungi", body)
        }
        Move::Decline => order("/decline", "motivo", declined(fields, words)?),
        Move::ScheduleFirstVisit => order("/first-visit", "quando", visit(fields, words)?),
        Move::ReportNeedMet | Move::ReportNeedNotMet => {
            let told = fields.text("bisogno").parse::<NeedMet>();
            let need_met = told.map_err(|_| wrong("bisogno", &words.referral_wrong_report()))?;
            order("/outcome", "bisogno", json!({ "need_met": need_met }))
        }
        Move::Withdraw => {
            let reason = fields.text("ritiro").parse::<WithdrawalReason>();
            let reason = reason.map_err(|_| wrong("ritiro", &words.referral_wrong_withdraw()))?;
            order("/withdraw", "ritiro", json!({ "reason": reason }))
        }
    }
}

/// Where a refusal names the service to ask.
pub(super) const ELSEWHERE: &str = "altrove";

/// What was typed of the service that a refusal names; nothing where it names none.
pub(super) fn elsewhere(fields: &Fields) -> Option<&str> {
    let typed = fields.text(ELSEWHERE).trim();
    (Move::of_word(fields.text("mossa")) == Some(Move::Decline) && !typed.is_empty())
        .then_some(typed)
}

fn sections(fields: &Fields, field: &'static str, why: &str) -> Result<Value, Unclear> {
    let all: Vec<DatasetSection> =
        fields.all("sezioni").filter_map(|code| code.parse().ok()).collect();
    if all.is_empty() { Err(wrong(field, why)) } else { Ok(json!({ "sections": all })) }
}

/// The day and hour as a browser's field writes them, in Rome.
fn visit(fields: &Fields, words: &Words) -> Result<Value, Unclear> {
    let unclear = || wrong("quando", &words.referral_wrong_visit());
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let local = PrimitiveDateTime::parse(fields.text("quando"), form).map_err(|_| unclear())?;
    let at = rome::at(local.date(), local.time()).format(&Rfc3339);
    Ok(json!({ "visit_at": at.map_err(|_| unclear())? }))
}

/// A no is never without a reason and a next step.
fn declined(fields: &Fields, words: &Words) -> Result<Value, Unclear> {
    let reason = fields.text("motivo").parse::<DeclineReason>();
    let step = fields.text("passo").parse::<NextStep>();
    let by = fields.text("da").parse::<DeclinedBy>();
    let missing = [
        (by.is_err(), "da", words.referral_wrong_by()),
        (reason.is_err(), "motivo", words.referral_wrong_reason()),
        (step.is_err(), "passo", words.referral_wrong_step()),
    ];
    if let (Ok(reason), Ok(step), Ok(by)) = (reason, step, by) {
        return Ok(json!({ "reason": reason, "next_step": step, "by": by }));
    }
    let missing = missing.into_iter().filter(|(is_missing, ..)| *is_missing);
    Err(Unclear::Fields(missing.map(|(_, field, why)| Wrong { field, why }).collect()))
}

#[cfg(test)]
mod tests {
    use trama_ui::language::Language;

    use super::*;

    fn order(fields: &Fields) -> Result<Order, Unclear> {
        super::order(fields, Language::English.words())
    }

    fn fields(all: &[(&str, &str)]) -> Fields {
        Fields::of(all)
    }

    #[test]
    fn a_no_without_a_reason_or_a_next_step_is_asked_for_both() {
        let no = fields(&[("mossa", "respingi"), ("da", "service")]);
        let Err(Unclear::Fields(wrong)) = order(&no) else { panic!("half a no") };
        assert_eq!(wrong.iter().map(|wrong| wrong.field).collect::<Vec<_>>(), ["motivo", "passo"]);
        let whole = [
            ("mossa", "respingi"),
            ("da", "service"),
            ("motivo", "no_capacity"),
            ("passo", "retry_later"),
        ];
        let order = order(&fields(&whole)).unwrap();
        assert_eq!((order.door, &order.body["next_step"]), ("/decline", &json!("retry_later")));
    }

    #[test]
    fn a_visit_is_fixed_at_an_hour_of_rome() {
        let visit = fields(&[("mossa", "fissa"), ("quando", "2026-07-01T09:30")]);
        let told = order(&visit).unwrap();
        assert_eq!(told.body, json!({ "visit_at": "2026-07-01T07:30:00Z" }));
        let wrong = order(&fields(&[("mossa", "fissa"), ("quando", "domani")]));
        assert!(matches!(wrong, Err(Unclear::Fields(wrong)) if wrong[0].field == "quando"));
    }

    #[test]
    fn who_asks_for_nothing_is_told_so_and_a_form_of_nobody_is_none() {
        for word in ["chiedi", "rispondi"] {
            let nothing = order(&fields(&[("mossa", word), ("sezioni", "a_secret")]));
            assert!(matches!(nothing, Err(Unclear::Fields(_))), "{word}");
        }
        assert_eq!(order(&fields(&[("mossa", "elimina")])), Err(Unclear::NoForm));
    }
}

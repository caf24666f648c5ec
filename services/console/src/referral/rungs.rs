//! How far a referral is, from sent to told. Pure.

use time::Date;
use trama_events::referrals::ReferralEvent;
use trama_ui::glyph::Glyph;

use super::thread::{Told, when};

/// A rung of the way from sent to told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rung {
    pub(crate) label: &'static str,
    /// `done`, `now`, `refused` or `to-come`.
    pub(crate) class: &'static str,
    pub(crate) glyph: Option<Glyph>,
    pub(crate) when: String,
    /// How far it is, for who does not see the glyph.
    pub(crate) state: &'static str,
}

/// Sent, seen, answered, visited, told.
pub(super) fn rungs(told: &Told, today: Date) -> Vec<Rung> {
    let moment = |is: fn(&ReferralEvent) -> bool| {
        told.steps.iter().rev().find(|step| is(&step.fact)).map(|step| when(step.at, today))
    };
    let sent = moment(|fact| matches!(fact, ReferralEvent::ReferralSent { .. }));
    let seen = moment(|fact| matches!(fact, ReferralEvent::ReferralSeen {}));
    let accepted = moment(|fact| matches!(fact, ReferralEvent::ReferralAccepted {}));
    let held = moment(|fact| matches!(fact, ReferralEvent::FirstVisitHeld {}));
    let told_at = moment(|fact| matches!(fact, ReferralEvent::ReferralOutcomeReported { .. }));
    let fixed = told.visit_at.map(|at| when(at, today));
    let over = match told.stage.as_str() {
        "declined" => Some("Respinto"),
        "withdrawn" => Some("Ritirato"),
        "expired" => Some("Scaduto"),
        _ => None,
    };
    let ended = over.and_then(|_| told.steps.last().map(|step| when(step.at, today)));
    let answer = match over {
        Some(label) => refused(label, ended.unwrap_or_default()),
        None => rung("Accolto", accepted),
    };
    let visit = match fixed {
        Some(at) if held.is_none() => Rung { when: at, ..to_come("Primo incontro") },
        _ => rung("Primo incontro", held),
    };
    let mut all = vec![
        rung("Inviato", Some(sent.unwrap_or_default())),
        rung("Visto", seen),
        answer,
        visit,
        rung("Esito", told_at),
    ];
    if over.is_none()
        && let Some(next) = all.iter_mut().find(|rung| rung.class == "to-come")
    {
        next.class = "now";
        next.state = "ora";
    }
    all
}

fn rung(label: &'static str, at: Option<String>) -> Rung {
    match at {
        Some(when) => {
            Rung { label, class: "done", glyph: Some(Glyph::Check), when, state: "fatto" }
        }
        None => to_come(label),
    }
}

fn to_come(label: &'static str) -> Rung {
    Rung { label, class: "to-come", glyph: None, when: String::new(), state: "non ancora" }
}

fn refused(label: &'static str, when: String) -> Rung {
    Rung { label, class: "refused", glyph: Some(Glyph::Cross), when, state: "finito qui" }
}

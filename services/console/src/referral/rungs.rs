//! How far a referral is, from sent to told. Pure.

use time::Date;
use trama_events::referrals::ReferralEvent;
use trama_ui::glyph::Glyph;
use trama_ui::language::Language;

use super::thread::{Told, when};

/// A rung of the way from sent to told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rung {
    pub(crate) label: String,
    /// `done`, `now`, `refused` or `to-come`.
    pub(crate) class: &'static str,
    pub(crate) glyph: Option<Glyph>,
    pub(crate) when: String,
    /// How far it is, for who does not see the glyph.
    pub(crate) state: String,
}

/// Sent, seen, answered, visited, told; nothing where the receiver is a confidential service of
/// others, of which its sender is told one word (domain §3.5).
pub(super) fn rungs(told: &Told, today: Date, language: Language) -> Vec<Rung> {
    if told.external && !told.receives {
        return Vec::new();
    }
    let words = language.words();
    let stage = told.stage.as_str();
    // What follows from where it stands has no hour where nobody recorded one.
    let known = |follows: bool| follows.then(String::new);
    let moment = |is: fn(&ReferralEvent) -> bool| {
        let step = told.steps.iter().rev().find(|step| is(&step.fact));
        step.map(|step| when(step.at, today, language))
    };
    let sent = moment(|fact| matches!(fact, ReferralEvent::ReferralSent { .. }));
    let accepted = moment(|fact| matches!(fact, ReferralEvent::ReferralAccepted {}))
        .or_else(|| known(["accepted", "outcome_reported"].contains(&stage)));
    let seen = moment(|fact| matches!(fact, ReferralEvent::ReferralSeen {})).or_else(|| {
        known(accepted.is_some() || ["seen", "information_requested"].contains(&stage))
    });
    let held = moment(|fact| matches!(fact, ReferralEvent::FirstVisitHeld {}));
    let told_at = moment(|fact| matches!(fact, ReferralEvent::ReferralOutcomeReported { .. }));
    let over = match stage {
        "declined" => Some(words.referral_rung_declined()),
        "withdrawn" => Some(words.referral_rung_withdrawn()),
        "expired" => Some(words.referral_rung_expired()),
        _ => None,
    };
    let is_over = over.is_some();
    let answer = match over {
        Some(label) => {
            let last = told.steps.last().map(|step| when(step.at, today, language));
            refused(label, last.unwrap_or_default(), language)
        }
        None => rung(words.referral_rung_accepted(), accepted, language),
    };
    let visit = rung(words.referral_rung_visit(), held, language);
    let fixed = told.visit_at.filter(|_| visit.class == "to-come");
    let visit = match fixed {
        Some(at) => Rung { when: when(at, today, language), ..visit },
        None => visit,
    };
    let mut all = vec![
        rung(words.referral_rung_sent(), Some(sent.unwrap_or_default()), language),
        rung(words.referral_rung_seen(), seen, language),
        answer,
        visit,
        rung(words.referral_rung_outcome(), told_at, language),
    ];
    let is_over = is_over || stage == "outcome_reported";
    if let Some(next) = all.iter_mut().find(|rung| !is_over && rung.class == "to-come") {
        next.class = "now";
        next.state = words.referral_rung_now();
    }
    all
}

fn rung(label: String, at: Option<String>, language: Language) -> Rung {
    let words = language.words();
    if let Some(when) = at {
        let state = words.referral_rung_done();
        return Rung { label, class: "done", glyph: Some(Glyph::Check), when, state };
    }
    let state = words.referral_rung_to_come();
    Rung { label, class: "to-come", glyph: None, when: String::new(), state }
}

fn refused(label: String, when: String, language: Language) -> Rung {
    let state = language.words().referral_rung_over();
    Rung { label, class: "refused", glyph: Some(Glyph::Cross), when, state }
}

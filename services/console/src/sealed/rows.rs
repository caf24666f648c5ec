//! The paths of a sealed service in a list: how far each is, and what can be done with it. Pure.

use time::Date;
use trama_events::codes::Urgency;
use trama_events::referrals::ExternalState;
use trama_events::rome;
use trama_platform::clock::random_id;
use trama_ui::badge::Badge;
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words};
use trama_ui::words::{InWords as _, State};
use uuid::Uuid;

use super::Told;
use crate::inbox::badges::dated;
use crate::people::Choice;

/// Where it stands what was tried with a path and refused.
pub(super) const AT_PATH: &str = "provato";

/// What was filled in for a path, as it was.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    pub(super) path: Uuid,
    pub(super) step: String,
    pub(super) when: String,
    pub(super) reason: String,
}

/// What can be done with a path now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a form that is on the page or not")]
pub(super) struct May {
    pub(super) answer: bool,
    pub(super) appointment: bool,
    pub(super) meet: bool,
    pub(super) missed: bool,
    pub(super) enter: bool,
    pub(super) close: bool,
}

impl May {
    fn has(self, step: &str) -> bool {
        match step {
            "si" | "no" => self.answer,
            "appuntamento" => self.appointment,
            "venuta" => self.meet,
            "non-venuta" => self.missed,
            "entra" => self.enter,
            "chiudi" => self.close,
            _ => false,
        }
    }
}

/// A path.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) path: Uuid,
    pub(super) name: String,
    pub(super) elsewhere: bool,
    pub(super) badges: Vec<Badge>,
    pub(super) come_at: Option<String>,
    pub(super) outside: String,
    pub(super) may: May,
    pub(super) key: String,
    tried: Option<Tried>,
}

impl Row {
    /// What was filled in for this step and refused.
    pub(super) fn tried(&self, step: &str) -> Option<&Tried> {
        self.tried.as_ref().filter(|tried| tried.step == step && self.may.has(step))
    }

    /// The control of a step.
    pub(super) fn id(&self, step: &str) -> String {
        match self.tried(step) {
            Some(_) => AT_PATH.to_owned(),
            None => format!("{step}-{}", self.key),
        }
    }

    pub(super) fn when(&self, step: &str) -> &str {
        self.tried(step).map_or("", |tried| tried.when.as_str())
    }

    pub(super) fn gave(&self, step: &str, reason: &Choice) -> bool {
        self.tried(step).is_some_and(|tried| tried.reason == reason.code)
    }
}

/// How workers speak of a path: the beginning of its pseudonym, which tells nothing.
fn sign_of(path: Uuid) -> String {
    let text = path.simple().to_string().to_uppercase();
    format!("{}-{}", &text[..4], &text[4..8])
}

pub(super) fn may(stage: &str, appointed: bool) -> May {
    let (answered, came) = (stage == "accepted", stage == "came");
    May {
        answer: stage == "waiting",
        appointment: answered,
        meet: answered,
        missed: answered && appointed,
        enter: answered || came,
        close: stage != "closed" && stage != "waiting",
    }
}

/// Who reads, and when.
pub(super) struct Telling<'a> {
    pub(super) language: Language,
    pub(super) today: Date,
    pub(super) tried: Option<&'a Tried>,
}

impl Telling<'_> {
    fn words(&self) -> &'static Words {
        self.language.words()
    }

    pub(super) fn row(&self, told: &Told) -> Row {
        let moment = |at| {
            let on = format!("{} ", self.words().sealed_comes_on());
            self.language.after(&on, rome::day_of(at), &self.language.long_with_time(at))
        };
        Row {
            path: told.path,
            name: sign_of(told.path),
            elsewhere: !told.for_your_service,
            badges: self.badges(told),
            come_at: told.come_at.map(moment),
            outside: self.outside(told.network_sees.with_her_agreement),
            may: may(&told.stage, told.come_at.is_some()),
            key: random_id().to_string(),
            tried: self.tried.filter(|tried| tried.path == told.path).cloned(),
        }
    }

    /// What the network reads, where the person agreed.
    fn outside(&self, state: ExternalState) -> String {
        match state {
            ExternalState::Expected => self.words().sealed_network_expected(),
            ExternalState::InPath => self.words().sealed_network_in_path(),
            ExternalState::Closed => self.words().sealed_network_closed(),
        }
    }

    fn badges(&self, told: &Told) -> Vec<Badge> {
        let words = self.words();
        let stage = match told.stage.as_str() {
            "accepted" if told.come_at.is_some() => {
                Some(Badge::new(State::Waiting, words.sealed_badge_expected()))
            }
            "accepted" => Some(Badge::new(State::Waiting, words.sealed_badge_no_day())),
            "came" => Some(Badge::new(State::Done, words.sealed_badge_came())),
            "in_path" => Some(Badge::new(State::Done, words.sealed_badge_in_path())),
            _ => None,
        };
        let urgency = match told.urgency {
            Some(urgency @ (Urgency::Immediate | Urgency::Urgent)) => {
                let words = urgency.words_in(self.language);
                Some(Badge::new(State::Refused, words).with(Glyph::Triangle))
            }
            Some(Urgency::Ordinary) | None => None,
        };
        let level = match told.need_level.map(u8::from) {
            Some(2) => Some(words.sealed_badge_serious()),
            Some(3) => Some(words.sealed_badge_grave()),
            Some(_) | None => None,
        };
        let level = level.map(|words| Badge::new(State::Neutral, words));
        [stage, self.deadline(told), urgency, level].into_iter().flatten().collect()
    }

    fn deadline(&self, told: &Told) -> Option<Badge> {
        let by = rome::day_of(told.answer_by?);
        let dated = |words: &str| dated(words, by, self.today, self.language);
        Some(if told.overdue {
            let words = dated(&self.words().sealed_badge_overdue());
            Badge::new(State::Refused, words).with(Glyph::Triangle)
        } else {
            Badge::new(State::Waiting, dated(&self.words().sealed_badge_due()))
        })
    }
}

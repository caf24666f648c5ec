//! What may be done with a referral. The domain says what, in its order; here each of its moves has
//! its word and its form. A move that has none does not compile, and no page has to know it.

use serde::Deserialize;
use strum::VariantArray;
use trama_events::codes::{DatasetSection, DeclineReason, DeclinedBy, NeedMet, NextStep};
use trama_events::referrals::WithdrawalReason;
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words};
use trama_ui::words::InWords;

use super::orders::ELSEWHERE;
use super::thread::capital;
use crate::gate::Fields;
use crate::people::Choice;
use crate::told::Wrong;

/// What the domain lets this reader do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Move {
    See,
    Accept,
    RequestInfo,
    Decline,
    ScheduleFirstVisit,
    RecordVisitHeld,
    RecordVisitMissed,
    ReportNeedMet,
    ReportNeedNotMet,
    GiveInfo,
    Withdraw,
}

impl Move {
    /// Its word in a form; that both outcomes share one is because they share a form.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::See => "vedi",
            Self::Accept => "accogli",
            Self::RequestInfo => "chiedi",
            Self::Decline => "respingi",
            Self::ScheduleFirstVisit => "fissa",
            Self::RecordVisitHeld => "venuta",
            Self::RecordVisitMissed => "mancata",
            Self::ReportNeedMet | Self::ReportNeedNotMet => "esito",
            Self::GiveInfo => "rispondi",
            Self::Withdraw => "ritira",
        }
    }

    /// The move that a form names.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|it| it.word() == word)
    }

    /// What is said once it is done, and what comes next; nothing where nobody pressed anything.
    pub(super) fn done(self, words: &Words) -> Option<(String, String)> {
        Some(match self {
            Self::See => return None,
            Self::Accept => (words.referral_done_accept(), words.referral_done_accept_next()),
            Self::RequestInfo => (words.referral_done_ask(), words.referral_done_ask_next()),
            Self::Decline => (words.referral_done_decline(), words.referral_done_decline_next()),
            Self::ScheduleFirstVisit => {
                (words.referral_done_visit(), words.referral_done_visit_next())
            }
            Self::RecordVisitHeld => (words.referral_done_held(), words.referral_done_held_next()),
            Self::RecordVisitMissed => {
                (words.referral_done_missed(), words.referral_done_missed_next())
            }
            Self::ReportNeedMet | Self::ReportNeedNotMet => {
                (words.referral_done_report(), words.referral_done_report_next())
            }
            Self::GiveInfo => (words.referral_done_give(), words.referral_done_give_next()),
            Self::Withdraw => (words.referral_done_withdraw(), words.referral_done_withdraw_next()),
        })
    }
}

/// A button, or what opens under one.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) word: &'static str,
    pub(crate) label: String,
    pub(crate) glyph: Option<Glyph>,
    /// The single key that presses it.
    pub(crate) key: Option<&'static str>,
    /// Whether it is what is done next.
    pub(crate) is_filled: bool,
    pub(crate) is_open: bool,
    /// What is asked before; nothing for a button.
    pub(crate) fields: Vec<Field>,
    pub(crate) help: Option<String>,
    pub(crate) send: Send,
}

/// The button that sends a form which asks something.
#[derive(Debug, Default)]
pub(crate) struct Send {
    pub(crate) label: String,
    pub(crate) glyph: Option<Glyph>,
    /// Whether it ends the referral without help for the person.
    pub(crate) is_no: bool,
}

/// What a form asks.
#[derive(Debug)]
pub(crate) enum Field {
    /// Any of these.
    Several { id: &'static str, name: &'static str, label: String, choices: Vec<Choice> },
    /// One of a few, all in sight.
    One { id: &'static str, label: String, choices: Vec<Choice> },
    /// One of many.
    Select { id: &'static str, label: String, choices: Vec<Choice> },
    /// A few words, or none.
    Words { id: &'static str, label: String, value: String, help: String },
    /// A day and an hour, as browsers write them.
    Moment { id: &'static str, label: String, value: String },
}

impl Field {
    fn id(&self) -> &'static str {
        match self {
            Self::Several { id, .. }
            | Self::One { id, .. }
            | Self::Select { id, .. }
            | Self::Words { id, .. }
            | Self::Moment { id, .. } => id,
        }
    }
}

/// What may be done now, and what was sent just before and cannot be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now<'a> {
    pub(super) moves: &'a [Move],
    pub(super) fields: &'a Fields,
    pub(super) wrong: &'a [Wrong],
    pub(super) language: Language,
}

/// A form for each, in the order of the domain; those that ask nothing first.
pub(super) fn forms(now: Now<'_>) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    for form in now.moves.iter().filter_map(|it| now.form(*it)) {
        if forms.iter().all(|other| other.word != form.word) {
            forms.push(form);
        }
    }
    forms.sort_by_key(|form| !form.fields.is_empty());
    forms
}

impl Now<'_> {
    fn may(self, it: Move) -> bool {
        self.moves.contains(&it)
    }

    /// Its form; none for what is done by opening the page.
    fn form(self, it: Move) -> Option<Form> {
        let words = self.language.words();
        Some(match it {
            Move::See => return None,
            Move::Accept => {
                let form = self.button(it, words.referral_accept(), Glyph::Check);
                Form { key: Some("a"), is_filled: true, ..form }
            }
            Move::RequestInfo => self.request_info(words),
            Move::Decline => self.decline(words),
            Move::ScheduleFirstVisit => self.schedule(words),
            Move::RecordVisitHeld => {
                let form = self.button(it, words.referral_held(), Glyph::Check);
                let is_fixed = !self.may(Move::ScheduleFirstVisit);
                Form { is_filled: is_fixed || self.may(Move::RecordVisitMissed), ..form }
            }
            Move::RecordVisitMissed => self.button(it, words.referral_missed(), Glyph::Cross),
            Move::ReportNeedMet | Move::ReportNeedNotMet => self.report(words),
            Move::GiveInfo => self.give_info(words),
            Move::Withdraw => self.withdraw(words),
        })
    }

    fn button(self, it: Move, label: String, glyph: Glyph) -> Form {
        Form { glyph: Some(glyph), ..self.asking(it, label, Vec::new(), String::new()) }
    }

    /// A form stands open where something of it is to be put right.
    fn asking(self, it: Move, label: String, fields: Vec<Field>, send: String) -> Form {
        let is_wrong = |field: &Field| self.wrong.iter().any(|wrong| wrong.field == field.id());
        Form {
            word: it.word(),
            label,
            glyph: None,
            key: None,
            is_filled: false,
            is_open: fields.iter().any(is_wrong),
            fields,
            help: None,
            send: Send { label: send, ..Send::default() },
        }
    }

    fn request_info(self, words: &Words) -> Form {
        let label = words.referral_ask_what();
        let choices = self.choices::<DatasetSection>(DatasetSection::code, "sezioni");
        let fields = vec![Field::Several { id: "sezioni", name: "sezioni", label, choices }];
        let ask = words.referral_ask();
        let form = self.asking(Move::RequestInfo, ask.clone(), fields, ask);
        Form { key: Some("c"), help: Some(words.referral_ask_help()), ..form }
    }

    fn give_info(self, words: &Words) -> Form {
        let label = words.referral_give_what();
        let choices = self.choices::<DatasetSection>(DatasetSection::code, "sezioni");
        let fields = vec![Field::Several { id: "aggiungi", name: "sezioni", label, choices }];
        let (more, send) = (words.referral_give_more(), words.referral_give());
        let form = self.asking(Move::GiveInfo, more, fields, send);
        let help = Some(words.referral_give_help());
        Form { is_filled: true, is_open: true, help, ..form }
    }

    fn decline(self, words: &Words) -> Form {
        let select = |id, label, choices| Field::Select { id, label, choices };
        let by = self.choices::<DeclinedBy>(DeclinedBy::code, "da");
        let reasons = self.choices::<DeclineReason>(DeclineReason::code, "motivo");
        let steps = self.choices::<NextStep>(NextStep::code, "passo");
        let fields = vec![
            select("da", words.referral_decline_by(), by),
            select("motivo", words.referral_decline_reason(), reasons),
            select("passo", words.referral_decline_step(), steps),
            Field::Words {
                id: ELSEWHERE,
                label: words.referral_decline_elsewhere(),
                value: self.fields.text(ELSEWHERE).to_owned(),
                help: words.referral_decline_elsewhere_help(),
            },
        ];
        let more = words.referral_decline_more();
        let form = self.asking(Move::Decline, more, fields, String::new());
        Form { key: Some("r"), send: a_no(words.referral_decline(), Glyph::Cross), ..form }
    }

    fn schedule(self, words: &Words) -> Form {
        let value = self.fields.text("quando").to_owned();
        let fields =
            vec![Field::Moment { id: "quando", label: words.referral_visit_when(), value }];
        let more = words.referral_visit_more();
        let form = self.asking(Move::ScheduleFirstVisit, more, fields, String::new());
        let send = Send { label: words.referral_visit(), glyph: Some(Glyph::Clock), is_no: false };
        let is_next = !self.may(Move::RecordVisitMissed);
        Form { glyph: Some(Glyph::Clock), is_open: form.is_open || is_next, send, ..form }
    }

    /// That the need was met is offered once the domain takes it.
    fn report(self, words: &Words) -> Form {
        let all = self.choices::<NeedMet>(NeedMet::code, "bisogno").into_iter();
        let may = |code: &str| match code.parse() {
            Ok(NeedMet::Yes | NeedMet::Partly) => self.may(Move::ReportNeedMet),
            Ok(NeedMet::No) => self.may(Move::ReportNeedNotMet),
            Err(_) => false,
        };
        let choices = all.filter(|choice| may(&choice.code)).collect();
        let fields =
            vec![Field::One { id: "bisogno", label: words.referral_report_how(), choices }];
        let (more, send) = (words.referral_report_more(), words.referral_report());
        let help = (!self.may(Move::ReportNeedMet)).then(|| words.referral_report_help());
        Form { help, ..self.asking(Move::ReportNeedNotMet, more, fields, send) }
    }

    fn withdraw(self, words: &Words) -> Form {
        let choices = self.choices::<WithdrawalReason>(WithdrawalReason::code, "ritiro");
        let fields =
            vec![Field::Select { id: "ritiro", label: words.referral_withdraw_why(), choices }];
        let more = words.referral_withdraw_more();
        let form = self.asking(Move::Withdraw, more, fields, String::new());
        let send = a_no(words.referral_withdraw(), Glyph::Back);
        Form { glyph: Some(Glyph::Back), send, ..form }
    }

    /// Every code of a list, with what was chosen before.
    fn choices<T: InWords + VariantArray>(
        self,
        code: fn(T) -> &'static str,
        name: &str,
    ) -> Vec<Choice> {
        let choice = |it: &T| Choice {
            code: code(*it).to_owned(),
            words: capital(it.words_in(self.language)),
            chosen: self.fields.all(name).any(|given| given == code(*it)),
        };
        T::VARIANTS.iter().map(choice).collect()
    }
}

fn a_no(label: String, glyph: Glyph) -> Send {
    Send { label, glyph: Some(glyph), is_no: true }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, to_value};
    use trama_referrals::referral::Move as Theirs;

    use super::*;

    /// A move of the domain that is not here does not compile.
    fn ours(it: Theirs) -> Move {
        match it {
            Theirs::See => Move::See,
            Theirs::Accept => Move::Accept,
            Theirs::RequestInfo => Move::RequestInfo,
            Theirs::Decline => Move::Decline,
            Theirs::ScheduleFirstVisit => Move::ScheduleFirstVisit,
            Theirs::RecordVisitHeld => Move::RecordVisitHeld,
            Theirs::RecordVisitMissed => Move::RecordVisitMissed,
            Theirs::ReportNeedMet => Move::ReportNeedMet,
            Theirs::ReportNeedNotMet => Move::ReportNeedNotMet,
            Theirs::GiveInfo => Move::GiveInfo,
            Theirs::Withdraw => Move::Withdraw,
        }
    }

    /// Nor does one that the domain has no more.
    fn theirs(it: Move) -> Theirs {
        match it {
            Move::See => Theirs::See,
            Move::Accept => Theirs::Accept,
            Move::RequestInfo => Theirs::RequestInfo,
            Move::Decline => Theirs::Decline,
            Move::ScheduleFirstVisit => Theirs::ScheduleFirstVisit,
            Move::RecordVisitHeld => Theirs::RecordVisitHeld,
            Move::RecordVisitMissed => Theirs::RecordVisitMissed,
            Move::ReportNeedMet => Theirs::ReportNeedMet,
            Move::ReportNeedNotMet => Theirs::ReportNeedNotMet,
            Move::GiveInfo => Theirs::GiveInfo,
            Move::Withdraw => Theirs::Withdraw,
        }
    }

    fn of(moves: &[Move]) -> Vec<Form> {
        let fields = Fields::default();
        forms(Now { moves, fields: &fields, wrong: &[], language: Language::English })
    }

    fn labels(moves: &[Move]) -> Vec<String> {
        of(moves).into_iter().map(|form| form.label).collect()
    }

    #[test]
    fn every_move_of_the_domain_is_understood_and_has_a_form_but_that_of_opening() {
        for it in Move::VARIANTS {
            assert_eq!(ours(theirs(*it)), *it);
            assert_eq!(from_value::<Move>(to_value(theirs(*it)).unwrap()).unwrap(), *it);
            assert_eq!(of(&[*it]).len(), usize::from(*it != Move::See), "{it:?}");
        }
    }

    #[test]
    fn what_asks_nothing_stands_first_and_both_outcomes_are_one_form() {
        let visited = [
            Move::ScheduleFirstVisit,
            Move::RecordVisitHeld,
            Move::RecordVisitMissed,
            Move::ReportNeedMet,
            Move::ReportNeedNotMet,
        ];
        assert_eq!(
            labels(&visited),
            ["She came", "She did not come", "Fix a visit", "Outcome…"],
            "the domain's order is kept otherwise"
        );
    }

    #[test]
    fn that_the_need_was_met_is_not_offered_before_the_domain_takes_it() {
        let choices = |moves: &[Move]| {
            let Field::One { choices, .. } = of(moves).remove(0).fields.remove(0) else {
                panic!("an outcome is one of a few")
            };
            choices.len()
        };
        assert_eq!(choices(&[Move::ReportNeedNotMet]), 1);
        assert_eq!(choices(&[Move::ReportNeedMet, Move::ReportNeedNotMet]), 3);
    }

    #[test]
    fn a_form_of_which_something_is_to_be_put_right_stands_open() {
        let (moves, fields) = ([Move::Decline, Move::Withdraw], Fields::default());
        let wrong = [Wrong::new("motivo", "why")];
        let all = forms(Now {
            moves: &moves,
            fields: &fields,
            wrong: &wrong,
            language: Language::English,
        });
        assert_eq!(all.iter().map(|form| form.is_open).collect::<Vec<_>>(), [true, false]);
    }
}

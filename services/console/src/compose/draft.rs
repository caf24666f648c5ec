//! What the form of a referral holds, as it was sent.

use trama_events::codes::{DatasetSection, NeedCode, Urgency};
use trama_events::ids::{ReferralId, ServiceId};
use trama_ui::language::Words;

use crate::gate::{Fields, Visitor};
use crate::told::Wrong;

/// What the form holds.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) key: String,
    pub(super) from: Option<ServiceId>,
    pub(super) to: Option<ServiceId>,
    pub(super) need: Option<NeedCode>,
    pub(super) urgency: Option<Urgency>,
    pub(super) sections: Vec<DatasetSection>,
    pub(super) agrees: bool,
    /// The open referral that it would repeat.
    pub(super) open: Option<ReferralId>,
}

impl Draft {
    pub(super) fn of(fields: &Fields, visitor: &Visitor) -> Self {
        let from: Option<ServiceId> = fields.text("da").parse().ok();
        Self {
            key: fields.text("chiave").to_owned(),
            from: from.filter(|from| visitor.caller.acts_for(*from)),
            to: fields.text("a").parse().ok(),
            need: fields.text("bisogno").parse().ok(),
            urgency: fields.text("urgenza").parse().ok(),
            sections: fields.all("sezioni").filter_map(|code| code.parse().ok()).collect(),
            agrees: !fields.text("accordo").is_empty(),
            open: None,
        }
    }

    pub(super) fn wrong(&self, words: &Words) -> Vec<Wrong> {
        let missing = [
            (self.from.is_none(), "da", words.compose_wrong_from()),
            (self.need.is_none(), "bisogno", words.compose_wrong_need()),
            (self.urgency.is_none(), "urgenza", words.compose_wrong_urgency()),
        ];
        let missing = missing.into_iter().filter(|(is_missing, ..)| *is_missing);
        missing.map(|(_, field, why)| Wrong { field, why }).collect()
    }
}

#[cfg(test)]
mod tests {
    use trama_ui::language::Language;

    use super::*;

    #[test]
    fn a_draft_without_a_need_is_asked_for_it_at_its_field() {
        let wrong = Draft::default().wrong(Language::English.words());
        assert_eq!(
            wrong.iter().map(|it| it.field).collect::<Vec<_>>(),
            ["da", "bisogno", "urgenza"]
        );
    }
}

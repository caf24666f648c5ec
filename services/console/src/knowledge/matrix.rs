//! Which body recorded, could open and opened which entry. Pure.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use trama_events::codes::Section;
use trama_events::ids::OrganisationId;
use trama_projections::journey::Framed;

/// Bodies that stand beside one another.
pub(super) const BODIES_MAX: usize = 6;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) recorded_at: OffsetDateTime,
    pub(super) section: Section,
    pub(super) words: String,
    pub(super) body: Option<OrganisationId>,
    pub(super) body_name: Option<String>,
}

impl Fact {
    pub(super) fn of(frame: Framed, words: String) -> Self {
        Self {
            recorded_at: frame.recorded_at,
            section: frame.section,
            words,
            body: frame.organisation,
            body_name: frame.organisation_name,
        }
    }
}

/// One opening of her record by somebody of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looked {
    pub(super) at: OffsetDateTime,
    pub(super) body: OrganisationId,
    pub(super) sections: Vec<String>,
}

/// From when until when a body had to do with her.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Since {
    pub(super) body: OrganisationId,
    pub(super) from: OffsetDateTime,
    pub(super) until: Option<OffsetDateTime>,
}

/// What a body had of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// It made it.
    Wrote,
    /// It opened the part in which the entry stands, for the first time after it was made.
    Opened(OffsetDateTime),
    /// It opened the record after the entry was made, and not that part.
    NotThisPart,
    /// It had to do with her from then on, and did not open it.
    Could(OffsetDateTime),
    /// No trace.
    Nothing,
}

/// Entries and bodies.
#[derive(Debug)]
pub(super) struct Matrix {
    /// The newest first.
    pub(super) facts: Vec<Fact>,
    /// Those with the most openings and entries, at most [`BODIES_MAX`].
    pub(super) bodies: Vec<OrganisationId>,
    /// Bodies that found no room.
    pub(super) left_out: usize,
    looks: BTreeMap<OrganisationId, Vec<Looked>>,
    since: Vec<Since>,
}

impl Matrix {
    pub(super) fn new(mut facts: Vec<Fact>, looks: Vec<Looked>, since: Vec<Since>) -> Self {
        facts.reverse();
        let mut weight: BTreeMap<OrganisationId, usize> = BTreeMap::new();
        let writers = facts.iter().filter_map(|fact| fact.body);
        for body in writers.chain(looks.iter().map(|look| look.body)) {
            *weight.entry(body).or_default() += 1;
        }
        for one in &since {
            weight.entry(one.body).or_default();
        }
        let mut bodies: Vec<OrganisationId> = weight.keys().copied().collect();
        bodies.sort_by_key(|body| std::cmp::Reverse(weight.get(body).copied().unwrap_or_default()));
        let left_out = bodies.len().saturating_sub(BODIES_MAX);
        bodies.truncate(BODIES_MAX);
        let mut by_body: BTreeMap<OrganisationId, Vec<Looked>> = BTreeMap::new();
        for look in looks {
            by_body.entry(look.body).or_default().push(look);
        }
        Self { facts, bodies, left_out, looks: by_body, since }
    }

    /// What a body had of an entry.
    pub(super) fn cell(&self, fact: &Fact, body: OrganisationId) -> Cell {
        if fact.body == Some(body) {
            return Cell::Wrote;
        }
        let looks = self.looks.get(&body).map_or(&[][..], Vec::as_slice);
        let mut later = looks.iter().filter(|look| look.at >= fact.recorded_at).peekable();
        let opened_record = later.peek().is_some();
        let part = fact.section.code();
        let opened = later.filter(|look| look.sections.iter().any(|code| code == part));
        match opened.map(|look| look.at).min() {
            Some(at) => Cell::Opened(at),
            None if opened_record => Cell::NotThisPart,
            None => self.could(fact, body).map_or(Cell::Nothing, Cell::Could),
        }
    }

    /// From when on a body that had to do with her could have opened it.
    fn could(&self, fact: &Fact, body: OrganisationId) -> Option<OffsetDateTime> {
        let of_body = self.since.iter().filter(|one| one.body == body);
        let after = of_body.filter(|one| one.until.is_none_or(|until| until > fact.recorded_at));
        after.map(|one| one.from.max(fact.recorded_at)).min()
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-01-10 12:00 UTC);

    fn body(name: &str) -> OrganisationId {
        OrganisationId::derived(&[name])
    }

    fn fact(by: &str) -> Fact {
        Fact {
            recorded_at: NOON,
            section: Section::Housing,
            words: "ingresso".into(),
            body: Some(body(by)),
            body_name: Some(by.into()),
        }
    }

    fn look(by: &str, hours: i64, section: Section) -> Looked {
        Looked {
            at: NOON + Duration::hours(hours),
            body: body(by),
            sections: vec![section.code().into()],
        }
    }

    fn since(by: &str, from: i64, until: Option<i64>) -> Since {
        let at = |hours| NOON + Duration::hours(hours);
        Since { body: body(by), from: at(from), until: until.map(at) }
    }

    #[test]
    fn a_body_knew_an_entry_that_it_wrote_or_whose_part_it_opened_after_it_was_recorded() {
        let looks = vec![
            look("city", 5, Section::Housing),
            look("city", 2, Section::Housing),
            look("early", -1, Section::Housing),
            look("store", 3, Section::Food),
        ];
        let matrix = Matrix::new(vec![fact("shelter")], looks, Vec::new());
        let cell = |name| matrix.cell(&matrix.facts[0], body(name));
        assert_eq!(cell("shelter"), Cell::Wrote);
        assert_eq!(cell("city"), Cell::Opened(NOON + Duration::hours(2)));
        assert_eq!(cell("early"), Cell::Nothing, "nobody knew it before it was recorded");
        assert_eq!(cell("store"), Cell::NotThisPart);
    }

    #[test]
    fn a_body_that_had_to_do_with_her_could_know_from_the_later_of_the_two() {
        let stood = vec![
            since("before", -24, None),
            since("after", 24, None),
            since("gone", -24, Some(-1)),
            since("opened", -24, None),
        ];
        let looks = vec![look("opened", 1, Section::Housing)];
        let matrix = Matrix::new(vec![fact("shelter")], looks, stood);
        let cell = |name| matrix.cell(&matrix.facts[0], body(name));
        assert_eq!(cell("before"), Cell::Could(NOON));
        assert_eq!(cell("after"), Cell::Could(NOON + Duration::hours(24)));
        assert_eq!(cell("gone"), Cell::Nothing);
        assert_eq!(cell("opened"), Cell::Opened(NOON + Duration::hours(1)));
    }

    #[test]
    fn the_bodies_with_the_most_to_do_stand_in_the_table_and_the_others_are_counted() {
        let names: Vec<String> = (0..9).map(|nth| format!("body {nth}")).collect();
        let looks = names
            .iter()
            .enumerate()
            .flat_map(|(nth, name)| (0..=nth).map(move |_| look(name, 1, Section::Path)));
        let matrix = Matrix::new(vec![fact("body 8")], looks.collect(), Vec::new());
        assert_eq!((matrix.bodies.len(), matrix.left_out), (BODIES_MAX, 3));
        assert_eq!(matrix.bodies[0], body("body 8"));
        assert!(!matrix.bodies.contains(&body("body 0")));
    }
}

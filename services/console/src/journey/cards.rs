//! The four cards: where she sleeps, what she eats, what is open, what comes next.

use time::Date;
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};
use trama_events::rome;
use trama_projections::journey::{Entry, JourneyView, Place, Span};
use trama_ui::family::Family;
use trama_ui::language::{Language, Words};
use trama_ui::words;

use super::view::{Card, Seen};
use super::{dated, meetings};

pub(super) fn cards(journey: &JourneyView, seen: &Seen) -> Vec<Card> {
    let told = Told { journey, today: seen.today(), language: seen.language };
    vec![told.housing(), told.food(), told.referrals(), told.next_step()]
}

/// A service's public name, where there is one to show.
pub(super) fn name(place: Option<&Place>) -> String {
    place.map_or_else(|| "–".into(), |place| place.name.clone())
}

/// An ETHOS situation, as a sentence of its own.
pub(super) fn situation(ethos: Option<&str>, language: Language) -> String {
    let says = language.words();
    let Some(ethos) = ethos else { return says.journey_housed() };
    let known = words::ethos_in(language, ethos);
    known.map_or_else(|| says.journey_situation_unknown(), capitalised)
}

pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A day on which something is due: what, and where.
type Due = (Date, String, String);

/// What the cards are told from.
struct Told<'a> {
    journey: &'a JourneyView,
    today: Date,
    language: Language,
}

impl<'a> Told<'a> {
    fn words(&self) -> &'static Words {
        self.language.words()
    }

    fn long(&self, day: Date) -> String {
        self.language.long(day)
    }

    fn since(&self, day: Date) -> String {
        dated(self.language, &self.words().journey_since(), day)
    }

    fn open(&self, kind: &str) -> impl DoubleEndedIterator<Item = &'a Span> {
        self.journey.spans.iter().filter(move |span| span.kind == kind && span.to.is_none())
    }

    fn card(&self, family: Family, figure: String, note: String) -> Card {
        Card { family, title: family.label_in(self.language).into(), figure, note }
    }

    fn housing(&self) -> Card {
        let card = |figure: String, note: String| self.card(Family::Housing, figure, note);
        if let Some(stay) = self.open("stay").next_back() {
            let cap = stay.due_on.map(|day| self.remaining(day)).unwrap_or_default();
            return card(name(stay.service.as_ref()), format!("{}{cap}", self.since(stay.from)));
        }
        if let Some(wait) = self.open("waiting_list").next_back() {
            let note = format!("{} · {}", name(wait.service.as_ref()), self.since(wait.from));
            return card(self.words().journey_on_list(), note);
        }
        match self.journey.situations.last() {
            Some(last) => {
                card(situation(last.ethos.as_deref(), self.language), self.since(last.on))
            }
            None => {
                card(self.words().journey_housing_unknown(), self.words().journey_housing_none())
            }
        }
    }

    fn remaining(&self, due: Date) -> String {
        let days = (due - self.today).whole_days();
        let count = self.language.days(days.abs());
        let words = self.words();
        let said =
            if days >= 0 { words.journey_ends_in(count) } else { words.journey_over_by(count) };
        format!(" · {said}")
    }

    fn food(&self) -> Card {
        let words = self.words();
        let given = ["points_spent", "meal_served", "parcel_delivered"];
        let last = self.journey.entries.iter().rfind(|entry| given.contains(&entry.kind.as_str()));
        let note = last.map(|entry| words.journey_food_last(self.long(entry.happened_on)));
        let note = note.unwrap_or_else(|| words.journey_food_none());
        let Some(span) = self.open("card").next_back() else {
            return self.card(Family::Food, words.journey_card_none(), note);
        };
        if span.state == "card_suspended" {
            return self.card(Family::Food, words.journey_card_suspended(), note);
        }
        let mut of_card = self.journey.entries.iter().rev().filter(|one| one.about == span.about);
        let points = of_card.find_map(|entry| {
            let field = if entry.kind == "card_issued" { "points" } else { "balance" };
            entry.detail.get(field)?.as_i64()
        });
        let active = || words.journey_card_active();
        let figure = points.map_or_else(active, |points| words.journey_card_points(points));
        self.card(Family::Food, figure, note)
    }

    fn referrals(&self) -> Card {
        let words = self.words();
        let card = |figure: String, note: String| Card {
            title: words.journey_open_referrals(),
            ..self.card(Family::Referrals, figure, note)
        };
        let waiting: Vec<&Span> = self.open("referral_wait").collect();
        let Some(oldest) = waiting.iter().min_by_key(|span| span.from) else {
            return card(words.journey_waiting_none(), self.answered());
        };
        let days = self.language.days((self.today - oldest.from).whole_days().max(0));
        card(words.journey_waiting(waiting.len(), days), name(oldest.service.as_ref()))
    }

    /// How many referrals were answered, and how.
    fn answered(&self) -> String {
        let words = self.words();
        let waits = || self.journey.spans.iter().filter(|span| span.kind == "referral_wait");
        let closed = |state: &str| waits().filter(|span| span.state == state).count();
        match (closed("referral_accepted"), closed("referral_declined")) {
            (0, 0) => words.journey_answered_none(),
            (accepted, 0) => words.journey_accepted(accepted),
            (accepted, declined) => {
                let [one, other] =
                    [words.journey_accepted(accepted), words.journey_declined(declined)];
                format!("{one}, {other}")
            }
        }
    }

    /// The next day on which something is due.
    fn next_step(&self) -> Card {
        let words = self.words();
        let mut due: Vec<Due> =
            self.journey.spans.iter().filter_map(|span| self.due_of(span)).collect();
        due.extend(self.visits());
        due.extend(self.reviews());
        due.extend(self.meetings());
        let next = due.into_iter().filter(|(day, _, _)| *day >= self.today).min();
        let (figure, note) = next.map_or_else(
            || (words.journey_due_none(), words.journey_step_none()),
            |(day, what, place)| {
                let place = if place.is_empty() { place } else { format!(" · {place}") };
                (what, format!("{}{place}", self.long(day)))
            },
        );
        Card { title: words.journey_next(), ..self.card(Family::Access, figure, note) }
    }

    fn due_of(&self, span: &Span) -> Option<Due> {
        let what = match span.kind {
            "stay" => self.words().journey_due_stay(),
            "card" => self.words().journey_due_card(),
            "referral_wait" => self.words().journey_due_answer(),
            "waiting_list" => self.words().journey_due_place(),
            _ => return None,
        };
        let due = span.due_on.filter(|_| span.to.is_none())?;
        Some((due, what, name(span.service.as_ref())))
    }

    /// First visits that were fixed last, and neither held nor missed since.
    fn visits(&self) -> impl Iterator<Item = Due> {
        let entries = &self.journey.entries;
        let over = |entry: &Entry| {
            let after = |other: &&Entry| {
                other.about == entry.about && other.recorded_at > entry.recorded_at
            };
            let kinds = [
                "first_visit_scheduled",
                "first_visit_held",
                "first_visit_missed",
                "referral_outcome_reported",
            ];
            entries.iter().filter(after).any(|other| kinds.contains(&other.kind.as_str()))
        };
        let fixed = entries.iter().filter(|entry| entry.kind == "first_visit_scheduled");
        fixed.filter(move |entry| !over(entry)).filter_map(|entry| {
            let at = entry.detail.get("visit_at")?.as_str()?;
            let day = rome::day_of(OffsetDateTime::parse(at, &Rfc3339).ok()?);
            Some((day, self.words().journey_due_visit(), name(entry.service.as_ref())))
        })
    }

    /// When goals are looked at again, each by its latest word.
    fn reviews(&self) -> Vec<Due> {
        let mut goals: std::collections::BTreeMap<&str, Option<Date>> =
            std::collections::BTreeMap::new();
        let kinds = ["goal_set", "goal_reviewed"];
        let told = self.journey.entries.iter().filter(|one| kinds.contains(&one.kind.as_str()));
        for entry in told {
            let Some(goal) = entry.detail.get("goal").and_then(|goal| goal.as_str()) else {
                continue;
            };
            let day = entry.detail.get("review_on").and_then(|day| day.as_str());
            goals.insert(goal, day.and_then(|day| Date::parse(day, &Iso8601::DATE).ok()));
        }
        let what = || self.words().journey_due_goal();
        goals.into_values().flatten().map(|day| (day, what(), String::new())).collect()
    }

    /// When those who follow her meet.
    fn meetings(&self) -> impl Iterator<Item = Due> {
        let of = |entry: &Entry| meetings::day_of(&self.journey.entries, entry);
        let days = self.journey.entries.iter().filter_map(of);
        days.map(|day| (day, self.words().journey_due_meeting(), String::new()))
    }
}

//! The list of events: what, where, who, in which state, and when it was recorded.

use std::collections::HashMap;

use time::Date;
use trama_events::ids::PersonId;
use trama_projections::journey::{Entry as Told, JourneyView, Span};
use trama_ui::badge::Badge;
use trama_ui::family::Family;
use trama_ui::glyph::Glyph;
use trama_ui::language::Language;
use trama_ui::words::{InWords as _, State, Telling, sentence_in, telling_of};
use uuid::Uuid;

use super::cards;
use super::figure::anchor;
use super::view::{ENTRIES, Entry, Seen, state_of};

/// What the rows of a page need of the whole journey.
struct Context<'a> {
    by_id: HashMap<&'a str, &'a Told>,
    spans: HashMap<Uuid, &'a Span>,
    codes: HashMap<PersonId, &'a str>,
    front: PersonId,
    today: Date,
    language: Language,
}

/// The newest first, one page of them.
pub(super) fn entries(journey: &JourneyView, seen: &Seen, page: usize) -> Vec<Entry> {
    let codes =
        journey.records.iter().filter_map(|record| Some((record.person, record.code.as_deref()?)));
    let context = Context {
        by_id: journey.entries.iter().map(|entry| (entry.id.as_str(), entry)).collect(),
        spans: journey.spans.iter().filter_map(|span| Some((span.about?, span))).collect(),
        codes: codes.collect(),
        front: journey.canonical,
        today: seen.today(),
        language: seen.language,
    };
    let newest_first =
        journey.entries.iter().rev().skip((page - 1).saturating_mul(ENTRIES)).take(ENTRIES);
    let mut entries: Vec<Entry> = newest_first.map(|told| entry(told, &context)).collect();
    let mut month: Option<String> = None;
    for entry in &mut entries {
        if entry.month == month {
            entry.month = None;
        } else {
            month.clone_from(&entry.month);
        }
    }
    entries
}

fn entry(told: &Told, context: &Context<'_>) -> Entry {
    let family = Family::of_lane(told.lane);
    let (language, words) = (context.language, context.language.words());
    let said = |entry: &Told| sentence_in(language, &entry.kind, &entry.detail);
    let of = |id: &Option<String>| id.as_deref().and_then(|id| context.by_id.get(id));
    let correction = of(&told.corrected_by).map(|by| {
        let day = language.short(by.happened_on, context.today);
        let on = language.after(&format!("{} ", words.journey_on()), by.happened_on, &day);
        words.journey_corrected(said(by), on)
    });
    let place = told.service.as_ref().map(|place| place.name.clone());
    let external = family == Family::External;
    // The log knows no names of workers: who wrote it is told by her role, to whom it is told at all.
    let role = told.author.map(|author| author.role.words_in(language));
    let who = told.organisation_name.as_ref().map(|body| match role {
        Some(role) => format!("{body} · {role}"),
        None => body.clone(),
    });
    let other = told.person.filter(|person| *person != context.front);
    Entry {
        id: told.id.clone(),
        anchor: anchor(&told.id),
        month: Some(cards::capitalised(&language.month_and_year(told.happened_on))),
        day: told.happened_on.day(),
        when: language.short(told.happened_on, context.today),
        family: (family, family.label_in(language)),
        place,
        what: said(told),
        struck: told.corrected_by.is_some(),
        correction,
        replaces: of(&told.corrects).map(|wrong| said(wrong)),
        who: who.unwrap_or_else(|| if external { words.journey_reserved() } else { "–".into() }),
        record: other
            .and_then(|person| context.codes.get(&person))
            .map(|code| words.journey_record(*code)),
        badges: badges(told, context),
        recorded: language.short_with_time(told.recorded_at, context.today),
        offer: None,
    }
}

fn badges(told: &Told, context: &Context<'_>) -> Vec<Badge> {
    let words = context.language.words();
    let mut badges: Vec<Badge> = Vec::new();
    if told.lane == "external" {
        badges.push(Badge::new(State::Neutral, words.journey_existence()).with(Glyph::Lock));
    }
    if told.corrected_by.is_some() {
        badges.push(Badge::new(State::Neutral, words.journey_put_right()).with(Glyph::Pencil));
    }
    let state = || state_of(&told.kind, context.language).filter(|_| !is_over(told, context));
    badges.extend(answer(told, context).or_else(state));
    badges.extend(late(told, context.language));
    badges
}

/// Whether an event only said that something waits, and it does no longer.
fn is_over(told: &Told, context: &Context<'_>) -> bool {
    let waited =
        matches!(telling_of(&told.kind), Some(Telling { state: Some((State::Waiting, _)), .. }));
    let span = told.about.and_then(|about| context.spans.get(&about)).filter(|_| waited);
    span.is_some_and(|span| span.to.is_some() || (span.kind == "card" && span.state != told.kind))
}

/// An answer to a referral says how long it took.
fn answer(told: &Told, context: &Context<'_>) -> Option<Badge> {
    let state = match told.kind.as_str() {
        "referral_accepted" => State::Done,
        "referral_declined" => State::Refused,
        _ => return None,
    };
    let wait = context.spans.get(&told.about?).filter(|span| span.kind == "referral_wait")?;
    let days = (wait.to? - wait.from).whole_days();
    let words = context.language.words();
    let said = match days {
        0 => words.journey_same_day(),
        days => words.journey_after_days(context.language.days(days)),
    };
    Some(Badge::new(state, said))
}

/// What was written down days after it happened says so.
fn late(told: &Told, language: Language) -> Option<Badge> {
    let late = language.recorded_late(told.happened_on, told.recorded_at);
    late.map(|words| Badge::new(State::Waiting, words))
}

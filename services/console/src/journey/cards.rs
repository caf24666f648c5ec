//! The four cards: where she sleeps, what she eats, what is open, what comes next.

use time::Date;
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};
use trama_events::rome;
use trama_projections::journey::{Entry, JourneyView, Place, Span};
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::words;

use super::view::Card;

pub(super) fn cards(journey: &JourneyView, today: Date) -> Vec<Card> {
    vec![
        housing(journey, today),
        food(journey),
        referrals(journey, today),
        next_step(journey, today),
    ]
}

/// A service's public name, where there is one to show.
pub(super) fn name(place: Option<&Place>) -> String {
    place.map_or_else(|| "–".into(), |place| place.name.clone())
}

/// An ETHOS situation, as a sentence of its own.
pub(super) fn situation(ethos: Option<&str>) -> String {
    let Some(ethos) = ethos else { return "Non più senza dimora".into() };
    words::ethos(ethos).map_or_else(|| "Non conosciuta".into(), capitalised)
}

pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn since(day: Date) -> String {
    dates::after("dal ", day, &dates::long(day))
}

fn open<'a>(journey: &'a JourneyView, kind: &str) -> impl DoubleEndedIterator<Item = &'a Span> {
    journey.spans.iter().filter(move |span| span.kind == kind && span.to.is_none())
}

fn housing(journey: &JourneyView, today: Date) -> Card {
    let card = |figure: String, note: String| Card {
        family: Family::Housing,
        title: "Abitare",
        figure,
        note,
    };
    if let Some(stay) = open(journey, "stay").next_back() {
        let cap = stay.due_on.map(|day| remaining(day, today)).unwrap_or_default();
        return card(name(stay.service.as_ref()), format!("{}{cap}", since(stay.from)));
    }
    if let Some(wait) = open(journey, "waiting_list").next_back() {
        let note = format!("{} · {}", name(wait.service.as_ref()), since(wait.from));
        return card("In lista d’attesa".into(), note);
    }
    match journey.situations.last() {
        Some(last) => card(situation(last.ethos.as_deref()), since(last.on)),
        None => card("Non si sa ancora".into(), "nessuna situazione registrata".into()),
    }
}

fn remaining(due: Date, today: Date) -> String {
    match (due - today).whole_days() {
        0.. => format!(" · scade tra {}", dates::days((due - today).whole_days())),
        late => format!(" · oltre il termine da {}", dates::days(-late)),
    }
}

fn food(journey: &JourneyView) -> Card {
    let card =
        |figure: String, note: String| Card { family: Family::Food, title: "Cibo", figure, note };
    let of =
        |kinds: &'static [&'static str]| move |entry: &&Entry| kinds.contains(&entry.kind.as_str());
    let mut newest = journey.entries.iter().rev();
    let given = newest.find(of(&["points_spent", "meal_served", "parcel_delivered"]));
    let note = given.map(|entry| format!("ultimo ritiro: {}", dates::long(entry.happened_on)));
    let note = note.unwrap_or_else(|| "nessun ritiro registrato".into());
    let Some(span) = open(journey, "card").next_back() else {
        return card("Nessuna tessera attiva".into(), note);
    };
    if span.state == "card_suspended" {
        return card("Tessera sospesa".into(), note);
    }
    let mut of_card = journey.entries.iter().rev().filter(|entry| entry.about == span.about);
    let points = of_card.find_map(|entry| {
        let field = if entry.kind == "card_issued" { "points" } else { "balance" };
        entry.detail.get(field)?.as_i64()
    });
    let figure = points
        .map_or_else(|| "Tessera attiva".into(), |points| format!("{points} punti sulla tessera"));
    card(figure, note)
}

fn referrals(journey: &JourneyView, today: Date) -> Card {
    let card = |figure: String, note: String| Card {
        family: Family::Referrals,
        title: "Invii aperti",
        figure,
        note,
    };
    let waiting: Vec<&Span> = open(journey, "referral_wait").collect();
    let Some(oldest) = waiting.iter().min_by_key(|span| span.from) else {
        let closed = |state: &str| {
            journey
                .spans
                .iter()
                .filter(|span| span.kind == "referral_wait" && span.state == state)
                .count()
        };
        let (accepted, declined) = (closed("referral_accepted"), closed("referral_declined"));
        let words = |count: usize, one: &str, more: &str| {
            format!("{count} {}", if count == 1 { one } else { more })
        };
        let note = match (accepted, declined) {
            (0, 0) => "nessun invio con risposta".into(),
            (a, 0) => words(a, "accolto", "accolti"),
            (a, d) => {
                format!("{}, {}", words(a, "accolto", "accolti"), words(d, "respinto", "respinti"))
            }
        };
        return card("Nessuno in attesa".into(), note);
    };
    let days = dates::days((today - oldest.from).whole_days().max(0));
    card(format!("{} in attesa da {days}", waiting.len()), name(oldest.service.as_ref()))
}

/// The next day on which something is due.
fn next_step(journey: &JourneyView, today: Date) -> Card {
    let mut due: Vec<(Date, &'static str, String)> =
        journey.spans.iter().filter_map(due_of).collect();
    due.extend(visits(journey));
    due.extend(reviews(journey));
    let next = due.into_iter().filter(|(day, _, _)| *day >= today).min();
    let (figure, note) = next.map_or_else(
        || ("Nessuna scadenza".to_owned(), "nessun passo fissato".to_owned()),
        |(day, what, place)| {
            let place = if place.is_empty() { place } else { format!(" · {place}") };
            (what.to_owned(), format!("{}{place}", dates::long(day)))
        },
    );
    Card { family: Family::Access, title: "Prossimo passo", figure, note }
}

fn due_of(span: &Span) -> Option<(Date, &'static str, String)> {
    let what = match span.kind {
        "stay" => "Fine della permanenza",
        "card" => "Rinnovo della tessera",
        "referral_wait" => "Risposta a un invio",
        "waiting_list" => "Conferma del posto offerto",
        _ => return None,
    };
    let due = span.due_on.filter(|_| span.to.is_none())?;
    Some((due, what, name(span.service.as_ref())))
}

/// First visits that were fixed last, and neither held nor missed since.
fn visits(journey: &JourneyView) -> impl Iterator<Item = (Date, &'static str, String)> {
    let over = |entry: &Entry| {
        let after =
            |other: &&Entry| other.about == entry.about && other.recorded_at > entry.recorded_at;
        let kinds = [
            "first_visit_scheduled",
            "first_visit_held",
            "first_visit_missed",
            "referral_outcome_reported",
        ];
        journey.entries.iter().filter(after).any(|other| kinds.contains(&other.kind.as_str()))
    };
    let fixed = journey.entries.iter().filter(|entry| entry.kind == "first_visit_scheduled");
    fixed.filter(move |entry| !over(entry)).filter_map(|entry| {
        let at = OffsetDateTime::parse(entry.detail.get("visit_at")?.as_str()?, &Rfc3339).ok()?;
        Some((rome::day_of(at), "Primo incontro", name(entry.service.as_ref())))
    })
}

/// When goals are looked at again, each by its latest word.
fn reviews(journey: &JourneyView) -> Vec<(Date, &'static str, String)> {
    let mut goals: std::collections::BTreeMap<&str, Option<Date>> =
        std::collections::BTreeMap::new();
    let told = journey
        .entries
        .iter()
        .filter(|entry| ["goal_set", "goal_reviewed"].contains(&entry.kind.as_str()));
    for entry in told {
        let Some(goal) = entry.detail.get("goal").and_then(|goal| goal.as_str()) else { continue };
        let day = entry.detail.get("review_on").and_then(|day| day.as_str());
        goals.insert(goal, day.and_then(|day| Date::parse(day, &Iso8601::DATE).ok()));
    }
    goals
        .into_values()
        .flatten()
        .map(|day| (day, "Verifica di un obiettivo", String::new()))
        .collect()
}

//! `GET /persone/{id}`: a person's journey as a list, on either clock.

pub(crate) mod around;
mod cards;
mod entries;
mod figure;
mod meetings;
mod periods;
mod view;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::format_description::well_known::Iso8601;
use time::{Date, Duration, Time};
use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::gate::Reader;
use trama_projections::journey::{Asked, SECTIONS, journey};
use trama_projections::live::of_journey;
use trama_ui::dates;
use trama_ui::frame::{Live, News, Place};
use trama_ui::language::{Language, Words};

use crate::gate::Visitor;
use crate::{Console, answer, forced, live, moves, register, tabs};
use figure::Zoom;
use view::{Page, Seen};

/// Why a day cannot be read.
struct NotADay;

/// How a journey is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// What was known by the end of this day.
    al: Option<String>,
    /// What had happened by the end of this day.
    fatti: Option<String>,
    /// How much of it the figure shows: `3mesi`, `anno` or `tutto`.
    vista: Option<String>,
    /// Which page of the list of events, from 1.
    pagina: Option<usize>,
    /// For which purpose, where no open case explains the reading.
    scopo: Option<String>,
    /// What was done just before: a word.
    esito: Option<String>,
}

/// `GET /persone/{id}`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    mut reader: Reader,
    person: Result<Path<PersonId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Ok(Path(person)) = person else { return answer::not_found(&console, Some(&visitor)) };
    let Ok(Query(wanted)) = wanted else {
        return not_understood(&console, &visitor);
    };
    reader.caller.stated = wanted.scopo.as_deref().and_then(|purpose| purpose.parse().ok());
    let zoom = wanted.vista.as_deref().filter(|code| !code.is_empty()).map(Zoom::of_code);
    let (Some((seen, page)), None | Some(Some(_))) = (seen(&console, &visitor, &wanted), zoom)
    else {
        return not_understood(&console, &visitor);
    };
    let zoom = zoom.flatten();
    let end_of =
        |day: Date| rome::at(rome::days_after(day, 1), Time::MIDNIGHT) - Duration::MICROSECOND;
    let asked = Asked { recorded_by: seen.known_by.map(end_of), occurred_by: seen.happened_by };
    let listens = live::of_page(&console, &reader, vec![of_journey(person)], News::Journey).await;
    let opened = match reader.open(person, &SECTIONS).await {
        Ok(opened) => opened,
        Err(problem) => return forced::closed(&console, &visitor, person, &problem),
    };
    match journey(&console.models.pool, person, asked, &opened).await {
        Ok(Ok(journey)) => {
            let band = match forced::band(&console, &visitor, &reader, &opened, person).await {
                Ok(band) => band,
                Err(problem) => return answer::closed(&console, &visitor, &problem),
            };
            let mut view = view::view(&journey, &seen, page);
            let mut frame = console.frame(Some(&visitor), &view.title, Some(Place::People));
            frame.live = listens.map(|live| Live { sight: live::sight(&opened), ..live });
            let stated = reader.caller.stated;
            let tabs = tabs::tabs(&visitor.caller, person, stated, "", seen.language);
            let send = tabs::send(&visitor.caller, person, stated);
            let purpose = stated.map_or("", Purpose::code);
            let now = console.models.clock.now();
            let answers = match reader.answers(person).await {
                Ok(answers) => answers,
                Err(problem) => return answer::closed(&console, &visitor, &problem),
            };
            let (by, hers) = ((&visitor.caller, &answers), (person, stated));
            view.offer(&journey, |entry| moves::offer(by, hers, entry, now));
            let more = forced::is_offered(&visitor.caller) && band.is_none();
            let more = more.then(|| forced::href(person));
            let outcome = wanted.esito.as_deref().and_then(|word| outcome(word, visitor.words()));
            let at = dates::time_of(now);
            let read = (&journey, &opened);
            let missing = register::missing(&visitor.caller, hers, read, visitor.words());
            let figure = figure::figure(&journey, figure::Asked { seen, page, zoom, purpose });
            let page =
                Page { frame, view, figure, tabs, send, purpose, band, missing, more, outcome, at };
            answer::page(StatusCode::OK, &page)
        }
        // A desk may open what is there; what is not is as what is closed to it.
        Ok(Err(_)) => forced::closed(&console, &visitor, person, &Problem::not_found()),
        Err(error) => answer::unread(&console, Some(&visitor), error),
    }
}

fn not_understood(console: &Console, visitor: &Visitor) -> Response {
    answer::not_understood_in(console, visitor, visitor.words().journey_how_to_ask())
}

/// What was done just before with an entry, in words.
fn outcome(word: &str, words: &Words) -> Option<(String, String)> {
    match word {
        "spostata" => Some((words.journey_moved(), words.journey_moved_what())),
        "annullata" => Some((words.journey_undone(), words.journey_undone_what())),
        _ => None,
    }
}

/// A day after words, as `dal 4 maggio 2026`.
fn dated(language: Language, words: &str, day: Date) -> String {
    language.after(&format!("{words} "), day, &language.long(day))
}

fn seen(console: &Console, visitor: &Visitor, wanted: &Wanted) -> Option<(Seen, usize)> {
    let language = visitor.preferences.language;
    let now = rome::day_of(console.models.clock.now());
    let known_by = day(wanted.al.as_deref()).ok()?;
    let happened_by = day(wanted.fatti.as_deref()).ok()?;
    let page = wanted.pagina.unwrap_or(1);
    (page >= 1).then_some((Seen { language, now, known_by, happened_by }, page))
}

/// An empty field asks for no day.
fn day(text: Option<&str>) -> Result<Option<Date>, NotADay> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let day = Date::parse(text, &Iso8601::DATE).map_err(|_| NotADay)?;
    if (1990..2100).contains(&day.year()) { Ok(Some(day)) } else { Err(NotADay) }
}

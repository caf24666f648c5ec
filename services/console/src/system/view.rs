//! How the installation is, as the page shows it: what is well takes one line. Pure.

use askama::Template;
use time::OffsetDateTime;
use trama_events::rome;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::frame::Frame;
use trama_ui::language::Words;
use trama_ui::words::State;

use super::{Log, Model, Parked, Rebuilding, Whole};

/// Lag from which a model counts as late, in seconds; as for `trama status`.
const LATE_SECONDS: f64 = 30.0;

/// What came of trying parked events again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Healed,
    Still,
    Gone,
    Failed,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Healed, Self::Still, Self::Gone, Self::Failed];

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == word)
    }

    /// The word in the address.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Healed => "passati",
            Self::Still => "ancora",
            Self::Gone => "niente",
            Self::Failed => "errore",
        }
    }

    pub(super) fn words(self, words: &Words) -> String {
        match self {
            Self::Healed => words.system_healed(),
            Self::Still => words.system_still(),
            Self::Gone => words.system_gone(),
            Self::Failed => words.system_failed(),
        }
    }

    pub(super) fn is_good(self) -> bool {
        matches!(self, Self::Healed | Self::Gone)
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "system.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) view: View,
    pub(super) outcome: Option<Outcome>,
    pub(super) csrf: String,
    /// Sent again, a form of this page is the same command.
    pub(super) key: String,
    pub(super) at: String,
}

/// Everything on it, in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct View {
    pub(super) release: String,
    /// One sentence where all is well.
    pub(super) well: Option<String>,
    pub(super) troubles: Vec<String>,
    pub(super) parked: Vec<ParkedRow>,
    pub(super) rebuilds: Vec<RebuildRow>,
    pub(super) models: Vec<ModelRow>,
    pub(super) rebuildable: String,
    pub(super) logs: Vec<LogRow>,
    pub(super) facts: Vec<(String, String)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParkedRow {
    pub(super) model: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) events: i64,
    pub(super) reason: String,
    pub(super) since: String,
    pub(super) tries: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct RebuildRow {
    pub(super) text: String,
    pub(super) done: i64,
    pub(super) total: i64,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct ModelRow {
    pub(super) name: String,
    pub(super) position: String,
    pub(super) lag: String,
    pub(super) badges: Vec<Badge>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct LogRow {
    pub(super) name: String,
    pub(super) position: String,
    pub(super) delivered: String,
    pub(super) stream: String,
    pub(super) size: String,
}

pub(super) fn view(whole: &Whole, words: &Words, now: OffsetDateTime) -> View {
    let troubles = troubles(whole, words);
    let facts: i64 = whole.logs.iter().map(|log| log.position).sum();
    let well = || words.system_well_about(whole.projections.len(), grouped(facts));
    View {
        release: whole.release.clone(),
        well: troubles.is_empty().then(well),
        parked: whole.parked.iter().map(|parked| parked_row(parked, words, now)).collect(),
        rebuilds: whole.rebuilding.iter().map(|one| rebuild_row(one, words)).collect(),
        models: whole.projections.iter().map(|model| model_row(model, words)).collect(),
        rebuildable: words.system_rebuild_which(whole.rebuildable.join(", ")),
        logs: whole.logs.iter().map(|log| log_row(log, whole, words)).collect(),
        facts: stores(whole, words),
        troubles,
    }
}

fn troubles(whole: &Whole, words: &Words) -> Vec<String> {
    let mut troubles = Vec::new();
    if whole.broker.is_none() {
        troubles.push(words.system_broker_down());
    }
    for log in whole.logs.iter().filter(|log| log.relay_lag_seconds > LATE_SECONDS) {
        let lag = span(log.relay_lag_seconds, words);
        troubles.push(words.system_log_late(&log.context, lag));
    }
    for model in &whole.projections {
        let name = &model.projection;
        if let Some(why) = &model.stopped {
            troubles.push(words.system_stopped(name, why));
        } else if !model.built {
            troubles.push(words.system_not_built(name));
        } else if model.lag_seconds > LATE_SECONDS {
            troubles.push(words.system_model_late(name, span(model.lag_seconds, words)));
        }
    }
    let parked: i64 = whole.projections.iter().map(|model| model.parked_events).sum();
    if parked > 0 {
        troubles.push(words.system_parked_sum(parked));
    }
    troubles
}

fn parked_row(parked: &Parked, words: &Words, now: OffsetDateTime) -> ParkedRow {
    ParkedRow {
        model: parked.projection.clone(),
        first: parked.first.clone(),
        last: parked.last.clone(),
        events: parked.events,
        reason: parked.reason.clone(),
        since: dates::short_with_time(parked.since, rome::day_of(now)),
        tries: words.system_tries(parked.tries),
    }
}

fn rebuild_row(rebuilding: &Rebuilding, words: &Words) -> RebuildRow {
    let Rebuilding { projection, running, done, total } = rebuilding;
    let share = done.saturating_mul(100).checked_div(*total).unwrap_or(100);
    let (taken, all) = (grouped(*done), grouped(*total));
    let text = if *running {
        words.system_rebuild_running(projection, taken, all, share)
    } else {
        words.system_rebuild_halted(projection, taken, all, share)
    };
    RebuildRow { text, done: *done, total: *total }
}

fn model_row(model: &Model, words: &Words) -> ModelRow {
    let mut badges = Vec::new();
    if model.stopped.is_some() {
        badges.push(Badge::new(State::Refused, words.system_state_stopped()));
    } else if !model.built {
        badges.push(Badge::new(State::Waiting, words.system_state_missing()));
    } else if model.lag_seconds > LATE_SECONDS {
        badges.push(Badge::new(State::Waiting, words.system_state_late()));
    }
    if model.parked_events > 0 {
        badges.push(Badge::new(State::Refused, words.system_state_parked(model.parked_events)));
    }
    if badges.is_empty() {
        badges.push(Badge::new(State::Done, words.system_state_well()));
    }
    ModelRow {
        name: model.projection.clone(),
        position: grouped(model.positions.values().sum()),
        lag: span(model.lag_seconds, words),
        badges,
    }
}

fn log_row(log: &Log, whole: &Whole, words: &Words) -> LogRow {
    let streams = whole.broker.iter().flat_map(|broker| &broker.streams);
    let stream = streams.into_iter().find(|stream| stream.context == log.context);
    let messages = stream.and_then(|stream| stream.messages);
    LogRow {
        name: log.context.clone(),
        position: grouped(log.position),
        delivered: grouped(log.relayed),
        stream: messages.map_or_else(|| words.system_unknown(), grouped),
        size: stream.and_then(|stream| stream.bytes).map_or_else(|| words.system_unknown(), size),
    }
}

fn stores(whole: &Whole, words: &Words) -> Vec<(String, String)> {
    let store = &whole.store;
    let broker = whole.broker.as_ref().map(|broker| &broker.version);
    vec![
        (words.system_postgres(), words.system_postgres_is(&store.version, size(store.bytes))),
        (
            words.system_nats(),
            broker
                .map_or_else(|| words.system_nats_down(), |version| words.system_nats_is(version)),
        ),
        (words.system_access(), words.system_access_is(grouped(store.access_rows))),
        (words.system_backup(), words.system_backup_is()),
        (words.system_room(), words.system_room_is()),
    ]
}

/// How long, by the largest unit that says enough.
fn span(seconds: f64, words: &Words) -> String {
    if seconds < 0.05 {
        words.system_lag_none()
    } else if seconds < 120.0 {
        words.system_seconds(format!("{seconds:.1}").replace('.', ","))
    } else if seconds < 7_200.0 {
        words.system_minutes(format!("{:.0}", seconds / 60.0))
    } else {
        words.system_hours(format!("{:.0}", seconds / 3_600.0))
    }
}

/// A number with a thin blank between thousands, which both languages read.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes by the largest unit that leaves a number.
fn size(bytes: i64) -> String {
    const UNITS: [(i64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = UNITS.iter().find(|(unit, _)| bytes >= *unit);
    unit.map_or_else(|| format!("{bytes} B"), |(unit, name)| format!("{} {name}", bytes / unit))
}

#[cfg(test)]
mod tests {
    use trama_ui::language::Language;

    use super::*;

    fn whole(json: serde_json::Value) -> Whole {
        serde_json::from_value(json).unwrap()
    }

    fn healthy() -> serde_json::Value {
        serde_json::json!({
            "release": "0.1.0",
            "logs": [{ "context": "intake", "position": 12_345, "relayed": 12_345, "relay_lag_seconds": 0.0 }],
            "projections": [{
                "projection": "journey", "built": true, "positions": { "intake": 12_345 },
                "lag_seconds": 0.0, "parked_events": 0, "stopped": null
            }],
            "rebuilding": [], "rebuildable": ["journey"], "parked": [],
            "store": { "version": "15.1", "bytes": 52_428_800, "access_rows": 7 },
            "broker": { "version": "2.9.10", "streams": [
                { "context": "intake", "messages": 12_345, "bytes": 2048 }] }
        })
    }

    fn seen(json: serde_json::Value) -> View {
        view(&whole(json), Language::Italian.words(), OffsetDateTime::UNIX_EPOCH)
    }

    #[test]
    fn what_is_well_takes_one_sentence() {
        let seen = seen(healthy());
        let well = "1 modelli aggiornati, 12\u{202f}345 fatti nei diari, tutti consegnati. Nessun evento bloccato.";
        assert_eq!(seen.well.as_deref(), Some(well));
        assert!(seen.troubles.is_empty() && seen.parked.is_empty() && seen.rebuilds.is_empty());
        assert_eq!(seen.logs[0].size, "2 KiB");
    }

    #[test]
    fn each_trouble_is_a_sentence_that_says_what_to_do() {
        let mut json = healthy();
        json["broker"] = serde_json::Value::Null;
        json["logs"][0]["relay_lag_seconds"] = serde_json::json!(300.0);
        json["projections"][0]["lag_seconds"] = serde_json::json!(31.0);
        json["projections"][0]["parked_events"] = serde_json::json!(2);
        let seen = seen(json);
        assert_eq!(seen.well, None);
        let begins = [
            "NATS non risponde",
            "intake: i fatti aspettano da 5 min",
            "journey: indietro di 31,0 s",
            "2 eventi bloccati",
        ];
        assert_eq!(seen.troubles.len(), begins.len());
        for (trouble, begin) in seen.troubles.iter().zip(begins) {
            assert!(trouble.starts_with(begin), "{trouble}");
        }
    }

    #[test]
    fn a_rebuild_says_how_far_it_is_and_whether_somebody_is_at_it() {
        let mut json = healthy();
        json["rebuilding"] = serde_json::json!([
            { "projection": "journey", "running": true, "done": 50, "total": 200 },
            { "projection": "inbox", "running": false, "done": 0, "total": 0 }
        ]);
        let seen = seen(json);
        assert_eq!(seen.rebuilds[0].text, "journey: 50 fatti su 200 (25 %), in corso");
        assert!(seen.rebuilds[1].text.starts_with("inbox: interrotta a 0 fatti su 0 (100 %)"));
    }
}

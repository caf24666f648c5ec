//! Meetings of the multidimensional unit (domain §3): the day for which it was called, as long as it
//! was not called off, or to another day, before.

use time::Date;
use time::format_description::well_known::Iso8601;
use trama_projections::journey::Entry;

const CALLED: &str = "uvm_convened";
const CALLED_OFF: &str = "uvm_cancelled";

/// The day on which the unit meets or met, of the entry that called it; `None` for every other, and
/// for one that a later word took back.
pub(super) fn day_of(entries: &[Entry], entry: &Entry) -> Option<Date> {
    if entry.kind != CALLED || entry.corrected_by.is_some() {
        return None;
    }
    let on = Date::parse(entry.detail.get("on")?.as_str()?, &Iso8601::DATE).ok()?;
    let changes = |other: &Entry| {
        [CALLED, CALLED_OFF].contains(&other.kind.as_str())
            && other.about == entry.about
            && other.recorded_at > entry.recorded_at
            && other.happened_on <= on
    };
    (!entries.iter().any(changes)).then_some(on)
}

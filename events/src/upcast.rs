//! Old event versions, brought to today's. Golden files of old versions stay readable for ever.

use cqrs_es::persist::{EventUpcaster, SerializedEvent};

/// One upcaster for each event version that is no longer written. There is none yet: every event
/// is at version 1. `docs/how-to/change-an-event.md` says how the first one is added.
pub fn upcasters() -> Vec<Box<dyn EventUpcaster>> {
    Vec::new()
}

pub(crate) fn upcast(event: SerializedEvent) -> SerializedEvent {
    through(&upcasters(), event)
}

fn through(upcasters: &[Box<dyn EventUpcaster>], event: SerializedEvent) -> SerializedEvent {
    upcasters.iter().fold(event, |event, step| {
        if step.can_upcast(&event.event_type, &event.event_version) {
            step.upcast(event)
        } else {
            event
        }
    })
}

#[cfg(test)]
mod tests {
    use cqrs_es::persist::SemanticVersionEventUpcaster;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_old_version_is_brought_up_step_by_step() {
        let rename = SemanticVersionEventUpcaster::new(
            "meal_served",
            "2",
            Box::new(|mut old| {
                old["recipient"] = old["eater"].take();
                old
            }),
        );
        let old = SerializedEvent::new(
            "a".into(),
            1,
            "meal".into(),
            "meal_served".into(),
            "1".into(),
            json!({"eater": 3}),
            json!({}),
        );
        let new = through(&[Box::new(rename)], old);
        assert_eq!(new.event_version, "2.0.0");
        assert_eq!(new.payload["recipient"], json!(3));
    }
}

use serde_json::{from_value, to_value};
use time::OffsetDateTime;
use time::macros::datetime;
use trama_events::codes::{
    DatasetSection, DeclineReason, DeclinedBy, NeedMet, NextStep, ServiceType,
};
use trama_events::ids::PersonId;
use trama_events::referrals::ReferralEvent;
use trama_ui::language::Language;

use super::*;
use crate::inbox::view::tests::{frame, said};

const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);
const DUE: &str = "2026-11-22T17:00:00Z";

fn named() -> Named {
    let service = |name: &str, service_type| Service { name: name.into(), service_type };
    Named {
        from: Some(service("Unità di strada Notturna", ServiceType::Outreach)),
        to: Some(service("Dormitorio Stazione", ServiceType::NightShelter)),
        elsewhere: None,
    }
}

/// What happened, each an hour after the other; whose doing it was, and what.
fn steps(all: &[(&str, ReferralEvent)], yours: &str) -> Value {
    let since = datetime!(2026-11-21 14:00 UTC);
    let step = |(hours, (by, fact)): (u8, &(&str, ReferralEvent))| {
        let at = since + time::Duration::hours(hours.into());
        let at = at.format(&time::format_description::well_known::Rfc3339).unwrap();
        json!({ "fact": to_value(fact).unwrap(), "at": at, "by": by, "yours": *by == yours })
    };
    (0u8..).zip(all).map(step).collect()
}

fn sent() -> (&'static str, ReferralEvent) {
    ("sender", ReferralEvent::ReferralSent { answer_by: datetime!(2026-11-22 17:00 UTC) })
}

/// A referral of a man to a night shelter, as its door tells it; the rest as `more` says.
fn told(more: &Value) -> Told {
    let mut told = json!({
        "referral": ReferralId::derived(&["his"]), "person": PersonId::derived(&["he"]),
        "from": ServiceId::derived(&["outreach"]), "to": ServiceId::derived(&["shelter"]),
        "external": false, "receives": true, "stage": "sent", "answer_by": null,
        "visit_at": null, "urgency": "immediate", "need": "housing",
        "dataset": [{ "section": "identity", "opens": "identity" },
                    { "section": "housing", "opens": "housing" }],
        "moves": [], "steps": steps(&[sent()], "receiver"),
    });
    let (told_of, more) = (told.as_object_mut().unwrap(), more.as_object().unwrap());
    told_of.extend(more.clone());
    from_value(told).unwrap()
}

fn page_of(told: &Told, wrong: Vec<Wrong>, language: Language) -> String {
    page_naming(told, &named(), wrong, language)
}

fn page_naming(told: &Told, named: &Named, wrong: Vec<Wrong>, language: Language) -> String {
    let fields = Fields::default();
    let code = Some("7K2FM-Q");
    let key = "key".to_owned();
    let (fields, journeys, sends) = (&fields, true, true);
    let beside = Beside { code, journeys, sends, key, fields, wrong, now: NOW, language };
    let mut invio = Thread::new(told, named, beside);
    if told.receives {
        invio.places = thread::places(true, 2, 3, language.words());
    }
    let title = language.words().referral_title();
    let page = Page {
        frame: frame(&title, language),
        invio,
        outcome: None,
        at: "10:45".into(),
        back: "invio",
    };
    page.render().unwrap()
}

fn english(told: &Told, wrong: Vec<Wrong>) -> String {
    said(&page_of(told, wrong, Language::English))
}

fn to_answer() -> Told {
    told(&json!({ "answer_by": DUE, "moves": ["see", "accept", "request_info", "decline"] }))
}

#[test]
fn a_referral_to_answer_says_by_when_and_what_can_be_done() {
    insta::assert_snapshot!(
        "to_answer_it",
        said(&page_of(&to_answer(), Vec::new(), Language::Italian))
    );
    insta::assert_snapshot!("to_answer_en", english(&to_answer(), Vec::new()));
}

#[test]
fn a_no_that_says_nothing_is_told_at_each_of_its_fields() {
    let fields = Fields::of(&[("mossa", "respingi")]);
    let Err(Unclear::Fields(wrong)) = orders::order(&fields, Language::English.words()) else {
        panic!("half a no is none")
    };
    insta::assert_snapshot!("half_a_no_en", english(&to_answer(), wrong));
}

#[test]
fn a_question_goes_back_to_the_sender() {
    let asked = ReferralEvent::ReferralInfoRequested { sections: vec![DatasetSection::Health] };
    let given = ReferralEvent::ReferralInfoGiven { sections: vec![DatasetSection::Needs] };
    let seen = ("receiver", ReferralEvent::ReferralSeen {});
    let all = [sent(), seen, ("receiver", asked), ("sender", given)];
    let told =
        told(&json!({ "stage": "information_requested", "answer_by": DUE, "receives": false,
        "moves": ["give_info", "withdraw"], "steps": steps(&all, "sender") }));
    insta::assert_snapshot!("asked_en", english(&told, Vec::new()));
}

#[test]
fn an_accepted_referral_waits_for_its_visit_and_its_outcome() {
    let visit_at = datetime!(2026-11-23 08:30 UTC);
    let all = [
        sent(),
        ("receiver", ReferralEvent::ReferralAccepted {}),
        ("receiver", ReferralEvent::FirstVisitScheduled { visit_at }),
        ("receiver", ReferralEvent::FirstVisitMissed {}),
        ("receiver", ReferralEvent::FirstVisitScheduled { visit_at }),
    ];
    let moves =
        ["schedule_first_visit", "record_visit_held", "record_visit_missed", "report_need_not_met"];
    let told = told(&json!({ "stage": "accepted", "visit_at": "2026-11-23T08:30:00Z",
        "moves": moves, "steps": steps(&all, "receiver") }));
    insta::assert_snapshot!("accepted_en", english(&told, Vec::new()));
}

#[test]
fn a_referral_that_ended_says_how_and_nothing_can_be_done() {
    let no = ReferralEvent::ReferralDeclined {
        reason: DeclineReason::NoCapacity,
        next_step: NextStep::RetryLater,
        by: DeclinedBy::Service,
        elsewhere: None,
    };
    let (yes, held) = (ReferralEvent::ReferralAccepted {}, ReferralEvent::FirstVisitHeld {});
    let met = ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Partly };
    let back = ReferralEvent::ReferralWithdrawn {
        reason: trama_events::referrals::WithdrawalReason::PersonAsked,
    };
    let ends = [
        ("declined", vec![sent(), ("receiver", no)]),
        ("withdrawn", vec![sent(), ("sender", back)]),
        ("expired", vec![sent(), ("clock", ReferralEvent::ReferralExpired {})]),
        (
            "outcome_reported",
            vec![sent(), ("receiver", yes), ("receiver", held), ("receiver", met)],
        ),
    ];
    let mut all = String::new();
    for (stage, happened) in ends {
        let told = told(&json!({ "stage": stage, "receives": false,
            "steps": steps(&happened, "sender") }));
        let page = page_of(&told, Vec::new(), Language::English);
        assert!(!page.contains("name=\"mossa\""), "{stage}");
        all = format!("{all}{}\n\n", said(&page));
    }
    insta::assert_snapshot!("ended_en", all);
}

#[test]
fn a_service_that_a_refusal_names_is_one_press_away_for_the_sender_alone() {
    let other = ServiceId::derived(&["other"]);
    let no = ReferralEvent::ReferralDeclined {
        reason: DeclineReason::OutsideArea,
        next_step: NextStep::ReferElsewhere,
        by: DeclinedBy::Service,
        elsewhere: Some(other),
    };
    let steps = steps(&[sent(), ("receiver", no)], "sender");
    let known =
        Service { name: "Dormitorio Porto".into(), service_type: ServiceType::NightShelter };
    let named = Named { elsewhere: Some(known), ..named() };
    let way = format!("/invii/nuovo?persona={}&#38;a={other}", PersonId::derived(&["he"]));
    for (receives, ways) in [(false, 1), (true, 0)] {
        let told = told(&json!({ "stage": "declined", "receives": receives, "steps": steps }));
        let page = page_naming(&told, &named, Vec::new(), Language::English);
        assert_eq!(page.matches(&way).count(), ways, "{page}");
        assert!(page.contains("Service named: Dormitorio Porto"), "{page}");
    }
    let told = told(&json!({ "stage": "declined", "receives": false, "steps": steps }));
    let gone = Named { elsewhere: None, ..named };
    assert!(!page_naming(&told, &gone, Vec::new(), Language::English).contains(&way));
}

#[test]
fn of_a_confidential_service_one_word_is_said_and_not_whether_it_accepted() {
    let external = |stage: &str| {
        told(&json!({ "stage": stage, "external": true, "receives": false, "dataset": [],
            "need": null, "steps": [] }))
    };
    insta::assert_snapshot!("external_en", english(&external("in_path"), Vec::new()));
    for (stage, word) in [("in_path", "in path"), ("attended", "she came"), ("closed", "closed")] {
        let page = english(&external(stage), Vec::new());
        assert!(page.lines().any(|line| line == word), "{page}");
        assert!(!page.contains("ccepted"), "{page}");
    }
}

#[test]
fn who_comes_after_a_colleague_is_told_what_is_true_now() {
    let late = told(&json!({ "stage": "withdrawn", "steps": steps(&[sent(), ("sender",
        ReferralEvent::ReferralExpired {})], "receiver") }));
    let meanwhile = thread::meanwhile(&late, &named(), NOW, Language::English).unwrap();
    assert_eq!(
        meanwhile,
        "Meanwhile it has changed: Unità di strada Notturna, no answer in time (yesterday at \
         16:00). Your answer was not recorded."
    );
}

#[test]
fn what_was_done_is_said_for_every_form_and_for_no_other_word() {
    let words = Language::English.words();
    for word in [
        "mandato", "nulla", "accogli", "respingi", "chiedi", "rispondi", "fissa", "venuta",
        "mancata", "esito", "ritira",
    ] {
        assert!(outcome(word, words).is_some(), "{word}");
    }
    assert_eq!([outcome("vedi", words), outcome("<b>", words)], [None, None]);
}

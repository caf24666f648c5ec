mod sample;

use std::path::Path;

use sample::{antonio, day, nothing, words};
use time::macros::date;

use super::*;

fn drawn(journey: &Journey) -> String {
    journey.draw(&words()).svg.to_string()
}

/// The drawing beside the tests; with `GOLDEN=write` it is written anew.
fn as_drawn_before(name: &str, svg: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/figure/golden").join(name);
    let lines = svg.replace("><", ">\n<") + "\n";
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::write(&path, &lines).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(before, lines, "{}", path.display());
}

/// No label lies on another, and none is off the drawing.
fn is_readable(journey: &Journey) {
    let drawn = journey.draw(&words());
    assert!(!drawn.labels.is_empty());
    for (index, label) in drawn.labels.iter().enumerate() {
        assert!(label.left >= -0.1 && label.right() <= WIDTH, "{label:?} is cut");
        let other = drawn.labels[..index].iter().find(|other| other.overlaps(*label));
        assert!(other.is_none(), "{label:?} lies on {other:?}");
    }
}

/// As many events as a long journey has, spread over its years and lanes.
fn twelve_years(events: i64, waits: i64) -> Journey {
    let mut journey = nothing(date!(2014 - 11 - 23), date!(2026 - 11 - 22));
    let families = [Family::Access, Family::Referrals, Family::Housing, Family::Food, Family::Csm];
    journey.lanes = families.map(sample::lane).into();
    let [access, referrals, housing, _, centre] = &mut journey.lanes[..] else { unreachable!() };
    let after = |days: i64| date!(2014 - 11 - 23) + time::Duration::days(days);
    for index in 0..events {
        let on = after((index * index * 7 + index * 11) % 4380);
        let event = sample::event(on, "Contatto", index % 9 == 0);
        let lane = match index % 3 {
            0 => &mut *access,
            1 => &mut *housing,
            _ => &mut *centre,
        };
        lane.events.push(event);
        if index % 10 == 0 {
            let to = (index % 50 != 0).then(|| on + time::Duration::days(index % 70));
            let label = format!("Dormitorio numero {index} · letto 4");
            housing.spans.push(sample::span(on, to, &label));
        }
    }
    let states = [Answer::Accepted, Answer::Refused, Answer::Withdrawn, Answer::Waiting];
    for (index, state) in (0..waits).zip(states.into_iter().cycle()) {
        referrals.waits.push(sample::wait(after(index * 1373 % 4300), 9, "CSM Est", state));
    }
    for lane in &mut journey.lanes {
        lane.events.sort_by_key(|event| event.on);
        lane.spans.sort_by_key(|span| span.from);
        lane.waits.sort_by_key(|wait| wait.from);
    }
    journey
}

#[test]
fn a_journey_is_drawn_as_before() {
    as_drawn_before("journey.svg", &drawn(&antonio()));
}

#[test]
fn a_journey_as_of_a_day_hatches_what_was_not_known_yet() {
    let svg = drawn(&Journey { as_of: Some(date!(2026 - 10 - 15)), ..antonio() });
    as_drawn_before("journey_as_of.svg", &svg);
    assert_eq!(svg.matches("Non ancora noto").count(), 1);
    assert!(!drawn(&antonio()).contains("Non ancora noto"));
}

#[test]
fn a_journey_of_one_event_has_one_lane_and_one_mark() {
    let mut journey = nothing(date!(2026 - 08 - 23), date!(2026 - 11 - 22));
    let mut lane = sample::lane(Family::Access);
    lane.events.push(sample::event(date!(2026 - 11 - 20), "Scheda aperta", false));
    journey.lanes = vec![lane, sample::lane(Family::Housing)];
    let svg = drawn(&journey);
    assert_eq!((svg.matches("<a ").count(), svg.matches("role=\"group\"").count()), (1, 2));
    is_readable(&journey);
    as_drawn_before("journey_one.svg", &svg);
}

#[test]
fn what_is_not_on_the_axis_has_no_lane_and_no_mark() {
    let mut journey = antonio();
    (journey.first, journey.last) = (date!(2030 - 01 - 01), date!(2030 - 12 - 31));
    for lane in &mut journey.lanes {
        lane.spans.retain(|span| span.to.is_some());
        lane.waits.retain(|wait| wait.to.is_some());
    }
    assert!(journey.is_empty());
    assert!(!drawn(&journey).contains("<a "));
}

#[test]
fn no_label_lies_on_another_in_a_sparse_and_in_a_dense_journey() {
    is_readable(&antonio());
    is_readable(&Journey { as_of: Some(date!(2026 - 10 - 15)), ..antonio() });
    for (events, waits) in [(400, 30), (1000, 0), (30, 200), (0, 60)] {
        is_readable(&twelve_years(events, waits));
    }
    as_drawn_before(
        "journey_dense.svg",
        &drawn(&Journey { first: date!(2024 - 01 - 01), ..twelve_years(400, 30) }),
    );
    as_drawn_before("journey_years.svg", &drawn(&twelve_years(400, 30)));
    for months in 1..=24 {
        let journey = twelve_years(400, 30);
        let first = trama_events::rome::months_after(date!(2024 - 11 - 22), 24 - months);
        is_readable(&Journey { first, ..journey });
    }
}

#[test]
fn thirty_referrals_over_twelve_years_all_say_to_whom_and_what_became_of_them() {
    let svg = drawn(&twelve_years(0, 30));
    assert_eq!(svg.matches(">CSM Est</tspan>").count(), 30);
    assert_eq!(svg.matches("</tspan> accolto · 9 g").count(), 8);
}

#[test]
fn events_that_are_hit_at_the_same_place_are_one_with_their_count() {
    let mut journey = nothing(date!(2026 - 01 - 01), date!(2026 - 12 - 31));
    let mut lane = sample::lane(Family::Access);
    lane.events = (1..=9).map(|n| sample::event(day(5, n), "Contatto", false)).collect();
    lane.events.push(sample::event(day(9, 1), "Contatto", true));
    journey.lanes = vec![lane];
    let svg = drawn(&journey);
    assert!(svg.contains("<title>9 eventi, 2026-05-01 – 2026-05-09</title>"), "{svg}");
    assert_eq!((svg.matches("<a ").count(), svg.matches("class=\"late\"").count()), (2, 1));
}

#[test]
fn every_mark_is_hit_in_24_units_at_least() {
    let svg = drawn(&antonio());
    let side = |mark: &str, name: &str| -> f64 {
        let (_, rest) = mark.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let hits: Vec<&str> =
        svg.split("<rect").filter(|mark| mark.contains("class=\"hit\"")).collect();
    assert_eq!(hits.len(), svg.matches("<a ").count());
    for mark in hits {
        assert!(side(mark, "width") >= 24.0 && side(mark, "height") >= 24.0, "{mark}");
    }
}

#[test]
fn a_drawing_has_no_style_and_no_script_whatever_it_is_told() {
    let mut journey = antonio();
    let hostile = "\"><script>alert(1)</script>' onload='x";
    for lane in &mut journey.lanes {
        for span in &mut lane.spans {
            (span.label, span.name) = (hostile.into(), hostile.into());
            span.href = "javascript:alert(1)".into();
        }
        for wait in &mut lane.waits {
            (wait.receiver, wait.name) = (hostile.into(), hostile.into());
        }
    }
    for svg in [drawn(&journey), drawn(&antonio())] {
        assert!(!svg.contains("<script") && !svg.contains("style=") && !svg.contains("javascript"));
        assert!(!svg.contains(" onload='") && !svg.contains("href=\"javascript"));
    }
}

#[test]
fn early_in_a_journey_a_referral_is_named_on_what_was_not_known_yet() {
    let early = Journey { as_of: Some(date!(2026 - 04 - 02)), ..antonio() };
    let mut journey = Journey { first: date!(2026 - 03 - 22), ..early };
    journey.lanes[1].waits.truncate(1);
    let svg = drawn(&journey);
    assert!(svg.contains("Housing Japigia</tspan>") && svg.contains("class=\"plain-sheet\""));
    is_readable(&journey);
}

#[test]
fn a_meeting_is_a_mark_of_its_own_and_is_hit_like_any_other() {
    let mut journey = nothing(date!(2026 - 01 - 01), date!(2026 - 12 - 31));
    let mut lane = sample::lane(Family::Access);
    lane.events = vec![
        Event { is_meeting: true, ..sample::event(day(3, 10), "Unità di valutazione", false) },
        sample::event(day(9, 1), "Contatto", false),
    ];
    journey.lanes = vec![lane];
    let svg = drawn(&journey);
    let [lozenges, discs] = ["<path d=\"M", "<circle "].map(|mark| {
        let (_, marks) = svg.split_once("<a ").unwrap();
        marks.matches(mark).count()
    });
    assert_eq!((lozenges, discs, svg.matches("class=\"hit\"").count()), (1, 1, 2), "{svg}");
    is_readable(&journey);
}

#[test]
fn a_label_that_has_no_room_gives_way_and_is_never_cut_in_a_word() {
    let journey = twelve_years(400, 30);
    let labels = journey.lanes.iter().flat_map(|lane| &lane.spans).map(|span| &span.label);
    let said: Vec<&str> = labels.flat_map(|label| label.split(' ')).collect();
    let svg = drawn(&journey);
    let written = svg.split("class=\"strong halo").skip(1).map(|rest| {
        let (_, words) = rest.split_once('>').unwrap();
        words.split('<').next().unwrap()
    });
    let written: Vec<&str> = written.flat_map(|label| label.split(' ')).collect();
    assert!(!written.is_empty());
    for word in written {
        assert!(said.contains(&word), "{word}");
    }
}

#[test]
fn on_paper_the_menu_is_left_out_and_nothing_of_a_drawing() {
    let css = include_str!("../../../assets/trama.css");
    let blocks = css.split("@media print {").skip(1).map(|rest| rest.split("\n}").next().unwrap());
    let rules = blocks.flat_map(str::lines).filter_map(|line| line.split_once(" { display: none"));
    let hidden: Vec<&str> = rules.flat_map(|(all, _)| all.split(',')).map(str::trim).collect();
    assert!(["header.top", ".places", ".tabs"].iter().all(|menu| hidden.contains(menu)));
    let svg = drawn(&antonio());
    for drawn in svg.split("class=\"").skip(1).flat_map(|rest| {
        let (classes, _) = rest.split_once('"').unwrap();
        classes.split(' ')
    }) {
        assert!(!hidden.contains(&format!(".{drawn}").as_str()), "{drawn} is not printed");
    }
}

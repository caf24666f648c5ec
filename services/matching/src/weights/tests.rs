use super::*;

fn embedded() -> serde_json::Value {
    serde_json::from_str(include_str!("../../weights/italian.json")).unwrap()
}

fn read(changed: &serde_json::Value) -> Result<Weights, WeightsFault> {
    Weights::read(&changed.to_string())
}

#[test]
fn the_embedded_weights_are_read_and_say_how_they_were_learnt() {
    let weights = Weights::italian().unwrap();
    assert!(weights.learnt().contains("without labels"), "{}", weights.learnt());
}

#[test]
fn weights_are_written_as_they_are_read() {
    let text = include_str!("../../weights/italian.json");
    assert_eq!(Weights::read(text).unwrap().write().unwrap() + "\n", text);
}

#[test]
fn in_every_field_agreement_speaks_for_one_person_and_difference_against() {
    let weights = Weights::italian().unwrap();
    for field in Field::ALL {
        let bits = |code: &str| {
            let at = field.levels().iter().position(|said| said.code == code)?;
            Some(weights.bits(field, u8::try_from(at).unwrap()))
        };
        assert!(bits("same").is_none_or(|bits| bits > -0.5), "{field:?} same");
        assert!(bits("different").is_none_or(|bits| bits < 0.5), "{field:?} different");
        assert!(bits("fits_not").is_none_or(|bits| bits < 0.5), "{field:?} does not fit");
    }
}

#[test]
fn weights_without_a_level_are_refused_with_its_field() {
    let mut changed = embedded();
    changed["fields"]["birth"].as_object_mut().unwrap().remove("one_digit");
    let fault = read(&changed).unwrap_err().to_string();
    assert!(fault.contains("Birth") && fault.contains("learn them again"), "{fault}");
}

#[test]
fn weights_that_are_no_probabilities_are_refused() {
    let mut changed = embedded();
    changed["fields"]["sex"]["same"]["u"] = 0.into();
    assert!(matches!(read(&changed), Err(WeightsFault::Level { field: Field::Sex, .. })));
    let mut changed = embedded();
    changed["kinds"]["one"] = 2.into();
    assert!(matches!(read(&changed), Err(WeightsFault::Kinds)));
    assert!(matches!(Weights::read("{"), Err(WeightsFault::Form(_))));
}

#[test]
fn a_name_that_fewer_than_five_people_have_is_not_in_the_table() {
    use crate::record::Described;
    let named = |name: &str| Described { family: Some(name.into()), ..Described::default() };
    let people: Vec<_> =
        (0..4).map(|_| named("Zaccagnini")).chain((0..5).map(|_| named("Querini"))).collect();
    let counted = Frequencies::count(&people);
    let unseen = counted.family(Some("nobody"));
    assert!((counted.family(Some("zaccagnini")) - unseen).abs() < f32::EPSILON);
    assert!(counted.family(Some("querini")) > unseen);
}

#[test]
fn frequent_italian_names_are_expected_before_anybody_is_counted() {
    let expected = Frequencies::italian();
    assert!((expected.family(Some("rossi")) - 0.003_4).abs() < 1e-6);
    assert!(expected.family(Some("deluca")) < expected.family(Some("russo")));
    assert!(expected.given(Some("maria")) > expected.given(Some("patrizia")));
    assert!(expected.family(Some("zaccagnini")).is_nan(), "nothing is expected of it");
}

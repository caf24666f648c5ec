use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::record::Described;

#[derive(serde::Deserialize)]
struct Sample {
    family: String,
    given: String,
    sex: char,
    birth_date: Date,
    birth_place_belfiore: String,
    birth_place: String,
    cf: String,
    omocodes: Vec<String>,
}

impl Sample {
    fn sex(&self) -> Sex {
        if self.sex == 'F' { Sex::Female } else { Sex::Male }
    }

    fn place(&self) -> PlaceCode {
        PlaceCode::parse(&self.birth_place_belfiore).unwrap()
    }

    fn computed(&self) -> TaxCode {
        compute(&Born {
            family: &self.family,
            given: &self.given,
            sex: self.sex(),
            birth_date: self.birth_date,
            place: self.place(),
        })
    }
}

fn samples() -> Vec<Sample> {
    let samples: Vec<Sample> =
        serde_json::from_str(include_str!("../../data/tax_codes.json")).unwrap();
    assert_eq!(samples.len(), 160);
    samples
}

fn code(text: &str) -> TaxCode {
    TaxCode::parse(text).unwrap()
}

fn letters_of(family: &str, given: &str) -> String {
    let mut all = family_letters(family).to_vec();
    all.extend(given_letters(given));
    String::from_utf8(all).unwrap()
}

#[test]
fn the_code_of_each_sample_person_is_computed_from_the_person() {
    for sample in samples() {
        assert_eq!(sample.computed().as_str(), sample.cf);
    }
}

#[test]
fn each_sample_code_is_valid_for_its_person_and_place() {
    for sample in samples() {
        let judged = judge(&sample.cf, Some(sample.birth_date));
        assert_eq!((judged.verdict, judged.also.len()), (Verdict::Valid, 0), "{}", sample.cf);
        assert_eq!(judge(&sample.cf, None).verdict, Verdict::Valid, "{}", sample.cf);
    }
}

#[test]
fn each_sample_omocode_is_valid_and_has_the_sample_code_as_base() {
    for sample in samples() {
        assert_eq!(sample.omocodes.len(), 3);
        for omocode in &sample.omocodes {
            let judged = judge(omocode, Some(sample.birth_date));
            assert_eq!(judged.verdict, Verdict::Omocode { base: code(&sample.cf) }, "{omocode}");
            assert!(code(&sample.cf).omocodes().any(|made| made.as_str() == omocode));
        }
    }
}

#[test]
fn each_sample_code_agrees_with_its_person_whether_the_place_is_a_code_or_a_name() {
    for sample in samples() {
        let mut person = Described {
            family: Some(sample.family.clone()),
            given: Some(sample.given.clone()),
            sex: Some(sample.sex()),
            birth_date: Some(sample.birth_date),
            birth_place: Some(sample.birth_place_belfiore.clone()),
            ..Described::default()
        };
        let whole = Agreement {
            family: Some(true),
            given: Some(true),
            sex: Some(true),
            birth_date: Some(true),
            birth_place: Some(true),
        };
        assert_eq!(agrees(&code(&sample.cf), &person), whole);
        person.birth_place = Some(sample.birth_place.to_uppercase());
        assert_eq!(agrees(&code(&sample.omocodes[2]), &person), whole);
    }
}

#[test]
fn the_published_code_and_its_omocode_have_one_base() {
    let (plain, omocode) = (code("RSSMRA85T10A562S"), code("RSSMRA85T10A56NH"));
    assert_eq!(omocode.base(), plain);
    assert!(plain.checks() && omocode.checks());
    assert!(omocode.is_omocode() && !plain.is_omocode());
}

#[test]
fn every_choice_of_replaced_digits_has_the_same_base_and_reads_the_same() {
    for sample in samples() {
        let plain = code(&sample.cf);
        let all: std::collections::HashSet<_> = plain.omocodes().collect();
        assert_eq!(all.len(), 127);
        for omocode in all {
            assert!(omocode.checks());
            assert_eq!(omocode.base(), plain);
            assert_eq!(omocode.month_and_day(), plain.month_and_day());
            assert_eq!(omocode.sex(), plain.sex());
            assert_eq!(omocode.place(), plain.place());
        }
    }
}

#[test]
fn any_one_wrong_character_is_noticed() {
    for sample in samples() {
        for at in 0..LENGTH {
            for other in (b'0'..=b'9').chain(b'A'..=b'Z') {
                let mut damaged = sample.cf.clone().into_bytes();
                if damaged[at] == other {
                    continue;
                }
                damaged[at] = other;
                let text = String::from_utf8(damaged).unwrap();
                let verdict = judge(&text, Some(sample.birth_date)).verdict;
                assert!(!verdict.is_sound(), "{text} is taken for sound: {verdict:?}");
            }
        }
    }
}

#[test]
fn accents_apostrophes_and_hyphens_do_not_count() {
    assert_eq!(letters_of("Foà", "Niccolò"), "FOANCL");
    assert_eq!(letters_of("Foa'", "NICCOLO'"), "FOANCL");
    assert_eq!(letters_of("D'Angelo", "Anna-Maria"), letters_of("Dangelo", "Annamaria"));
    assert_eq!(letters_of("De Rossi", "Pier Paolo"), letters_of("DEROSSI", "PIERPAOLO"));
}

#[test]
fn foreign_letters_count_as_their_latin_reading() {
    assert_eq!(letters_of("Đặng", "Øyvind"), "DNGYND");
    assert_eq!(letters_of("Groß", "Łukasz"), "GRSLSZ");
    assert_eq!(letters_of("Çelik", "Şule"), "CLKSLU");
}

#[test]
fn short_names_are_filled_with_vowels_and_then_with_x() {
    assert_eq!(letters_of("Fo", "Io"), "FOXIOX");
    assert_eq!(letters_of("Re", "Al"), "REXLAX");
    assert_eq!(letters_of("", "李"), "XXXXXX");
}

#[test]
fn four_consonants_in_the_given_name_leave_out_the_second() {
    assert_eq!(letters_of("Rossi", "Gianfranco"), "RSSGFR");
    assert_eq!(letters_of("Rossi", "Mario"), "RSSMRA");
    assert_eq!(letters_of("Rossi", "Marco"), "RSSMRC");
}

#[test]
fn a_birth_abroad_has_a_state_as_place() {
    let abroad = compute(&Born {
        family: "Diallo",
        given: "Awa",
        sex: Sex::Female,
        birth_date: date!(2001 - 01 - 01),
        place: PlaceCode::parse("Z343").unwrap(),
    });
    assert_eq!(judge(abroad.as_str(), None).verdict, Verdict::Valid);
    assert_eq!(abroad.place().map(PlaceCode::is_abroad), Some(true));
}

fn born_in(place: &str, birth_date: Date) -> TaxCode {
    compute(&Born {
        family: "Rossi",
        given: "Maria",
        sex: Sex::Female,
        birth_date,
        place: PlaceCode::parse(place).unwrap(),
    })
}

#[test]
fn a_birth_in_a_closed_municipality_is_valid_while_it_existed_and_doubtful_afterwards() {
    let then = born_in("M206", date!(1920 - 05 - 01));
    let later = born_in("M206", date!(1950 - 05 - 01));
    assert_eq!(judge(then.as_str(), Some(date!(1920 - 05 - 01))).verdict, Verdict::Valid);
    let verdict = judge(later.as_str(), Some(date!(1950 - 05 - 01))).verdict;
    assert_eq!(verdict, Verdict::PlaceNotThen);
    assert_eq!(judge(later.as_str(), None).verdict, Verdict::PlaceNotThen);
}

#[test]
fn a_place_that_is_in_no_list_is_said_to_be_unknown() {
    let nowhere = born_in("Z999", date!(1950 - 05 - 01));
    assert_eq!(judge(nowhere.as_str(), None).verdict, Verdict::UnknownPlace);
}

#[test]
fn a_wrong_check_letter_is_named_with_the_one_expected() {
    let judged = judge("RSSMRA85T10A562A", None);
    assert_eq!(judged.verdict, Verdict::WrongCheckLetter { expected: 'S' });
    assert!(judged.code.is_some(), "the code is kept as it is written");
}

#[test]
fn a_day_that_does_not_exist_is_said() {
    let mut thirtieth_of_february = code("RSSMRA85B10A562S").0;
    thirtieth_of_february[9..11].copy_from_slice(b"30");
    thirtieth_of_february[15] = check_letter(&thirtieth_of_february);
    let text = TaxCode(thirtieth_of_february);
    assert_eq!(judge(text.as_str(), None).verdict, Verdict::ImpossibleDate);
    assert_eq!(judge("RSSMRA85T10A562S", None).verdict, Verdict::Valid);
}

#[test]
fn the_twenty_ninth_of_february_needs_a_leap_year_in_one_of_the_centuries() {
    let leap = born_in("A662", date!(2000 - 02 - 29));
    assert_eq!(judge(leap.as_str(), None).verdict, Verdict::Valid);
    assert_eq!(leap.birth_date(1900), None);
    assert_eq!(leap.birth_date(2000), Some(date!(2000 - 02 - 29)));
}

#[test]
fn letters_written_for_digits_are_read_as_meant_when_the_check_letter_proves_it() {
    let judged = judge("rssmra85t1oa562s", None);
    assert_eq!(judged.verdict, Verdict::Misread);
    assert_eq!(judged.code, Some(code("RSSMRA85T10A562S")));
}

#[test]
fn a_provisional_code_has_eleven_digits_and_a_check_of_its_own() {
    assert_eq!(judge("01234567897", None).verdict, Verdict::Provisional);
    assert_eq!(judge("01234567890", None).verdict, Verdict::WrongCheckDigit);
    assert_eq!(judge("0123456789", None).verdict, Verdict::Malformed(Malformed::Length(10)));
}

#[test]
fn a_code_is_read_in_any_case_and_with_blanks() {
    assert_eq!(TaxCode::parse(" rss mra 85t10 a562s "), Ok(code("RSSMRA85T10A562S")));
    assert_eq!(TaxCode::parse("RSSMRA85T10A56"), Err(Malformed::Length(14)));
    assert_eq!(TaxCode::parse("RSSMRA8AT10A562S"), Err(Malformed::Character(8)));
}

#[test]
fn a_part_that_is_not_known_neither_agrees_nor_disagrees() {
    let nobody = agrees(&code("RSSMRA85T10A562S"), &Described::default());
    assert_eq!(nobody.family, None);
    assert!(nobody.is_whole());
    let other = Described { given: Some("Lucia".into()), ..Described::default() };
    assert_eq!(agrees(&code("RSSMRA85T10A562S"), &other).given, Some(false));
}

#[test]
fn a_code_does_not_show_itself_in_debug_output() {
    assert_eq!(format!("{:?}", code("RSSMRA85T10A562S")), "TaxCode(..)");
}

proptest! {
    #[test]
    fn judging_any_text_answers_and_keeps_what_has_the_form(text in "\\PC{0,24}") {
        let judged = judge(&text, None);
        let formless = matches!(
            judged.verdict,
            Verdict::Malformed(_) | Verdict::Provisional | Verdict::WrongCheckDigit
        );
        prop_assert_eq!(judged.code.is_none(), formless);
    }

    #[test]
    fn a_computed_code_is_read_back_and_agrees_with_its_person(
        family in "\\PC{0,20}",
        given in "\\PC{0,20}",
        female: bool,
        day in 0i32..50_000,
        place in "[A-MZ][0-9]{3}",
    ) {
        let birth_date = Date::from_julian_day(2_415_021 + day).unwrap();
        let sex = if female { Sex::Female } else { Sex::Male };
        let place_code = PlaceCode::parse(&place).unwrap();
        let made = compute(&Born { family: &family, given: &given, sex, birth_date, place: place_code });
        prop_assert_eq!(TaxCode::parse(made.as_str()), Ok(made));
        prop_assert!(made.checks() && !made.is_omocode());
        let person = Described {
            family: Some(family),
            given: Some(given),
            sex: Some(sex),
            birth_date: Some(birth_date),
            birth_place: Some(place),
            ..Described::default()
        };
        prop_assert!(agrees(&made, &person).is_whole());
        for omocode in made.omocodes() {
            prop_assert_eq!(omocode.base(), made);
        }
    }
}

use time::macros::datetime;
use trama_events::codes::{Purpose, Role, ServiceType};
use trama_events::ids::{MembershipId, OrganisationId, PersonId, ReferralId, StaffId};
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_projections::beds::NightCounts;
use uuid::Uuid;

use super::super::why_not;
use super::*;
use crate::inbox::view::tests::{frame, said};

/// A Sunday.
const NOW: OffsetDateTime = datetime!(2026-11-22 09:45 UTC);

fn caller() -> Caller {
    Caller {
        staff: StaffId(Uuid::nil()),
        membership: MembershipId(Uuid::nil()),
        organisation: OrganisationId(Uuid::nil()),
        ats: Ats::try_new("bari").unwrap(),
        role: Role::CaseManager,
        services: vec![ServiceId::derived(&["libertà"]), ServiceId::derived(&["pis"])],
        purpose: Purpose::Care,
        stated: None,
        second_factor: true,
        session: "session".into(),
        request_id: "request".into(),
        let_in_until: NOW,
        surname: None,
    }
}

fn around(caller: &Caller, language: Language) -> Around<'_> {
    Around {
        frame: frame(&language.words().compose_title(), language),
        caller,
        person: PersonId(Uuid::nil()),
        purpose: "care",
        hers: Hers {
            code: "7K2FM-Q".into(),
            ethos: Some("1.1".into()),
            needs: vec![NeedCode::Housing, NeedCode::Health],
        },
        now: NOW,
    }
}

fn listed(name: &str, service_type: ServiceType, ats: &str) -> Listed {
    Listed {
        service: ServiceId::derived(&[name]),
        name: name.into(),
        service_type,
        ats: ats.into(),
        organisation: OrganisationId(Uuid::nil()),
        organisation_name: "Cooperativa Approdo".into(),
    }
}

fn beds(name: &str, free: i64) -> FacilityTonight {
    let counts = NightCounts { open: true, free, ..NightCounts::default() };
    FacilityTonight {
        facility: ServiceId::derived(&[name]),
        name: None,
        kind: "night_shelter".into(),
        ats: None,
        municipality: None,
        season: None,
        counts,
        waiting: 3,
        guests: None,
    }
}

fn choice(seek: Seek, language: Language) -> String {
    let all = [
        listed("Dormitorio Stazione", ServiceType::NightShelter, "bari"),
        listed("Dormitorio Mare", ServiceType::NightShelter, "bitonto"),
        listed("Centro per l’impiego", ServiceType::JobCentre, "metro"),
    ];
    let beds = [beds("Dormitorio Stazione", 0), beds("Dormitorio Mare", 1)];
    let caller = caller();
    let page = Choose::new(&around(&caller, language), &all, &beds, seek);
    said(&page.render().unwrap())
}

#[test]
fn the_services_to_choose_from_say_what_is_free_and_which_are_outside_the_area() {
    let everywhere = || Seek { everywhere: true, slip: true, ..Seek::default() };
    insta::assert_snapshot!("services_it", choice(everywhere(), Language::Italian));
    insta::assert_snapshot!("services_en", choice(everywhere(), Language::English));
}

#[test]
fn a_service_is_found_by_words_of_the_language_in_which_it_is_looked_for() {
    let seek = |words: &str| Seek { words: words.into(), ..Seek::default() };
    let found = choice(seek("night shelter"), Language::English);
    assert!(found.contains("Dormitorio Stazione") && !found.contains("Mare"), "{found}");
    let nothing = choice(seek("swimming"), Language::English);
    assert!(nothing.contains("No service with these words."), "{nothing}");
}

fn terms() -> Terms {
    let due = |urgency, answer_by| DueAnswer { urgency, answer_by };
    let over = |section, opens| HandedOver { section, opens };
    Terms {
        service_type: ServiceType::Csm,
        active: false,
        by_slip: false,
        no_direct_access: false,
        answers: vec![
            due(Urgency::Immediate, datetime!(2026-11-22 17:00 UTC)),
            due(Urgency::Urgent, datetime!(2026-11-23 17:00 UTC)),
            due(Urgency::Ordinary, datetime!(2026-12-08 17:00 UTC)),
        ],
        sections: vec![
            over(DatasetSection::Identity, Section::Identity),
            over(DatasetSection::Contacts, Section::Contact),
            over(DatasetSection::Housing, Section::Housing),
            over(DatasetSection::Needs, Section::Needs),
            over(DatasetSection::Health, Section::Health),
        ],
        smallest: vec![DatasetSection::Identity],
        agreement: Some(ConsentScope::Csm),
    }
}

fn known() -> Known {
    let hours = |weekday| OpeningHours { weekday, from_minute: 510, to_minute: 780 };
    Known {
        name: "CSM Est".into(),
        organisation: OrganisationId(Uuid::nil()),
        ats: "bitonto".into(),
        places: Some(12),
        stale: true,
        hours: vec![hours(1), hours(3)],
    }
}

fn composer(draft: Draft, wrong: Vec<Wrong>, language: Language) -> String {
    let (caller, names) = (caller(), BTreeMap::new());
    let draft = Draft { to: Some(ServiceId::derived(&["csm"])), ..draft };
    let around = around(&caller, language);
    let page = Compose::new(&around, (&terms(), &known()), &names, (draft, wrong));
    page.render().unwrap()
}

#[test]
fn the_composer_says_what_the_service_will_see_and_by_when_it_answers() {
    let draft = || Draft { sections: terms().smallest, ..Draft::default() };
    let page = |language| said(&composer(draft(), Vec::new(), language));
    insta::assert_snapshot!("composer_it", page(Language::Italian));
    insta::assert_snapshot!("composer_en", page(Language::English));
}

#[test]
fn a_form_that_says_too_little_is_told_so_at_each_field() {
    let wrong = Draft::default().wrong(Language::English.words());
    insta::assert_snapshot!(
        "too_little_en",
        said(&composer(Draft::default(), wrong, Language::English))
    );
}

#[test]
fn why_a_referral_is_not_sent_is_a_sentence_in_the_language_of_who_sends_it() {
    let codes = [
        "already_open",
        "unknown_person",
        "service_not_active",
        "unknown_service",
        "unknown_sender",
        "to_itself",
        "only_by_slip",
        "no_direct_access",
        "stale",
    ];
    let refused = |code: &&str| {
        let problem = Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, code, "programs");
        why_not(&problem, Language::English.words())
    };
    insta::assert_snapshot!(
        "not_sent_en",
        codes.iter().map(refused).collect::<Vec<_>>().join("\n")
    );
    let open = ReferralId::derived(&["open"]);
    let draft = Draft { open: Some(open), ..Draft::default() };
    let wrong = vec![Wrong { field: "a", why: refused(&"already_open") }];
    let page = composer(draft, wrong, Language::English);
    assert!(
        page.contains(&format!("href=\"/invii/{open}\"")),
        "a repeat leads to the one that is open"
    );
    assert!(said(&page).contains("Open the referral that is there already"));
}

#[test]
fn what_is_public_of_a_service_is_text_and_nothing_else() {
    let caller = caller();
    let hostile = [listed("<script>alert(1)</script>", ServiceType::Csm, "bari")];
    let page = Choose::new(&around(&caller, Language::Italian), &hostile, &[], Seek::default());
    assert!(!page.render().unwrap().contains("<script>alert"));
}

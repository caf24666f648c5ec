use std::collections::BTreeSet;
use std::sync::Arc;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use strum::VariantArray;
use time::format_description::well_known::Rfc3339;
use tower::ServiceExt;
use trama_events::ids::{Ats, LinkId, MembershipId, ServiceId};

use super::*;
use crate::caller::{Account, Keys, Presented};
use crate::clock::Clock;
use crate::doors::SignedIn;
use crate::gate::{Gate, Guards};
use crate::permit::{Guard, Policies, Relation};
use crate::staff::{Membership, Staff};
use crate::ties::{self, Acquaintance, Bodies, Finding, Ties};

const ISSUER: &str = "urn:trama:test";
const ANA: &str = "/api/access/persons/";
const UNUSUAL: &str = "/api/access/unusual";
const MINE: &str = "/api/access/mine";

/// The doors of the access log, and who signs tokens for them.
struct House {
    world: World,
    doors: Router,
    signing: EncodingKey,
}

impl House {
    /// Ana has a second record, at the shelter.
    async fn open() -> Self {
        Self::under(Policies::load().unwrap()).await
    }

    async fn under(policies: Policies) -> Self {
        let world = World::start().await;
        let (signing, keys) = keys();
        let gate = Gate::new(Guards {
            keys,
            clock: Clock::Real,
            staff: Staff::fixed(memberships()),
            policies: Arc::new(policies),
            ties: Arc::new(AnaIsKnown),
            access: world.log.clone(),
        });
        let (doors, _) = world.reader.doors(&gate);
        Self { world, doors: doors.split_for_parts().0, signing }
    }

    fn token(&self, who: &str, role: Role) -> String {
        let now = real_now().unix_timestamp();
        let claims = json!({
            "iss": ISSUER, "aud": "trama", "sub": staff(who), "exp": now + 600, "nbf": now - 5,
            "iat": now - 5, "jti": id(who), "org": id("organisation"), "ats": "bari",
            "role": role, "services": [],
        });
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("at+jwt".into());
        header.kid = Some("one".into());
        encode(&header, &claims, &self.signing).unwrap()
    }

    /// What a door answers to somebody who asks for a purpose: status and body.
    async fn asked(&self, who: (&str, Role), purpose: &str, path: &str) -> (u16, Value) {
        let token = format!("Bearer {}", self.token(who.0, who.1));
        let request = Request::get(path).header(header::AUTHORIZATION, token);
        let request = request.header("purpose", purpose).body(Body::empty()).unwrap();
        let response = self.doors.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    async fn audit(&self, path: &str) -> (u16, Value) {
        self.asked(("paola", Role::Auditor), "audit", path).await
    }

    async fn rows_by(&self, who: &str) -> Vec<Row> {
        let page = Page { after: None, limit: 500 };
        self.world.reader.by_staff(staff(who), about_now(), page).await.unwrap().items
    }
}

/// Of Ana two records are linked. Gina is the guest of a secret shelter, Pino a pseudonym, Zoe a
/// child. Mara has them all in charge; of nobody else anything is known.
struct AnaIsKnown;

impl Acquaintance for AnaIsKnown {
    fn between<'a>(&'a self, asked: ties::Between<'a>) -> Finding<'a> {
        let both = vec![person("ana"), person("ana at the shelter")];
        let is_ana = both.contains(&asked.person);
        let is = |name| asked.person == person(name);
        let guard = if is("gina") { Guard::Guarded { keeper: None } } else { Guard::Open };
        let mara = asked.staff == staff("mara");
        let ties = Ties {
            records: if is_ana { both } else { vec![asked.person] },
            registered: is_ana || ["gina", "pino", "zoe"].into_iter().any(is),
            sealed_by: is("pino").then(|| ServiceId(id("addiction service"))),
            relations: mara.then_some(Relation::CaseManager).into_iter().collect(),
            guard,
            minor: is("zoe"),
            ..Ties::default()
        };
        Box::pin(async move { Ok(ties) })
    }

    fn confidential_bodies(&self) -> Bodies<'_> {
        Box::pin(async { Ok(BTreeSet::from([OrganisationId(id("shelter"))])) })
    }
}

/// Everybody here, each in every role.
fn memberships() -> Vec<Membership> {
    let all = ["dora", "paola", "mara", "somebody"].into_iter();
    let in_every_role = |who| Role::VARIANTS.iter().map(move |role| (who, *role));
    let membership = |(who, role): (&str, Role)| Membership {
        membership: MembershipId(derive_uuid("test", &[who, role.code()])),
        staff: staff(who),
        organisation: OrganisationId(id("organisation")),
        ats: Ats::try_new("bari").unwrap(),
        role,
        services: Vec::new(),
    };
    all.flat_map(in_every_role).map(membership).collect()
}

fn keys() -> (EncodingKey, Keys) {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = key.public_key().as_ref();
    let set = serde_json::from_value(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "one",
        "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
    }]}));
    let signing = EncodingKey::from_ec_der(key.to_pkcs8v1().unwrap().as_ref());
    (signing, Keys::try_new(ISSUER, "trama", &set.unwrap()).unwrap())
}

fn ana() -> String {
    format!("{ANA}{}", person("ana"))
}

fn column<'a>(answer: &'a Value, name: &str) -> Vec<&'a Value> {
    answer["items"].as_array().unwrap().iter().map(|item| &item[name]).collect()
}

#[tokio::test]
async fn an_auditor_reads_who_looked_and_that_is_recorded_for_each_record_a7() {
    let house = House::open().await;
    let pages = [dora_opens_ana(), opens("otto", "ana at the shelter"), is_refused("eva", "ana")];
    for entry in pages {
        house.world.log.write(entry).await.unwrap();
    }
    let (status, answer) = house.audit(&ana()).await;
    assert_eq!(status, 200, "{answer}");
    let (eva, otto, dora) = (json!(staff("eva")), json!(staff("otto")), json!(staff("dora")));
    assert_eq!(column(&answer, "staff"), [&eva, &otto, &dora]);
    let recorded: Vec<_> =
        house.rows_by("paola").await.into_iter().map(|row| (row.person, row.decision)).collect();
    let both = ["ana at the shelter", "ana"].map(|name| (Some(person(name)), Decision::Allowed));
    assert_eq!(recorded, both);
    let (_, copy) = house.audit(&format!("{}?for_person=true", ana())).await;
    assert_eq!(column(&copy, "role"), ["auditor", "auditor", "info_desk", "info_desk"]);
    assert!(!copy.to_string().contains(&staff("dora").to_string()), "{copy}");
}

/// What a teller may tell: two looks, and what is not for her.
async fn looks_at_ana(house: &House) {
    let of = |who| OrganisationId(id(who));
    for entry in [
        dora_opens_ana(),
        Entry { organisation: of("shelter"), ..opens("keeper", "ana") },
        Entry { role: Role::CsmOperator, ..opens("carla", "ana") },
        Entry { sections: vec!["secret_address".into()], ..opens("house", "ana") },
        Entry {
            sections: vec!["csm".into(), "path".into()],
            reason: Some("life_at_risk".into()),
            forced: true,
            ..opens("otto", "ana at the shelter")
        },
        is_refused("eva", "ana"),
    ] {
        house.world.log.write(entry).await.unwrap();
    }
}

#[tokio::test]
async fn a_desk_tells_a_person_which_bodies_looked_and_never_who_nor_what_is_confidential_a7() {
    let house = House::open().await;
    looks_at_ana(&house).await;
    for (who, role) in [("dora", Role::InfoDesk), ("mara", Role::CaseManager)] {
        let (status, answer) = house.asked((who, role), "care", &ana()).await;
        assert_eq!(status, 200, "{answer}");
        let told = answer.to_string();
        let looked: Vec<&Value> = column(&answer, "sections").into_iter().rev().take(2).collect();
        assert_eq!(looked, [&json!(["journey"]), &json!(["path"])], "{answer}");
        for hidden in ["dora", "otto", "keeper", "carla", "house", "eva"] {
            assert!(!told.contains(&staff(hidden).to_string()), "{hidden}: {answer}");
        }
        for hidden in [id("shelter").to_string().as_str(), "csm", "secret", "life_at_risk"] {
            assert!(!told.contains(hidden), "{hidden}: {answer}");
        }
        let recorded = house.rows_by(who).await.into_iter().filter(|row| row.role == role.code());
        let recorded: Vec<_> = recorded.map(|row| (row.person, row.sections)).collect();
        let read = |name| (Some(person(name)), vec!["access_log".to_owned()]);
        let asked = (Some(person("ana")), vec!["extract".to_owned()]);
        assert_eq!(recorded[..3], [read("ana at the shelter"), read("ana"), asked]);
    }
    let (_, copy) = house.audit(&format!("{}?for_person=true", ana())).await;
    assert!(copy.to_string().contains(&id("shelter").to_string()), "the auditor gives it whole");
}

#[tokio::test]
async fn who_may_not_tell_gets_the_answer_of_a_person_whom_nobody_registered_v16() {
    let house = House::open().await;
    looks_at_ana(&house).await;
    for whom in ["gina", "pino", "zoe"] {
        house.world.log.write(opens("otto", whom)).await.unwrap();
    }
    let of = |whom: &str| format!("{ANA}{}", person(whom));
    let nobody = house.asked(("dora", Role::InfoDesk), "care", &of("nobody")).await;
    assert_eq!(nobody.0, 404);
    for (who, role, purpose, whom) in [
        ("dora", Role::InfoDesk, "care", "gina"),
        ("dora", Role::InfoDesk, "care", "pino"),
        ("dora", Role::InfoDesk, "care", "zoe"),
        ("dora", Role::InfoDesk, "emergency", "ana"),
        ("dora", Role::InfoDesk, "planning", "ana"),
        ("dora", Role::CaseManager, "care", "ana"),
        ("dora", Role::MinorsWorker, "care", "zoe"),
        ("mara", Role::CaseManager, "care", "pino"),
    ] {
        let answer = house.asked((who, role), purpose, &of(whom)).await;
        assert_eq!(answer, nobody, "{who} {role} {purpose} {whom}");
    }
    for whom in ["ana", "gina", "zoe"] {
        let answer = house.asked(("mara", Role::CaseManager), "care", &of(whom)).await;
        assert_eq!(answer.0, 200, "she has {whom} in charge");
    }
}

#[tokio::test]
async fn whom_the_policies_do_not_let_audit_reads_nothing_whatever_her_role() {
    let house = House::under(Policies::from_text("").unwrap()).await;
    for path in [ana(), UNUSUAL.into(), format!("/api/access/staff/{}", id("dora"))] {
        let (status, answer) = house.audit(&path).await;
        assert_eq!((status, answer["code"].as_str()), (403, Some("purpose_may_not")), "{path}");
    }
    let recorded = house.rows_by("paola").await.into_iter().map(|row| row.decision);
    assert_eq!(recorded.collect::<Vec<_>>(), [Decision::Denied; 3]);
}

/// Who read a file while two records were joined in it since yesterday.
fn joined(one: &str, another: &str) -> String {
    let link = LinkId::of_pair(person(one), person(another));
    let from = (real_now() - Duration::DAY).format(&Rfc3339).unwrap();
    let (one, another) = (person(one), person(another));
    format!("/api/access/links/{link}/readers?person={one}&other={another}&from={from}")
}

#[tokio::test]
async fn the_auditor_learns_who_read_a_joined_file_and_the_desk_how_many_a7() {
    let house = House::open().await;
    for entry in [dora_opens_ana(), opens("otto", "ben"), is_refused("eva", "ana")] {
        house.world.log.write(entry).await.unwrap();
    }
    let path = joined("ana", "ben");
    let (status, answer) = house.asked(("dora", Role::InfoDesk), "care", &path).await;
    assert_eq!((status, &answer["workers"]), (200, &json!(1)), "not herself: {answer}");
    assert_eq!(answer["readers"], json!([]), "how many, never who");
    let (_, answer) = house.audit(&path).await;
    let readers = answer["readers"].as_array().unwrap();
    let read: BTreeSet<&str> =
        readers.iter().filter_map(|reader| reader["staff"].as_str()).collect();
    let expected = ["dora", "otto", "paola"].map(|who| staff(who).to_string());
    assert_eq!(read, expected.iter().map(String::as_str).collect(), "also who looks now");
    let recorded = house.rows_by("paola").await.into_iter().filter_map(|row| row.person);
    assert_eq!(recorded.collect::<Vec<_>>(), [person("ben"), person("ana")]);
}

#[tokio::test]
async fn readers_are_asked_of_a_link_and_by_nobody_who_judges_none() {
    let house = House::open().await;
    let path = joined("ana", "ben");
    for role in [Role::Volunteer, Role::Administrator, Role::OutreachWorker] {
        assert_eq!(house.asked(("somebody", role), "care", &path).await.0, 403, "{role}");
    }
    let (status, answer) = house.asked(("paola", Role::Auditor), "care", &path).await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("purpose_may_not")));
    let (status, _) = house.asked(("dora", Role::InfoDesk), "planning", &path).await;
    assert_eq!(status, 404, "planning is no reason to judge anybody");
    let other = joined("ana", "carla").replace(&person("carla").to_string(), &id("x").to_string());
    assert_eq!(house.audit(&other).await.0, 400, "these two are not this link");
}

#[tokio::test]
async fn nothing_is_shown_when_the_look_cannot_be_recorded_v12() {
    let house = House::open().await;
    house.world.log.write(dora_opens_ana()).await.unwrap();
    house.world.owner("revoke execute on function access.write from access").await;
    for path in [ana(), UNUSUAL.into(), MINE.into(), format!("/api/access/staff/{}", id("dora"))] {
        let (status, answer) = house.audit(&path).await;
        assert_eq!((status, answer["code"].as_str()), (503, Some("not_logged")), "{path}");
        assert!(answer.get("items").is_none(), "{answer}");
    }
    house.world.owner("grant execute on function access.write to access").await;
    assert_eq!(house.audit(&ana()).await.0, 200);
}

#[tokio::test]
async fn only_auditors_read_it_and_whoever_runs_the_machine_reads_nothing() {
    let house = House::open().await;
    for role in Role::VARIANTS {
        let who = ("somebody", *role);
        for path in [ana(), UNUSUAL.into(), format!("/api/access/staff/{}", id("dora"))] {
            let (status, _) = house.asked(who, "audit", &path).await;
            let tells = path == ana()
                && [Role::InfoDesk, Role::CaseManager, Role::MinorsWorker].contains(role);
            let refused = if tells { 404 } else { 403 };
            let expected = if *role == Role::Auditor { 200 } else { refused };
            assert_eq!(status, expected, "{role} {path}");
        }
        let (status, _) = house.asked(who, "care", MINE).await;
        let none =
            [Role::Administrator, Role::ExternalSystem, Role::SteeringBoard, Role::CourtOperator]
                .contains(role);
        assert_eq!(status, if none { 403 } else { 200 }, "{role}");
    }
}

#[tokio::test]
async fn who_comes_from_a_page_meets_the_same_gate_as_who_brings_a_token() {
    let house = House::open().await;
    for (role, expected) in [(Role::Auditor, 200), (Role::InfoDesk, 403)] {
        let membership = MembershipId(derive_uuid("test", &["dora", role.code()]));
        let presented = Presented {
            account: Account::of(ISSUER, "dora"),
            staff: Some(staff("dora")),
            vouched: None,
            membership: Some(membership),
            second_factor: false,
            session: "0".repeat(32),
            authenticated_at: None,
            until: real_now() + Duration::HOUR,
            surname: None,
        };
        let mut request =
            Request::get(UNUSUAL).header("purpose", "audit").body(Body::empty()).unwrap();
        request.extensions_mut().insert(SignedIn(presented));
        let status = house.doors.clone().oneshot(request).await.unwrap().status();
        assert_eq!(status.as_u16(), expected, "{role}");
    }
}

#[tokio::test]
async fn it_is_read_for_audit_and_for_nothing_else() {
    let house = House::open().await;
    let (status, answer) = house.asked(("paola", Role::Auditor), "care", &ana()).await;
    assert_eq!((status, answer["code"].as_str()), (403, Some("purpose_may_not")));
    let recorded = house.rows_by("paola").await;
    let recorded: Vec<_> = recorded.iter().map(|row| (row.person, row.decision)).collect();
    assert_eq!(recorded, [(Some(person("ana")), Decision::Denied)]);
}

#[tokio::test]
async fn a_worker_sees_her_own_looks_but_not_what_she_was_refused() {
    let house = House::open().await;
    let others = [dora_opens_ana(), is_refused("dora", "ben"), opens("otto", "carla")];
    for entry in others {
        house.world.log.write(entry).await.unwrap();
    }
    let (_, answer) = house.asked(("dora", Role::InfoDesk), "care", MINE).await;
    assert_eq!(column(&answer, "person"), [&json!(person("ana"))]);
    let (_, again) = house.asked(("dora", Role::InfoDesk), "care", MINE).await;
    let (first, second) = (json!(["access_log"]), json!(["journey"]));
    assert_eq!(column(&again, "sections"), [&first, &second]);
}

#[tokio::test]
async fn what_is_unusual_is_shown_in_parts_and_the_people_in_it_are_recorded() {
    let house = House::open().await;
    for name in ["ana", "ben", "carla"] {
        let entry = Entry { explained: false, role: Role::OutreachWorker, ..opens("otto", name) };
        house.world.log.write(entry).await.unwrap();
    }
    let (status, first) = house.audit(&format!("{UNUSUAL}?limit=2")).await;
    assert_eq!((status, column(&first, "rule")), (200, vec![&json!("no_case"); 2]));
    let recorded: Vec<_> = house.rows_by("paola").await.into_iter().map(|r| r.person).collect();
    assert_eq!(recorded.len(), 2);
    assert!(recorded.contains(&Some(person("ana"))) && recorded.contains(&Some(person("ben"))));
    let (_, rest) = house.audit(&format!("{UNUSUAL}?limit=2&after={}", first["next"])).await;
    let carla = column(&rest, "person").into_iter().filter(|p| **p == json!(person("carla")));
    assert_eq!(carla.count(), 1);
}

#[tokio::test]
async fn what_cannot_be_asked_is_answered_with_a_reason() {
    let house = House::open().await;
    for (query, code) in [
        ("limit=0", "bad_limit"),
        ("limit=501", "bad_limit"),
        ("limit=-1", "bad_limit"),
        ("limit=x", "bad_query"),
        ("after=x", "bad_query"),
        ("everything=1", "bad_query"),
        ("from=yesterday", "bad_time"),
        ("from=2025-01-02T00:00:00Z&to=2025-01-01T00:00:00Z", "bad_time"),
    ] {
        for path in [ana(), UNUSUAL.into(), MINE.into()] {
            let (status, answer) = house.audit(&format!("{path}?{query}")).await;
            assert_eq!((status, answer["code"].as_str()), (400, Some(code)), "{path}?{query}");
        }
    }
    let ends =
        "from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z&limit=500&after=9223372036854775807";
    for path in [ana(), UNUSUAL.into(), MINE.into()] {
        let (status, answer) = house.audit(&format!("{path}?{ends}")).await;
        assert_eq!(status, 200, "{path}: {answer}");
    }
    assert_eq!(house.audit(&format!("{ANA}ana")).await.0, 404);
}

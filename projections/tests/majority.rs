//! Who is of age in the year in which she turns eighteen: by the day that the vault knows, and when it
//! does not answer by the year.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod harness;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness::{History, World, id};
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};
use trama_events::codes::{Gender, IdentityStatus};
use trama_events::ids::{LinkId, OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::intake::{LinkEvent, PersonEvent};
use trama_events::rome;
use trama_events::short_code::ShortCode;
use trama_platform::clock::{Clock, pause};
use trama_platform::follow::Lag;
use trama_platform::majority::{Birthdays, Telling};
use trama_projections::relations::{Asker, RelationTables, Relations};

const NOW: OffsetDateTime = datetime!(2025-05-17 09:00 UTC);

/// Whoever keeps the days: what it says, nothing while it is closed; and whom it was asked about.
#[derive(Debug, Default)]
struct Days {
    says: Mutex<Option<BTreeMap<PersonId, bool>>>,
    asked: Mutex<Vec<(Vec<PersonId>, Date)>>,
}

impl Birthdays for Days {
    fn of_age<'a>(&'a self, people: &'a [PersonId], on: Date) -> Telling<'a> {
        self.asked.lock().unwrap().push((people.to_vec(), on));
        let says = self.says.lock().unwrap().clone();
        Box::pin(async move { says })
    }
}

impl Days {
    fn say(&self, says: Option<&[(PersonId, bool)]>) {
        *self.says.lock().unwrap() = says.map(|says| says.iter().copied().collect());
    }

    /// Until an answer that it gives from now on has been taken.
    async fn asked_anew(&self) {
        let count = || self.asked.lock().unwrap().len();
        let before = count();
        until("it is asked twice more", async || count() >= before + 2).await;
    }
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let patience = tokio::time::Instant::now() + Duration::from_mins(1);
    while !holds().await {
        assert!(tokio::time::Instant::now() < patience, "never: {what}");
        pause(Duration::from_millis(50)).await;
    }
}

fn person(who: &str) -> PersonId {
    PersonId(id(who))
}

/// Ana and Ben turn eighteen this year, Cleo did last year.
async fn learns(world: &World) {
    world.fold(&RelationTables, &registered(&[]).events).await;
}

/// Their registrations, and those of others.
fn registered(others: &[(&str, u16)]) -> History {
    let mut history = History::starting(datetime!(2025-01-08 09:00 UTC));
    for &(who, year) in [("ana", 2007), ("ben", 2007), ("cleo", 2006)].iter().chain(others) {
        let person = person(who);
        let registered = PersonEvent::PersonRegistered {
            person,
            code: ShortCode::candidate(person.0, 0),
            status: IdentityStatus::Declared,
            service: ServiceId(id("desk")),
            birth_year: Some(year),
            gender: Gender::Unknown,
            language: None,
        };
        history.record(person.0, Some(person), &registered);
    }
    history
}

/// Whether Ana, Ben and Cleo are minors, and whether yesterday was in Ana's childhood.
async fn minors(relations: &Relations) -> ([bool; 3], bool) {
    let body = OrganisationId(id("organisation"));
    let asker = Asker { staff: StaffId(id("dora")), organisation: body, services: &[] };
    let people = ["ana", "ben", "cleo"].map(person);
    let found = relations.of_each(asker, &people, NOW).await.unwrap();
    let [ana, ben, cleo] = [0, 1, 2].map(|nth| found[nth].minor());
    let of_age_on = found[0].past.of_age_on.unwrap();
    ([ana, ben, cleo], rome::day_of(NOW) <= of_age_on)
}

fn asking(world: &World, days: &Arc<Days>) -> Relations {
    let clock = world.reads.clock.clone();
    let Clock::Virtual(standing) = &clock else { panic!("it can be set") };
    standing.set(Some(NOW)).unwrap();
    Relations::over(world.asks.clone(), Lag::none()).asking(Arc::<Days>::clone(days), clock)
}

#[tokio::test]
async fn the_day_of_birth_decides_where_the_year_does_not_and_a_silent_vault_ages_nobody_c5() {
    let world = World::start().await;
    learns(&world).await;
    let days = Arc::new(Days::default());
    let relations = asking(&world, &days);
    days.asked_anew().await;
    let by_year = ([true, true, false], true);
    assert_eq!(minors(&relations).await, by_year, "closed from the start: the year decides");

    days.say(Some(&[(person("ana"), true), (person("ben"), false)]));
    days.asked_anew().await;
    let by_day = ([false, true, false], true);
    assert_eq!(minors(&relations).await, by_day, "of age, and her childhood stays hers");

    days.say(None);
    days.asked_anew().await;
    assert_eq!(minors(&relations).await, by_day, "closed again: nobody gets younger, or older");

    days.say(Some(&[(person("ana"), false)]));
    days.asked_anew().await;
    assert_eq!(minors(&relations).await, by_year, "her birth date was corrected");

    let (people, on) = days.asked.lock().unwrap().last().unwrap().clone();
    assert_eq!((people.len(), on), (2, date!(2025 - 05 - 17)), "nobody else is asked about");
    assert!(!people.contains(&person("cleo")));
}

#[tokio::test]
async fn of_who_is_younger_by_another_of_her_records_no_day_of_the_older_one_says_that_she_is_of_age_c5()
 {
    let world = World::start().await;
    let mut history = registered(&[("dina", 2010)]);
    let linked = LinkEvent::PersonsLinked {
        link: LinkId(id("link")),
        canonical: person("ana"),
        other: person("dina"),
        reasons: vec![],
    };
    history.record(id("link"), Some(person("ana")), &linked);
    world.fold(&RelationTables, &history.events).await;
    let days = Arc::new(Days::default());
    let relations = asking(&world, &days);
    days.say(Some(&[(person("ana"), true), (person("ben"), true)]));
    days.asked_anew().await;
    let ([ana, ben, _], _) = minors(&relations).await;
    assert!(ana, "by the record of 2010 she is fifteen");
    assert!(!ben, "of age by the day of his birth");
}

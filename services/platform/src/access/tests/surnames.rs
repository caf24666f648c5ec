use std::sync::{Arc, Mutex};

use super::*;
use crate::surnames::{Blinding, Comparing, Pair, Surname, Surnames};

/// A surname as one token: of whoever is named so, the first word of her name in these tests.
fn surname(word: &str) -> Option<Surname> {
    Surname::of([*id(word).as_bytes()])
}

/// Whoever keeps names knows Ana and Ben, both `rossi`, and nobody else; it remembers how often it
/// was asked, and may be held up.
#[derive(Debug, Default)]
struct Names {
    asked: Mutex<Vec<usize>>,
    silent: bool,
}

impl Surnames for Names {
    fn blind(&self, _: secrecy::SecretString) -> Blinding<'_> {
        Box::pin(async { None })
    }

    fn same<'a>(&'a self, pairs: &'a [Pair]) -> Comparing<'a> {
        self.asked.lock().unwrap().push(pairs.len());
        let known = [person("ana"), person("ben")];
        let is_known = |pair: &Pair| pair.records.iter().any(|record| known.contains(record));
        let same =
            |pair: &Pair| is_known(pair).then(|| Some(&pair.worker) == surname("rossi").as_ref());
        let told = pairs.iter().map(same).collect();
        Box::pin(async move {
            if self.silent {
                std::future::pending::<()>().await;
            }
            told
        })
    }
}

/// The world with a log that compares.
async fn comparing(names: Names) -> (World, AccessLog, Arc<Names>) {
    let world = World::start().await;
    let names = Arc::new(names);
    let log = AccessLog::comparing(&world.servers, names.clone());
    (world, log, names)
}

fn named(word: &str, entry: Entry) -> Entry {
    Entry { surname: surname(word), ..entry }
}

async fn written(world: &World, who: &str) -> Vec<Option<bool>> {
    let page = Page { after: None, limit: 100 };
    let rows = world.reader.by_staff(staff(who), about_now(), page).await.unwrap().items;
    rows.iter().rev().map(|row| row.same_surname).collect()
}

#[tokio::test]
async fn the_log_says_whether_worker_and_person_have_the_same_surname_or_that_nobody_can_tell_d2() {
    let (world, log, _) = comparing(Names::default()).await;
    let linked = vec![person("ana at the shelter"), person("ana")];
    for entry in [
        named("rossi", opens("dora", "ana")),
        named("bruni", opens("dora", "ana")),
        named("rossi", opens("dora", "carla")),
        opens("dora", "ana"),
        named("rossi", is_refused("dora", "ben")),
        Entry { records: linked, ..named("rossi", opens("dora", "ana at the shelter")) },
        named("rossi", Entry { person: None, ..opens("dora", "ana") }),
    ] {
        log.write(entry).await.unwrap();
    }
    let (same, other, unknown) = (Some(true), Some(false), None);
    let all = [same, other, unknown, unknown, same, same, unknown];
    assert_eq!(written(&world, "dora").await, all);
    assert!(world.verified(None).await.troubles.is_empty(), "the chain holds what was found");
}

#[tokio::test]
async fn a_list_is_not_compared_and_who_looks_at_nobody_is_asked_about_all_the_same() {
    let (world, log, names) = comparing(Names::default()).await;
    log.write(named("rossi", Entry { listed: true, ..opens("dora", "ana") })).await.unwrap();
    assert!(names.asked.lock().unwrap().is_empty());
    log.write(named("rossi", Entry { person: None, ..opens("dora", "ana") })).await.unwrap();
    assert_eq!(*names.asked.lock().unwrap(), [1], "so that the time does not tell");
    assert_eq!(written(&world, "dora").await, [None, None]);
}

#[tokio::test]
async fn when_nobody_answers_about_surnames_the_row_is_written_as_not_known() {
    let (world, log, names) = comparing(Names { silent: true, ..Names::default() }).await;
    log.write(named("rossi", opens("dora", "ana"))).await.unwrap();
    log.write(named("rossi", opens("dora", "ana"))).await.unwrap();
    assert_eq!(written(&world, "dora").await, [None, None]);
    assert_eq!(*names.asked.lock().unwrap(), [1], "nobody waits in vain right after another");
}

#[tokio::test]
async fn the_unusual_list_names_the_rule_and_whose_openings_could_not_be_compared_d2() {
    let (world, log, _) = comparing(Names::default()).await;
    for entry in [
        named("rossi", opens("dora", "ana")),
        named("bruni", opens("otto", "ana")),
        opens("eva", "ana"),
        opens("eva", "ben"),
        is_refused("eva", "carla"),
        Entry { listed: true, ..opens("eva", "carla") },
    ] {
        log.write(entry).await.unwrap();
    }
    let page = Page { after: None, limit: 100 };
    let found = world.reader.unusual(about_now(), page).await.unwrap();
    let same: Vec<_> =
        found.items.iter().filter(|f| f.rule == Rule::SameSurname).map(|f| f.staff).collect();
    assert_eq!(same, [staff("dora")]);
    let unknown: Vec<_> = found.surname_unknown.iter().map(|of| (of.staff, of.opened)).collect();
    assert_eq!(unknown, [(staff("eva"), 2)]);
}

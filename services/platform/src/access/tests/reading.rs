use super::*;

fn page(after: Option<i64>, limit: i64) -> Page {
    Page { after, limit }
}

async fn write(world: &World, entries: impl IntoIterator<Item = Entry>) {
    for entry in entries {
        world.log.write(entry).await.unwrap();
    }
}

#[tokio::test]
async fn a_person_learns_who_looked_at_any_of_her_records_by_organisation_and_role() {
    let world = World::start().await;
    let forced = Entry {
        forced: true,
        explained: false,
        reason: Some("life_at_risk".into()),
        organisation: OrganisationId(id("pis")),
        role: Role::EmergencyWorker,
        sections: vec!["identity".into(), "health".into()],
        ..opens("piera", "ana at the shelter")
    };
    let search = Entry { person: None, sections: vec!["search".into()], ..dora_opens_ana() };
    let others = [opens("dora", "ben"), search];
    write(&world, [dora_opens_ana(), is_refused("otto", "ana"), forced]).await;
    write(&world, others).await;
    let records = [person("ana"), person("ana at the shelter")];
    let read = |audience| world.reader.extract(&records, about_now(), page(None, 10), audience);
    let hers = read(Audience::Person).await.unwrap();
    let told: Vec<_> = hers.items.iter().map(|l| (l.role.as_str(), l.emergency_access)).collect();
    assert_eq!(told, [("emergency_worker", true), ("info_desk", false)]);
    assert_eq!(hers.items[0].organisation, OrganisationId(id("pis")));
    assert_eq!(hers.items[0].sections, ["identity", "health"]);
    assert_eq!(hers.items[0].reason.as_deref(), Some("life_at_risk"));
    assert!(hers.items.iter().all(|looked| looked.staff.is_none()));
    let auditors = read(Audience::Auditor).await.unwrap();
    let told: Vec<_> = auditors.items.iter().map(|l| (l.staff.unwrap(), l.decision)).collect();
    let (allowed, denied) = (Decision::Allowed, Decision::Denied);
    let all = [(staff("piera"), allowed), (staff("otto"), denied), (staff("dora"), allowed)];
    assert_eq!(told, all);
}

#[tokio::test]
async fn parts_of_an_answer_are_the_whole_also_while_rows_are_added() {
    let world = World::start().await;
    write(&world, (0..7).map(|_| dora_opens_ana())).await;
    let by_dora = |page| world.reader.by_staff(staff("dora"), about_now(), page);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let part = by_dora(page(after, 3)).await.unwrap();
        seen.extend(part.items.iter().map(|row| row.position));
        write(&world, [dora_opens_ana()]).await;
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
    for limit in [0, -1, i64::MIN] {
        assert_eq!(by_dora(page(None, limit)).await.unwrap().items.len(), 1);
    }
    assert_eq!(by_dora(page(None, i64::MAX)).await.unwrap().items.len(), 10);
    for nothing in [Some(0), Some(i64::MIN)] {
        let part = by_dora(page(nothing, 3)).await.unwrap();
        assert_eq!((part.items.len(), part.next), (0, None));
    }
}

#[tokio::test]
async fn rows_are_found_by_the_time_in_which_they_were_written() {
    let world = World::start().await;
    let mut moments = Vec::new();
    for _ in 0..5 {
        moments.push(world.log.write(dora_opens_ana()).await.unwrap().written_at);
    }
    let tick = Duration::MICROSECOND;
    for (from, to, positions) in [
        (moments[1], moments[3], vec![3, 2]),
        (moments[1] + tick, moments[3] + tick, vec![4, 3]),
        (moments[0] - Duration::DAY, moments[0], vec![]),
        (moments[4] + tick, moments[4] + Duration::DAY, vec![]),
        (moments[0], moments[4] + tick, vec![5, 4, 3, 2, 1]),
    ] {
        let between = Between { from, to };
        let found = world.reader.by_staff(staff("dora"), between, page(None, 10)).await.unwrap();
        let found: Vec<_> = found.items.iter().map(|row| row.position).collect();
        assert_eq!(found, positions, "{between:?}");
    }
}

#[tokio::test]
async fn whoever_read_a_wrongly_joined_file_between_link_and_unlink_is_listed() {
    let world = World::start().await;
    let health = |who| Entry { sections: vec!["health".into()], ..opens(who, "ana") };
    write(&world, [health("before the link")]).await;
    let linked = real_now();
    write(&world, [health("dora"), opens("dora", "ana"), health("dora"), opens("otto", "ana")])
        .await;
    write(&world, [is_refused("carl", "ana"), health("zoe")]).await;
    let unlinked = world.log.write(opens("dora", "ben")).await.unwrap().written_at;
    write(&world, [health("after the unlink")]).await;
    let between = Between { from: linked, to: unlinked };
    let ana = [person("ana")];
    let read =
        |sections, after, limit| world.reader.readers_of(&ana, sections, between, after, limit);
    let all = read(None, None, 100).await.unwrap();
    let mut expected = [staff("dora"), staff("otto"), staff("zoe")];
    expected.sort_unstable();
    assert_eq!(all.iter().map(|reader| reader.staff).collect::<Vec<_>>(), expected);
    let dora = all.iter().find(|reader| reader.staff == staff("dora")).unwrap();
    assert_eq!(
        (dora.times, dora.sections.as_slice()),
        (3, &["health".into(), "journey".into()][..])
    );
    assert!(dora.first_at < dora.last_at);
    let wanted = ["health".to_owned()];
    let of_health = read(Some(&wanted), None, 100).await.unwrap();
    assert_eq!(of_health.len(), 2);
    let first = read(None, None, 1).await.unwrap();
    let rest = read(None, first.first(), 100).await.unwrap();
    assert_eq!([first, rest].concat(), all);
}

#[tokio::test]
async fn what_is_unusual_is_the_same_in_parts_and_at_once() {
    let world = World::start().await;
    let mut pages = Vec::new();
    for number in 0..40 {
        pages.push(opens("eva", &number.to_string()));
        pages.push(dora_opens_ana());
        if number % 8 == 0 {
            pages.push(is_refused("otto", "ana"));
            pages.push(Entry { explained: false, ..opens("carl", "ben") });
            pages.push(Entry { same_surname: Some(true), ..opens("zoe", "ben") });
        }
    }
    let daytime = |finding: &Finding| finding.rule != Rule::AtNight;
    for entry in pages {
        world.log.write(entry).await.unwrap();
    }
    let whole = world.reader.unusual(about_now(), page(None, 500)).await.unwrap();
    assert_eq!(whole.next, None);
    let found: Vec<_> = whole.items.iter().filter(|f| daytime(f)).map(|f| f.rule).collect();
    let times = |rule| found.iter().filter(|one| **one == rule).count();
    let expected = [
        (Rule::ManyInARow, 1),
        (Rule::RepeatedDenials, 1),
        (Rule::NoCase, 5),
        (Rule::SameSurname, 5),
    ];
    for (rule, count) in expected {
        assert_eq!(times(rule), count, "{rule}");
    }
    for limit in [1, 3, 5] {
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let part = world.reader.unusual(about_now(), page(after, limit)).await.unwrap();
            parts.extend(part.items);
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(parts, whole.items, "in parts of {limit}");
    }
}

#[tokio::test]
async fn rows_past_two_years_are_counted_and_kept_also_when_the_oldest_were_disposed_of() {
    let world = World::start().await;
    assert_eq!(world.reader.past_retention(real_now()).await.unwrap(), 0);
    write(&world, (0..6).map(|_| dora_opens_ana())).await;
    world
        .owner("update access.rows set inserted_at = inserted_at - interval '25 months' where position <= 4")
        .await;
    assert_eq!(world.reader.past_retention(real_now()).await.unwrap(), 4);
    world.owner("delete from access.rows where position <= 3").await;
    assert_eq!(world.reader.past_retention(real_now()).await.unwrap(), 1);
    let found = world.reader.by_staff(staff("dora"), about_now(), page(None, 10)).await.unwrap();
    assert_eq!(found.items.len(), 2);
}

use super::*;

async fn write(world: &World, entries: impl IntoIterator<Item = Entry>) {
    for entry in entries {
        world.log.write(entry).await.unwrap();
    }
}

#[tokio::test]
async fn the_log_is_looked_through_by_who_whom_purpose_decision_and_force_and_in_parts() {
    let world = World::start().await;
    let forced = Entry { forced: true, explained: false, ..opens("piera", "ana") };
    let planned = Entry { purpose: Purpose::Planning, ..opens("dora", "ben") };
    write(&world, [dora_opens_ana(), is_refused("otto", "ana"), forced, planned]).await;
    let all = Sought::default;
    let ana = || Some(vec![person("ana")]);
    for (sought, found) in [
        (all(), &[4, 3, 2, 1][..]),
        (Sought { persons: ana(), ..all() }, &[3, 2, 1]),
        (Sought { staff: Some(staff("dora")), ..all() }, &[4, 1]),
        (Sought { purpose: Some(Purpose::Planning), ..all() }, &[4]),
        (Sought { decision: Some(Decision::Denied), ..all() }, &[2]),
        (Sought { forced: true, ..all() }, &[3]),
        (Sought { forced: true, staff: Some(staff("dora")), ..all() }, &[]),
        (Sought { organisation: Some(OrganisationId(id("nobody"))), ..all() }, &[]),
    ] {
        let page = Page { after: None, limit: 10 };
        let part = world.reader.sought(&sought, about_now(), page).await.unwrap();
        let positions: Vec<i64> = part.items.iter().map(|row| row.position).collect();
        assert_eq!((positions.as_slice(), part.next), (found, None), "{sought:?}");
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = Page { after, limit: 3 };
        let part = world.reader.sought(&all(), about_now(), page).await.unwrap();
        seen.extend(part.items.iter().map(|row| row.position));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [4, 3, 2, 1]);
}

#[tokio::test]
async fn a_place_of_the_chain_that_was_noted_is_given_again_as_long_as_it_stands() {
    let world = World::start().await;
    write(&world, [dora_opens_ana()]).await;
    let noted = world.reader.tip(None).await.unwrap().unwrap();
    write(&world, [dora_opens_ana()]).await;
    let last = world.reader.tip(None).await.unwrap().unwrap();
    assert_eq!((noted.position, last.position), (1, 2));
    assert_eq!(world.reader.tip(Some(1)).await.unwrap(), Some(noted));
    assert_eq!(world.reader.tip(Some(3)).await.unwrap(), None);
    assert_eq!(world.verified(None).await.tip, last);
}

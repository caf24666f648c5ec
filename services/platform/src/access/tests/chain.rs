use super::*;

/// Every column, and something else that could stand there.
const COLUMNS: [(&str, &str); 20] = [
    ("inserted_at", "inserted_at + interval '1 microsecond'"),
    ("at", "at - interval '1 day'"),
    ("staff", "gen_random_uuid()"),
    ("organisation", "gen_random_uuid()"),
    ("role", "'auditor'"),
    ("session", "'session-2'"),
    ("request_id", "'request-2'"),
    ("person", "null"),
    ("sections", "array['identity']"),
    ("purpose", "'audit'"),
    ("reason", "'violence_risk'"),
    ("reason_fact", "gen_random_uuid()"),
    ("decision", "'denied'"),
    ("policies", "array['relation', 'case']"),
    ("door", "'journey.list'"),
    ("explained", "false"),
    ("forced", "true"),
    ("listed", "true"),
    ("same_surname", "false"),
    ("hash", "sha256('x')"),
];

/// Five rows, of which no two have the same shape.
async fn five_rows(world: &World) -> Tip {
    let odd = Entry {
        person: None,
        sections: vec!["null".into(), "NULL".into(), "a-b.c:d/e".into()],
        policies: Vec::new(),
        reason: Some("null".into()),
        reason_fact: Some(id("words")),
        same_surname: Some(true),
        forced: true,
        ..dora_opens_ana()
    };
    let refused = is_refused("dora", "ben");
    for entry in [dora_opens_ana(), odd, dora_opens_ana(), refused, dora_opens_ana()] {
        world.log.write(entry).await.unwrap();
    }
    let verified = world.verified(None).await;
    assert_eq!((verified.rows, verified.troubles), (5, Vec::new()));
    verified.tip
}

#[tokio::test]
async fn a_row_that_was_changed_is_found_whatever_the_column() {
    let world = World::start().await;
    five_rows(&world).await;
    let all: Vec<String> = sqlx::query_scalar(
        "select column_name::text from information_schema.columns \
         where table_schema = 'access' and table_name = 'rows' and column_name <> 'position'",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(all.len(), COLUMNS.len(), "a column is not tried: {all:?}");
    for (column, value) in COLUMNS {
        world.owner("create table access.kept as select * from access.rows").await;
        world.owner(&format!("update access.rows set {column} = {value} where position = 3")).await;
        let troubles = world.verified(None).await.troubles;
        let here = "row 3 is not what was written there".to_owned();
        assert_eq!(troubles.first(), Some(&here), "{column}: {troubles:?}");
        world
            .owner("truncate access.rows; insert into access.rows select * from access.kept")
            .await;
        world.owner("drop table access.kept").await;
    }
    assert_eq!(world.verified(None).await.troubles, Vec::<String>::new());
}

#[tokio::test]
async fn a_row_that_is_missing_or_moved_is_found() {
    let world = World::start().await;
    five_rows(&world).await;
    let swap = "update access.rows set position = case position when 2 then 103 else 102 end \
                where position in (2, 3); update access.rows set position = position - 100 \
                where position > 100";
    let shift = "delete from access.rows where position = 3; \
                 update access.rows set position = position - 1 where position > 3; \
                 update access.head set last = 4";
    let not_3 = "row 3 is not what was written there";
    for (damage, trouble) in [
        ("delete from access.rows where position = 1", "rows 1 to 1 are missing"),
        ("delete from access.rows where position in (3, 4)", "rows 3 to 4 are missing"),
        ("delete from access.rows where position = 5", "rows 5 to 5 are missing"),
        ("truncate access.rows", "rows 1 to 5 are missing"),
        (swap, "row 2 is not what was written there"),
        (shift, not_3),
        ("update access.head set last = 4", "the log ends at row 4, the rows at 5"),
        ("update access.head set hash = sha256('x')", "the end of the chain is not row 5"),
    ] {
        world
            .owner(
                "create table access.kept as select * from access.rows; \
                 create table access.kept_head as select * from access.head",
            )
            .await;
        world.owner(damage).await;
        let troubles = world.verified(None).await.troubles;
        assert_eq!(troubles.first().map(String::as_str), Some(trouble), "{damage}: {troubles:?}");
        world
            .owner(
                "truncate access.rows, access.head; insert into access.rows select * from access.kept; \
                 insert into access.head select * from access.kept_head; \
                 drop table access.kept, access.kept_head",
            )
            .await;
    }
}

#[tokio::test]
async fn a_chain_that_was_written_anew_is_found_by_a_place_noted_before() {
    let world = World::start().await;
    let noted = five_rows(&world).await;
    world.log.write(dora_opens_ana()).await.unwrap();
    let later = world.verified(Some(&noted)).await;
    assert_eq!((later.rows, later.tip.position, later.troubles), (1, 6, Vec::new()));
    world
        .owner(
            "truncate access.rows; update access.head set last = 0, hash = decode(repeat('00', 32), 'hex')",
        )
        .await;
    for _ in 0..6 {
        world.log.write(opens("dora", "somebody else")).await.unwrap();
    }
    assert_eq!(world.verified(None).await.troubles, Vec::<String>::new());
    let troubles = world.verified(Some(&noted)).await.troubles;
    assert_eq!(troubles.first().unwrap(), "row 5 is not the one that was noted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_write_one_chain() {
    let world = World::start().await;
    let others = [AccessLog::open(&world.servers), AccessLog::open(&world.servers)];
    let all = (0..300).map(|number| {
        let log = others.get(number % 3).unwrap_or(&world.log).clone();
        async move { log.write(dora_opens_ana()).await }
    });
    let mut positions: Vec<i64> = futures::future::join_all(all)
        .await
        .into_iter()
        .map(|written| written.unwrap().first_position)
        .collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=300).collect::<Vec<_>>());
    let verified = world.verified(None).await;
    assert_eq!((verified.rows, verified.troubles), (300, Vec::new()));
    assert_eq!(world.number("select count(*) from access.batches").await, 3);
}

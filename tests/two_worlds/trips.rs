//! What a question costs the database: as many statements for somebody who is hidden as for nobody.
//! It is what the time of an answer follows from, and does not depend on the machine.

use std::time::Instant;

use sqlx::{Connection, PgConnection};
use trama::client::Actor;
use trama_events::ids::PersonId;
use trama_platform::clock::random_id;
use trama_platform::servers::PgRole;

use super::World;
use super::looks::ANSWER_MAX;
use crate::support::MUST_HAPPEN;

/// The doors that name a person, as `trama bench timing` asks them.
const DOORS: [&str; 3] =
    ["/api/projections/journeys/", "/api/vault/persons/", "/api/intake/persons/"];
/// Questions about each. What goes on beside them is in some and not in others: the fewest count.
const QUESTIONS: usize = 20;

impl World {
    /// From now on PostgreSQL writes down every statement.
    pub(super) async fn writes_statements_down(&self) -> PgConnection {
        let options = self.town.servers().options(PgRole::Owner);
        let mut owner = PgConnection::connect_with(&options).await.unwrap();
        let all = "alter system set log_statement = 'all'";
        sqlx::query(all).execute(&mut owner).await.unwrap();
        sqlx::query("select pg_reload_conf()").execute(&mut owner).await.unwrap();
        let patience = Instant::now();
        let mut marked = mark(&mut owner).await;
        while !self.statements().contains(&marked) {
            assert!(patience.elapsed() < MUST_HAPPEN, "no statement is written down");
            marked = mark(&mut owner).await;
        }
        owner
    }

    /// The fewest statements of a refused question at each door that names a person, without a
    /// purpose: with one, an adult is found by many.
    pub(super) async fn trips(
        &self,
        owner: &mut PgConnection,
        who: &Actor,
        person: PersonId,
    ) -> Vec<usize> {
        let http = reqwest::Client::builder().timeout(ANSWER_MAX).build().unwrap();
        let bearer = self.client.bearer(who).unwrap();
        let mut fewest = Vec::new();
        for door in DOORS {
            let mut counts = Vec::new();
            for _ in 0..QUESTIONS {
                let begin = mark(owner).await;
                let request = http.get(format!("{}{door}{person}", self.client.base()));
                let told = request.bearer_auth(&bearer).send().await.unwrap();
                assert_eq!(told.status(), 404, "{door}{person}");
                told.bytes().await.unwrap();
                let end = mark(owner).await;
                counts.push(self.statements_between(&begin, &end));
            }
            fewest.push(counts.into_iter().min().unwrap());
        }
        fewest
    }

    fn statements(&self) -> String {
        std::fs::read_to_string(self.town.dir.join("postgres.log")).unwrap()
    }

    fn statements_between(&self, begin: &str, end: &str) -> usize {
        let log = self.statements();
        let (_, after) = log.rsplit_once(begin).unwrap();
        let (between, _) = after.split_once(end).unwrap();
        let is_statement =
            |line: &&str| line.contains(" execute ") || line.contains(" statement: ");
        between.lines().filter(is_statement).count()
    }
}

/// A place in the log of statements.
async fn mark(owner: &mut PgConnection) -> String {
    let mark = random_id().to_string();
    sqlx::raw_sql(&format!("select '{mark}'")).execute(owner).await.unwrap();
    mark
}

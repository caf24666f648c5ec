//! The privacy checks of stories C, D and E that no script can ask: answers compared byte for byte
//! before and after, for whoever may not know; and what readers were shown meanwhile.

#![cfg(test)]

#[expect(dead_code, reason = "forms are for the tests of the front office")]
#[path = "front_office/desk.rs"]
mod desk;
#[path = "story_checks/in_path.rs"]
mod in_path;
#[path = "two_worlds/looks.rs"]
mod looks;
#[expect(dead_code, reason = "the certified provider is for the tests of signing in")]
#[path = "oidc/mod.rs"]
mod oidc;
#[expect(dead_code, reason = "markers are invented by the scan for canaries")]
#[path = "canary/search.rs"]
mod search;
mod support;
#[path = "story_checks/two_men.rs"]
mod two_men;
#[path = "story_checks/whereabouts.rs"]
mod whereabouts;

use std::path::PathBuf;

use support::cluster;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama::client::{Actor, Client};
use trama::commands::demo::users::user;
use trama::commands::story;
use trama_events::ids::PersonId;

/// A story that is told in parts. What was told is kept in a directory of its own.
struct Telling {
    story: &'static str,
    dir: PathBuf,
}

impl Telling {
    fn of(story: &'static str) -> Self {
        let random = trama_platform::clock::random_id().simple();
        let dir = std::env::temp_dir().join(format!("trama-telling-{random}"));
        std::fs::create_dir_all(&dir).unwrap();
        Self { story, dir }
    }

    /// Goes on until this moment, at which the clock then stands.
    async fn until(&self, client: &Client, at: &str) {
        let at = moment(at);
        story::tell(client, &self.dir, &[self.story], Some(at)).await.unwrap();
        client.set_clock(Some(at)).await.unwrap();
        client.settle().await.unwrap();
    }

    /// What a step kept of its answer.
    fn kept(&self, name: &str) -> String {
        let kept = std::fs::read(self.dir.join("stories.kept")).unwrap();
        let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
        kept[format!("{}/{name}", self.story)].as_str().unwrap().to_owned()
    }

    fn person(&self, label: &str) -> PersonId {
        PersonId::derived(&["story", self.story, label])
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        // A directory that stays behind is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn moment(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap()
}

fn actor(username: &str) -> Actor {
    user(username).unwrap().actor()
}

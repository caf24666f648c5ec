//! Story D: what a man does at the addiction service, nobody else is told; not even that there is
//! something to be told.

use trama::client::Client;
use trama::commands::{demo, load};
use trama_events::ids::{CaseId, ConsentId, ReferralId, StayId};

use super::looks::{Answers, Ask, Looks, Subject, differences};
use super::support::Town;
use super::{Telling, actor};

/// A minute before he gets his slip, and a day after he is in a path: nothing else happens between.
const NO_SLIP: &str = "2024-11-22T08:59:00+01:00";
const IN_PATH: &str = "2024-11-23T16:00:00+01:00";
/// The same of the day on which he leaves that path, and keeps his home.
const BEFORE_RELAPSE: &str = "2025-03-20T10:59:00+01:00";
const RELAPSE: &str = "2025-03-20T11:09:00+01:00";

/// Works at the addiction service.
const KEEPER: &str = "elena.serd";
/// Everybody else who might look: his case manager, the desk that printed the slip, his house, the
/// mental-health centres and the district of the same health authority, the same roles of another
/// ATS, whoever counts, controls and runs the machine, and a system of another body.
const OTHERS: [&str; 14] = [
    "laura.assistente",
    "carla.segretariato",
    "vito.dormitorio",
    "claudia.casa",
    "rocco.csm",
    "giulia.csm",
    "piero.distretto",
    "sara.segretariato",
    "marta.assistente",
    "anna.uds",
    "marco.piano",
    "diego.dpo",
    "tina.ced",
    "sistema.regione",
];

struct Scene {
    _town: Town,
    client: Client,
    told: Telling,
    looks: Looks,
}

impl Scene {
    async fn open() -> Self {
        let town = Town::sealing(&demo::sealed().unwrap()).await;
        let client = town.client();
        load::into(&client).await.unwrap();
        let everybody = OTHERS.into_iter().chain([KEEPER]);
        let workers = everybody.map(|name| (name.to_owned(), actor(name))).collect();
        let looks = Looks::open(&client, workers).await;
        Self { _town: town, client, told: Telling::of("d"), looks }
    }

    /// Him, and everything that the shared network has of him.
    fn him(&self) -> Subject {
        Subject::of(self.told.person("man"))
            .also("case", &CaseId::derived(&["story", "d", "man"]))
            .also("consent", &ConsentId::derived(&["story", "d", "external"]))
            .also("referral", &ReferralId::derived(&["story", "d", "csm-bari"]))
            .also("stay", &StayId::derived(&["story", "d", "dsm"]))
    }

    /// What everybody is told by then, looking at `now`.
    async fn look_at(&self, by: &str, now: &str) -> Answers {
        self.told.until(&self.client, by).await;
        self.client.set_clock(Some(super::moment(now))).await.unwrap();
        let mut him = self.him();
        if by != NO_SLIP {
            him = him.also("path", &self.told.kept("path"));
        }
        let answers = self.looks.at(&him).await;
        assert!(answers.len() > 400, "only {} answers", answers.len());
        answers
    }

    /// Between two moments the addiction service alone is told something new.
    async fn only_the_keeper_learns(&self, before: &str, after: &str) {
        let one = self.look_at(before, after).await;
        let other = self.look_at(after, after).await;
        let (hers, leaks): (Vec<Ask>, Vec<Ask>) =
            differences(&one, &other).into_iter().partition(|ask| ask.who == KEEPER);
        assert!(!hers.is_empty(), "{after}: nothing happened");
        let leaks: Vec<String> = leaks.iter().map(ToString::to_string).collect();
        assert!(leaks.is_empty(), "{after}:\n{}", leaks.join("\n"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_at_the_addiction_service_changes_no_answer_to_others_v16_threat_3_threat_4_c2() {
    let scene = Scene::open().await;
    scene.only_the_keeper_learns(NO_SLIP, IN_PATH).await;
    scene.only_the_keeper_learns(BEFORE_RELAPSE, RELAPSE).await;
}

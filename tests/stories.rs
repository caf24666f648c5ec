//! The directory and the acceptance stories A to E, through the real doors.

#![cfg(test)]

#[path = "installation.rs"]
mod installation;

use installation::Installation;

/// `N commands, M new events`.
fn counts(said: &str) -> (u32, u32) {
    let numbers: Vec<u32> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    (numbers[0], numbers[1])
}

/// The organisation of a user of the demo.
fn organisation_of(username: &str) -> String {
    let trama = env!("CARGO_BIN_EXE_trama");
    let said =
        std::process::Command::new(trama).args(["demo", "users", "--json"]).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    let users = said["users"].as_array().unwrap();
    let user = users.iter().find(|user| user["username"] == username).unwrap();
    user["organisation_id"].as_str().unwrap().to_owned()
}

#[test]
fn the_directory_is_loaded_once_and_the_stories_hold() {
    let [serd, centre] = ["elena.serd", "alba.antiviolenza"].map(organisation_of);
    let trama = Installation::up_with("stories", &["--sealed", &serd, "--sealed", &centre]);

    let (_, first) = trama.run(&["load"]);
    let (commands, events) = counts(&first);
    assert!(commands > 500 && events > 500, "{first}");
    let loaded = trama.positions();
    let (_, second) = trama.run(&["load"]);
    assert_eq!(counts(&second), (commands, 0), "something was loaded twice");
    assert_eq!(trama.positions(), loaded);

    let (code, said) = trama.run(&["story", "a", "b", "c", "d", "e"]);
    assert_eq!(code, 0, "{said}");
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("story ")).collect();
    assert_eq!(
        lines,
        [
            "story a: 56 steps, 12 checks, 7 pending",
            "story b: 46 steps, 8 checks, 3 pending",
            "story c: 49 steps, 32 checks, 5 pending",
            "story d: 56 steps, 26 checks, 2 pending",
            "story e: 28 steps, 14 checks, 2 pending",
        ]
    );

    let told = trama.positions();
    let (code, again) = trama.run(&["story", "a", "b", "c", "d", "e"]);
    assert_eq!(code, 0, "{again}");
    assert!(again.lines().next().unwrap().ends_with("told before)"), "{again}");
    assert_eq!(trama.positions(), told, "the stories were told twice");
    let (code, _) = trama.run(&["verify", "--wait", "60"]);
    assert_eq!(code, 0);
}

//! Who may do what on the broker: an account for the shared network with a user for each role, and
//! an account of its own for each sealed organisation, which sees nothing of the others.

use std::fmt::Write as _;

use strum::VariantArray;
use trama_events::Context;
use trama_events::sealed::SealedKey;

use crate::log::LogName;

/// One user of the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    /// Name of its seed's file; the broker itself knows the public key only.
    pub(super) name: String,
    publish: Vec<String>,
    subscribe: Vec<String>,
}

/// One account: its users share subjects and streams, and no one else does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    name: String,
    pub(super) users: Vec<User>,
}

/// Every account of an installation.
pub(super) fn accounts(sealed: impl Iterator<Item = SealedKey>) -> Vec<Account> {
    let mut users: Vec<User> =
        Context::VARIANTS.iter().map(|context| publisher(*context)).collect();
    users.extend([follow(), web(), admin()]);
    let shared = Account { name: "TRAMA".into(), users };
    let sealed = sealed.map(|key| Account { name: key.stream(), users: vec![publisher(key)] });
    std::iter::once(shared).chain(sealed).collect()
}

/// Publishes one log into its own stream, a cache that it may empty. It may neither delete nor
/// change the stream: made anew, it could be told to copy what comes to a subject of others.
fn publisher(log: impl LogName) -> User {
    let (name, stream) = (log.publisher(), log.stream());
    let mut publish = vec![log.subjects(), "$JS.API.INFO".into()];
    for verb in ["CREATE", "INFO", "PURGE", "MSG.GET"] {
        publish.push(format!("$JS.API.STREAM.{verb}.{stream}"));
    }
    let subscribe = vec![format!("_INBOX_{name}.>")];
    User { name, publish, subscribe }
}

/// Reads every shared stream and gives hints. Publishes no event.
fn follow() -> User {
    let verbs = [
        "INFO",
        "STREAM.INFO.*",
        "STREAM.NAMES",
        "CONSUMER.INFO.>",
        "CONSUMER.CREATE.>",
        "CONSUMER.DURABLE.CREATE.>",
        "CONSUMER.MSG.NEXT.>",
    ];
    let mut publish: Vec<String> = verbs.iter().map(|verb| format!("$JS.API.{verb}")).collect();
    publish.extend(["$JS.ACK.>".into(), "trama.hint.>".into()]);
    User { name: "follow".into(), publish, subscribe: vec!["_INBOX_follow.>".into()] }
}

/// Hears hints.
fn web() -> User {
    User {
        name: "web".into(),
        publish: vec!["$JS.API.INFO".into(), "$JS.API.STREAM.INFO.*".into()],
        subscribe: vec!["trama.hint.>".into(), "_INBOX_web.>".into()],
    }
}

/// Looks after the shared account, and only that.
fn admin() -> User {
    User { name: "admin".into(), publish: vec![">".into()], subscribe: vec![">".into()] }
}

/// The broker's `accounts` block. `key_of` gives a user's public key.
pub(super) fn block(accounts: &[Account], key_of: impl Fn(&str) -> String) -> String {
    let list = |subjects: &[String]| {
        let quoted: Vec<String> = subjects.iter().map(|s| format!("\"{s}\"")).collect();
        format!("[{}]", quoted.join(", "))
    };
    let mut text = String::from("accounts {\n");
    for account in accounts {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {} {{\n    jetstream: enabled\n    users: [", account.name);
        for User { name, publish, subscribe } in &account.users {
            let _ = writeln!(
                text,
                "      # {name}\n      {{ nkey: {}, permissions: {{\n        publish: {},\n        subscribe: {} }} }}",
                key_of(name),
                list(publish),
                list(subscribe)
            );
        }
        text.push_str("    ]\n  }\n");
    }
    text.push_str("}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The template that operators fill in is what a private installation runs with.
    #[test]
    fn the_template_for_operators_says_what_a_private_broker_is_told() {
        let template = include_str!("../../../../deploy/nats/accounts.conf");
        let example = SealedKey::from_bits(0);
        let own = block(&accounts(std::iter::once(example)), |user| format!("<{user}>"));
        let said: Vec<&str> = template.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            said.join(
                "
"
            ),
            own.trim(),
            "write this into deploy/nats/accounts.conf:\n{own}"
        );
    }

    #[test]
    fn nobody_but_its_publisher_may_publish_an_event_of_a_log_threat_17() {
        let all = accounts(std::iter::once(SealedKey::from_bits(0)));
        let events = |user: &User| {
            let own = |s: &&String| s.starts_with("trama.ev.") || s.starts_with("trama.sealed.");
            user.publish.iter().filter(own).cloned().collect::<Vec<_>>()
        };
        for context in Context::VARIANTS {
            let subject = context.subjects();
            let who: Vec<&str> = all[0]
                .users
                .iter()
                .filter(|user| events(user).contains(&subject))
                .map(|user| user.name.as_str())
                .collect();
            assert_eq!(who, [context.publisher()]);
        }
        assert_eq!(events(&all[1].users[0]), ["trama.sealed.000000000000.>"]);
        assert_eq!(all[1].users.len(), 1);
    }
}

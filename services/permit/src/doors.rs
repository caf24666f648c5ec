//! Rules of doors: who may pass is said in Rust beside each door, and decided by the same engine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use trama_events::codes::Role;

use crate::policies::{BadPolicies, Policies};
use crate::sources::SCHEMA;

/// Who may pass a door, with the sentence that says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DoorRule<'a> {
    /// `<context>.<verb>`, in lower case.
    pub name: &'a str,
    /// Roles that may pass.
    pub roles: &'a [Role],
    /// Why these.
    pub why: &'a str,
}

/// The rules of doors in the Cedar language, in the order of their names, each once.
pub fn door_rules(doors: &[DoorRule<'_>]) -> String {
    let by_name: BTreeMap<&str, &DoorRule<'_>> =
        doors.iter().map(|door| (door.name, door)).collect();
    let mut text = String::from("// Doors: who may pass.\n");
    for door in by_name.values() {
        let roles: Vec<String> =
            door.roles.iter().map(|role| format!("Role::\"{role}\"")).collect();
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n// {why}.\n@id(\"{name}\")\npermit (principal, action == Action::\"{name}\", \
             resource)\nwhen {{ [{roles}].contains(principal.role) }};\n",
            why = sentence(door.why),
            name = door.name,
            roles = roles.join(", "),
        );
    }
    text
}

/// One line that ends where the sentence does.
fn sentence(why: &str) -> String {
    let words: Vec<&str> = why.split_whitespace().collect();
    let line = words.join(" ");
    let mut letters = line.trim_end_matches('.').chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Policies {
    /// The same policies, with a rule for each door.
    ///
    /// # Errors
    ///
    /// [`BadPolicies::Door`] for a name with other letters than `a-z`, digits, `_` and `.`, a door
    /// without roles, or one name with two meanings.
    pub fn with_doors(self, doors: &[DoorRule<'_>]) -> Result<Self, BadPolicies> {
        well_named(doors)?;
        let text = format!("{}\n{}", self.text(), door_rules(doors));
        Self::checked(text, &schema_with(doors))
    }
}

fn well_named(doors: &[DoorRule<'_>]) -> Result<(), BadPolicies> {
    let mut seen: BTreeMap<&str, &DoorRule<'_>> = BTreeMap::new();
    for door in doors {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
        let proper = door.name.contains('.') && door.name.bytes().all(plain);
        let other = seen.insert(door.name, door).is_some_and(|before| before != door);
        if !proper || other || door.roles.is_empty() {
            return Err(BadPolicies::Door(door.name.to_owned()));
        }
    }
    Ok(())
}

fn schema_with(doors: &[DoorRule<'_>]) -> String {
    let names: BTreeSet<&str> = doors.iter().map(|door| door.name).collect();
    names.into_iter().fold(SCHEMA.to_owned(), |mut schema, name| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            schema,
            "action \"{name}\" appliesTo {{ principal: Worker, resource: Door }};"
        );
        schema
    })
}

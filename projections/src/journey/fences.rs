//! Whose rows of the journey a reader sees: those of the people whom the gate opened to her.

use trama_platform::follow::Fence;

use crate::fence::{CODE, NAMED, OPENED, ROLE};

/// Facts and what stands beside them are of opened people alone. Codes and links are wider by what
/// was ever linked with them, since a journey is also read as it was known; and they are how
/// somebody is found before the gate is asked about her, by a code or an id that one must have.
pub(super) fn fences() -> Vec<Fence> {
    vec![
        Fence::beside(circle()),
        Fence::beside(moved()),
        Fence::beside(beside()),
        Fence::rows("also", format!("person = any {OPENED}")),
        Fence::rows(
            "moves",
            format!(
                "aggregate = any ((select moved())::uuid[]) or {ROLE} = 'auditor' \
                 and (from_person = any {NAMED} or to_person = any {NAMED})"
            ),
        ),
        Fence::rows(
            "facts",
            format!("person = any {OPENED} or aggregate = any ((select beside())::uuid[])"),
        ),
        Fence::rows("links", "array[canonical, other] && (select circle())"),
        Fence::rows("codes", format!("code = {CODE} or person = any ((select circle())::uuid[])")),
        Fence::rows(
            "parked",
            format!("subject = any {OPENED} or subject = any ((select beside())::uuid[])"),
        ),
        Fence::rows(
            "changes",
            format!("topic = any (array(select 'journey/' || p from unnest({OPENED}) p))"),
        ),
        Fence::public("services"),
        Fence::public("organisations"),
    ]
}

/// Whoever was ever linked with somebody who was opened, named or has the code.
fn circle() -> String {
    format!(
        "create function circle() returns uuid[] language sql stable security definer begin atomic \
            with recursive circle (person) as ( \
                select unnest({OPENED} || {NAMED} || array(select person from codes where code = {CODE})) \
                union \
                select case when l.canonical = c.person then l.other else l.canonical end \
                from circle c join links l on l.canonical = c.person or l.other = c.person \
            ) select array_agg(person) from circle; end"
    )
}

/// Aggregates of which an entry was moved away from somebody who was opened, or to her.
fn moved() -> String {
    format!(
        "create function moved() returns uuid[] language sql stable security definer begin atomic \
            select array_agg(aggregate) from moves \
            where from_person = any {OPENED} or to_person = any {OPENED}; end"
    )
}

/// Aggregates that concern somebody who was opened beside their own person, or of which an entry
/// was moved to her.
fn beside() -> String {
    format!(
        "create function beside() returns uuid[] language sql stable security definer begin atomic \
            select array(select aggregate from also where person = any {OPENED} \
                union select aggregate from moves where to_person = any {OPENED}); end"
    )
}

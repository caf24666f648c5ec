//! Whose rows of the inboxes a reader sees: what is addressed to her services, what concerns the
//! people whom they or she have in charge, and what she controls.

use trama_platform::follow::Fence;

use crate::fence::{ATS, ROLE, SERVICES, STAFF};
use crate::inbox::OF_AUDITORS;

/// Names of services are public; everything else belongs to somebody.
pub(super) fn fences() -> Vec<Fence> {
    let beside = [charge(), controlled(), concerns(), kept_back()].map(Fence::beside);
    beside.into_iter().chain(of_people()).chain(of_services()).chain([changes()]).collect()
}

/// Everybody in the charge of her services, and of herself alone.
const IN_CHARGE: &str = "((select array(select person from charge(true)))::uuid[])";
const IN_HER_CHARGE: &str = "((select array(select person from charge(false)))::uuid[])";
/// Services that hold the cases in her charge.
const HOLDERS: &str = "((select array(select service from charge(true)))::uuid[])";

/// Everybody of whom a record was forced for her plan office.
fn controlled_people() -> String {
    format!("((select case when {ROLE} = 'plan_office' then controlled() end)::uuid[])")
}

fn own(column: &str) -> String {
    format!("{column} = any {SERVICES}")
}

fn own_referral() -> String {
    format!("({} or {})", own("sender"), own("receiver"))
}

fn own_case() -> String {
    format!("({} or {} or manager = {STAFF}::uuid)", own("service"), own("handover"))
}

/// A lone child is the matter of the minors' services around, too.
fn own_emergency() -> String {
    format!(
        "({} or {} or units && {SERVICES} or lone_child and exists ( \
            select from services s where s.service = any {SERVICES} \
                and s.service_type = 'minors_service' and s.ats in (emergencies.ats, 'metro')))",
        own("service"),
        own("handover"),
    )
}

fn of_services() -> Vec<Fence> {
    let controlled = controlled_people();
    vec![
        Fence::public("services"),
        Fence::rows("contacts", own("service")),
        Fence::rows("waits", own("facility")),
        Fence::rows("emergencies", own_emergency()),
        Fence::rows("cases", format!("{} or person = any {controlled}", own_case())),
        Fence::rows(
            "goals",
            format!(
                "exists (select from cases c where c.case_id = goals.case_id \
                    and (c.service = any {SERVICES} or c.manager = {STAFF}::uuid))"
            ),
        ),
        Fence::rows(
            "stays",
            format!(
                "{} or not sealed and people && {IN_CHARGE} \
                    and not kept_back('housing/stay-' || stay || '/', facility, people)",
                own("facility")
            ),
        ),
        Fence::rows(
            "referrals",
            format!("{} or person = any {IN_CHARGE} and sender = any {HOLDERS}", own_referral()),
        ),
    ]
}

/// Codes and links go with the rows that name a person.
fn of_people() -> Vec<Fence> {
    let controlled = controlled_people();
    vec![
        Fence::rows(
            "codes",
            format!("{} or concerns(person) or person = any {IN_CHARGE}", own("service")),
        ),
        Fence::rows(
            "identifiers",
            format!(
                "exists (select from codes c where c.person = identifiers.person \
                    and c.service = any {SERVICES})"
            ),
        ),
        Fence::rows(
            "links",
            format!(
                "concerns(canonical) or concerns(other) \
                    or array[canonical, other] && {IN_CHARGE} \
                    or array[canonical, other] && {controlled}"
            ),
        ),
        Fence::rows(
            "forced",
            format!(
                "{ROLE} = 'auditor' or {ROLE} = 'plan_office' and ats = {ATS} \
                    or person = any {IN_HER_CHARGE}"
            ),
        ),
    ]
}

fn changes() -> Fence {
    Fence::rows(
        "changes",
        format!(
            "topic = any (array(select 'inbox/' || s from unnest({SERVICES}) s)) \
                or topic = 'inbox/staff/' || {STAFF} \
                or topic = '{OF_AUDITORS}' and {ROLE} = 'auditor' \
                or topic = 'inbox/plan-office/' || {ATS} and {ROLE} = 'plan_office'"
        ),
    )
}

/// Records of people with an open case of the reader, each with the service that holds it: of her
/// services too, or of those alone that she manages. Whom a link brings is in it.
fn charge() -> String {
    format!(
        "create function charge(of_services boolean) returns table (person uuid, service uuid) \
         language sql stable security definer rows 100 begin atomic \
            with recursive one (person, service) as ( \
                select c.person, c.service from ( \
                    select person, service from cases where is_open and manager = {STAFF}::uuid \
                    union all \
                    select person, service from cases \
                    where is_open and of_services and service = any {SERVICES}) c \
                union \
                select case when l.canonical = o.person then l.other else l.canonical end, o.service \
                from one o join links l on l.linked and (l.canonical = o.person or l.other = o.person) \
            ) select one.person, one.service from one; end"
    )
}

/// Records of people of whom one was forced, and not looked at, on behalf of the ATS of the
/// reader's plan office.
fn controlled() -> String {
    format!(
        "create function controlled() returns uuid[] \
         language sql stable security definer begin atomic \
            with recursive one (person) as ( \
                select f.person from forced f where f.reviewed_at is null \
                    and f.ats = {ATS} and {ROLE} = 'plan_office' \
                union \
                select case when l.canonical = o.person then l.other else l.canonical end \
                from one o join links l on l.linked and (l.canonical = o.person or l.other = o.person) \
            ) select array_agg(one.person) from one; end"
    )
}

/// Whether one of these people, by any record that is she, obscured what a service wrote, or an entry
/// whose id begins so. Of an aggregate with an obscured entry nothing waits for anybody but who wrote
/// it. Nobody reads the decisions themselves.
fn kept_back() -> String {
    "create function kept_back(entries text, writer uuid, people uuid[]) returns boolean \
     language sql stable security definer begin atomic \
        with recursive one (person) as ( \
            select unnest(people) \
            union \
            select case when l.canonical = o.person then l.other else l.canonical end \
            from one o join links l on l.linked and (l.canonical = o.person or l.other = o.person) \
        ) select exists (select from one join obscured o using (person) \
            where o.service = writer or starts_with(o.entry, entries)); end"
        .into()
}

/// Whether a row of the reader's services, or one that she controls, names somebody. It asks the
/// tables and not their fences: nested in one another these would take longer to plan than to run.
fn concerns() -> String {
    let named = [
        ("referrals", "person = someone", own_referral()),
        ("cases", "person = someone", own_case()),
        ("emergencies", "person = someone", own_emergency()),
        ("waits", "person = someone", own("facility")),
        ("stays", "people @> array[someone]", own("facility")),
        ("forced", "person = someone", format!("{ROLE} = 'auditor'")),
    ];
    let named = named
        .map(|(table, who, whose)| format!("exists (select from {table} where {who} and {whose})"));
    format!(
        "create function concerns(someone uuid) returns boolean \
         language sql stable security definer begin atomic select {}; end",
        named.join(" or ")
    )
}

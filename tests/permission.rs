//! Who may what with a person's data: the golden matrix, and that every forbid is needed.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use strum::VariantArray;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::referrals::ConsentScope;
use trama_permit::{
    Agreement, Asking, Circumstances, Decision, Deed, Figure, Guard, Part, Policies, Reach, Record,
    Relation, Subject, Use, Worker,
};

/// Cells of the pairwise set, at least (trust.md §8).
const CELLS_MIN: usize = 2_000;

fn organisation(name: &str) -> OrganisationId {
    OrganisationId::derived(&[name])
}

fn service(name: &str) -> ServiceId {
    ServiceId::derived(&[name])
}

/// An adult, a worker with a second factor who asks for her care, and nothing between them.
fn strangers(part: Part) -> Asking {
    let worker = Worker {
        staff: StaffId::derived(&["ana"]),
        organisation: organisation("ours"),
        role: Role::CaseManager,
        part,
        services: BTreeSet::from([service("ours")]),
        suspended: false,
        second_factor: true,
    };
    let circumstances = Circumstances { purpose: Some(Purpose::Care), ..Circumstances::default() };
    Asking { worker, subject: Subject::new(PersonId::derived(&["rosa"])), circumstances }
}

fn related(part: Part, relation: Relation) -> Asking {
    let mut asking = strangers(part);
    asking.circumstances.relations.insert(relation);
    asking
}

fn every_section() -> BTreeSet<Section> {
    Section::VARIANTS.iter().copied().collect()
}

fn everything_agreed() -> Vec<Agreement> {
    let purpose = Purpose::Care;
    vec![Agreement { holder: organisation("theirs"), sections: every_section(), purpose }]
}

/// One change to a situation, with its name.
type Change = (&'static str, fn(&mut Asking));

/// What may be different from an adult in care of whom nothing special is known.
const CHANGES: [Change; 23] = [
    ("no purpose", |a| a.circumstances.purpose = None),
    ("for planning", |a| a.circumstances.purpose = Some(Purpose::Planning)),
    ("for a control", |a| a.circumstances.purpose = Some(Purpose::Audit)),
    ("suspended", |a| a.worker.suspended = true),
    ("no second factor", |a| a.worker.second_factor = false),
    ("by break-glass", |a| a.circumstances.forced = true),
    ("by break-glass, no purpose", |a| {
        a.circumstances.forced = true;
        a.circumstances.purpose = None;
    }),
    ("a child", |a| a.subject.minor = true),
    ("a child, by break-glass", |a| {
        a.subject.minor = true;
        a.circumstances.forced = true;
    }),
    ("a guest of a secret shelter", |a| a.subject.guard = Guard::Guarded { keeper: None }),
    ("a guest of ours", |a| {
        a.subject.guard = Guard::Guarded { keeper: Some(organisation("ours")) };
    }),
    ("a guest, by break-glass", |a| {
        a.subject.guard = Guard::Guarded { keeper: Some(organisation("theirs")) };
        a.circumstances.forced = true;
    }),
    ("a pseudonym of ours", |a| a.subject.sealed_by = Some(service("ours"))),
    ("a pseudonym of theirs", |a| a.subject.sealed_by = Some(service("theirs"))),
    ("a pseudonym, by break-glass", |a| {
        a.subject.sealed_by = Some(service("theirs"));
        a.circumstances.forced = true;
    }),
    ("everything agreed", |a| a.circumstances.agreements = everything_agreed()),
    ("a child, everything agreed", |a| {
        a.subject.minor = true;
        a.circumstances.agreements = everything_agreed();
    }),
    ("agreed, no second factor", |a| {
        a.circumstances.agreements = everything_agreed();
        a.worker.second_factor = false;
    }),
    ("everything handed over", |a| a.circumstances.handed_over = every_section()),
    ("everything consented", |a| {
        a.circumstances.consents = ConsentScope::VARIANTS.iter().copied().collect();
    }),
    ("her childhood opened", |a| a.circumstances.past.childhood_open = true),
    ("agreed, for a control", |a| {
        a.circumstances.agreements = vec![Agreement {
            holder: organisation("theirs"),
            sections: every_section(),
            purpose: Purpose::Audit,
        }];
        a.circumstances.purpose = Some(Purpose::Audit);
    }),
    ("agreed and consented", |a| {
        a.circumstances.consents = ConsentScope::VARIANTS.iter().copied().collect();
        a.circumstances.agreements = everything_agreed();
    }),
];

/// Changes that share data, from here to the end of [`CHANGES`].
const SHARING: usize = 15;

/// Nothing between them, a control, and every relation alone.
fn plain(part: Part) -> Vec<(String, Asking)> {
    let alone = Relation::VARIANTS.iter().map(|at| (at.to_string(), related(part, *at)));
    let mut controlling = strangers(part);
    controlling.circumstances.purpose = Some(Purpose::Audit);
    let strangers = [("no relation", strangers(part)), ("control", controlling)];
    strangers.map(|(name, asking)| (name.to_owned(), asking)).into_iter().chain(alone).collect()
}

fn changed(name: &str, before: &Asking, changes: &[Change]) -> Vec<(String, Asking)> {
    let change = |(what, change): &Change| {
        let mut asking = before.clone();
        change(&mut asking);
        (format!("{name}, {what}"), asking)
    };
    changes.iter().map(change).collect()
}

/// What shares data needs a relation; what closes a record is tried on none and on the strongest.
fn special(part: Part) -> Vec<(String, Asking)> {
    let (closing, sharing) = CHANGES.split_at(SHARING);
    let team = related(part, Relation::CaseTeam);
    let mut all = changed("no relation", &strangers(part), closing);
    all.extend(changed("case_team", &team, closing));
    for relation in [Relation::CaseTeam, Relation::ReferralReceived, Relation::OwnRecord] {
        all.extend(changed(relation.code(), &related(part, relation), sharing));
    }
    all
}

/// `*` her own service, `#` her own organisation, `+` by agreement; neither: whoever wrote it.
fn marks(reach: &Reach) -> String {
    let marks = [(reach.own, '*'), (reach.inside, '#'), (!reach.holders.is_empty(), '+')];
    marks.into_iter().filter(|(open, _)| *open && !reach.all).map(|(_, mark)| mark).collect()
}

fn read(policies: &Policies, asking: &Asking) -> Vec<String> {
    let sections = policies.sections(asking);
    sections.open().iter().map(|(section, reach)| format!("{section}{}", marks(reach))).collect()
}

fn used(policies: &Policies, asking: &Asking, deed: Use, by: &str) -> Vec<String> {
    let may = |section: &&Section| {
        let record = Record {
            section: **section,
            organisation: organisation(by),
            service: Some(service(by)),
            obscured: false,
        };
        policies.may(asking, deed, &record).allowed
    };
    Section::VARIANTS.iter().filter(may).map(ToString::to_string).collect()
}

/// Most of the sections are said by what is missing.
fn in_short(sections: &[String]) -> String {
    let all: BTreeSet<String> = Section::VARIANTS.iter().map(ToString::to_string).collect();
    let plain: BTreeSet<String> = sections.iter().cloned().collect();
    let missing: Vec<&str> = all.difference(&plain).map(String::as_str).collect();
    if sections.is_empty() {
        "-".to_owned()
    } else if !plain.is_subset(&all) || missing.len() > all.len() / 2 {
        sections.join(" ")
    } else if missing.is_empty() {
        "everything".to_owned()
    } else {
        format!("all but {}", missing.join(" "))
    }
}

fn deeds(policies: &Policies, asking: &Asking) -> String {
    let may = |deed: &&Deed| policies.may_with_person(asking, **deed).allowed;
    let deeds: Vec<String> = Deed::VARIANTS.iter().filter(may).map(ToString::to_string).collect();
    if deeds.is_empty() { String::new() } else { format!(" | {}", deeds.join(" ")) }
}

fn uses(policies: &Policies, asking: &Asking) -> String {
    let mut uses = String::new();
    for (deed, by) in [(Use::Write, "ours"), (Use::Export, "theirs"), (Use::Erase, "theirs")] {
        let sections = used(policies, asking, deed, by);
        if !sections.is_empty() {
            write!(uses, " | {deed} {}", in_short(&sections)).unwrap();
        }
    }
    uses
}

fn answers(policies: &Policies, part: Part) -> Vec<(String, String)> {
    let line = |asking: &Asking| {
        format!("read {}{}", in_short(&read(policies, asking)), deeds(policies, asking))
    };
    let plain = plain(part).into_iter().map(|(name, asking)| {
        let answer = line(&asking) + &uses(policies, &asking);
        (name, answer)
    });
    let special = special(part).into_iter().map(|(name, asking)| (name, line(&asking)));
    plain.chain(special).collect()
}

/// The answer when nothing may be done.
const NOTHING: &str = "read -";

/// Situations with one answer share it.
fn block(policies: &Policies, part: Part) -> String {
    let mut block = format!("\n## {part}\n");
    let mut shared: Vec<(String, Vec<String>)> = Vec::new();
    for (name, answer) in answers(policies, part) {
        match shared.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, names)) => names.push(name),
            None => shared.push((answer, vec![name])),
        }
    }
    shared.sort_by_key(|(answer, _)| answer == NOTHING);
    for (answer, names) in shared {
        let names = names.join("; ");
        let names = if answer == NOTHING { "in every other situation" } else { &names };
        writeln!(block, "{names}\n    {answer}").unwrap();
    }
    let worker = strangers(part).worker;
    for (name, figure) in figures() {
        if policies.may_see_figure(&worker, &figure).allowed {
            writeln!(block, "figure {name}").unwrap();
        }
    }
    if policies.may_audit(&worker).allowed {
        writeln!(block, "log of readings").unwrap();
    }
    block
}

fn figures() -> [(&'static str, Figure); 4] {
    let figure = |worker: Option<&str>, small_cells_hidden| Figure {
        worker: worker.map(|name| StaffId::derived(&[name])),
        small_cells_hidden,
    };
    [
        ("with small cells hidden", figure(None, true)),
        ("with every cell", figure(None, false)),
        ("of herself", figure(Some("ana"), true)),
        ("of another worker", figure(Some("ben"), true)),
    ]
}

fn matrix(policies: &Policies) -> String {
    let mut matrix = String::from(
        "# Who may what with whose data. Written by tests/permission.rs with GOLDEN=write.\n\
         # Each part is a row of the role table of domain §6. Situations with one answer share it.\n\
         # After read: * what her own service wrote, # her own organisation, + what was agreed;\n\
         # without a mark, whoever wrote it.\n\
         # An adult, for care, with a second factor, where nothing else is said.\n\n",
    );
    for role in Role::VARIANTS {
        writeln!(matrix, "{role} plays {}", Part::of(*role, None)).unwrap();
    }
    let shares = Part::VARIANTS.chunks(Part::VARIANTS.len().div_ceil(4));
    let blocks: Vec<String> = std::thread::scope(|scope| {
        let work = |parts: &'static [Part]| {
            scope.spawn(move || parts.iter().map(|part| block(policies, *part)).collect::<String>())
        };
        let running: Vec<_> = shares.map(work).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    matrix + &blocks.concat()
}

#[test]
fn the_matrix_of_parts_and_sections_is_the_golden_one() {
    let matrix = matrix(&Policies::load().unwrap());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/permission.txt");
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::write(&golden, &matrix).unwrap();
    }
    assert!(
        std::fs::read_to_string(&golden).unwrap_or_default() == matrix,
        "tests/golden/permission.txt: look at every changed line before you write it anew"
    );
}

/// One question, and how to ask it.
enum Cell {
    Of(Asking, Use, Record),
    With(Asking, Deed),
    Figure(Worker, Figure),
}

impl Cell {
    fn decided(&self, policies: &Policies) -> Decision {
        match self {
            Self::Of(asking, deed, record) => policies.may(asking, *deed, record),
            Self::With(asking, deed) => policies.may_with_person(asking, *deed),
            Self::Figure(worker, figure) => policies.may_see_figure(worker, figure),
        }
    }
}

/// How many values each factor of a cell has.
const FACTORS: [usize; 13] = [
    Part::VARIANTS.len(),
    Section::VARIANTS.len(),
    Use::VARIANTS.len(),
    Relation::VARIANTS.len() + 1,
    6,
    2,
    2,
    2,
    2,
    3,
    3,
    4,
    4,
];

/// A plain generator: the same cells on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// Mostly the plain value of what is rarely otherwise.
    fn row(&mut self) -> [usize; FACTORS.len()] {
        let mut row = FACTORS.map(|_| 0);
        for (factor, bound) in FACTORS.iter().enumerate() {
            let rare = (4..=11).contains(&factor);
            if !rare || self.below(6) == 0 {
                row[factor] = self.below(*bound);
            }
        }
        row
    }
}

type Pair = (usize, usize, usize, usize);

fn pairs_of(row: &[usize; FACTORS.len()]) -> impl Iterator<Item = Pair> {
    let row = *row;
    (0..row.len()).flat_map(move |a| (a + 1..row.len()).map(move |b| (a, row[a], b, row[b])))
}

fn every_pair() -> BTreeSet<Pair> {
    let mut pairs = BTreeSet::new();
    for (a, values) in FACTORS.iter().enumerate() {
        for (b, others) in FACTORS.iter().enumerate().skip(a + 1) {
            for value in 0..*values {
                pairs.extend((0..*others).map(|other| (a, value, b, other)));
            }
        }
    }
    pairs
}

/// Rows in which every two values of two factors meet, and no fewer than [`CELLS_MIN`].
fn pairwise() -> Vec<[usize; FACTORS.len()]> {
    let (mut dice, mut missing, mut rows) = (Dice(1), every_pair(), Vec::new());
    while let Some((a, value, b, other)) = missing.pop_first() {
        let mut row = dice.row();
        (row[a], row[b]) = (value, other);
        for pair in pairs_of(&row) {
            missing.remove(&pair);
        }
        rows.push(row);
    }
    while rows.len() < CELLS_MIN {
        rows.push(dice.row());
    }
    rows
}

fn cell(row: &[usize; FACTORS.len()]) -> Cell {
    let [part, section, deed, relation, purpose, suspended, factor, forced, minor, ..] = *row;
    let [.., guard, sealed, writer, shared] = *row;
    let mut asking = strangers(Part::VARIANTS[part]);
    asking.worker.suspended = suspended == 1;
    asking.worker.second_factor = factor == 0;
    asking.subject.minor = minor == 1;
    let keeper = Some(organisation(if guard == 1 { "ours" } else { "theirs" }));
    asking.subject.guard = if guard == 0 { Guard::Open } else { Guard::Guarded { keeper } };
    asking.subject.sealed_by = [None, Some(service("ours")), Some(service("theirs"))][sealed];
    let circumstances = &mut asking.circumstances;
    circumstances.relations =
        relation.checked_sub(1).map(|at| Relation::VARIANTS[at]).into_iter().collect();
    circumstances.purpose = match purpose {
        0 => Some(Purpose::Care),
        1 => None,
        other => Some(Purpose::VARIANTS[other - 1]),
    };
    circumstances.forced = forced == 1;
    match shared {
        0 => {}
        1 => circumstances.agreements = everything_agreed(),
        2 => circumstances.handed_over = every_section(),
        _ => {
            circumstances.consents = ConsentScope::VARIANTS.iter().copied().collect();
            circumstances.agreements = everything_agreed();
        }
    }
    let (by, of) =
        [("theirs", "theirs"), ("ours", "ours"), ("ours", "others"), ("theirs", "theirs")][writer];
    let record = Record {
        section: Section::VARIANTS[section],
        organisation: organisation(by),
        service: Some(service(of)),
        obscured: writer == 3,
    };
    Cell::Of(asking, Use::VARIANTS[deed], record)
}

fn of_theirs(asking: &Asking, deed: Use) -> impl Iterator<Item = Cell> {
    Section::VARIANTS.iter().map(move |section| {
        let (organisation, service) = (organisation("theirs"), Some(service("theirs")));
        let record = Record { section: *section, organisation, service, obscured: false };
        Cell::Of(asking.clone(), deed, record)
    })
}

fn of_ours(asking: &Asking, deed: Use) -> impl Iterator<Item = Cell> {
    Section::VARIANTS.iter().map(move |section| {
        let (organisation, service) = (organisation("ours"), Some(service("ours")));
        let record = Record { section: *section, organisation, service, obscured: false };
        Cell::Of(asking.clone(), deed, record)
    })
}

/// The pairwise set, and of the matrix what a team reads, the record as a whole, and figures.
fn cells() -> Vec<Cell> {
    let mut cells: Vec<Cell> = pairwise().iter().map(cell).collect();
    for (_, asking) in plain(Part::CaseTeam).iter().chain(&special(Part::CaseTeam)) {
        cells.extend([Use::Read, Use::Export].into_iter().flat_map(|deed| of_theirs(asking, deed)));
    }
    for part in Part::VARIANTS {
        let team = related(*part, Relation::CaseTeam);
        let most_open = changed("", &team, &CHANGES[SHARING..]).pop().unwrap().1;
        cells.extend([&team, &most_open].into_iter().flat_map(|at| of_theirs(at, Use::Read)));
        for (_, asking) in plain(*part).into_iter().chain(special(*part)) {
            cells.extend(Deed::VARIANTS.iter().map(|deed| Cell::With(asking.clone(), *deed)));
        }
        let mut own = related(*part, Relation::OwnRecord);
        own.subject.sealed_by = Some(service("ours"));
        cells.extend(of_ours(&own, Use::Write));
        let worker = strangers(*part).worker;
        cells.extend(figures().map(|(_, figure)| Cell::Figure(worker.clone(), figure)));
    }
    cells
}

/// The text of each forbid, by its id.
fn forbids(text: &str) -> BTreeMap<String, String> {
    let rules = text.split("@id(\"").skip(1).filter_map(|rule| {
        let (id, rest) = rule.split_once("\")\n")?;
        let end = rest.find("};\n").map_or(rest.len(), |at| at + 3);
        let rule = &rest[..end];
        let head = rule.lines().find(|line| !line.starts_with('@'))?;
        head.starts_with("forbid").then(|| (id.to_owned(), format!("@id(\"{id}\")\n{rule}")))
    });
    rules.collect()
}

/// A forbid that no cell needs is either superfluous or not tested.
#[test]
fn dropping_any_forbid_changes_an_answer() {
    let policies = Policies::load().unwrap();
    let cells = cells();
    assert!(cells.len() >= CELLS_MIN);
    let decided: Vec<Decision> = cells.iter().map(|cell| cell.decided(&policies)).collect();
    let forbids = forbids(policies.text());
    assert!(forbids.len() > 30, "found only {} forbids in the text", forbids.len());
    let mut unneeded = Vec::new();
    for (id, rule) in forbids {
        let without = policies.text().replacen(&rule, "", 1);
        assert_ne!(without, policies.text());
        let without = Policies::from_text(&without).unwrap();
        let alone =
            cells.iter().zip(&decided).filter(|(_, decision)| decision.policies == [id.as_str()]);
        if !alone.map(|(cell, _)| cell.decided(&without)).any(|decision| decision.allowed) {
            unneeded.push(id);
        }
    }
    assert_eq!(unneeded, Vec::<String>::new());
}

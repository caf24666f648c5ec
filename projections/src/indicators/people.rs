//! Persons counted once: linked records are one person, as far as the links hold now.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use time::Date;

use super::asked::Scope;
use super::formulas::BENEFITS;

/// `same (person, one)`: for every linked record the one that stands for all records of the person.
/// Whichever way links point, everything that hangs together is one person.
pub(super) const SAME: &str = "
    edges as (select canonical as person, other from indicators.links where active
        union select other, canonical from indicators.links where active),
    reach as (select person, person as reached from edges
        union select r.person, e.other from reach r join edges e on e.person = r.reached),
    same as (select person, (array_agg(reached order by reached))[1] as one from reach
        group by person)";

/// `known (one, gender, birth_year)` of those in `counted (one)`: from the record in front where it
/// says so, else from another record of the same person.
pub(super) const KNOWN: &str = "
    records as (select c.one, coalesce(s.person, c.one) as person
        from (select distinct one from counted) c left join same s on s.one = c.one),
    known as (select r.one,
            (array_agg(p.birth_year order by behind.other is not null, r.person)
                filter (where p.birth_year is not null))[1] as birth_year,
            coalesce((array_agg(p.gender order by behind.other is not null, r.person)
                filter (where p.gender <> 'unknown'))[1], 'unknown') as gender
        from records r left join indicators.people p on p.person = r.person
            left join (select distinct other from indicators.links where active) behind
                on behind.other = r.person
        group by r.one)";

/// So many people of a gender and a year of birth, with what the query groups by beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heads {
    pub(super) gender: String,
    pub(super) birth_year: Option<i32>,
    pub(super) people: i64,
}

impl Heads {
    pub(super) fn of(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            gender: row.try_get("gender")?,
            birth_year: row.try_get("birth_year")?,
            people: row.try_get("people")?,
        })
    }
}

/// Ages from which each band begins (domain §4).
const BANDS: [(i32, &str); 10] = [
    (0, "0-2"),
    (3, "3-5"),
    (6, "6-10"),
    (11, "11-13"),
    (14, "14-17"),
    (18, "18-24"),
    (25, "25-34"),
    (35, "35-49"),
    (50, "50-64"),
    (65, "65+"),
];

/// Genders as answered.
const GENDERS: [&str; 4] = ["female", "male", "other", "unknown"];

/// People by gender and by age at the end of a period, bands and genders without anybody included.
pub(super) fn dimensions(heads: &[Heads], end: Date) -> [(&'static str, Vec<(String, i64)>); 2] {
    let mut genders: BTreeMap<&str, i64> = BTreeMap::new();
    let mut bands: BTreeMap<&str, i64> = BTreeMap::new();
    for head in heads {
        *genders.entry(&head.gender).or_default() += head.people;
        *bands.entry(band(head.birth_year, end)).or_default() += head.people;
    }
    let cells = |codes: &[&str], counts: &BTreeMap<&str, i64>| {
        codes
            .iter()
            .map(|code| ((*code).to_owned(), counts.get(code).copied().unwrap_or(0)))
            .collect()
    };
    let codes: Vec<&str> = BANDS.iter().map(|(_, code)| *code).chain(["unknown"]).collect();
    [("gender", cells(&GENDERS, &genders)), ("age", cells(&codes, &bands))]
}

/// The band of an age by year of birth: who turns 18 in the year of the end counts as 18.
fn band(birth_year: Option<i32>, end: Date) -> &'static str {
    let age = birth_year.map(|year| end.year() - year);
    let band = age.and_then(|age| BANDS.iter().rev().find(|(from, _)| *from <= age));
    band.map_or("unknown", |(_, code)| code)
}

/// I3: persons who received something in the period.
pub(super) async fn beneficiaries(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<Vec<Heads>> {
    let query = format!(
        "with recursive {SAME}, \
            counted as (select distinct coalesce(s.one, f.person) as one from indicators.standing_facts f \
                left join same s on s.person = f.person \
                where f.kind = any($1) and f.happened_on between $2 and $3 \
                    and ($4::text is null or f.ats = $4) and f.person is not null), {KNOWN} \
         select gender, birth_year, count(*) as people from known group by gender, birth_year"
    );
    let found = sqlx::query(&query)
        .bind(BENEFITS.as_slice())
        .bind(scope.period.from)
        .bind(scope.period.to)
        .bind(scope.slug())
        .fetch_all(rows)
        .await?;
    found.iter().map(Heads::of).collect()
}

/// I3, apart: anonymous recipients and encounters, by event type. People may be among them more
/// than once.
pub(super) async fn anonymous(
    rows: &mut PgConnection,
    scope: &Scope,
) -> sqlx::Result<BTreeMap<String, i64>> {
    let found = sqlx::query(
        "select kind, sum(people)::bigint as people from indicators.standing_facts \
         where kind = any($1) and happened_on between $2 and $3 \
            and ($4::text is null or ats = $4) and person is null group by kind",
    )
    .bind(BENEFITS.as_slice())
    .bind(scope.period.from)
    .bind(scope.period.to)
    .bind(scope.slug())
    .fetch_all(rows)
    .await?;
    found.iter().map(|row| Ok((row.try_get("kind")?, row.try_get("people")?))).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn an_age_is_counted_by_the_year_of_birth_at_the_end_of_the_period() {
        let end = date!(2025 - 01 - 31);
        assert_eq!(band(Some(2007), end), "18-24");
        assert_eq!(band(Some(2008), end), "14-17");
        assert_eq!(band(Some(1930), end), "65+");
        assert_eq!(band(Some(2025), end), "0-2");
        assert_eq!(band(None, end), "unknown");
        assert_eq!(band(Some(2026), end), "unknown");
    }
}

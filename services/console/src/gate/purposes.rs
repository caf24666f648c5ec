//! For which purpose a record is opened is asked once for each person and shift: what was stated holds
//! for the session, which is no longer than a shift (trust.md D5). The browser keeps it, under names
//! that tell nothing without the session; each opening is still written down with its purpose.

use axum::http::{HeaderMap, HeaderValue, Method};
use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_platform::sign_in::Session;

use super::Visitor;
use crate::people::purpose_of;
use crate::preferences::cookie;

const COOKIE: &str = "__Host-trama-scopi";
/// People of whom it is kept; who was first is asked about again. With their marks a cookie stays far
/// below the 4,096 bytes that a browser takes.
const KEPT_MAX: usize = 48;
/// Between a mark and its purpose, and between two of them.
const WITHIN: char = '.';
const BETWEEN: &str = "_";

/// Whom an address is about.
fn person_of(path: &str) -> Option<PersonId> {
    let (place, query) = path.split_once('?').unwrap_or((path, ""));
    if let Some(rest) = place.strip_prefix("/persone/") {
        return rest.split('/').next()?.parse().ok();
    }
    value_of(query, "persona")?.parse().ok()
}

/// A plain value of a query: a code or an id.
fn value_of<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(given, value)| (given == name).then_some(value))
}

/// How this session names her; another one names her otherwise.
fn mark(session: &Session, person: PersonId) -> String {
    PersonId::derived(&[&session.csrf_token(), &person.to_string()]).to_string()
}

/// What was stated in this browser, the first of it first.
fn kept(headers: &HeaderMap) -> Vec<(&str, Purpose)> {
    let stated = cookie(headers, COOKIE).unwrap_or_default().split(BETWEEN);
    let pairs = stated.filter_map(|one| one.split_once(WITHIN));
    pairs.filter_map(|(mark, purpose)| Some((mark, purpose_of(purpose)?))).collect()
}

/// What she stated in this session of the person whom an address is about.
pub(super) fn stated(headers: &HeaderMap, session: &Session, path: &str) -> Option<Purpose> {
    let mark = mark(session, person_of(path)?);
    kept(headers).into_iter().find_map(|(of, purpose)| (of == mark).then_some(purpose))
}

/// The address with the purpose that was stated before, where it states none.
pub(crate) fn again(visitor: &Visitor) -> Option<String> {
    let (path, purpose) = (&visitor.path, visitor.stated?);
    let query = path.split_once('?').map_or("", |(_, query)| query);
    if value_of(query, "scopo").is_some() {
        return None;
    }
    let joint = if query.is_empty() { '?' } else { '&' };
    let path = path.trim_end_matches('?');
    Some(format!("{path}{joint}scopo={}", purpose.code()))
}

/// The cookie of an answer that opens a record for a purpose that is stated anew.
pub(super) fn keeping(
    method: &Method,
    headers: &HeaderMap,
    visitor: &Visitor,
) -> Option<HeaderValue> {
    let (_, query) = visitor.path.split_once('?')?;
    let purpose = purpose_of(value_of(query, "scopo")?)?;
    let mark = mark(&visitor.session, person_of(&visitor.path)?);
    if *method != Method::GET || visitor.stated == Some(purpose) {
        return None;
    }
    let pair = |(of, purpose): (&str, Purpose)| format!("{of}{WITHIN}{}", purpose.code());
    let others = kept(headers).into_iter().filter(|(of, _)| *of != mark);
    let mut all: Vec<String> = others.map(pair).collect();
    all.push(pair((&mark, purpose)));
    let first = all.len().saturating_sub(KEPT_MAX);
    let all = all[first..].join(BETWEEN);
    let cookie = format!("{COOKIE}={all}; Path=/; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(cookie).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    const PERSON: &str = "0b7a6c1e-7f43-5f0a-9d50-3f5c5a1d2e11";

    #[test]
    fn an_address_tells_whom_it_is_about() {
        let person = PERSON.parse().ok();
        for path in [
            format!("/persone/{PERSON}"),
            format!("/persone/{PERSON}/chi-sapeva?al=2026-01-01"),
            format!("/invii/nuovo?a=x&persona={PERSON}"),
        ] {
            assert_eq!(person_of(&path), person, "{path}");
        }
        for path in ["/", "/persone/nuova", "/rete?ats=bari", "/invii/nuovo"] {
            assert_eq!(person_of(path), None, "{path}");
        }
    }

    #[test]
    fn what_a_browser_keeps_is_read_and_what_is_none_of_it_is_nothing() {
        let mut headers = HeaderMap::new();
        assert_eq!(kept(&headers), []);
        let cookies = "__Host-trama-scopi=a.care_b.emergency_c.audit_d_.care";
        headers.insert(header::COOKIE, HeaderValue::from_static(cookies));
        let all = [("a", Purpose::Care), ("b", Purpose::Emergency), ("", Purpose::Care)];
        assert_eq!(kept(&headers), all);
    }
}

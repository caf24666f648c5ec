//! Every order that names somebody or something of hers, from everybody whose role may give it:
//! about who is hidden, and about whom nobody ever registered.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use serde_json::Value;
use time::OffsetDateTime;
use trama::client::{Actor, Client};

use super::forms::Form;
use super::looks::{ANSWER_MAX, AT_ONCE, Ask, MATCH, Subject, Told, told};
use crate::support::key;

/// Orders that are not asked here. Of the sealed logs, who holds a slip or a path is entitled to it,
/// and there is no other way to it: `tests/sealed.rs`. The directory knows nobody who is in care, and
/// who runs the machine names a model and an event that waits, never somebody.
const APART: [&str; 4] = ["/api/sealed/", "/api/directory/", "/api/sign-in/", "/api/system/"];

/// Who gives an order does it for care: it is the purpose with which most is open.
const PURPOSE: Option<&str> = Some("care");

struct Door {
    method: reqwest::Method,
    path: String,
    roles: BTreeSet<String>,
    schema: Value,
}

pub(super) struct Orders {
    base: String,
    http: reqwest::Client,
    workers: Vec<(String, Actor)>,
    bearers: BTreeMap<String, String>,
    doors: Vec<Door>,
    schemas: Value,
    somebody: Subject,
    now: OffsetDateTime,
}

/// What was found out about somebody.
#[derive(Default)]
pub(super) struct FoundOut {
    /// How many pairs of orders.
    pub(super) pairs: usize,
    /// With another answer than for nobody.
    pub(super) told_apart: Vec<Ask>,
}

impl Orders {
    /// `somebody` is hidden from nobody, with something of every kind that an order needs beside her.
    pub(super) async fn open(
        client: &Client,
        workers: Vec<(String, Actor)>,
        somebody: Subject,
        now: OffsetDateTime,
    ) -> Self {
        let http = reqwest::Client::builder().timeout(ANSWER_MAX).build().unwrap();
        let document = http.get(format!("{}/openapi.json", client.base())).send().await.unwrap();
        let document: Value = document.json().await.unwrap();
        let doors = document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| door(method, path, operation))
        });
        let orders = |door: &Door| {
            let apart = APART.iter().any(|apart| door.path.starts_with(apart));
            door.method != "GET" && !apart && door.path != MATCH
        };
        let bearer = |(name, who): &(String, Actor)| (name.clone(), client.bearer(who).unwrap());
        Self {
            base: client.base().to_owned(),
            http,
            bearers: workers.iter().map(bearer).collect(),
            workers,
            doors: doors.filter(orders).collect(),
            schemas: document["components"]["schemas"].clone(),
            somebody,
            now,
        }
    }

    /// Doors at which somebody, or something of hers, can be named.
    pub(super) fn doors_that_name(&self) -> BTreeSet<String> {
        let named = |door: &&Door| {
            let (path, body) = self.form(door, &self.somebody, &self.workers[0].1);
            self.somebody.is_named_in(&format!("{path}{body}"))
        };
        self.doors.iter().filter(named).map(|door| door.path.clone()).collect()
    }

    fn form(&self, door: &Door, subject: &Subject, who: &Actor) -> (String, Value) {
        let form = Form {
            schemas: &self.schemas,
            subject,
            somebody: &self.somebody,
            who,
            door: &door.path,
            now: self.now,
        };
        (form.path(), form.body(&door.schema))
    }

    /// Everybody's orders about her and about nobody, where `asks` says so: first of those who are not
    /// entitled, so that what the others do is not what they are told. Each worker asks one after the
    /// other: what she did herself is the same for both.
    pub(super) async fn about(
        &self,
        subject: &Subject,
        asks: impl Fn(&str) -> bool,
        entitled: impl Fn(&Ask) -> bool,
    ) -> FoundOut {
        let names_her = |door: &Door, who: &Actor| {
            let (path, body) = self.form(door, subject, who);
            subject.is_named_in(&format!("{path}{body}"))
        };
        let mut found = FoundOut::default();
        for of_the_entitled in [false, true] {
            let by_worker = self.workers.iter().map(|(name, who)| {
                let hers = self.doors.iter().filter(|door| door.roles.contains(who.role.code()));
                let hers = hers.filter(|door| asks(&door.path));
                let hers = hers.filter(|door| names_her(door, who));
                let asks = hers.map(|door| (Ask::of((name, who), PURPOSE, &door.path), door));
                let asks = asks.filter(|(ask, _)| entitled(ask) == of_the_entitled);
                (who, asks.collect::<Vec<_>>())
            });
            let by_worker: Vec<_> = by_worker.collect();
            found.pairs += by_worker.iter().map(|(_, asks)| asks.len()).sum::<usize>();
            let told = by_worker.into_iter().map(async |(who, asks)| {
                let mut told_apart = Vec::new();
                for (ask, door) in asks {
                    if !self.are_alike(&ask, who, door, subject).await {
                        told_apart.push(ask);
                    }
                }
                told_apart
            });
            let told = stream::iter(told).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
            found.told_apart.extend(told.concat());
        }
        found
    }

    async fn are_alike(&self, ask: &Ask, who: &Actor, door: &Door, subject: &Subject) -> bool {
        let hers = self.answer(ask, who, door, subject).await;
        let nobodys = self.answer(ask, who, door, &subject.nobody()).await;
        let alike = hers == nobodys;
        if !alike && std::env::var_os("LOOK").is_some() {
            println!("{ask:?}\n  {hers:?}\n  {nobodys:?}");
        }
        alike
    }

    async fn answer(&self, ask: &Ask, who: &Actor, door: &Door, subject: &Subject) -> Told {
        let (path, body) = self.form(door, subject, who);
        let url = format!("{}{path}", self.base);
        let request = self.http.request(door.method.clone(), url).json(&body);
        let request = request.header("idempotency-key", key()).bearer_auth(&self.bearers[&ask.who]);
        let request = match ask.purpose {
            Some(purpose) => request.header("purpose", purpose),
            None => request,
        };
        let (status, headers, text) = told(ask, request).await;
        let understood = status != 400 && !text.contains("invalid_body");
        assert!(understood, "{ask}: {body} is no form for it: {text}");
        (status, headers, without_ids(&text))
    }
}

fn door(method: &str, path: &str, operation: &Value) -> Door {
    let roles = operation["x-roles"].as_array().unwrap().iter();
    Door {
        method: method.to_uppercase().parse().unwrap(),
        path: path.to_owned(),
        roles: roles.map(|role| role.as_str().unwrap().to_owned()).collect(),
        schema: operation["requestBody"]["content"]["application/json"]["schema"].clone(),
    }
}

/// Ids are drawn at random or follow from the key: every answer has its own.
fn without_ids(text: &str) -> String {
    let is_id = |part: &&str| uuid::Uuid::try_parse(part).is_ok();
    let kept = |part: &'_ str| if is_id(&part) { "id".to_owned() } else { part.to_owned() };
    let not_in_ids = |symbol: char| !symbol.is_ascii_hexdigit() && symbol != '-';
    text.split_inclusive(not_in_ids)
        .map(|piece| {
            let end = piece.len()
                - piece.chars().last().filter(|c| not_in_ids(*c)).map_or(0, char::len_utf8);
            kept(&piece[..end]) + &piece[end..]
        })
        .collect()
}

#[test]
fn answers_are_compared_without_their_ids() {
    let (one, other) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
    assert_eq!(without_ids(&format!("{{\"id\":\"{one}\"}}")), "{\"id\":\"id\"}");
    assert_eq!(without_ids(&format!("{one} and {other}")), "id and id");
    assert_eq!(without_ids("beef-cafe ends"), "beef-cafe ends");
}

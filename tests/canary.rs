//! Canaries: words that nobody has ever written, in everything sensitive that people can be asked
//! for; then journeys, searches and pages; then every file is searched for them. Beside each kind of
//! place stands a control that must be found.

#![cfg(test)]

#[path = "canary/search.rs"]
mod search;
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use futures::StreamExt;
use search::{Found, Marker, Needles, digits, letters};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use strum::VariantArray;
use support::{MUST_HAPPEN, Town, key};
use trama::client::{Actor, Client};
use trama::commands::demo::users::{user, users};
use trama::commands::load;
use trama_events::Context;
use trama_events::codes::{IdentityField, Segment};
use trama_events::ids::{PlaceId, ServiceId, UnitId};
use trama_platform::log::LogName;
use trama_platform::private::postgres_program;
use trama_platform::servers::PgRole;
use trama_vault::rules::{own_segment, segment_of};

/// Adults whom a desk and a case manager write of.
const ADULTS: usize = 2;
/// Questions under way at one time.
const AT_ONCE: usize = 8;
/// Segments under which notes lie.
const NOTES: [&str; 7] = ["base", "housing", "food", "labour", "csm", "serd", "minors"];
/// What no word can mark: it has two values.
const WITHOUT_WORDS: &str = "sex";
/// What nobody may write into the vault: a `SerD` keeps no name and no text here, its log is its own.
const WRITTEN_BY_NOBODY: &str = "note serd";

/// Who writes a fact of somebody; none where nobody may who has to do with her.
type Writer = fn(&str, Option<&str>) -> Option<&'static str>;

/// A person whose every fact is a marker.
struct Person {
    id: String,
    facts: Vec<Value>,
    markers: Vec<Marker>,
    writer: Writer,
}

impl Person {
    fn invented(number: usize, writer: Writer) -> Self {
        let mut person = Self { id: String::new(), facts: Vec::new(), markers: Vec::new(), writer };
        for field in ["family_name", "alias", "birth_place", "document", "status"] {
            person.says(field, &letters(20), None);
        }
        person.says("given_name", &format!("{}è", letters(20)), None);
        person.says("email", &format!("{}@example.org", letters(20)), None);
        person.says("address", &format!("via {} 7", letters(20)), None);
        person.says("protected_address", &format!("vico {} 9", letters(20)), None);
        person.says("private_note", &format!("she said {}", letters(20)), Some("base"));
        for segment in NOTES {
            person.says("note", &format!("seen on {} again", letters(20)), Some(segment));
        }
        let code = [letters(6), digits(2), letters(1), digits(2), letters(1), digits(3)].concat();
        person.says("tax_code", &(code + &letters(1)).to_uppercase(), None);
        person.says("provisional_tax_code", &digits(11), None);
        person.says("stp", &format!("STP{}", digits(13)), None);
        person.says("eni", &format!("ENI{}", digits(13)), None);
        person.says("phone", &format!("+39{}", digits(13)), None);
        person.says(
            "birth_date",
            &format!("19{:02}-0{}-2{}", 4 + number, 3 + number, number),
            None,
        );
        person
    }

    fn says(&mut self, field: &str, value: &str, segment: Option<&str>) {
        let mut fact = json!({ "field": field, "value": value, "source": "declared" });
        if let Some(segment) = segment {
            fact["segment"] = json!(segment);
        }
        self.facts.push(fact);
        let put = format!("{field} {}", segment.unwrap_or_default());
        // The word itself, without what stands around it.
        let bare = value.split([' ', '@']).max_by_key(|part| part.len()).unwrap_or_default();
        let bare = if field == "stp" || field == "eni" { &bare[3..] } else { bare };
        self.markers.push(Marker { put: put.trim().to_owned(), text: bare.to_owned() });
    }

    /// What this worker may write of her; without one, what nobody may.
    fn facts_of(&self, who: Option<&str>) -> Vec<Value> {
        let writer = |fact: &&Value| {
            (self.writer)(fact["field"].as_str().unwrap(), fact["segment"].as_str()) == who
        };
        self.facts.iter().filter(writer).cloned().collect()
    }

    fn value(&self, field: &str) -> &str {
        let fact = self.facts.iter().find(|fact| fact["field"] == field).unwrap();
        fact["value"].as_str().unwrap()
    }
}

/// Who asks, and everything that anybody got whom the vault shows nothing.
struct Scene {
    town: Town,
    client: Client,
    http: reqwest::Client,
    captured: Mutex<String>,
}

struct Told {
    status: u16,
    text: String,
    /// Where the feed goes on.
    next_after: Option<String>,
}

impl Told {
    fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

impl Scene {
    async fn open() -> Self {
        let sealed = ["elena.serd", "alba.antiviolenza"];
        let sealed = sealed.map(|name| user(name).unwrap().actor().organisation);
        let town = Town::sealing(&sealed).await;
        let client = town.client();
        load::into(&client).await.unwrap();
        let told = town.run(&["story", "a", "b", "c", "d", "e"]);
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        let http = reqwest::Client::builder().timeout(MUST_HAPPEN).build().unwrap();
        Self { town, client, http, captured: Mutex::default() }
    }

    fn keep(&self, what: &str, text: &str) {
        write!(self.captured.lock().unwrap(), "--- {what}\n{text}\n").unwrap();
    }

    /// An answer for whoever may be shown what the vault holds.
    async fn entitled(&self, who: &Actor, path: &str, body: Option<&Value>) -> Told {
        let url = format!("{}{path}", self.client.base());
        let request = match body {
            None => self.http.get(url),
            Some(body) => self.http.post(url).header("idempotency-key", key()).json(body),
        };
        let bearer = self.client.bearer(who).unwrap();
        let purpose = if path.contains("/forced-accesses") { "emergency" } else { "care" };
        let answer = request.bearer_auth(bearer).header("purpose", purpose).send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), format!("{:?}", answer.headers()));
        self.keep("headers", &headers);
        let next_after = answer.headers().get("next-after").map(|next| next.to_str().unwrap());
        let next_after = next_after.map(ToOwned::to_owned);
        Told { status, text: answer.text().await.unwrap(), next_after }
    }

    /// An answer in which nobody may find a marker.
    async fn ask(&self, who: &Actor, path: &str, body: Option<&Value>) -> Told {
        let told = self.entitled(who, path, body).await;
        self.keep(path_only(path), &told.text);
        told
    }

    async fn done(&self, who: &str, path: &str, body: Value) -> Value {
        let told = self.ask(&user(who).unwrap().actor(), path, Some(&body)).await;
        assert!((200..300).contains(&told.status), "{path}: {} {}", told.status, told.text);
        told.body()
    }

    /// What this worker may write of a person, and refused to her what nobody may.
    async fn records(&self, who: &str, person: &Person) {
        let path = format!("/api/vault/persons/{}/facts", person.id);
        self.done(who, &path, json!({ "facts": person.facts_of(Some(who)) })).await;
        for fact in person.facts_of(None) {
            let body = json!({ "facts": [fact] });
            let told = self.ask(&user(who).unwrap().actor(), &path, Some(&body)).await;
            // A pseudonym's own house, which may write her address and her notes, is told why not more.
            let refused = (told.status, told.body()["code"].as_str() == Some("confidential"));
            assert!([(404, false), (422, true)].contains(&refused), "{fact}: {}", told.text);
        }
    }

    async fn is_registered(&self, who: &str, person: &mut Person, birth_year: u16) {
        let service = user(who).unwrap().actor().services[0];
        let body = json!({ "service": service, "status": "declared", "birth_year": birth_year });
        let registered = self.done(who, "/api/intake/persons", body).await;
        registered["id"].as_str().unwrap().clone_into(&mut person.id);
    }

    /// A child, of whom a worker for minors is in charge.
    async fn is_a_child(&self, person: &mut Person) {
        let (silvia, paola) = ("silvia.minori", user("paola.assistente").unwrap().actor());
        self.is_registered(silvia, person, 2015).await;
        self.client.settle().await.unwrap();
        let silvias = user(silvia).unwrap().actor();
        let body = json!({ "person": person.id, "from": silvias.services[0],
            "to": paola.services[0], "need": "education_minor", "urgency": "ordinary" });
        self.done(silvia, "/api/referrals/referrals", body).await;
        self.client.settle().await.unwrap();
        let (service, manager) = (paola.services[0], silvias.staff);
        let body = json!({ "person": person.id, "service": service, "manager": manager });
        self.done("paola.assistente", "/api/casework/cases", body).await;
        self.client.settle().await.unwrap();
        self.records(silvia, person).await;
    }

    /// A pseudonym of the secret shelter: its address is its own house's, and it has no name.
    async fn is_a_guest(&self, person: &mut Person) {
        let alba = "alba.antiviolenza";
        let house = user(alba).unwrap().actor().services[1];
        let body = json!({ "service": house, "status": "anonymous" });
        let registered = self.done(alba, "/api/intake/persons", body).await;
        registered["id"].as_str().unwrap().clone_into(&mut person.id);
        self.client.settle().await.unwrap();
        let place = self.opens_a_place(alba, house).await;
        let body = json!({ "person": person.id, "facility": house, "places": [place] });
        self.done(alba, "/api/housing/stays", body).await;
        self.client.settle().await.unwrap();
        self.records(alba, person).await;
    }

    async fn opens_a_place(&self, who: &str, house: ServiceId) -> PlaceId {
        let (unit, place) = (UnitId::derived(&["canary"]), PlaceId::derived(&["canary"]));
        let at = format!("/api/housing/facilities/{house}");
        self.done(who, &format!("{at}/units"), json!({ "unit": unit, "mode": "single" })).await;
        let body = json!({ "unit": unit, "added": [place], "removed": [],
            "valid_from": "2024-01-01", "reason": "opening", "pis_only": false });
        self.done(who, &format!("{at}/capacity"), body).await;
        self.client.settle().await.unwrap();
        place
    }

    /// Somebody comes to the desk, is sent on, and is taken in charge.
    async fn journey(&self, person: &mut Person) {
        let service = |who: &str, at: usize| user(who).unwrap().actor().services[at];
        let (desk, social) = (service("sara.segretariato", 0), service("marta.assistente", 0));
        let sara = "sara.segretariato";
        self.is_registered(sara, person, 1950).await;
        self.records(sara, person).await;
        let id = person.id.clone();
        let body = json!({ "service": desk, "channel": "desk", "person": id,
            "needs": [{ "code": "housing", "level": 3 }] });
        self.done(sara, "/api/intake/contacts", body).await;
        let body = json!({ "service": service("anna.uds", 0), "person": id, "ethos": "1.1" });
        self.done("anna.uds", "/api/intake/encounters", body).await;
        let body = json!({ "service": service("pietro.pis", 0), "person": id, "channel": "police",
            "shelter_requested": true });
        self.done("pietro.pis", "/api/intake/emergencies", body).await;
        let body = json!({ "service": service("nicola.mensa", 0), "recipient": { "person": id } });
        self.done("nicola.mensa", "/api/food/meals", body).await;
        self.client.settle().await.unwrap();
        self.sent_on(&id, (desk, social)).await;
        let body = json!({ "person": id, "scope": "csm" });
        self.done("marta.assistente", "/api/referrals/consents", body).await;
        self.client.settle().await.unwrap();
        self.records("marta.assistente", person).await;
        self.by_slip(person).await;
    }

    async fn sent_on(&self, person: &str, (desk, social): (ServiceId, ServiceId)) {
        let marta = "marta.assistente";
        let body = json!({ "person": person, "from": desk, "to": social, "need": "housing",
            "urgency": "ordinary", "dataset": ["identity", "needs"] });
        let sent = self.done("sara.segretariato", "/api/referrals/referrals", body).await;
        let accept = format!("/api/referrals/referrals/{}/accept", sent["id"].as_str().unwrap());
        self.done(marta, &accept, json!({})).await;
        let manager = user(marta).unwrap().actor().staff;
        let body = json!({ "person": person, "service": social, "manager": manager });
        self.done(marta, "/api/casework/cases", body).await;
        self.client.settle().await.unwrap();
    }

    /// A slip is a secret of its holder.
    async fn by_slip(&self, person: &Person) {
        let elena = user("elena.serd").unwrap().actor();
        let form = json!({ "organisation": elena.organisation });
        let sara = user("sara.segretariato").unwrap().actor();
        let printed = self.entitled(&sara, "/api/sealed/slips", Some(&form)).await.body();
        let slip = printed["slip"].as_str().unwrap();
        let path = format!("/api/sealed/{}/referrals", elena.organisation);
        let form = json!({ "slip": slip, "service": elena.services[0], "urgency": "urgent",
            "need_level": 2 });
        let handed = self.ask(&elena, &path, Some(&form)).await;
        assert_eq!(handed.status, 200, "{}", handed.text);
        // Into the vault she writes nothing, not even of who came to her with a name.
        let facts = format!("/api/vault/persons/{}/facts", person.id);
        let note = person.facts.iter().find(|fact| fact["segment"] == "serd").unwrap();
        let refused = self.ask(&elena, &facts, Some(&json!({ "facts": [note] }))).await;
        assert_eq!(refused.status, 403, "{}", refused.text);
    }

    /// Whatever is read by whoever may, it is read through the same process: that is tried too.
    async fn is_shown_to_the_entitled(&self, person: &Person, to: &[&str]) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        for who in to {
            let who = user(who).unwrap().actor();
            let path = format!("/api/vault/persons/{}?history=true", person.id);
            let told = self.entitled(&who, &path, None).await;
            assert_eq!(told.status, 200, "{}", told.text);
            let of = person.markers.iter().filter(|marker| told.text.contains(&marker.text));
            seen.extend(of.map(|marker| marker.put.clone()));
        }
        seen
    }

    /// Searches by everything that is known, found or not.
    async fn is_looked_for(&self, person: &Person) {
        let sara = user("sara.segretariato").unwrap().actor();
        let names = json!({ "family": person.value("family_name"),
            "given": person.value("given_name"), "birth_date": person.value("birth_date") });
        let line = format!("{} {}", person.value("given_name"), person.value("family_name"));
        for form in [
            names,
            json!({ "text": line }),
            json!({ "text": person.value("tax_code") }),
            json!({ "tax_code": person.value("tax_code"), "stp": person.value("stp") }),
            json!({ "eni": person.value("eni"), "document": person.value("document"),
                "alias": person.value("alias"), "birth_place": person.value("birth_place") }),
        ] {
            let told = self.entitled(&sara, "/api/intake/persons/match", Some(&form)).await;
            assert_eq!(told.status, 200, "{}", told.text);
            assert!(told.text.contains(&person.id), "{form} does not find her: {}", told.text);
        }
    }

    /// Sensitive words where they do not belong: refused, and kept by nobody. The answer may repeat
    /// to the sender what the sender wrote.
    async fn is_mistyped(&self, person: &str) -> Vec<Marker> {
        let sara = user("sara.segretariato").unwrap().actor();
        let facts = format!("/api/vault/persons/{person}/facts");
        let mut typed = Vec::new();
        let mut word = |put: &str| {
            let marker = Marker { put: put.to_owned(), text: letters(20) };
            typed.push(marker.clone());
            marker.text
        };
        let unknown = word("name that nobody has, looked for");
        let form = json!({ "family": unknown, "given": word("given name that nobody has") });
        self.entitled(&sara, "/api/intake/persons/match", Some(&form)).await;
        for (path, body) in [
            (
                facts.as_str(),
                json!({ "facts": [{ "field": word("name as a field"), "value": "x" }] }),
            ),
            (
                &facts,
                json!({ "facts": [{ "field": "tax_code", "value": word("bad tax code"),
                "source": "declared" }] }),
            ),
            (
                &facts,
                json!({ "facts": [{ "field": "note", "value": word("note in no segment"),
                "source": "declared" }] }),
            ),
            (&facts, json!({ word("name as a key"): 1 })),
            (&facts, json!(word("a body that is a name"))),
            ("/api/intake/persons/match", json!({ "birth_date": word("name as a date") })),
            ("/api/intake/persons", json!({ "service": word("name as a service") })),
        ] {
            let told = self.entitled(&sara, path, Some(&body)).await;
            assert!((400..500).contains(&told.status), "{path} {body}: {}", told.status);
        }
        for path in [
            format!("/api/projections/persons/{}", word("name in a path")),
            format!("/api/intake/persons/match?text={}", word("name in a query")),
            format!("/api/vault/persons/{}", word("name as an id")),
            format!("/{}", word("name as a page")),
        ] {
            let told = self.entitled(&sara, &path, None).await;
            assert!((400..500).contains(&told.status), "{path}: {}", told.status);
        }
        typed
    }

    async fn is_forced(&self, person: &str) -> Marker {
        let text = letters(20);
        let body = json!({ "person": person, "sections": ["identity", "address"],
            "reason": "life_at_risk", "words": format!("he lies at {text} and is hurt") });
        self.done("dario.dormitorio", "/api/identity/forced-accesses", body).await;
        Marker { put: "words of a forced access".into(), text }
    }

    /// Every other door that shows something, for every user.
    async fn everything_else_is_read(&self, person: &str) {
        let document = self.ask(&user("tina.ced").unwrap().actor(), "/openapi.json", None).await;
        let document = document.body();
        let paths = document["paths"].as_object().unwrap();
        let mut asked = Vec::new();
        for who in users().unwrap().into_iter().map(|user| user.actor()) {
            let doors = paths.iter().filter(|(path, item)| is_shown(path, item, &who));
            asked.extend(doors.map(|(path, _)| (who.clone(), filled(path, &who, person))));
        }
        assert!(asked.len() > 300, "only {} answers", asked.len());
        let answers = futures::stream::iter(&asked)
            .map(async |(who, path)| drop(self.ask(who, path, None).await));
        answers.buffer_unordered(AT_ONCE).collect::<()>().await;
        for path in ["/metrics", "/status", "/readyz", "/livez", "/asyncapi.json", "/entra", "/"] {
            self.ask(&user("tina.ced").unwrap().actor(), path, None).await;
        }
        for arguments in [&["status", "--json"][..], &["verify", "--json"], &["parked", "list"]] {
            let output = self.town.run(arguments);
            self.keep(arguments[0], &String::from_utf8_lossy(&output.stdout));
            self.keep(arguments[0], &String::from_utf8_lossy(&output.stderr));
        }
        self.feed().await;
    }

    /// `GET /events` to its end: what leaves for systems of other bodies.
    async fn feed(&self) {
        let diego = user("diego.dpo").unwrap().actor();
        let (mut after, mut events) = (String::new(), 0);
        loop {
            let page = self.ask(&diego, &format!("/events?limit=500{after}"), None).await;
            let told = page.body().as_array().unwrap().len();
            if told == 0 {
                break;
            }
            events += told;
            after = format!("&after={}", page.next_after.unwrap());
        }
        assert!(events > 1_000, "only {events} events were read");
    }

    /// A stream of hints on a person and an inbox, heard to its end.
    async fn listen(&self, person: &str) -> tokio::task::JoinHandle<String> {
        let marta = user("marta.assistente").unwrap().actor();
        let topics = format!("journey/{person},inbox/{},network,beds", marta.services[0]);
        let http = reqwest::Client::builder().connect_timeout(MUST_HAPPEN).build().unwrap();
        let request = http.get(format!("{}/api/live?topics={topics}", self.client.base()));
        let request = request.bearer_auth(self.client.bearer(&marta).unwrap());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        tokio::spawn(async move {
            let mut heard = format!("{:?}\n", answer.headers());
            let mut chunks = answer.bytes_stream();
            while let Some(Ok(chunk)) = chunks.next().await {
                heard.push_str(&String::from_utf8_lossy(&chunk));
            }
            heard
        })
    }

    async fn owner(&self) -> PgConnection {
        PgConnection::connect_with(&self.town.servers().options(PgRole::Owner)).await.unwrap()
    }

    /// What must be found: in a table, in its text on the broker, in the words of a server's and of
    /// our own log.
    async fn control(&self) -> Controls {
        let control = |put: &str| Marker { put: put.to_owned(), text: letters(20) };
        let (table, broker) = (control("a table"), control("the broker"));
        let (server_log, own_log) = (control("PostgreSQL's log"), control("our own log"));
        let mut owner = self.owner().await;
        let bytes = table.text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        sqlx::query("create table public.canary_control (words text, bytes bytea)")
            .execute(&mut owner)
            .await
            .unwrap();
        sqlx::query("insert into public.canary_control values ($1, $2)")
            .bind(&table.text)
            .bind(bytes)
            .execute(&mut owner)
            .await
            .unwrap();
        let nonsense = format!("select '{}'::int", server_log.text);
        assert!(sqlx::query(&nonsense).execute(&mut owner).await.is_err());
        let nats = self.town.servers().nats(&Context::Food.publisher()).await.unwrap();
        let subject = Context::Food.subjects().replace('>', "canary.control");
        let jetstream = async_nats::jetstream::new(nats);
        let sent = jetstream.publish(subject, broker.text.clone().into()).await.unwrap();
        sent.await.unwrap();
        let log =
            std::fs::OpenOptions::new().append(true).open(self.town.dir.join("up.log")).unwrap();
        let mut odd = Command::new(env!("CARGO_BIN_EXE_trama"));
        let refused = odd.arg(&own_log.text).stderr(log).status().unwrap();
        assert!(!refused.success());
        Controls { table, broker, server_log, own_log }
    }

    fn dump(&self) {
        let servers = self.town.servers();
        let owner = PgRole::Owner.name();
        for (program, file) in [("pg_dump", "dump.sql"), ("pg_dumpall", "dump-all.sql")] {
            let mut command = Command::new(postgres_program(program).unwrap());
            command.args(["--host", &servers.postgres_host, "--username", &owner]);
            command.args(["--port", &servers.postgres_port.to_string()]);
            if program == "pg_dump" {
                command.arg(&servers.database);
            } else {
                command.args(["--database", &servers.database]);
            }
            command.env("PGPASSWORD", &servers.passwords[&owner]);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert!(output.stdout.len() > 1_000_000, "{program} gave {}", output.stdout.len());
            std::fs::write(self.town.dir.join(file), output.stdout).unwrap();
        }
    }
}

struct Controls {
    table: Marker,
    broker: Marker,
    server_log: Marker,
    own_log: Marker,
}

impl Controls {
    fn markers(&self) -> Vec<Marker> {
        [&self.table, &self.broker, &self.server_log, &self.own_log].map(Clone::clone).to_vec()
    }

    fn are_found(&self, found: &[Found]) {
        let stands = |marker: &Marker, form: &str, place: &str| {
            let there =
                |hit: &Found| hit.put == marker.put && hit.form == form && hit.file.contains(place);
            assert!(found.iter().any(there), "{} as {form} is not found in {place}", marker.put);
        };
        for place in ["postgres/data/base/", "postgres/data/pg_wal/"] {
            stands(&self.table, "plain", place);
            stands(&self.table, "UTF-16", place);
        }
        for place in ["dump.sql", "dump-all.sql"] {
            stands(&self.table, "plain", place);
            stands(&self.table, "UTF-16 in hexadecimal", place);
        }
        stands(&self.broker, "plain", "nats/jetstream/");
        stands(&self.server_log, "plain", "postgres.log");
        stands(&self.own_log, "plain", "up.log");
    }
}

/// Of an adult: the desk that registered her, and who has her in charge; by her consent also what
/// the mental-health centre tells.
fn of_an_adult(field: &str, segment: Option<&str>) -> Option<&'static str> {
    match (field, segment) {
        ("note", Some("base" | "csm")) => Some("marta.assistente"),
        ("note", Some("serd" | "minors")) | ("protected_address", _) => None,
        _ => Some("sara.segretariato"),
    }
}

/// Of a child: the worker for minors who is in charge.
fn of_a_child(field: &str, segment: Option<&str>) -> Option<&'static str> {
    match (field, segment) {
        ("note", Some("serd" | "csm")) | ("protected_address", _) => None,
        _ => Some("silvia.minori"),
    }
}

/// Of a pseudonym of a secret shelter: its house, which has the address and writes its notes.
fn of_a_guest(field: &str, segment: Option<&str>) -> Option<&'static str> {
    match (field, segment) {
        ("note", Some("base")) | ("protected_address", _) => Some("alba.antiviolenza"),
        _ => None,
    }
}

/// Every field of the vault, and every segment in which notes lie, as markers are called.
fn fields_of_the_vault() -> BTreeSet<String> {
    let names = |field: &IdentityField| {
        let segments: Vec<String> = match (own_segment(*field), field) {
            (Some(_), _) => vec![field.code().to_owned()],
            (None, IdentityField::PrivateNote) => vec![format!("{} base", field.code())],
            (None, _) => {
                let may_lie = |segment: &&Segment| segment_of(*field, Some(**segment)).is_ok();
                let segments = Segment::VARIANTS.iter().filter(may_lie);
                segments.map(|segment| format!("{} {}", field.code(), segment.code())).collect()
            }
        };
        segments
    };
    IdentityField::VARIANTS.iter().flat_map(names).collect()
}

fn path_only(path: &str) -> &str {
    path.split('?').next().unwrap_or_default()
}

/// Whether a door shows something to her role, beside what the vault shows.
fn is_shown(path: &str, item: &Value, who: &Actor) -> bool {
    let roles = item["get"]["x-roles"].as_array();
    let passes = roles.is_some_and(|roles| roles.iter().any(|role| role == who.role.code()));
    passes && !path.starts_with("/api/vault/persons/{person}") && path != "/api/live"
}

/// A path with her own ids and the person's, and with ids that nobody has in what is still open.
fn filled(path: &str, who: &Actor, person: &str) -> String {
    let service = who.services.first().map(ToString::to_string).unwrap_or_default();
    let part = |part: &str| match part {
        "{person}" => person.to_owned(),
        "{staff}" => who.staff.to_string(),
        "{organisation}" => who.organisation.to_string(),
        "{service}" | "{facility}" => service.clone(),
        "{code}" => "AAAAA-A".to_owned(),
        "{id}" => "I1".to_owned(),
        "inbox" => format!("inbox?service={service}"),
        part if part.starts_with('{') => uuid::Uuid::from_u128(99).to_string(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Everything under a directory is searched; what cannot be read is said.
fn searched(needles: &Needles, dir: &Path) -> (Vec<Found>, u64) {
    let (mut found, mut bytes) = (Vec::new(), 0);
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let (more, read) = searched(needles, &path);
            found.extend(more);
            bytes += read;
        } else if path.is_file() {
            let content =
                std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            bytes += content.len() as u64;
            let file = path.display().to_string();
            found.extend(needles.found(&content).map(|(put, form)| Found {
                put,
                form,
                file: file.clone(),
            }));
        }
    }
    (found, bytes)
}

/// Show 1, threat 11, A4: no canary lies outside the ciphertext of the vault and the answers to
/// whoever is entitled to them.
#[tokio::test(flavor = "multi_thread")]
async fn no_canary_lies_anywhere_outside_the_vaults_ciphertext_v15_threat_11_a4() {
    let mut scene = Scene::open().await;
    let mut people: Vec<Person> =
        (0..ADULTS).map(|number| Person::invented(number, of_an_adult)).collect();
    for person in &mut people {
        scene.journey(person).await;
    }
    let mut child = Person::invented(ADULTS, of_a_child);
    scene.is_a_child(&mut child).await;
    let mut guest = Person::invented(ADULTS + 1, of_a_guest);
    scene.is_a_guest(&mut guest).await;
    let all = people.iter().chain([&child, &guest]);
    let mut markers: Vec<Marker> = all.flat_map(|person| person.markers.clone()).collect();
    let stream = scene.listen(&people[0].id).await;
    let mut shown = BTreeSet::new();
    for person in &people {
        let to = ["sara.segretariato", "marta.assistente"];
        shown.extend(scene.is_shown_to_the_entitled(person, &to).await);
        scene.is_looked_for(person).await;
    }
    shown.extend(scene.is_shown_to_the_entitled(&child, &["silvia.minori"]).await);
    shown.extend(scene.is_shown_to_the_entitled(&guest, &["alba.antiviolenza"]).await);
    let mut kept = fields_of_the_vault();
    for exempt in [WITHOUT_WORDS, WRITTEN_BY_NOBODY] {
        assert!(kept.remove(exempt), "the vault has no {exempt}");
    }
    assert_eq!(shown, kept, "what the vault keeps has a word in it that somebody is shown");
    markers.extend(scene.is_mistyped(&people[0].id).await);
    markers.push(scene.is_forced(&people[1].id).await);
    let contact = json!({ "service": user("sara.segretariato").unwrap().actor().services[0],
        "channel": "desk", "person": people[0].id });
    scene.done("sara.segretariato", "/api/intake/contacts", contact).await;
    scene.client.settle().await.unwrap();
    scene.everything_else_is_read(&people[0].id).await;

    let controls = scene.control().await;
    scene.dump();
    scene.town.stop();
    let heard = stream.await.unwrap();
    assert!(heard.contains("event: hint"), "the stream heard nothing: {heard}");
    scene.keep("/api/live", &heard);
    let captured = std::mem::take(&mut *scene.captured.lock().unwrap());
    assert!(captured.len() > 1_000_000, "only {} bytes were captured", captured.len());
    std::fs::write(scene.town.dir.join("captured.txt"), captured).unwrap();

    let count = markers.len();
    markers.extend(controls.markers());
    let (found, bytes) = searched(&Needles::of(&markers), &scene.town.dir);
    controls.are_found(&found);
    let planted: BTreeSet<String> =
        controls.markers().into_iter().map(|control| control.put).collect();
    let leaks: Vec<&Found> = found.iter().filter(|hit| !planted.contains(&hit.put)).collect();
    println!("{count} canaries, {} MB searched: {} found", bytes >> 20, leaks.len());
    assert!(leaks.is_empty(), "{leaks:#?}");
}

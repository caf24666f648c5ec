//! What somebody wrote stays text, wherever it is written and wherever it is shown: in names of people
//! and of services, in search words, in fields and in addresses. Tried without the page's own policy
//! on scripts, so that escaping is judged alone; and the policy alone, by a page into which somebody
//! has already put a script.

use std::fmt::Write as _;

use serde_json::{Value, json};
use trama_events::codes::ServiceType;
use trama_events::ids::{PersonId, ServiceId};

use super::chromium::{Chromium, Window};
use super::demo::{Demo, actor};

/// What is tried. Each would set `preso`, or leave an element that no page of ours has. Source: the
/// kinds of OWASP's filter evasion cheat sheet and of `PortSwigger`'s: elements, attributes, ends of
/// what a page began, addresses, SVG and `MathML`, templates, encodings, and what htmx and our own
/// scripts would read.
const WRITTEN: [&str; 44] = [
    "<script>self.preso=1</script>",
    "<ScRiPt >self.preso=1</sCrIpT >",
    "<script src=//preso.example/x.js></script>",
    "<script src=data:,self.preso=1></script>",
    "</title><script>self.preso=1</script>",
    "</textarea><script>self.preso=1</script>",
    "</select><script>self.preso=1</script>",
    "</script><script>self.preso=1</script>",
    "--><script>self.preso=1</script>",
    "]]><script>self.preso=1</script>",
    "\"><script>self.preso=1</script>",
    "'><script>self.preso=1</script>",
    "<<script>self.preso=1//<</script>",
    "<img src=x onerror=self.preso=1>",
    "<img src=x:x onerror=\"self.preso=1\"//",
    "<img/src=`x`/onerror=self.preso=1>",
    "<image src=x onerror=self.preso=1>",
    "\"autofocus onfocus=self.preso=1 x=\"",
    "'onmouseover='self.preso=1",
    "`onclick=`self.preso=1",
    "<svg onload=self.preso=1>",
    "<svg><script>self.preso=1</script></svg>",
    "<svg><animate onbegin=self.preso=1 attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=self.preso=1>",
    "<math><mtext><table><mglyph><style><img src=x onerror=self.preso=1>",
    "<noscript><p title=\"</noscript><img src=x onerror=self.preso=1>\">",
    "<body onload=self.preso=1>",
    "<details open ontoggle=self.preso=1>",
    "<iframe srcdoc='<script>parent.preso=1</script>'>",
    "<iframe src=javascript:parent.preso=1>",
    "<object data=javascript:self.preso=1>",
    "<embed src=javascript:self.preso=1>",
    "<base href=//preso.example/>",
    "<meta http-equiv=refresh content=0;url=//preso.example>",
    "<link rel=stylesheet href=//preso.example/x.css>",
    "<style>@import'//preso.example/x.css';</style>",
    "<a href=javascript:self.preso=1 id=preso>x</a>",
    "<form action=javascript:self.preso=1><button id=preso>",
    "<x hx-get=/aiuto hx-trigger=load hx-on:load=self.preso=1>",
    "<x id=preso data-tasto=a data-chiave=x data-parte=x>",
    "javascript:self.preso=1",
    "{{constructor.constructor('self.preso=1')()}}${self.preso=1}<%=self.preso%>",
    "%3Cscript%3Eself.preso=1%3C/script%3E",
    "&lt;script&gt;self.preso=1&lt;/script&gt;\u{ff1c}script\u{ff1e}",
];

/// As many are asked in one address.
const TOGETHER: usize = 4;

/// Elements and attributes that no page of ours has, of a document `page`.
const INTRUDERS: &str = r#"(page) => [...page.querySelectorAll('*')].filter((one) =>
    one.matches('script:not([src^="/assets/"]), iframe, object, embed, base, style, math, animate, x, \
        body body, #preso, [style], [srcdoc], [formaction], [hx-get], meta[http-equiv], \
        link:not([href^="/assets/"]):not([href="data:,"])') ||
    [...one.attributes].some(({ name, value }) => /^(on|hx-on|[`'"])/.test(name) ||
        (/^(href|src|action|data|xlink:href)$/.test(name) &&
            !/^(\/(?!\/)|#|\?|data:,$|http:\/\/127\.0\.0\.1:)/.test(value)))
    ).map((one) => one.outerHTML.slice(0, 200))"#;

/// Asks pages, six at a time, and reads them without running them: what stands there that should
/// not, and how many of them repeat what was written, as text. A question is an address, a body or
/// none, and what was written in it.
const ASKS: &str = r"async (asked) => {
    const [wrong, repeated] = [[], {}];
    const one = async ([name, path, fields, text]) => {
        const form = fields && new URLSearchParams(Object.entries(fields).map(([field, value]) =>
            [field, value === 'csrf' ? document.querySelector('[name=csrf]').value : value]));
        const answer = await fetch(path, { method: form ? 'POST' : 'GET', body: form,
            headers: { Accept: 'text/html', ...(form && fields.parte ? { 'HX-Request': 'true' } : {}) } });
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        if (answer.status >= 500) wrong.push(name + ' ' + answer.status + ': ' + text);
        for (const found of intruders(page)) wrong.push(name + ': ' + text + ' became ' + found);
        const fieldsOf = [...page.querySelectorAll('input:not([type=hidden]), textarea')];
        const same = (said) => said.trim().toUpperCase() === text.toUpperCase();
        if (fieldsOf.some((field) => same(field.value || field.textContent)))
            repeated[name] = (repeated[name] ?? 0) + 1;
    };
    const next = async () => { while (asked.length) await one(asked.pop()); };
    await Promise.all([1, 2, 3, 4, 5, 6].map(next));
    return { wrong, repeated };
}";

/// Somebody whose names these are.
struct Named {
    person: PersonId,
    family: &'static str,
    given: &'static str,
    born_on: String,
}

/// People whose names are what is tried, two each.
async fn people(demo: &Demo) -> Vec<Named> {
    let sara = actor("sara.segretariato");
    let mut people = Vec::new();
    for (at, names) in WRITTEN.chunks(2).enumerate() {
        let person = PersonId::derived(&["written", &at.to_string()]);
        let born_on = format!("19{:02}-03-04", 20 + at);
        let body = json!({ "person": person, "service": sara.services[0], "status": "declared" });
        demo.does(&sara, "/api/intake/persons", body).await;
        let fact = |field: &str, value: &str| json!({ "field": field, "value": value, "source": "declared" });
        let facts = [
            fact("family_name", names[0]),
            fact("given_name", names[1]),
            fact("birth_date", &born_on),
        ];
        let path = format!("/api/vault/persons/{person}/facts");
        demo.does(&sara, &path, json!({ "facts": facts })).await;
        people.push(Named { person, family: names[0], given: names[1], born_on });
    }
    people
}

/// Services whose names are what is tried.
async fn services(demo: &Demo) {
    let (keeper, sara) = (actor("tina.ced"), actor("sara.segretariato"));
    for (at, name) in WRITTEN.iter().enumerate() {
        let service = ServiceId::derived(&["written", &at.to_string()]);
        let body = json!({ "service": service, "organisation": sara.organisation,
            "name": format!("Preso {name}"), "service_type": ServiceType::FrontOffice,
            "ats": "bari" });
        demo.does(&keeper, "/api/directory/services", body).await;
        let activate = format!("/api/directory/services/{service}/activate");
        demo.does(&keeper, &activate, json!({ "on": "2024-01-01" })).await;
    }
}

/// Nothing stands on the page that somebody put there, and nothing of it ran.
fn is_clean(window: &Window<'_>, what: &str) {
    let found = window.finds(&format!("({INTRUDERS})(document)"));
    assert_eq!(found, json!([]), "{what}");
    assert_eq!(window.finds("typeof self.preso"), json!("undefined"), "{what} ran");
    let refused = |said: &String| said.contains("status of 4");
    let other: Vec<String> = window.complaints().into_iter().filter(|it| !refused(it)).collect();
    assert_eq!(other, Vec::<String>::new(), "{what}");
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        write!(all, "%{byte:02X}").unwrap();
        all
    })
}

/// Every address that takes words.
fn addresses(person: PersonId) -> Vec<Value> {
    let mut all = Vec::new();
    for texts in WRITTEN.chunks(TOGETHER) {
        let (text, word) = (texts.join(" "), encoded(&texts.join(" ")));
        let journey = format!("/persone/{person}?scopo=care");
        for path in [
            format!("/?lista={word}"),
            format!("/?servizio={word}&esito={word}"),
            format!("/persone?q={word}&scopo={word}"),
            format!("/persone/{word}"),
            format!("{journey}&vista={word}"),
            format!("{journey}&esito={word}"),
            format!("/rete?ats={word}"),
            format!("/rete?dal={word}&al={word}"),
            format!("/contatti/nuovo?fatto={word}"),
            format!("/entra/incarico?poi={word}"),
            format!("/entra?poi={word}"),
            format!("/entra/ritorno?state={word}&error={word}"),
            format!("/{word}"),
        ] {
            all.push(json!([path, path, null, text]));
        }
    }
    all
}

/// Every form, by its name: one of them is filled in with one text everywhere.
fn forms(person: PersonId) -> Vec<Value> {
    let mut all = Vec::new();
    for text in WRITTEN {
        let told = json!({ "csrf": "csrf", "q": text, "cognome": text, "nome": text,
            "soprannome": text, "nascita": text, "anno": text, "numero": text, "sigla": text,
            "lingua": text, "stato": text, "servizio": text, "chiave": text, "scopo": text,
            "visti": text, "passo": "registra" });
        let mut part = told.clone();
        part["parte"] = json!("si");
        let met = json!({ "csrf": "csrf", "chiave": text, "sigla": text, "dove": text,
            "canale": text, "dato": text, "ethos": text, "servizio": text });
        let forced = json!({ "csrf": "csrf", "chiave": text, "parole": text, "motivo": text,
            "classe": text });
        all.push(json!(["cerca", "/persone/cerca", told, text]));
        all.push(json!(["cerca, parte", "/persone/cerca", part, text]));
        all.push(json!(["nuova", "/persone/nuova", told, text]));
        all.push(json!(["nuova, parte", "/persone/nuova", part, text]));
        all.push(json!(["contatto", "/contatti/nuovo", met, text]));
        all.push(json!(["emergenza", format!("/persone/{person}/emergenza"), forced, text]));
    }
    all
}

/// Every page that repeats a word repeats it as a text, and no other makes anything of it.
fn no_address_and_no_form_makes_anything_of_a_word(window: &Window<'_>, person: PersonId) {
    let asked = Value::from([addresses(person), forms(person)].concat());
    let told = window.finds(&format!("{{ const intruders = {INTRUDERS}; ({ASKS})({asked}) }}"));
    assert_eq!(told["wrong"], json!([]));
    for name in ["cerca", "nuova", "contatto", "emergenza"] {
        let repeated = &told["repeated"][name];
        assert_eq!(repeated, &json!(WRITTEN.len()), "{name} repeats all that was written");
    }
}

/// A name is shown as it was told, by a whole page and by the part that a script puts into one.
fn names_of_people_are_texts(demo: &Demo, window: &Window<'_>, people: &[Named]) {
    for one in people {
        window.goes_to(&demo.at("/persone"));
        let fields = json!({ "cognome": one.family, "nome": one.given, "nascita": one.born_on });
        window.finds(&format!(
            "for (const [name, value] of Object.entries({fields})) \
                document.querySelector(`[name=${{name}}]`).value = value"
        ));
        window.follows("form.seek button[type=submit]");
        let shown = window.finds("document.getElementById('trovati').innerText");
        let shown = shown.as_str().unwrap();
        assert!(shown.contains(one.family) && shown.contains(one.given), "{shown}");
        is_clean(window, one.family);
    }
    // The last one again, by htmx.
    let last = &people[people.len() - 1];
    let reads = "document.getElementById('trovati').innerText";
    window.goes_to(&demo.at("/persone"));
    window.finds(&format!(
        "(() => {{ const fields = document.querySelector('details.by-fields'); fields.open = true; \
            const [family, given, born] = ['cognome', 'nome', 'nascita'].map((name) => \
                document.getElementById(name)); \
            [family.value, given.value, born.value] = {}; \
            given.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()",
        json!([last.family, last.given, last.born_on])
    ));
    window.sees(&format!("{reads}.includes({})", json!(last.given)), super::LISTENS_WITHIN);
    is_clean(window, "what htmx puts there");
}

/// The names of services stand in the list of those to whom somebody is sent.
fn names_of_services_are_texts(demo: &Demo, window: &Window<'_>, person: PersonId) {
    let list = format!("/invii/nuovo?persona={person}&scopo=care&fuori=si&cerca=preso");
    window.goes_to(&demo.at(&list));
    let shown: Vec<String> = serde_json::from_value(
        window.finds("[...document.querySelectorAll('.offers h3')].map((one) => one.innerText)"),
    )
    .unwrap();
    for name in WRITTEN {
        assert!(shown.contains(&format!("Preso {name}")), "{name}: {shown:?}");
    }
    is_clean(window, "names of services");
}

/// What a search was asked is shown again in its field.
fn words_of_a_search_are_texts(demo: &Demo, window: &Window<'_>, person: PersonId) {
    for texts in WRITTEN.chunks(TOGETHER) {
        let text = texts.join(" ");
        let word = encoded(&text);
        window.goes_to(&demo.at(&format!("/invii/nuovo?persona={person}&scopo=care&cerca={word}")));
        assert_eq!(window.finds("document.getElementById('cerca').value"), json!(text));
        is_clean(window, &text);
    }
}

/// Where escaping failed all the same, the policy of the page would let nothing of it run or load.
fn what_gets_into_a_page_all_the_same_does_not_run(window: &Window<'_>) {
    let put = "(() => { \
        const script = document.createElement('script'); script.text = 'self.preso = 1'; \
        const outside = document.createElement('script'); outside.src = '//preso.example/x.js'; \
        const image = document.createElement('div'); \
        image.innerHTML = '<img src=x:x onerror=self.preso=1><iframe src=/aiuto></iframe>' + \
            '<a href=javascript:self.preso=1 id=put>x</a><style>main{display:none}</style>'; \
        const failed = new Promise((done) => \
            image.querySelector('img').addEventListener('error', () => done(true))); \
        document.body.append(script, outside, image); \
        document.getElementById('put').click(); \
        return failed; })()";
    window.finds(put);
    assert_eq!(window.finds("typeof self.preso"), json!("undefined"), "it ran");
    let shown = "getComputedStyle(document.querySelector('main')).display";
    assert_ne!(window.finds(shown), json!("none"), "a style was taken");
    let forbidden = window.complaints();
    for kind in ["script-src", "style-src", "default-src"] {
        assert!(forbidden.iter().any(|said| said.contains(kind)), "{kind}: {forbidden:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_wrote_is_text_on_every_page_and_would_not_run_if_it_were_not_t15() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::start().await;
    let people = people(&demo).await;
    services(&demo).await;
    demo.settled().await;
    let hers = chromium.somebody();
    let guarded = demo.seats(&hers, "sara.segretariato", "/persone");
    let window = hers.window(super::WIDTHS[0]);
    window.forbids_nothing();
    window.goes_to(&demo.at("/persone"));
    names_of_people_are_texts(&demo, &window, &people);
    names_of_services_are_texts(&demo, &window, people[0].person);
    words_of_a_search_are_texts(&demo, &window, people[0].person);
    no_address_and_no_form_makes_anything_of_a_word(&window, people[0].person);
    is_clean(&window, "the page that asked");
    what_gets_into_a_page_all_the_same_does_not_run(&guarded);
}

//! `GET /`: what waits for whoever signed in, and what else she may open.

pub(crate) mod badges;
pub(crate) mod view;

use std::collections::HashSet;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use time::OffsetDateTime;
use trama_events::codes::{Role, Section};
use trama_events::ids::{ReferralId, ServiceId};
use trama_platform::caller::Caller;
use trama_platform::gate::Reader;
use trama_projections::inbox::{self, Counts, Item, List, Owner, Page, inbox};
use trama_projections::live::of_inbox;
use trama_ui::frame::{News, Place};

use crate::gate::Visitor;
use crate::referral::Looking;
use crate::{Console, answer, gate, live, referral};
use view::{Start, start};

/// Items of one inbox on the page.
const ITEMS: usize = 100;
/// Services whose inboxes are put together on one page.
pub(crate) const SERVICES: usize = 12;

/// Which of the lists, and what of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    #[serde(default)]
    lista: Option<String>,
    /// Of which family of services alone.
    servizio: Option<String>,
    /// The referral that stands beside the list.
    invio: Option<ReferralId>,
    /// What was done just before: a word.
    esito: Option<String>,
}

/// What the inboxes of one person hold together.
#[derive(Debug, Default)]
pub(crate) struct Together {
    pub(crate) counts: Counts,
    pub(crate) items: Vec<Item>,
    /// Every item of every list: the same thing may stand in her own inbox and in her service's.
    ids: HashSet<(List, String)>,
}

impl Together {
    fn count(&self, list: List) -> usize {
        self.ids.iter().filter(|(of, _)| *of == list).count()
    }
}

/// `GET /`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let wanted = wanted.ok().map(|Query(wanted)| wanted);
    let list = wanted.as_ref().and_then(|wanted| view::list_of(wanted.lista.as_deref()));
    let (Some(list), Some(wanted)) = (list, wanted) else {
        return answer::not_understood_in(
            &console,
            &visitor,
            visitor.words().inbox_not_understood(),
        );
    };
    let now = console.models.clock.now();
    let asked = view::Asked {
        list,
        family: wanted.servizio.as_deref().and_then(view::family_of),
        chosen: wanted.invio.map(|referral| referral.0),
        journeys: gate::JOURNEY.roles.contains(&visitor.caller.role),
        own: &visitor.caller.services,
        language: visitor.preferences.language,
    };
    let words = visitor.words();
    let mut frame = console.frame(Some(&visitor), &words.inbox_title(), Some(Place::Inbox));
    let outcome = wanted.esito.as_deref().and_then(|word| referral::outcome(word, words));
    if !gate::INBOX.roles.contains(&visitor.caller.role) {
        let view = start(None, asked, now);
        return answer::page(StatusCode::OK, &Start { frame, view, outcome, invio: None });
    }
    let topics = owners(&visitor.caller).map(of_inbox).collect();
    frame.live = live::of_page(&console, &reader, topics, News::Inbox).await;
    let found = match together(&console, &visitor.caller, list, now).await {
        Ok(found) => found,
        Err(error) => return answer::unread(&console, Some(&visitor), error),
    };
    let people = found.items.iter().filter_map(|item| item.person);
    match reader.listed(people, Section::Requests).await {
        Ok(()) => {}
        Err(problem) => return answer::closed(&console, &visitor, &problem),
    }
    let looking = Looking { console: &console, visitor: &visitor };
    let invio = match wanted.invio {
        Some(referral) => {
            let item = found.items.iter().find(|item| item.about == referral.0);
            let code = item.and_then(|item| item.code.as_deref());
            match looking.thread(referral, &headers, code).await {
                Ok(invio) => Some(invio),
                Err(problem) => return answer::closed(&console, &visitor, &problem),
            }
        }
        None => None,
    };
    let view = start(Some(&found), asked, now);
    answer::page(StatusCode::OK, &Start { frame, view, outcome, invio })
}

/// The inbox of a service.
pub(crate) fn of_service(service: &ServiceId) -> Owner<'_> {
    Owner::Service(*service)
}

/// The code of the person of a referral, as the lists name her; none where it stands in none.
pub(crate) async fn code_of(
    console: &Console,
    visitor: &Visitor,
    referral: ReferralId,
) -> sqlx::Result<Option<String>> {
    let now = console.models.clock.now();
    let mut found = together(console, &visitor.caller, List::ToDo, now).await?;
    let about = referral.to_string();
    let list = found.ids.iter().find(|(_, id)| id.ends_with(&about)).map(|(list, _)| *list);
    if let Some(list @ (List::Waiting | List::Information | List::Done)) = list {
        found = together(console, &visitor.caller, list, now).await?;
    }
    let item = found.items.into_iter().find(|item| item.about == referral.0);
    Ok(item.and_then(|item| item.code))
}

/// The inboxes of her services; for a case manager, of the people in her charge; for who controls,
/// of what was opened by force.
fn owners(caller: &Caller) -> impl Iterator<Item = Owner<'_>> {
    let has_own = matches!(caller.role, Role::CaseManager | Role::Auditor | Role::PlanOffice);
    let own = has_own.then(|| inbox::own(caller));
    let services = caller.services.iter().take(SERVICES).map(|service| Owner::Service(*service));
    own.into_iter().chain(services)
}

/// What is in them.
async fn together(
    console: &Console,
    caller: &Caller,
    list: List,
    now: OffsetDateTime,
) -> sqlx::Result<Together> {
    let mut all = Together::default();
    for owner in owners(caller) {
        let page = Page { list, after: None, limit: ITEMS };
        let Ok(found) = inbox(&console.models.pool, caller, owner, now, page).await? else {
            continue;
        };
        let is_new = |item: &Item| !all.ids.contains(&(list, item.id.clone()));
        all.items.extend(found.items.into_iter().filter(is_new));
        all.ids.extend(found.ids);
    }
    all.counts = Counts {
        to_do: all.count(List::ToDo),
        waiting: all.count(List::Waiting),
        information: all.count(List::Information),
    };
    Ok(all)
}

//! The frame of every page: who looks, where she is, what else she may open, and for workers of a
//! health service what others see of what they do.

use crate::glyph::Glyph;
use crate::language::{Language, Words};

/// One of the places of Trama: five for those who help, one for those who control, one for those
/// whose people nobody else sees, one for whoever runs the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What needs me now.
    Inbox,
    /// People and their journeys.
    People,
    /// Beds.
    Beds,
    /// Food desk.
    Food,
    /// The network and its flows.
    Network,
    /// Who looked at whom.
    Accesses,
    /// The own people of a sealed service, by pseudonym.
    Sealed,
    /// How the installation is.
    System,
}

impl Place {
    /// All, in their order on the bar.
    pub const ALL: [Self; 8] = [
        Self::Inbox,
        Self::Sealed,
        Self::People,
        Self::Beds,
        Self::Food,
        Self::Network,
        Self::Accesses,
        Self::System,
    ];

    /// Its name on the bar.
    pub fn label(self, words: &Words) -> String {
        match self {
            Self::Inbox => words.place_inbox(),
            Self::People => words.place_people(),
            Self::Beds => words.place_beds(),
            Self::Food => words.place_food(),
            Self::Network => words.place_network(),
            Self::Accesses => words.place_accesses(),
            Self::Sealed => words.place_sealed(),
            Self::System => words.place_system(),
        }
    }

    /// Its name on a phone.
    pub fn brief(self, words: &Words) -> String {
        match self {
            Self::Beds => words.place_beds_brief(),
            Self::Food => words.place_food_brief(),
            Self::Network => words.place_network_brief(),
            Self::Accesses => words.place_accesses_brief(),
            Self::Inbox | Self::People | Self::Sealed | Self::System => self.label(words),
        }
    }

    /// The letter that leads here after `g`.
    pub fn key(self) -> char {
        match self {
            Self::Inbox => 'p',
            Self::People => 'e',
            Self::Beds => 'l',
            Self::Food => 'b',
            Self::Network => 'r',
            Self::Accesses => 'a',
            Self::Sealed => 's',
            Self::System => 'm',
        }
    }

    /// Its glyph.
    pub fn glyph(self) -> Glyph {
        match self {
            Self::Inbox => Glyph::Tray,
            Self::People => Glyph::Person,
            Self::Beds => Glyph::House,
            Self::Food => Glyph::Basket,
            Self::Network => Glyph::Network,
            Self::Accesses => Glyph::Eye,
            Self::Sealed => Glyph::Lock,
            Self::System => Glyph::Lens,
        }
    }

    /// Where it is.
    pub fn href(self) -> &'static str {
        match self {
            Self::Inbox => "/",
            Self::People => "/persone",
            Self::Beds => "/posti",
            Self::Food => "/banco",
            Self::Network => "/rete",
            Self::Accesses => "/registro",
            Self::Sealed => "/riservato",
            Self::System => "/sistema",
        }
    }
}

/// One step of the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Where it is; none for the page itself.
    pub href: Option<String>,
}

impl Crumb {
    /// A page above this one.
    pub fn to(label: &str, href: &str) -> Self {
        Self { label: label.to_owned(), href: Some(href.to_owned()) }
    }

    /// The page itself.
    pub fn here(label: &str) -> Self {
        Self { label: label.to_owned(), href: None }
    }
}

/// What others see of what a worker does here: a sentence for each of those who may see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside {
    /// Who sees, or when.
    pub who: &'static str,
    /// What.
    pub what: &'static str,
}

/// Who looks at a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Her name, where the installation knows one; else her role.
    pub name: String,
    /// Her role in words.
    pub role: String,
    /// Her ATS.
    pub ats: String,
    /// What every form of hers carries in the field `csrf`.
    pub csrf: String,
    /// Whether she has another membership to choose.
    pub may_choose: bool,
    /// Whether single keys act.
    pub has_keys: bool,
    /// Seconds until her session ends when she does nothing.
    pub session_left: i64,
}

impl Viewer {
    /// Up to two first letters for the round mark.
    pub fn initials(&self) -> String {
        let words = self
            .name
            .split_whitespace()
            .filter(|word| word.chars().all(|c| c.is_alphabetic() || c == '.'));
        words.filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect()
    }
}

/// What an open page says when there is more than it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Rows came into a list. Those that are there stay where they are.
    Inbox,
    /// Something happened to a person.
    Journey,
    /// Figures changed: they are never exchanged under the eyes of who reads them.
    Figures,
}

impl News {
    /// How the page's script goes about it.
    pub fn mode(self) -> &'static str {
        match self {
            Self::Inbox => "righe",
            Self::Journey => "pagina",
            Self::Figures => "cifre",
        }
    }

    /// What it says of one.
    pub fn one(self, words: &Words) -> String {
        match self {
            Self::Inbox => words.live_inbox_one(),
            Self::Journey => words.live_journey_one(),
            Self::Figures => words.live_figures(),
        }
    }

    /// What it says of several; `#` is how many.
    pub fn many(self, words: &Words) -> String {
        match self {
            Self::Inbox => words.live_inbox_many(),
            Self::Journey => words.live_journey_many(),
            Self::Figures => words.live_figures(),
        }
    }

    /// What the button says that shows them.
    pub fn show(self, words: &Words) -> String {
        match self {
            Self::Inbox | Self::Journey => words.live_show(),
            Self::Figures => words.live_refresh(),
        }
    }
}

/// What keeps an open page true: to what it listens, and what it says then. No more than that it
/// changed is ever told; the page asks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Topics, separated by commas.
    pub topics: String,
    /// Where the page stands, sealed.
    pub after: String,
    /// The purpose that was stated; empty without one.
    pub purpose: &'static str,
    /// What may be seen here, as a mark that changes when more or less may be.
    pub sight: String,
    /// What it says.
    pub news: News,
}

/// The frame of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Title of the document, before "Trama".
    pub title: String,
    /// Where the style sheet and the fonts are.
    pub assets: String,
    /// In which language the frame speaks.
    pub language: Language,
    /// Where the declaration of accessibility stands; none where the installation named none.
    pub accessibility: Option<String>,
    /// Whether the data are invented.
    pub demo: bool,
    /// Who looks; none before signing in.
    pub viewer: Option<Viewer>,
    /// The places that she may open.
    pub places: Vec<Place>,
    /// The place of this page.
    pub current: Option<Place>,
    /// The way to this page.
    pub crumbs: Vec<Crumb>,
    /// What others see of what she does; empty where it is no different from what is on the page.
    pub outside: &'static [Outside],
    /// What keeps it true while it is open; none for a page that stays as it is.
    pub live: Option<Live>,
}

impl Frame {
    /// The messages of its language.
    pub fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// Whether a place is the one of this page.
    pub fn is_current(&self, place: &Place) -> bool {
        self.current == Some(*place)
    }
}

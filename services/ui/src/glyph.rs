//! Glyphs: 24 × 24, two-pixel round stroke, `currentColor`, always beside a word.

use std::fmt;

use askama::filters::HtmlSafe;

/// A glyph; written into a page it is an inline SVG that screen readers skip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// Trama's own mark.
    Mark,
    /// Inbox tray.
    Tray,
    /// One person.
    Person,
    /// Nodes with edges.
    Network,
    /// Access.
    Door,
    /// Referrals.
    Plane,
    /// Housing.
    House,
    /// Food.
    Basket,
    /// Addiction services.
    Drop,
    /// Mental health.
    Head,
    /// Labour.
    Briefcase,
    /// Done.
    Check,
    /// Waiting, late, as of.
    Clock,
    /// Refused.
    Cross,
    /// Urgent or incomplete.
    Triangle,
    /// Hidden detail.
    Lock,
    /// Search.
    Lens,
    /// Sign out.
    Exit,
    /// Correction.
    Pencil,
    /// From one to another.
    Arrow,
    /// Something new.
    Plus,
    /// Who looked.
    Eye,
    /// Two records that are one person.
    Link,
    /// Taken back.
    Back,
    /// A slip of paper.
    Slip,
}

impl Glyph {
    pub(crate) const fn strokes(self) -> &'static str {
        match self {
            Self::Mark => "M8 3v18M16 3v18M3 8h18M3 16h18",
            Self::Tray => "M3 13l3-8h12l3 8v6H3zM3 13h5l2 3h4l2-3h5",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 21a7.5 7.5 0 0 1 15 0",
            Self::Network => {
                "M6 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM18 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z\
                 M11 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8.4 6.5l7.1 1.2M7 8.3l3 7.4M16.6 10.1l-4.2 5.8"
            }
            Self::Door => "M6 21V3h11v18M3.5 21h17M13.5 12v.5",
            Self::Plane => "M21 3L3 10.5l6.5 3L12.5 20zM21 3L9.5 13.5",
            Self::House => "M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6",
            Self::Basket => "M3 10h18l-2 10H5zM8 10l3-6M16 10l-3-6M10 14v3M14 14v3",
            Self::Drop => "M12 3c4 5 6 7.6 6 11a6 6 0 0 1-12 0c0-3.4 2-6 6-11z",
            Self::Head => "M9 21v-4H7.5a2 2 0 0 1-2-2v-2.5L4 12l1.5-3A7 7 0 1 1 17 14.5V21",
            Self::Briefcase => "M3 8h18v12H3zM9 8V5h6v3M3 13h18",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Triangle => "M12 4L2.5 20h19zM12 10v4.5M12 17.2v.1",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::Lens => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L21 21",
            Self::Exit => "M14 4H5v16h9M10 12h11M17.5 8.5L21 12l-3.5 3.5",
            Self::Pencil => "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM14 6.5l3.5 3.5",
            Self::Arrow => "M4 12h16M14 6l6 6-6 6",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Eye => {
                "M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12z\
                 M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Self::Back => "M9 6L4 11l5 5M4 11h10a6 6 0 0 1 0 9h-3",
            Self::Slip => "M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5",
            Self::Link => {
                "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12 6.3\
                 M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7L12 17.7"
            }
        }
    }
}

impl fmt::Display for Glyph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"glyph\" viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" fill=\"none\" \
             stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" \
             stroke-linejoin=\"round\" aria-hidden=\"true\" focusable=\"false\"><path d=\"{}\"/></svg>",
            self.strokes()
        )
    }
}

impl HtmlSafe for Glyph {}

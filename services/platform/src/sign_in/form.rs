//! Forms: whether one was sent from a page of ours, by whoever is signed in.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::{HeaderMap, header};

use super::cookie::Secret;
use super::{Happened, Session, SignIn};

/// A form that was not sent from a page of ours, or from one that is too old. Nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this form was not sent from a page of Trama in this session: open the page again")]
pub struct NotOurForm;

impl SignIn {
    /// Whether a request that changes something comes from a page of ours: by `Sec-Fetch-Site` and
    /// by `Origin`. At least one must be there, and none may say otherwise.
    ///
    /// # Errors
    ///
    /// [`NotOurForm`].
    pub fn must_be_own(&self, headers: &HeaderMap) -> Result<(), NotOurForm> {
        let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let site = said("sec-fetch-site").map(|site| site == "same-origin");
        let origin = said(header::ORIGIN.as_str()).map(|origin| origin == self.origin());
        match (site, origin) {
            (Some(true), Some(true) | None) | (None, Some(true)) => Ok(()),
            (Some(false), _) | (_, Some(false)) | (None, None) => {
                Happened::ForeignForm.tell();
                Err(NotOurForm)
            }
        }
    }

    /// Whether a request that begins a sign-in was made by her: from a page of ours, or by typing or
    /// choosing an address. Another site may not open it in her browser (ASVS 5.0 V7.6.2); a browser
    /// that does not tell is believed.
    pub fn is_own_act(&self, headers: &HeaderMap) -> bool {
        headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none")
    }

    /// Whether a form may be obeyed: from a page of ours, with the token of this session. Every
    /// handler of a POST asks this first.
    ///
    /// # Errors
    ///
    /// [`NotOurForm`].
    pub fn must_be_form_of(
        &self,
        session: &Session,
        headers: &HeaderMap,
        csrf: &str,
    ) -> Result<(), NotOurForm> {
        self.must_be_own(headers)?;
        let given = Secret::read(csrf).ok_or(NotOurForm)?;
        verify_slices_are_equal(given.bytes(), session.csrf.bytes()).map_err(|_| {
            Happened::ForeignForm.tell();
            NotOurForm
        })
    }
}

impl Session {
    /// What every form of a page carries in the field `csrf`.
    pub fn csrf_token(&self) -> String {
        self.csrf.text()
    }
}

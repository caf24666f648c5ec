//! Whether a worker has the surname of the person whose record she opens (trust.md D2). Whoever
//! keeps names compares them; here a surname is a handful of blind tokens from which nobody has it
//! back, and no name is kept, logged or put into an event.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{Instant, timeout};
use trama_events::ids::PersonId;

/// A keyed digest of how one word of a surname sounds.
pub type Token = [u8; 16];

/// Most tokens of one surname.
pub const TOKENS_MAX: usize = 8;
/// Longest surname that is looked at, in bytes.
const SURNAME_LEN_MAX: usize = 200;
/// Longest wait for whoever keeps names. What is not told until then is not known: nobody is kept
/// out for it, and no page waits for it longer.
const WAIT_MAX: Duration = Duration::from_millis(250);
/// For so long nobody is asked after a wait in vain.
const REST: Duration = Duration::from_secs(5);

/// A worker's surname, blind: it can be compared and not read.
#[derive(Clone, PartialEq, Eq)]
pub struct Surname(Arc<[Token]>);

impl Surname {
    /// From its tokens; nothing when there are none. At most [`TOKENS_MAX`] are kept.
    pub fn of(tokens: impl IntoIterator<Item = Token>) -> Option<Self> {
        let tokens: Arc<[Token]> = tokens.into_iter().take(TOKENS_MAX).collect();
        (!tokens.is_empty()).then_some(Self(tokens))
    }

    /// Its tokens, 1 to [`TOKENS_MAX`].
    pub fn tokens(&self) -> &[Token] {
        &self.0
    }

    /// Its tokens, to be kept in a row.
    pub(crate) fn bytes(&self) -> Vec<Vec<u8>> {
        self.0.iter().map(|token| token.to_vec()).collect()
    }

    /// From a row.
    pub(crate) fn from_bytes(kept: Vec<Vec<u8>>) -> Option<Self> {
        Self::of(kept.into_iter().filter_map(|token| token.try_into().ok()))
    }
}

impl fmt::Debug for Surname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Surname([REDACTED])")
    }
}

/// A worker who opened a person's record, to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The worker's surname.
    pub worker: Surname,
    /// Every record that is the person; none for nobody.
    pub records: Vec<PersonId>,
}

/// The future of [`Surnames::blind`].
pub type Blinding<'a> = Pin<Box<dyn Future<Output = Option<Surname>> + Send + 'a>>;

/// The future of [`Surnames::same`].
pub type Comparing<'a> = Pin<Box<dyn Future<Output = Vec<Option<bool>>> + Send + 'a>>;

/// Whoever keeps names.
pub trait Surnames: fmt::Debug + Send + Sync + 'static {
    /// A surname, made blind; nothing when it holds no name, or when that cannot be done now.
    fn blind(&self, surname: SecretString) -> Blinding<'_>;

    /// Whether the two of each pair have the same surname, in the order of the pairs; nothing where
    /// nobody can tell, as of a person whose surname is not known. Takes as long whatever the answer.
    fn same<'a>(&'a self, pairs: &'a [Pair]) -> Comparing<'a>;
}

/// The surname that an issuer tells: `family_name`, or the last word of `name` (`OpenID` Connect
/// Core §5.1). Nothing when it tells neither, or more than a name.
pub(crate) fn surname_in(family_name: Option<&str>, name: Option<&str>) -> Option<SecretString> {
    let last_word = || name.and_then(|name| name.split_whitespace().next_back());
    let told = family_name.map(str::trim).filter(|family| !family.is_empty()).or_else(last_word);
    told.filter(|told| told.len() <= SURNAME_LEN_MAX).map(SecretString::from)
}

/// Whoever keeps names, asked with a bound: one who let somebody wait in vain is left alone for
/// [`REST`], so that of many who come at once few wait.
#[derive(Debug)]
pub(crate) struct Patient {
    surnames: Arc<dyn Surnames>,
    rests_until: Mutex<Option<Instant>>,
}

impl Patient {
    pub(crate) fn with(surnames: Arc<dyn Surnames>) -> Self {
        Self { surnames, rests_until: Mutex::new(None) }
    }

    fn rests(&self, now: Instant) -> bool {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| now < until)
    }

    fn rest(&self, now: Instant) {
        tracing::warn!("whoever keeps names did not answer in time");
        let mut until = self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = Some(now + REST);
    }

    /// What is answered in time; nothing else is waited for.
    async fn in_time<T>(&self, answer: impl Future<Output = T>) -> Option<T> {
        if self.rests(Instant::now()) {
            return None;
        }
        timeout(WAIT_MAX, answer).await.inspect_err(|_| self.rest(Instant::now())).ok()
    }
}

impl Surnames for Patient {
    fn blind(&self, surname: SecretString) -> Blinding<'_> {
        Box::pin(async { self.in_time(async { self.surnames.blind(surname).await }).await? })
    }

    fn same<'a>(&'a self, pairs: &'a [Pair]) -> Comparing<'a> {
        Box::pin(async {
            let same = self.in_time(async { self.surnames.same(pairs).await }).await;
            let same = same.filter(|same| same.len() == pairs.len());
            same.unwrap_or_else(|| vec![None; pairs.len()])
        })
    }
}

/// Makes it blind at once, where somebody does that here.
pub(crate) async fn blinded(
    surnames: Option<&Arc<dyn Surnames>>,
    told: Option<SecretString>,
) -> Option<Surname> {
    let (surnames, told) = surnames.zip(told)?;
    surnames.blind(told).await
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_surname_is_the_family_name_or_else_the_last_word_of_the_name() {
        for (family, name, surname) in [
            (Some("De Luca"), Some("Anna De Luca"), Some("De Luca")),
            (Some("  "), Some("Anna Lorusso"), Some("Lorusso")),
            (None, Some(" Anna Maria Lorusso "), Some("Lorusso")),
            (None, Some(""), None),
            (None, None, None),
        ] {
            let found = surname_in(family, name);
            assert_eq!(found.as_ref().map(ExposeSecret::expose_secret), surname, "{name:?}");
        }
        assert!(surname_in(Some(&"a".repeat(SURNAME_LEN_MAX + 1)), None).is_none());
    }

    #[derive(Debug)]
    struct Nobody;

    impl Surnames for Nobody {
        fn blind(&self, _: SecretString) -> Blinding<'_> {
            Box::pin(async { None })
        }

        fn same<'a>(&'a self, _: &'a [Pair]) -> Comparing<'a> {
            Box::pin(async { Vec::new() })
        }
    }

    #[test]
    fn who_let_somebody_wait_in_vain_is_asked_again_five_seconds_later() {
        let (patient, now) = (Patient::with(Arc::new(Nobody)), Instant::now());
        assert!(!patient.rests(now));
        patient.rest(now);
        assert!(patient.rests(now) && patient.rests(now + REST - Duration::from_millis(1)));
        assert!(!patient.rests(now + REST));
    }

    #[test]
    fn a_blind_surname_shows_nothing_and_holds_few_tokens() {
        assert_eq!(Surname::of([]), None);
        let surname = Surname::of([[7; 16]; TOKENS_MAX + 1]).unwrap();
        assert_eq!(surname.tokens().len(), TOKENS_MAX);
        assert_eq!(format!("{surname:?}"), "Surname([REDACTED])");
    }
}

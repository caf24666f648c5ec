use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use trama_events::referrals::ExternalState;

/// What a slip says, once somebody reads it; nothing when it is none.
pub type SlipRead = Pin<Box<dyn Future<Output = Option<ExternalState>> + Send>>;

/// Reads the slips that external services hand out. Who does so is put in by the executable: this
/// context knows neither the services nor their slips.
#[derive(Clone)]
pub struct Slips(Arc<dyn Fn(String) -> SlipRead + Send + Sync>);

impl Slips {
    /// Slips as `read` reads them. It answers within the time of a request.
    pub fn new(read: impl Fn(String) -> SlipRead + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// What a slip says.
    pub(crate) async fn read(&self, slip: String) -> Option<ExternalState> {
        (self.0)(slip).await
    }
}

impl fmt::Debug for Slips {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slips").finish_non_exhaustive()
    }
}

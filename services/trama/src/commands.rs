//! What each command of the command line does.

pub mod bench;
pub mod demo;
pub mod load;
pub mod parked;
pub mod replay;
pub mod retention;
pub mod serve;
pub mod simulate;
pub mod status;
pub mod stop;
pub mod story;
pub mod vault;
pub mod verify;

use std::sync::Arc;

use trama_platform::follow::Model;
use trama_platform::service::Service;

use crate::system;

/// Every model that is a function of the logs.
fn rebuildable(services: &[Arc<dyn Service>]) -> Vec<Arc<dyn Model>> {
    let all = system::models(services);
    all.into_iter().filter(|model| model.is_rebuildable()).collect()
}

/// The models that a name on the command line means: one, or `all`.
fn named(models: Vec<Arc<dyn Model>>, name: &str) -> anyhow::Result<Vec<Arc<dyn Model>>> {
    if name == "all" {
        return Ok(models);
    }
    let known: Vec<&str> = models.iter().map(|model| model.name()).collect();
    let known = known.join(", ");
    let found: Vec<_> = models.into_iter().filter(|model| model.name() == name).collect();
    anyhow::ensure!(!found.is_empty(), "there is no model {name}: name one of {known}, or all");
    Ok(found)
}

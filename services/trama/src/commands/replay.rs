//! `trama replay`.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use trama_platform::follow::rebuild;

use crate::cli::{Ending, Target, line, lines};

/// Builds read models anew, beside the live ones, then swaps.
///
/// # Errors
///
/// When an event cannot be taken; the live model stays as it was.
pub async fn replay(target: &Target, projection: &str, json: bool) -> anyhow::Result<Ending> {
    let servers = target.servers()?;
    for model in super::named(super::rebuildable(&target.services()?), projection)? {
        let bar = progress_bar(model.name());
        let begun = Instant::now();
        let done = rebuild(&servers, model.as_ref(), |progress| {
            bar.set_length(progress.total.unsigned_abs());
            bar.set_position(progress.done.unsigned_abs());
        })
        .await?;
        bar.finish_and_clear();
        let seconds = begun.elapsed().as_secs_f64();
        if json {
            lines(
                &json!({"version": 1, "projection": model.name(), "events": done.done, "seconds": seconds}),
            )?;
        } else {
            line(&format!("{}: {} events in {seconds:.1} s, swapped", model.name(), done.done))?;
        }
    }
    Ok(Ending::Ok)
}

/// On standard error, and only where somebody looks.
fn progress_bar(name: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {per_sec} {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.with_message(name.to_owned())
}

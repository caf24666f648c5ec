use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde::Serialize;

/// Times of one kind, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Times {
    /// How many.
    pub(super) n: usize,
    /// The middle one.
    pub(super) p50_ms: f64,
    /// 99 of 100 are not longer.
    pub(super) p99_ms: f64,
    /// The longest.
    pub(super) max_ms: f64,
}

impl Times {
    /// Of measured times; zeros when there are none.
    pub(super) fn of(mut all: Vec<f64>) -> Self {
        all.sort_by(f64::total_cmp);
        let at = |hundredths: usize| {
            let index = (all.len() * hundredths / 100).min(all.len().saturating_sub(1));
            all.get(index).copied().map_or(0.0, rounded)
        };
        Self { n: all.len(), p50_ms: at(50), p99_ms: at(99), max_ms: at(100) }
    }
}

/// To a hundredth.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Milliseconds since.
pub(super) fn ms_since(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}

/// A closed loop: so many at once, each the next when the last is done, for so long.
pub(super) async fn closed_loop<F, W>(
    concurrency: usize,
    length: Duration,
    work: F,
) -> anyhow::Result<(f64, Times)>
where
    F: Fn(usize, u64) -> W + Clone + Send + 'static,
    W: Future<Output = anyhow::Result<()>> + Send,
{
    let begun = Instant::now();
    let workers = (0..concurrency).map(|worker| {
        let work = work.clone();
        tokio::spawn(async move {
            let mut times = Vec::new();
            for number in 0.. {
                if begun.elapsed() >= length {
                    break;
                }
                let one = Instant::now();
                work(worker, number).await?;
                times.push(ms_since(one));
            }
            anyhow::Ok(times)
        })
    });
    let workers: Vec<_> = workers.collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.context("a worker broke")??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    Ok((f64::from(count) / seconds, Times::of(all)))
}

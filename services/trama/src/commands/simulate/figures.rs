//! What the read models say, beside the plan.

use anyhow::Context as _;
use serde::Deserialize;

use super::plan::{Counts, Profile};
use crate::client::{Actor, Client};

/// The answer of `GET /api/projections/activity`, as far as it is held against a plan.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Figures {
    total: Counts,
    months: Vec<Month>,
}

#[derive(Debug, Clone, Deserialize)]
struct Month {
    month: String,
    #[serde(flatten)]
    counts: Counts,
}

impl Figures {
    /// Asks for the profile's days and ATS.
    pub(super) async fn read(
        client: &Client,
        who: &Actor,
        profile: &Profile,
    ) -> anyhow::Result<Self> {
        let Profile { from, to, ats, .. } = profile;
        let path = format!("/api/projections/activity?from={from}&to={to}&ats={ats}");
        let answer = client.get(who, &path).await?;
        anyhow::ensure!(answer.is_done(), "{path}: {}", answer.words());
        serde_json::from_value(answer.body).context("the figures have another form than expected")
    }

    /// Whether every figure is as planned.
    pub(super) fn equal(&self, profile: &Profile) -> bool {
        let month = |(found, planned): (&Month, &super::plan::Month)| {
            found.month == planned.month && found.counts == planned.counts
        };
        self.total == profile.total
            && self.months.len() == profile.months.len()
            && self.months.iter().zip(&profile.months).all(month)
    }

    /// A table: month, then found and planned of each figure.
    pub(super) fn lines(&self, profile: &Profile) -> Vec<String> {
        let head = ["reports", "shelter", "placements", "meals"];
        let mut lines =
            vec![format!("{:<10}{}", "", head.map(|name| format!("{name:>18}")).concat())];
        let found = |month: &str| self.months.iter().find(|found| found.month == month);
        for planned in &profile.months {
            let counts = found(&planned.month).map(|found| found.counts).unwrap_or_default();
            lines.push(row(&planned.month, counts, planned.counts));
        }
        lines.push(row("total", self.total, profile.total));
        lines
    }
}

fn row(name: &str, found: Counts, planned: Counts) -> String {
    let pair = |found: u32, planned: u32| format!("{:>18}", format!("{found} of {planned}"));
    let cells = [
        pair(found.emergency_reports, planned.emergency_reports),
        pair(found.shelter_requests, planned.shelter_requests),
        pair(found.placements, planned.placements),
        pair(found.meals, planned.meals),
    ];
    format!("{name:<10}{}", cells.concat())
}

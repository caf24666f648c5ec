//! A story as it is written: one list of steps, checks and what is pending.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::Outcome;
use super::expect::Expected;

const STORIES: [(&str, &str); 5] = [
    ("a", include_str!("../../../../../tests/stories/a.toml")),
    ("b", include_str!("../../../../../tests/stories/b.toml")),
    ("c", include_str!("../../../../../tests/stories/c.toml")),
    ("d", include_str!("../../../../../tests/stories/d.toml")),
    ("e", include_str!("../../../../../tests/stories/e.toml")),
];

/// A story.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    #[serde(skip)]
    name: String,
    /// In one line, as the acceptance scenarios call it.
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "step")]
    steps: Vec<Step>,
}

/// One step. It does something, asks something, or is pending.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// What happens, in words.
    what: String,
    /// When, in RFC 3339.
    at: String,
    /// Username of who does or asks it.
    who: Option<String>,
    /// `POST /api/...`
    pub(super) does: Option<String>,
    /// The body.
    with: Option<Value>,
    /// Code with which it must be refused.
    pub(super) refused: Option<String>,
    /// What the sentence of the refusal must contain.
    pub(super) says: Option<String>,
    /// `GET /api/...`, or `POST /api/...` for a search, whose words are the body.
    pub(super) asks: Option<String>,
    /// What the answer must hold.
    #[serde(default)]
    pub(super) finds: Vec<Expected>,
    /// Names under which parts of the answer are kept for later steps, each with the place of its
    /// part, e.g. `slip = "/slip"`; told as `$kept:slip`.
    #[serde(default)]
    pub(super) keeps: BTreeMap<String, String>,
    /// Whether the answer may come only after a deadline was kept.
    #[serde(default)]
    pub(super) eventually: bool,
    /// On so many days in a row; 1 unless told.
    days: Option<u16>,
    /// What is not built yet.
    pending: Option<String>,
}

/// A step at its moment.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    /// The story's name.
    pub(super) story: String,
    /// Number of the step in the story, from 1.
    pub(super) number: usize,
    /// Day of a step that happens on several, from 0.
    pub(super) day: u16,
    /// When.
    pub(super) at: OffsetDateTime,
    /// What.
    pub(super) step: Step,
}

impl Script {
    /// Reads a story that comes with the program.
    pub(super) fn read(name: &str) -> anyhow::Result<Self> {
        let known = STORIES.iter().find(|(known, _)| *known == name);
        let (_, text) =
            known.ok_or_else(|| anyhow::anyhow!("there is no story {name}: a, b, c, d, e"))?;
        Self::parse(name, text)
    }

    fn parse(name: &str, text: &str) -> anyhow::Result<Self> {
        let mut script: Self =
            toml::from_str(text).map_err(|e| anyhow::anyhow!("story {name}: {e}"))?;
        script.name = name.into();
        for step in &script.steps {
            step.moment()?;
            let kinds = [&step.does, &step.asks, &step.pending]
                .iter()
                .filter(|kind| kind.is_some())
                .count();
            anyhow::ensure!(
                kinds == 1,
                "story {name}: {} does, asks or is pending: one of them",
                step.what
            );
            anyhow::ensure!(
                step.asks.is_none()
                    || step.refused.is_some()
                    || !(step.finds.is_empty() && step.keeps.is_empty()),
                "story {name}: {} asks, and nothing is held against the answer",
                step.what
            );
            anyhow::ensure!(
                step.asks
                    .as_ref()
                    .is_none_or(|asks| ["GET ", "POST "].iter().any(|m| asks.starts_with(m))),
                "story {name}: {} asks by GET, or by POST where it searches",
                step.what
            );
            anyhow::ensure!(
                step.finds.iter().all(Expected::holds_something),
                "story {name}: {} finds nothing in particular: say of what, or what never",
                step.what
            );
        }
        Ok(script)
    }

    /// Everything with its moment, in the order of the story.
    pub(super) fn moments(&self) -> Vec<Moment> {
        let mut moments = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            for day in 0..step.days.unwrap_or(1) {
                let Ok(first) = step.moment() else { continue };
                let at = first + Duration::days(day.into());
                let (story, step) = (self.name.clone(), step.clone());
                moments.push(Moment { story, number: index + 1, day, at, step });
            }
        }
        moments
    }

    /// What the story will come to, when all goes as it says.
    pub(super) fn outcome(&self) -> Outcome {
        let mut outcome = Outcome { story: self.name.clone(), ..Outcome::default() };
        for step in &self.steps {
            let days = usize::from(step.days.unwrap_or(1));
            match (&step.pending, &step.does, &step.refused) {
                (Some(what), _, _) => outcome.pending.push(format!("{what}: {}", step.what)),
                (None, Some(_), None) => outcome.steps += days,
                (None, Some(_) | None, _) => outcome.checks += days,
            }
        }
        outcome
    }
}

impl Step {
    fn moment(&self) -> anyhow::Result<OffsetDateTime> {
        let read = OffsetDateTime::parse(&self.at, &time::format_description::well_known::Rfc3339);
        read.map_err(|_| anyhow::anyhow!("{}: {} is no moment", self.what, self.at))
    }

    pub(super) fn who(&self) -> anyhow::Result<&str> {
        self.who.as_deref().ok_or_else(|| anyhow::anyhow!("{}: who?", self.what))
    }

    pub(super) fn body(&self) -> anyhow::Result<Value> {
        match &self.with {
            None => Ok(json!({})),
            Some(body @ Value::Object(_)) => Ok(body.clone()),
            Some(other) => anyhow::bail!("{other} is no body"),
        }
    }
}

impl Moment {
    /// For people: story, number, day, words.
    pub(super) fn title(&self) -> String {
        let Self { story, number, at, step, .. } = self;
        format!("story {story}, step {number} of {at}: {}", step.what)
    }

    /// The command's key: the same for the same step, in every run.
    pub(super) fn key(&self) -> String {
        format!("story-{}-{}-{}", self.story, self.number, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_holds_something_against_the_answer() {
        for (held, fits) in [
            ("", false),
            ("finds = []", false),
            ("finds = [{ times = 1 }]", false),
            ("finds = [{ of = \"items/*\" }]", true),
            ("finds = [{ never = \"serd\" }]", true),
            ("refused = \"not_found\"", true),
        ] {
            let text = format!(
                "title = \"t\"\n[[step]]\nwhat = \"w\"\nat = \"2025-01-08T23:10:00+01:00\"\n\
                 who = \"w\"\nasks = \"GET /api/x\"\n{held}\n"
            );
            assert_eq!(Script::parse("t", &text).is_ok(), fits, "{held}");
        }
    }
}

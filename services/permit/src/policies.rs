//! The policies, checked against the schema when they are loaded, and the decisions.

use std::collections::BTreeMap;

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision as Outcome, Entities, EntityUid, Policy,
    PolicyId, PolicySet, Request, Schema, ValidationMode, Validator,
};
use strum::VariantArray;

use crate::asking::{Asking, Deed, Figure, Record, Use, Worker};
use crate::entities::{Kinds, Unbuildable, gather};
use crate::part::Part;
use crate::sources::{FILES, SCHEMA};

/// Why a set of policies cannot be used. Nothing runs without one.
#[derive(Debug, thiserror::Error)]
pub enum BadPolicies {
    /// Not the language.
    #[error("the policies cannot be read: {0}")]
    Unreadable(String),
    /// A rule without an id: no decision could name it.
    #[error("a rule has no @id: {0}")]
    Nameless(String),
    /// Two rules with one id.
    #[error("two rules are called {0}")]
    Twice(String),
    /// Rules that contradict the schema, or can never apply.
    #[error("the policies do not fit their schema: {0}")]
    Unfit(String),
}

/// What was decided and why. Not permitted and not existing are one answer: whoever answers a
/// request tells nobody which it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// Ids of the rules that decided, in order: permits when allowed, else forbids. None when no
    /// rule permits it.
    pub policies: Vec<String>,
}

impl Decision {
    fn denied() -> Self {
        Self { allowed: false, policies: Vec::new() }
    }
}

impl From<Unbuildable> for Decision {
    fn from(Unbuildable: Unbuildable) -> Self {
        Self::denied()
    }
}

/// The policies as they hold.
#[derive(Debug, Clone)]
pub struct Policies {
    pub(crate) kinds: Kinds,
    pub(crate) authorizer: Authorizer,
    text: String,
    /// For each part and action the rules that can apply: a decision looks at no others.
    rules: BTreeMap<Part, BTreeMap<String, PolicySet>>,
}

impl Policies {
    /// The policies of this release.
    ///
    /// # Errors
    ///
    /// [`BadPolicies`], when they are not what the tests have seen.
    pub fn load() -> Result<Self, BadPolicies> {
        let files = FILES.map(|(_, text)| text);
        Self::from_text(&files.join("\n"))
    }

    /// Policies from one text in the Cedar language, strictly against the schema.
    ///
    /// # Errors
    ///
    /// [`BadPolicies`]
    pub fn from_text(text: &str) -> Result<Self, BadPolicies> {
        let set = named(&text.parse::<PolicySet>().map_err(unreadable)?)?;
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(unreadable)?;
        let rules = by_part(&set, &schema)?;
        let result = Validator::new(schema).validate(&set, ValidationMode::Strict);
        let errors = result.validation_errors().map(ToString::to_string);
        let warnings = result.validation_warnings().map(ToString::to_string);
        let wrong: Vec<String> = errors.chain(warnings).collect();
        if !wrong.is_empty() {
            return Err(BadPolicies::Unfit(wrong.join("; ")));
        }
        let (kinds, authorizer) = (Kinds::new()?, Authorizer::new());
        Ok(Self { kinds, authorizer, text: text.to_owned(), rules })
    }

    /// All rules in the Cedar language with their sentences.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The schema in the Cedar language.
    pub fn schema() -> &'static str {
        SCHEMA
    }

    /// Whether this may be done with exactly this record.
    pub fn may(&self, asking: &Asking, deed: Use, record: &Record) -> Decision {
        self.on_record(asking, deed, record).unwrap_or_else(Decision::from)
    }

    /// Whether this may be done with the person's record as a whole.
    pub fn may_with_person(&self, asking: &Asking, deed: Deed) -> Decision {
        self.on_person(asking, deed).unwrap_or_else(Decision::from)
    }

    /// Whether a worker may see a figure. None measures another worker than herself.
    pub fn may_see_figure(&self, worker: &Worker, figure: &Figure) -> Decision {
        self.on_figure(worker, figure).unwrap_or_else(Decision::from)
    }

    /// Whether a worker may see who read what, and which entries were moved to another person.
    pub fn may_audit(&self, worker: &Worker) -> Decision {
        self.on_log(worker).unwrap_or_else(Decision::from)
    }

    fn on_record(
        &self,
        asking: &Asking,
        deed: Use,
        record: &Record,
    ) -> Result<Decision, Unbuildable> {
        let (resource, entity) = self.kinds.record("asked", record, &asking.circumstances)?;
        let people = self.people_of(asking)?;
        let entities = gather(people.into_iter().chain([entity]).collect())?;
        let request =
            self.request(&asking.worker, deed.code(), resource, self.kinds.context(asking)?)?;
        Ok(self.decide(&asking.worker, deed.code(), &request, &entities))
    }

    fn on_person(&self, asking: &Asking, deed: Deed) -> Result<Decision, Unbuildable> {
        let entities = gather(self.people_of(asking)?.into())?;
        let resource = self.kinds.person_uid(&asking.subject);
        let request =
            self.request(&asking.worker, deed.code(), resource, self.kinds.context(asking)?)?;
        Ok(self.decide(&asking.worker, deed.code(), &request, &entities))
    }

    fn on_figure(&self, worker: &Worker, figure: &Figure) -> Result<Decision, Unbuildable> {
        let (resource, entity) = self.kinds.figure(figure)?;
        let entities = gather(vec![self.kinds.worker(worker)?, entity])?;
        let request = self.request(worker, "figure", resource, Context::empty())?;
        Ok(self.decide(worker, "figure", &request, &entities))
    }

    fn on_log(&self, worker: &Worker) -> Result<Decision, Unbuildable> {
        let entities = gather(vec![self.kinds.worker(worker)?])?;
        let log = self.kinds.access_log();
        let request = self.request(worker, "audit", log, Context::empty())?;
        Ok(self.decide(worker, "audit", &request, &entities))
    }

    pub(crate) fn people_of(
        &self,
        asking: &Asking,
    ) -> Result<[cedar_policy::Entity; 2], Unbuildable> {
        Ok([self.kinds.worker(&asking.worker)?, self.kinds.person(&asking.subject)?])
    }

    pub(crate) fn request(
        &self,
        worker: &Worker,
        action: &str,
        resource: EntityUid,
        context: Context,
    ) -> Result<Request, Unbuildable> {
        let (principal, action) = (self.kinds.worker_uid(worker), self.kinds.action(action));
        Request::new(principal, action, resource, context, None).map_err(|_| Unbuildable)
    }

    /// A rule that cannot be evaluated permits nothing, nor does any other in that moment: it may
    /// have been the one that forbids.
    pub(crate) fn decide(
        &self,
        worker: &Worker,
        action: &str,
        request: &Request,
        entities: &Entities,
    ) -> Decision {
        let rules = self.rules.get(&worker.part).and_then(|rules| rules.get(action));
        let Some(rules) = rules else { return Decision::denied() };
        let response = self.authorizer.is_authorized(request, rules, entities);
        let evaluated = response.diagnostics().errors().next().is_none();
        let mut policies: Vec<String> =
            response.diagnostics().reason().map(ToString::to_string).collect();
        policies.sort_unstable();
        Decision { allowed: evaluated && response.decision() == Outcome::Allow, policies }
    }
}

/// A rule can apply to the parts that its `@part` names, or to each when it has none. That it
/// applies to no others is proved in `tests/proofs.rs`.
fn by_part(
    set: &PolicySet,
    schema: &Schema,
) -> Result<BTreeMap<Part, BTreeMap<String, PolicySet>>, BadPolicies> {
    let mut of_part: BTreeMap<Part, Vec<&Policy>> =
        Part::VARIANTS.iter().map(|part| (*part, Vec::new())).collect();
    for rule in set.policies() {
        for part in parts(rule)? {
            of_part.entry(part).or_default().push(rule);
        }
    }
    Ok(of_part.into_iter().map(|(part, rules)| (part, by_action(&rules, schema))).collect())
}

fn parts(rule: &Policy) -> Result<Vec<Part>, BadPolicies> {
    let Some(named) = rule.annotation("part") else { return Ok(Part::VARIANTS.to_vec()) };
    let part = |name: &str| name.parse().map_err(|_| BadPolicies::Unfit(format!("@part {name}")));
    named.split(' ').map(part).collect()
}

/// A rule can apply to an action that its head names, or to each when it names none.
fn by_action(rules: &[&Policy], schema: &Schema) -> BTreeMap<String, PolicySet> {
    let applies = |rule: &Policy, action: &EntityUid| match rule.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(named) => named == *action,
        ActionConstraint::In(named) => named.contains(action),
    };
    let rules_of = |action: &EntityUid| {
        let rules = rules.iter().filter(|rule| applies(rule, action)).map(|rule| (*rule).clone());
        let rules = PolicySet::from_policies(rules).unwrap_or_default();
        (action.id().unescaped().to_owned(), rules)
    };
    schema.actions().map(rules_of).collect()
}

fn named(parsed: &PolicySet) -> Result<PolicySet, BadPolicies> {
    let mut set = PolicySet::new();
    for policy in parsed.policies() {
        let Some(id) = policy.annotation("id") else {
            return Err(BadPolicies::Nameless(policy.to_string()));
        };
        let name = id.to_owned();
        set.add(policy.new_id(PolicyId::new(id))).map_err(|_| BadPolicies::Twice(name))?;
    }
    Ok(set)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
pub(crate) fn unreadable(error: impl ToString) -> BadPolicies {
    BadPolicies::Unreadable(error.to_string())
}
